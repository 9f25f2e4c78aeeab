//! SNS's errors: what can go wrong, in AWS's words, and the row of each on the wire.

use crate::kernel::NotHonoured;
use crate::wire::WireError;

/// Every way in which an SNS operation fails.
///
/// Source: API reference "Errors" of each operation; messages from answers recorded on AWS.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnsError {
    /// Holds what follows AWS's `Invalid parameter: `.
    #[error("Invalid parameter: {0}")]
    InvalidParameter(String),
    #[error("Invalid token")]
    InvalidToken,
    #[error("Invalid SMS endpoint: {0}")]
    SmsEndpoint(String),
    /// A message attribute; holds AWS's whole sentence.
    #[error("{0}")]
    ParameterValueInvalid(String),
    #[error(
        "1 validation error detected: Value null at '{0}' failed to satisfy constraint: Member \
         must not be null"
    )]
    MissingMember(String),
    #[error("Topic does not exist")]
    TopicNotFound,
    #[error("Subscription does not exist")]
    SubscriptionNotFound,
    #[error("Resource does not exist")]
    ResourceNotFound,
    #[error("PlatformApplication does not exist")]
    PlatformApplicationNotFound,
    #[error("Endpoint does not exist")]
    EndpointNotFound,
    #[error("Endpoint is disabled")]
    EndpointDisabled,
    /// Unverified: AWS's words for it.
    #[error("The phone number {0} has opted out of text messages")]
    OptedOut(String),
    /// Unverified: AWS's words for it.
    #[error("The SMS sandbox holds as many phone numbers as it may")]
    SandboxFull,
    /// Unverified: AWS's words for it.
    #[error("The phone number {0} is not in the SMS sandbox")]
    SandboxNumberNotFound(String),
    /// Unverified: AWS's words for it.
    #[error("The one-time password is wrong")]
    Verification,
    #[error(
        "User: {principal} is not authorized to perform: {action} on resource: {resource} because \
         {reason}"
    )]
    Unauthorized { principal: String, action: String, resource: String, reason: String },
    /// Unverified: AWS's words for it, and those of the next four.
    #[error("The topic has an active ArchivePolicy; deactivate it first")]
    ArchiveActive,
    #[error("The account has as many topics as it may")]
    TopicLimitExceeded,
    #[error("The topic has as many subscriptions as it may")]
    SubscriptionLimitExceeded,
    #[error("The topic has as many filter policies as it may")]
    FilterPolicyLimitExceeded,
    #[error("Could not complete request: tag quota of per resource exceeded")]
    TagLimitExceeded,
    #[error("The batch request contains more entries than permissible.")]
    TooManyEntriesInBatchRequest,
    #[error("Two or more batch entries in the request have the same Id.")]
    BatchEntryIdsNotDistinct,
    #[error("The Id of a batch entry in the batch request is too long: {0}")]
    BatchEntryIdTooLong(String),
    #[error(
        "The Id of a batch entry in the batch request contains an impermissible character: {0}"
    )]
    BatchEntryIdCharacter(String),
    #[error("The length of all the messages put together is more than the limit.")]
    BatchRequestTooLong,
    /// Holds what is not implemented.
    #[error("{0} is not implemented by this emulator")]
    NotImplemented(String),
    #[error(transparent)]
    NotHonoured(#[from] NotHonoured),
}

impl SnsError {
    /// `Invalid parameter: <name> Reason: no value for required parameter`
    pub(super) fn missing(name: &str) -> Self {
        Self::InvalidParameter(format!("{name} Reason: no value for required parameter"))
    }

    /// Nobody but a signed request may do this.
    pub(super) fn unauthorized(principal: &str, action: String, resource: String) -> Self {
        let (principal, reason) = (principal.to_owned(), "the request is not signed".to_owned());
        Self::Unauthorized { principal, action, resource, reason }
    }

    pub(super) fn parameter(text: impl Into<String>) -> Self {
        Self::InvalidParameter(text.into())
    }

    /// The same refusal as the operations word it that take attributes as a map.
    pub(super) fn among_attributes(self) -> Self {
        match self {
            Self::InvalidParameter(text) => {
                Self::InvalidParameter(format!("Attributes Reason: {text}"))
            }
            other => other,
        }
    }
}

