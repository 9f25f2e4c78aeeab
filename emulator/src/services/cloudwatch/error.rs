//! CloudWatch's errors: what can go wrong, in AWS's words, and the row of each on the wire.

use super::dashboard::DashboardValidationMessage;
use crate::kernel::NotHonoured;
use crate::wire::{Fault, WireError};

/// Every way in which a CloudWatch operation fails. The texts are whole sentences of AWS, as one
/// kind has many; several findings of one kind are joined by line feeds.
///
/// Source: API reference "Errors" of each operation; messages from answers recorded on AWS.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CloudWatchError {
    #[error("{0}")]
    InvalidParameterValue(String),
    #[error("{0}")]
    InvalidParameterCombination(String),
    #[error("{0}")]
    MissingRequiredParameter(String),
    #[error("{0}")]
    Validation(String),
    /// AWS has no text for it.
    #[error("")]
    AlarmNotFound,
    /// Unverified: the text.
    #[error("{0}")]
    InvalidFormat(String),
    /// Unverified: the text.
    #[error("Invalid nextToken")]
    InvalidNextToken,
    /// Holds the kind and the name of the resource. Unverified: the text.
    #[error("{0} {1} does not exist")]
    ResourceNotFound(&'static str, String),
    #[error("Dashboard {0} does not exist")]
    DashboardNotFound(String),
    /// What is wrong with a dashboard's body, and where.
    #[error("{}", dashboard_text(.0))]
    DashboardInvalid(Vec<DashboardValidationMessage>),
    /// AWS has no text for it.
    #[error("")]
    LimitExceeded,
    /// Unverified: the text.
    #[error("{0} exists already")]
    Conflict(String),
    #[error(
        "GetInsightRuleReport: the report of an insight rule ({0}) is not implemented by this emulator"
    )]
    ReportNotImplemented(String),
    #[error("OutputFormat: {0} is not implemented by this emulator; png is")]
    OutputFormatNotImplemented(String),
    #[error("Function {0} of a metric math expression is not implemented by this emulator.")]
    FunctionNotImplemented(&'static str),
    /// Holds the text, of which AWS has one for alarms.
    #[error("{0}")]
    QuotaReached(String),
    #[error(transparent)]
    NotHonoured(#[from] NotHonoured),
}

/// One row of every kind, for the comparison with AWS's model.
pub fn error_rows() -> Vec<WireError> {
    let text = || "x".to_owned();
    let every = [
        CloudWatchError::InvalidParameterValue(text()),
        CloudWatchError::InvalidParameterCombination(text()),
        CloudWatchError::MissingRequiredParameter(text()),
        CloudWatchError::Validation(text()),
        CloudWatchError::AlarmNotFound,
        CloudWatchError::InvalidFormat(text()),
        CloudWatchError::InvalidNextToken,
        CloudWatchError::ResourceNotFound("x", text()),
        CloudWatchError::DashboardNotFound(text()),
        CloudWatchError::DashboardInvalid(Vec::new()),
        CloudWatchError::LimitExceeded,
        CloudWatchError::Conflict(text()),
        CloudWatchError::ReportNotImplemented(text()),
        CloudWatchError::OutputFormatNotImplemented(text()),
        CloudWatchError::FunctionNotImplemented("x"),
        CloudWatchError::QuotaReached(text()),
        CloudWatchError::NotHonoured(NotHonoured(text())),
    ];
    every.map(WireError::from).into()
}

impl From<CloudWatchError> for WireError {
    fn from(error: CloudWatchError) -> Self {
        let message = error.to_string();
        let row = |shape, code| WireError::sender(shape, message).query_code(code);
        match error {
            CloudWatchError::InvalidParameterValue(_) => {
                row("InvalidParameterValueException", "InvalidParameterValue")
            }
            CloudWatchError::InvalidParameterCombination(_) => {
                row("InvalidParameterCombinationException", "InvalidParameterCombination")
            }
            CloudWatchError::MissingRequiredParameter(_) => {
                row("MissingRequiredParameterException", "MissingParameter")
            }
            CloudWatchError::Validation(_) => {
                row("ValidationException", "ValidationError").namespace("com.amazon.coral.validate")
            }
            CloudWatchError::AlarmNotFound => {
                row("ResourceNotFound", "ResourceNotFound").status(404)
            }
            CloudWatchError::InvalidFormat(_) => row("InvalidFormatFault", "InvalidFormat"),
            CloudWatchError::InvalidNextToken => row("InvalidNextToken", "InvalidNextToken"),
            CloudWatchError::ResourceNotFound(kind, name) => {
                row("ResourceNotFoundException", "ResourceNotFoundException")
                    .status(404)
                    .member("ResourceType", kind.into())
                    .member("ResourceId", name.into())
            }
            CloudWatchError::DashboardNotFound(_) => {
                row("DashboardNotFoundError", "ResourceNotFound").status(404)
            }
            CloudWatchError::DashboardInvalid(messages) => {
                row("DashboardInvalidInputError", "InvalidParameterInput")
                    .member("dashboardValidationMessages", serde_json::json!(messages))
            }
            CloudWatchError::LimitExceeded => {
                row("LimitExceededException", "LimitExceededException")
            }
            CloudWatchError::Conflict(_) => {
                let row = row("ConflictException", "ConflictException").status(409);
                WireError { fault: Fault::Receiver, ..row }
            }
            CloudWatchError::ReportNotImplemented(_)
            | CloudWatchError::OutputFormatNotImplemented(_)
            | CloudWatchError::FunctionNotImplemented(_) => {
                row("NotImplementedException", "NotImplemented")
            }
            CloudWatchError::QuotaReached(_) => row("LimitExceededFault", "LimitExceeded"),
            CloudWatchError::NotHonoured(refused) => refused.into(),
        }
    }
}

/// Source: errors of PutDashboard as its users report them.
fn dashboard_text(messages: &[DashboardValidationMessage]) -> String {
    let number = messages.len();
    let all = messages.iter().map(|message| {
        let text = |text: &Option<String>| serde_json::json!(text).to_string();
        let path = match &message.data_path {
            Some(_) => format!("    \"dataPath\": {},\n", text(&message.data_path)),
            None => String::new(),
        };
        format!("  {{\n{path}    \"message\": {}\n  }}", text(&message.message))
    });
    let all: Vec<String> = all.collect();
    let all = all.join(",\n");
    format!("The dashboard body is invalid, there are {number} validation errors:\n[\n{all}\n]")
}
