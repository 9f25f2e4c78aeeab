//! CloudWatch Logs' errors: what can go wrong, in AWS's words, and the row of each on the wire.

use serde_json::json;

use super::insights::QueryError;
use super::pattern::FilterPatternError;
use crate::kernel::NotHonoured;
use crate::services::shared::constraint::Broken;
use crate::wire::WireError;

/// Every way in which an operation of CloudWatch Logs fails.
///
/// Source: API reference "Errors" of each operation; messages from answers recorded on AWS.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogsError {
    #[error("The specified log group does not exist.")]
    GroupNotFound,
    #[error("The specified log stream does not exist.")]
    StreamNotFound,
    #[error("The specified log group already exists")]
    GroupExists,
    #[error("The specified log stream already exists")]
    StreamExists,
    /// Something else is not there; holds AWS's sentence.
    #[error("{0}")]
    NotFound(&'static str),
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    InvalidParameter(String),
    #[error("The specified nextToken is invalid.")]
    InvalidToken,
    #[error(transparent)]
    InvalidPattern(#[from] FilterPatternError),
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    Validation(String),
    #[error("Resource limit exceeded.")]
    LimitExceeded,
    /// Of a part of a delivery. Unverified: the text.
    #[error("The service quota has been reached.")]
    QuotaExceeded,
    #[error(transparent)]
    MalformedQuery(#[from] QueryError),
    /// Holds a sentence. Unverified: the texts.
    #[error("{0}")]
    Conflict(&'static str),
    /// Holds a sentence. Unverified: the texts.
    #[error("{0}")]
    InvalidOperation(&'static str),
    /// Unverified: the text.
    #[error("The resource cannot have more than 50 tags.")]
    TooManyTags,
    /// Holds what is not implemented.
    #[error("{0} is not implemented by this emulator")]
    NotImplemented(String),
    #[error(transparent)]
    NotHonoured(#[from] NotHonoured),
}

impl LogsError {
    pub(super) const DEFINITION_NOT_FOUND: Self =
        Self::NotFound("The specified query definition does not exist.");
    pub(super) const DESTINATION_NOT_FOUND: Self =
        Self::NotFound("The specified destination does not exist.");

    pub(super) fn parameter(text: impl Into<String>) -> Self {
        Self::InvalidParameter(text.into())
    }
}

/// One row of every kind, for the comparison with AWS's model.
pub fn error_rows() -> Vec<WireError> {
    let text = || "x".to_owned();
    let every = [
        LogsError::GroupNotFound,
        LogsError::StreamNotFound,
        LogsError::GroupExists,
        LogsError::StreamExists,
        LogsError::NotFound("x"),
        LogsError::InvalidParameter(text()),
        LogsError::InvalidToken,
        LogsError::InvalidPattern(FilterPatternError::Invalid),
        LogsError::Validation(text()),
        LogsError::LimitExceeded,
        LogsError::QuotaExceeded,
        LogsError::MalformedQuery(QueryError::default()),
        LogsError::Conflict("x"),
        LogsError::InvalidOperation("x"),
        LogsError::TooManyTags,
        LogsError::NotImplemented(text()),
        LogsError::NotHonoured(NotHonoured(text())),
    ];
    every.map(WireError::from).into()
}

impl From<LogsError> for WireError {
    fn from(error: LogsError) -> Self {
        let message = error.to_string();
        let row = |shape| WireError::sender(shape, message);
        match error {
            LogsError::GroupNotFound | LogsError::StreamNotFound | LogsError::NotFound(_) => {
                row("ResourceNotFoundException")
            }
            LogsError::GroupExists | LogsError::StreamExists => {
                row("ResourceAlreadyExistsException")
            }
            LogsError::InvalidParameter(_)
            | LogsError::InvalidToken
            | LogsError::InvalidPattern(_) => row("InvalidParameterException"),
            LogsError::Validation(_) => row("ValidationException"),
            LogsError::LimitExceeded => row("LimitExceededException"),
            LogsError::QuotaExceeded => row("ServiceQuotaExceededException"),
            LogsError::MalformedQuery(query) => {
                let location = json!({
                    "startCharOffset": query.start, "endCharOffset": query.end,
                });
                let compiling = json!({"location": location, "message": query.message});
                row("MalformedQueryException").member("queryCompileError", compiling)
            }
            LogsError::Conflict(_) => row("ConflictException"),
            LogsError::InvalidOperation(_) => row("InvalidOperationException"),
            LogsError::TooManyTags => row("TooManyTagsException"),
            LogsError::NotImplemented(_) => row("NotImplementedException"),
            LogsError::NotHonoured(refused) => refused.into(),
        }
    }
}

impl From<Broken> for LogsError {
    fn from(Broken(text): Broken) -> Self {
        Self::InvalidParameter(text)
    }
}