/// One row of every kind, for the comparison with AWS's model.
pub fn error_rows() -> Vec<WireError> {
    let text = || "x".to_owned();
    let every = [
        SnsError::InvalidParameter(text()),
        SnsError::InvalidToken,
        SnsError::SmsEndpoint(text()),
        SnsError::ParameterValueInvalid(text()),
        SnsError::MissingMember(text()),
        SnsError::TopicNotFound,
        SnsError::SubscriptionNotFound,
        SnsError::ResourceNotFound,
        SnsError::PlatformApplicationNotFound,
        SnsError::EndpointNotFound,
        SnsError::EndpointDisabled,
        SnsError::OptedOut(text()),
        SnsError::SandboxFull,
        SnsError::SandboxNumberNotFound(text()),
        SnsError::Verification,
        SnsError::Unauthorized {
            principal: text(),
            action: text(),
            resource: text(),
            reason: text(),
        },
        SnsError::ArchiveActive,
        SnsError::TopicLimitExceeded,
        SnsError::SubscriptionLimitExceeded,
        SnsError::FilterPolicyLimitExceeded,
        SnsError::TagLimitExceeded,
        SnsError::TooManyEntriesInBatchRequest,
        SnsError::BatchEntryIdsNotDistinct,
        SnsError::BatchEntryIdTooLong(text()),
        SnsError::BatchEntryIdCharacter(text()),
        SnsError::BatchRequestTooLong,
        SnsError::NotImplemented(text()),
        SnsError::NotHonoured(NotHonoured(text())),
    ];
    every.map(WireError::from).into()
}

impl From<SnsError> for WireError {
    fn from(error: SnsError) -> Self {
        let message = error.to_string();
        let row = |shape, code| WireError::sender(shape, message.clone()).query_code(code);
        match error {
            SnsError::InvalidParameter(_) | SnsError::InvalidToken | SnsError::SmsEndpoint(_) => {
                row("InvalidParameterException", "InvalidParameter")
            }
            SnsError::ParameterValueInvalid(_) => {
                row("InvalidParameterValueException", "ParameterValueInvalid")
            }
            SnsError::MissingMember(_) => row("ValidationError", "ValidationError"),
            SnsError::TopicNotFound
            | SnsError::SubscriptionNotFound
            | SnsError::PlatformApplicationNotFound
            | SnsError::EndpointNotFound => row("NotFoundException", "NotFound").status(404),
            SnsError::EndpointDisabled => row("EndpointDisabledException", "EndpointDisabled"),
            SnsError::OptedOut(_) => row("OptedOutException", "OptedOut"),
            SnsError::SandboxFull => row("UserErrorException", "UserError"),
            SnsError::Verification => row("VerificationException", "VerificationException"),
            SnsError::Unauthorized { .. } => {
                row("AuthorizationErrorException", "AuthorizationError").status(403)
            }
            SnsError::ArchiveActive => row("InvalidStateException", "InvalidState"),
            SnsError::TopicLimitExceeded => {
                row("TopicLimitExceededException", "TopicLimitExceeded").status(403)
            }
            SnsError::SubscriptionLimitExceeded => {
                row("SubscriptionLimitExceededException", "SubscriptionLimitExceeded").status(403)
            }
            SnsError::FilterPolicyLimitExceeded => {
                row("FilterPolicyLimitExceededException", "FilterPolicyLimitExceeded").status(403)
            }
            SnsError::ResourceNotFound | SnsError::SandboxNumberNotFound(_) => {
                row("ResourceNotFoundException", "ResourceNotFound").status(404)
            }
            SnsError::TagLimitExceeded => row("TagLimitExceededException", "TagLimitExceeded"),
            SnsError::TooManyEntriesInBatchRequest => {
                row("TooManyEntriesInBatchRequestException", "TooManyEntriesInBatchRequest")
            }
            SnsError::BatchEntryIdsNotDistinct => {
                row("BatchEntryIdsNotDistinctException", "BatchEntryIdsNotDistinct")
            }
            SnsError::BatchEntryIdTooLong(_) | SnsError::BatchEntryIdCharacter(_) => {
                row("InvalidBatchEntryIdException", "InvalidBatchEntryId")
            }
            SnsError::BatchRequestTooLong => {
                row("BatchRequestTooLongException", "BatchRequestTooLong")
            }
            SnsError::NotImplemented(_) => row("NotImplementedException", "NotImplemented"),
            SnsError::NotHonoured(refused) => refused.into(),
        }
    }
}
