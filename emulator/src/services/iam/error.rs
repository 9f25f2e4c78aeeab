//! IAM's errors: what can go wrong, in AWS's words, and the row of each on the wire.

use super::entity::Kind;
use crate::kernel::NotHonoured;
use crate::wire::WireError;

/// Every way in which an IAM operation fails.
///
/// Source: API reference "Errors" of each operation; messages from users' reports of AWS's answers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IamError {
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    Validation(String),
    #[error("The {kind} with name {1} cannot be found.", kind = .0.word())]
    NotFound(Kind, String),
    #[error("Instance Profile {0} cannot be found.")]
    ProfileNotFound(String),
    /// Holds an ARN.
    #[error("Policy {0} was not found.")]
    PolicyNotFound(String),
    /// Holds an ARN.
    #[error("Policy {0} does not exist or is not attachable.")]
    PolicyNotUsable(String),
    /// Holds an ARN. Source: users' reports of AWS's answers.
    #[error("Scope ARN: {0} does not exist or is not attachable.")]
    BoundaryNotFound(String),
    /// Holds an ARN and a version.
    #[error("Policy {0} version {1} does not exist or is not attachable.")]
    VersionNotFound(String, String),
    #[error("The {kind} policy with name {1} cannot be found.", kind = .0.word())]
    InlineNotFound(Kind, String),
    #[error("The Access Key with id {0} cannot be found.")]
    KeyNotFound(String),
    /// Unverified: the text.
    #[error("Deletion Task Id {0} cannot be found.")]
    TaskNotFound(String),
    /// Holds a role and an instance profile. Unverified: the text.
    #[error("The role {0} is not in the instance profile {1}.")]
    NotInProfile(String, String),
    /// Holds a user and a group. Unverified: the text.
    #[error("The user {0} is not in the group {1}.")]
    NotInGroup(String, String),
    #[error("{kind} with name {1} already exists.", kind = .0.title())]
    Exists(Kind, String),
    #[error("Instance Profile {0} already exists.")]
    ProfileExists(String),
    #[error("A policy called {0} already exists. Duplicate names are not allowed.")]
    PolicyExists(String),
    #[error("Cannot delete {0}.")]
    DeleteConflict(&'static str),
    #[error(
        "This policy has more than one version. Before you delete a policy, you must delete \
             the policy's versions. The default version is deleted with the policy."
    )]
    HasVersions,
    /// Holds the quota's name and its value.
    #[error("Cannot exceed quota for {0}: {1}")]
    Quota(&'static str, usize),
    #[error("Maximum policy size of {0} bytes exceeded for {kind} {2}", kind = .1.word())]
    InlineTooLarge(usize, Kind, String),
    #[error(
        "A managed policy can have up to {0} versions. Before you create a new version, you \
             must delete an existing version."
    )]
    TooManyVersions(usize),
    #[error("The number of tags has reached the maximum limit.")]
    TooManyTags,
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    AccessDenied(String),
    #[error("{0}")]
    MalformedPolicyDocument(String),
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    InvalidInput(String),
    #[error(
        "Cannot perform the operation on the protected role '{0}' - this role is only \
             modifiable by AWS"
    )]
    Protected(String),
    /// Holds what is not implemented.
    #[error("{0} is not implemented by this emulator")]
    NotImplemented(String),
    #[error(transparent)]
    NotHonoured(#[from] NotHonoured),
}

impl IamError {
    pub(super) fn malformed(text: impl Into<String>) -> Self {
        Self::MalformedPolicyDocument(text.into())
    }
}

/// One row of every kind, for the comparison with AWS's model.
pub fn error_rows() -> Vec<WireError> {
    let text = || "x".to_owned();
    let every = [
        IamError::Validation(text()),
        IamError::NotFound(Kind::Role, text()),
        IamError::ProfileNotFound(text()),
        IamError::PolicyNotFound(text()),
        IamError::PolicyNotUsable(text()),
        IamError::BoundaryNotFound(text()),
        IamError::VersionNotFound(text(), text()),
        IamError::InlineNotFound(Kind::Role, text()),
        IamError::KeyNotFound(text()),
        IamError::TaskNotFound(text()),
        IamError::NotInProfile(text(), text()),
        IamError::NotInGroup(text(), text()),
        IamError::Exists(Kind::Role, text()),
        IamError::ProfileExists(text()),
        IamError::PolicyExists(text()),
        IamError::DeleteConflict("x"),
        IamError::HasVersions,
        IamError::Quota("x", 1),
        IamError::InlineTooLarge(1, Kind::Role, text()),
        IamError::TooManyVersions(1),
        IamError::TooManyTags,
        IamError::AccessDenied(text()),
        IamError::MalformedPolicyDocument(text()),
        IamError::InvalidInput(text()),
        IamError::Protected(text()),
        IamError::NotImplemented(text()),
        IamError::NotHonoured(NotHonoured(text())),
    ];
    every.map(WireError::from).into()
}

impl From<IamError> for WireError {
    fn from(error: IamError) -> Self {
        let message = error.to_string();
        let row = |shape, code| WireError::sender(shape, message).query_code(code);
        match error {
            IamError::Validation(_) => row("ValidationException", "ValidationError"),
            IamError::NotFound(..)
            | IamError::ProfileNotFound(_)
            | IamError::PolicyNotFound(_)
            | IamError::PolicyNotUsable(_)
            | IamError::BoundaryNotFound(_)
            | IamError::VersionNotFound(..)
            | IamError::InlineNotFound(..)
            | IamError::KeyNotFound(_)
            | IamError::TaskNotFound(_)
            | IamError::NotInProfile(..)
            | IamError::NotInGroup(..) => row("NoSuchEntityException", "NoSuchEntity").status(404),
            IamError::Exists(..) | IamError::ProfileExists(_) | IamError::PolicyExists(_) => {
                row("EntityAlreadyExistsException", "EntityAlreadyExists").status(409)
            }
            IamError::DeleteConflict(_) | IamError::HasVersions => {
                row("DeleteConflictException", "DeleteConflict").status(409)
            }
            IamError::Quota(..)
            | IamError::InlineTooLarge(..)
            | IamError::TooManyVersions(_)
            | IamError::TooManyTags => row("LimitExceededException", "LimitExceeded").status(409),
            IamError::AccessDenied(_) => row("AccessDeniedException", "AccessDenied").status(403),
            IamError::MalformedPolicyDocument(_) => {
                row("MalformedPolicyDocumentException", "MalformedPolicyDocument")
            }
            IamError::InvalidInput(_) => row("InvalidInputException", "InvalidInput"),
            IamError::Protected(_) => row("UnmodifiableEntityException", "UnmodifiableEntity"),
            IamError::NotImplemented(_) => row("NotImplementedException", "NotImplemented"),
            IamError::NotHonoured(refused) => refused.into(),
        }
    }
}
