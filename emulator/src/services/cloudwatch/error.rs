//! CloudWatch's errors: what can go wrong, in AWS's words, and the row of each on the wire.

use crate::kernel::NotHonoured;
use crate::wire::WireError;

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
            CloudWatchError::NotHonoured(refused) => refused.into(),
        }
    }
}
