//! Step Functions' errors: what can go wrong, in AWS's words, and the row of each on the wire.

use serde_json::json;
use skyrig_asl::definition::{Diagnostic, creation_error};
use skyrig_asl::trial::Refusal;

use crate::kernel::NotHonoured;
use crate::services::shared::constraint::Broken;
use crate::wire::WireError;

/// Every way in which an operation of Step Functions fails.
///
/// Source: API reference "Errors" of each operation; messages from answers recorded on AWS, from
/// 2023-06-22 to 2026-02-19, unless they are said to be unverified.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepFunctionsError {
    #[error("Invalid Arn: '{0}'")]
    InvalidArn(String),
    #[error("Invalid Name: '{0}'")]
    InvalidName(String),
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    InvalidDefinition(String),
    #[error("Invalid State Machine Execution Input: '{0}'")]
    InvalidExecutionInput(String),
    /// Unverified: the text.
    #[error("Invalid Output: '{0}'")]
    InvalidOutput(String),
    #[error("Invalid Token: 'Invalid token'")]
    InvalidToken,
    #[error("Invalid Logging Configuration: {0}")]
    InvalidLoggingConfiguration(&'static str),
    /// Unverified: the text.
    #[error("Invalid Encryption Configuration: {0}")]
    InvalidEncryptionConfiguration(&'static str),
    #[error("State Machine Does Not Exist: '{0}'")]
    MachineDoesNotExist(String),
    /// Unverified: the text.
    #[error("State Machine Already Exists: '{0}'")]
    MachineAlreadyExists(String),
    /// Unverified: the text.
    #[error("State Machine is being deleted: '{0}'")]
    MachineDeleting(String),
    #[error("Execution Does Not Exist: '{0}'")]
    ExecutionDoesNotExist(String),
    #[error("Execution Already Exists: '{0}'")]
    ExecutionAlreadyExists(String),
    /// Holds why. Unverified: the text.
    #[error("Execution is not redrivable: {0}")]
    NotRedrivable(String),
    #[error("Activity Does Not Exist: '{0}'")]
    ActivityDoesNotExist(String),
    /// Unverified: the text.
    #[error("Activity Already Exists: '{0}'")]
    ActivityAlreadyExists(String),
    #[error("This operation is not supported by this type of state machine")]
    TypeNotSupported,
    /// Holds the ARN.
    #[error("Request references a resource that does not exist.")]
    ResourceNotFound(String),
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    Conflict(String),
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    Validation(String),
    /// Unverified: the text.
    #[error("At least one of {0} is required.")]
    MissingRequiredParameter(&'static str),
    #[error("Task Timed Out: 'Provided task does not exist anymore'")]
    TaskTimedOut,
    /// Unverified: the texts of all limits.
    #[error("The maximum number of running executions has been reached.")]
    ExecutionLimitExceeded,
    #[error("The maximum number of state machines has been reached.")]
    MachineLimitExceeded,
    #[error("The maximum number of activities has been reached.")]
    ActivityLimitExceeded,
    #[error("The maximum number of workers concurrently polling for activity tasks was reached.")]
    WorkerLimitExceeded,
    #[error("The maximum number of {0} has been reached.")]
    QuotaExceeded(&'static str),
    /// Holds the ARN.
    #[error("You've exceeded the number of tags allowed for the resource '{0}'.")]
    TooManyTags(String),
    /// Holds what is not implemented.
    #[error("{0} is not implemented by this emulator")]
    NotImplemented(&'static str),
    #[error(transparent)]
    NotHonoured(#[from] NotHonoured),
}

impl StepFunctionsError {
    pub(super) fn validation(text: impl Into<String>) -> Self {
        Self::Validation(text.into())
    }

    /// A definition that cannot be read.
    pub(super) fn definition(found: &[Diagnostic]) -> Self {
        Self::InvalidDefinition(creation_error(found))
    }
}

impl From<Broken> for StepFunctionsError {
    fn from(Broken(text): Broken) -> Self {
        Self::Validation(text)
    }
}

impl From<Refusal> for StepFunctionsError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::InvalidDefinition(found) => Self::definition(&found),
            Refusal::InvalidExecutionInput(words) => Self::InvalidExecutionInput(words),
            Refusal::Validation(text) => Self::Validation(text),
        }
    }
}

/// One row of every kind, for the comparison with AWS's model.
pub fn error_rows() -> Vec<WireError> {
    use StepFunctionsError as Error;
    let text = || "x".to_owned();
    let every = [
        Error::InvalidArn(text()),
        Error::InvalidName(text()),
        Error::InvalidDefinition(text()),
        Error::InvalidExecutionInput(text()),
        Error::InvalidOutput(text()),
        Error::InvalidToken,
        Error::InvalidLoggingConfiguration("x"),
        Error::InvalidEncryptionConfiguration("x"),
        Error::MachineDoesNotExist(text()),
        Error::MachineAlreadyExists(text()),
        Error::MachineDeleting(text()),
        Error::ExecutionDoesNotExist(text()),
        Error::ExecutionAlreadyExists(text()),
        Error::NotRedrivable(text()),
        Error::ActivityDoesNotExist(text()),
        Error::ActivityAlreadyExists(text()),
        Error::TypeNotSupported,
        Error::ResourceNotFound(text()),
        Error::Conflict(text()),
        Error::Validation(text()),
        Error::MissingRequiredParameter("x"),
        Error::TaskTimedOut,
        Error::ExecutionLimitExceeded,
        Error::MachineLimitExceeded,
        Error::ActivityLimitExceeded,
        Error::WorkerLimitExceeded,
        Error::QuotaExceeded("x"),
        Error::TooManyTags(text()),
        Error::NotImplemented("x"),
        Error::NotHonoured(NotHonoured(text())),
    ];
    every.map(WireError::from).into()
}

impl From<StepFunctionsError> for WireError {
    fn from(error: StepFunctionsError) -> Self {
        use StepFunctionsError as Error;
        let message = error.to_string();
        let row = |shape| WireError::sender(shape, message);
        match error {
            Error::InvalidArn(_) => row("InvalidArn"),
            Error::InvalidName(_) => row("InvalidName"),
            Error::InvalidDefinition(_) => row("InvalidDefinition"),
            Error::InvalidExecutionInput(_) => row("InvalidExecutionInput"),
            Error::InvalidOutput(_) => row("InvalidOutput"),
            Error::InvalidToken => row("InvalidToken"),
            Error::InvalidLoggingConfiguration(_) => row("InvalidLoggingConfiguration"),
            Error::InvalidEncryptionConfiguration(_) => row("InvalidEncryptionConfiguration"),
            Error::MachineDoesNotExist(_) => row("StateMachineDoesNotExist"),
            Error::MachineAlreadyExists(_) => row("StateMachineAlreadyExists"),
            Error::MachineDeleting(_) => row("StateMachineDeleting"),
            Error::ExecutionDoesNotExist(_) => row("ExecutionDoesNotExist"),
            Error::ExecutionAlreadyExists(_) => row("ExecutionAlreadyExists"),
            Error::NotRedrivable(_) => row("ExecutionNotRedrivable"),
            Error::ActivityDoesNotExist(_) => row("ActivityDoesNotExist"),
            Error::ActivityAlreadyExists(_) => row("ActivityAlreadyExists"),
            Error::TypeNotSupported => row("StateMachineTypeNotSupported"),
            Error::ResourceNotFound(arn) => {
                row("ResourceNotFound").member("resourceName", json!(arn))
            }
            Error::Conflict(_) => row("ConflictException"),
            Error::Validation(_) => row("ValidationException"),
            Error::MissingRequiredParameter(_) => row("MissingRequiredParameter"),
            Error::TaskTimedOut => row("TaskTimedOut"),
            Error::ExecutionLimitExceeded => row("ExecutionLimitExceeded"),
            Error::MachineLimitExceeded => row("StateMachineLimitExceeded"),
            Error::ActivityLimitExceeded => row("ActivityLimitExceeded"),
            Error::WorkerLimitExceeded => row("ActivityWorkerLimitExceeded"),
            Error::QuotaExceeded(_) => row("ServiceQuotaExceededException"),
            Error::TooManyTags(arn) => row("TooManyTags").member("resourceName", json!(arn)),
            Error::NotImplemented(_) => row("NotImplementedException"),
            Error::NotHonoured(refused) => refused.into(),
        }
    }
}
