//! Lambda's errors in AWS's words, and the row of each on the wire.

use serde_json::json;

use super::invoke::Refusal;
use super::package::{PackageError, UNPACKED_BYTES_MAX};
use crate::kernel::NotHonoured;
use crate::services::shared::constraint::Broken;
use crate::wire::{Fault, WireError};

/// Every way in which an operation of Lambda fails.
///
/// Source: API reference "Errors" of each operation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LambdaError {
    /// Holds the ARN, with the version or the alias if one was asked for.
    #[error("Function not found: {0}")]
    FunctionNotFound(String),
    #[error("Function already exist: {0}")]
    FunctionExists(String),
    #[error("Cannot find alias arn: {0}")]
    AliasNotFound(String),
    #[error("Alias already exists: {0}")]
    AliasExists(String),
    #[error("Functions from '{0}' are not reachable in this region ('{1}')")]
    OtherRegion(String, String),
    /// Something else that is not there; AWS's whole sentence.
    #[error("{0}")]
    NotFound(String),
    #[error("{0}")]
    Conflict(String),
    /// What is asked for would change something that is about to change; AWS's whole sentence.
    #[error("{0}")]
    InUse(String),
    /// A value that the service itself refuses; AWS's whole sentence.
    #[error("{0}")]
    Parameter(String),
    /// A value that breaks a constraint of the model; AWS's whole sentence.
    #[error("{0}")]
    Validation(String),
    #[error(
        "Could not unzip uploaded file. Please check your file, then try to upload again. ({0})"
    )]
    Package(PackageError),
    #[error("Unzipped size must be smaller than {UNPACKED_BYTES_MAX} bytes")]
    TooLargeUnpacked,
    #[error("Code storage limit exceeded.")]
    CodeStorage,
    /// Holds what to call for the latest one.
    #[error(
        "The RevisionId provided does not match the latest RevisionId. Call the {0} API to \
         retrieve the latest RevisionId"
    )]
    Revision(&'static str),
    #[error("The final policy size ({0}) is bigger than the limit (20480).")]
    PolicyLength(usize),
    #[error("No Provisioned Concurrency Config found for this function")]
    NoProvisionedConcurrency,
    #[error("The code signing configuration cannot be found.")]
    NoCodeSigning,
    #[error(
        "User: {principal} is not authorized to perform: {action} on resource: {resource} \
         because no resource-based policy allows the {action} action: {reason}"
    )]
    AccessDenied { principal: String, action: String, resource: String, reason: String },
    /// A client of a function's address has no permission; the log knows why.
    #[error(
        "Forbidden. For troubleshooting Function URL authorization issues, see: \
         https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
    )]
    Forbidden,
    /// No function has the address that was called; AWS says no word.
    #[error("")]
    NoUrl,
    /// Holds the limit in bytes.
    #[error("Request must be smaller than {0} bytes for the InvokeFunction operation")]
    RequestTooLarge(usize),
    /// A payload that is none; AWS's whole sentence.
    #[error("{0}")]
    InvalidContent(String),
    #[error("Rate Exceeded.")]
    Throttled(Refusal),
    /// Nobody could run the function's code; holds why.
    #[error("the function could not be run: {0}")]
    NotRun(String),
    #[error("{0} is not implemented by this emulator")]
    NotImplemented(&'static str),
    #[error(transparent)]
    NotHonoured(#[from] NotHonoured),
}

impl LambdaError {
    pub(super) fn parameter(text: impl Into<String>) -> Self {
        Self::Parameter(text.into())
    }
}

impl From<Broken> for LambdaError {
    fn from(Broken(text): Broken) -> Self {
        Self::Validation(text)
    }
}

impl From<PackageError> for LambdaError {
    fn from(error: PackageError) -> Self {
        match error {
            PackageError::TooLarge(_) => Self::TooLargeUnpacked,
            PackageError::Empty => Self::parameter("Uploaded file must be a non-empty zip"),
            other => Self::Package(other),
        }
    }
}

/// One row of every kind, for the comparison with AWS's model.
pub fn error_rows() -> Vec<WireError> {
    let text = || "x".to_owned();
    let every = [
        LambdaError::FunctionNotFound(text()),
        LambdaError::FunctionExists(text()),
        LambdaError::AliasNotFound(text()),
        LambdaError::AliasExists(text()),
        LambdaError::OtherRegion(text(), text()),
        LambdaError::NotFound(text()),
        LambdaError::Conflict(text()),
        LambdaError::InUse(text()),
        LambdaError::Parameter(text()),
        LambdaError::Validation(text()),
        LambdaError::Package(PackageError::Empty),
        LambdaError::TooLargeUnpacked,
        LambdaError::CodeStorage,
        LambdaError::Revision("GetFunction"),
        LambdaError::PolicyLength(0),
        LambdaError::NoProvisionedConcurrency,
        LambdaError::NoCodeSigning,
        LambdaError::AccessDenied {
            principal: text(),
            action: text(),
            resource: text(),
            reason: text(),
        },
        LambdaError::Forbidden,
        LambdaError::NoUrl,
        LambdaError::RequestTooLarge(0),
        LambdaError::InvalidContent(text()),
        LambdaError::Throttled(Refusal::Reserved),
        LambdaError::NotRun(text()),
        LambdaError::NotImplemented("x"),
        LambdaError::NotHonoured(NotHonoured(text())),
    ];
    every.map(WireError::from).into()
}

impl From<LambdaError> for WireError {
    fn from(error: LambdaError) -> Self {
        let message = error.to_string();
        let (shape, status) = match error {
            LambdaError::FunctionNotFound(_)
            | LambdaError::AliasNotFound(_)
            | LambdaError::OtherRegion(..)
            | LambdaError::NotFound(_) => ("ResourceNotFoundException", 404),
            LambdaError::FunctionExists(_)
            | LambdaError::AliasExists(_)
            | LambdaError::Conflict(_) => ("ResourceConflictException", 409),
            LambdaError::Parameter(_)
            | LambdaError::Package(_)
            | LambdaError::NotImplemented(_)
            | LambdaError::TooLargeUnpacked => ("InvalidParameterValueException", 400),
            LambdaError::InUse(_) => ("ResourceInUseException", 400),
            LambdaError::CodeStorage => ("CodeStorageExceededException", 400),
            LambdaError::Revision(_) => ("PreconditionFailedException", 412),
            LambdaError::PolicyLength(_) => ("PolicyLengthExceededException", 400),
            LambdaError::NoProvisionedConcurrency => {
                ("ProvisionedConcurrencyConfigNotFoundException", 404)
            }
            LambdaError::NoCodeSigning => ("CodeSigningConfigNotFoundException", 404),
            LambdaError::Forbidden => {
                return WireError::sender("AccessDeniedException", message).status(403);
            }
            LambdaError::NoUrl => {
                let row = WireError::sender("ResourceNotFoundException", message).status(404);
                return row.member("Message", json!(null));
            }
            LambdaError::AccessDenied { .. } => ("AccessDeniedException", 403),
            LambdaError::Validation(_) => ("ValidationException", 400),
            LambdaError::RequestTooLarge(_) => ("RequestTooLargeException", 413),
            LambdaError::InvalidContent(_) => ("InvalidRequestContentException", 400),
            LambdaError::Throttled(refusal) => {
                let row = row("TooManyRequestsException", 429, message);
                return row.member("Reason", json!(refusal.as_str()));
            }
            LambdaError::NotRun(_) => {
                let row = row("ResourceNotReadyException", 502, message);
                return WireError { fault: Fault::Receiver, ..row };
            }
            LambdaError::NotHonoured(refused) => return refused.into(),
        };
        row(shape, status, message)
    }
}

/// A row as Lambda writes it: `Type` says whose fault it is, and most shapes spell the text's name
/// with a small letter.
pub(super) fn row(shape: &'static str, status: u16, message: String) -> WireError {
    let error = WireError::sender(shape, message).status(status);
    let kind = match error.fault {
        Fault::Sender => "User",
        Fault::Receiver => "Service",
    };
    let text = json!(error.message);
    error.member("Type", json!(kind)).member("message", text)
}
