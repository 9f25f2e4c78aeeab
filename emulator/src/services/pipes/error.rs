//! EventBridge Pipes' errors in AWS's words, and the row of each on the wire.

use crate::kernel::NotHonoured;
use crate::services::shared::constraint::Broken;
use crate::wire::WireError;

/// Every way in which an operation of EventBridge Pipes fails.
///
/// Source: API reference "Errors" of each operation. Unverified: the texts, none is recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PipesError {
    #[error("Pipe {0} does not exist.")]
    NotFound(String),
    #[error("Pipe {0} already exists.")]
    Exists(String),
    /// The pipe is about to become something else; holds its state.
    #[error("Pipe {name} cannot be changed while it is {state}.")]
    Busy { name: String, state: String },
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    Validation(String),
    #[error("The maximum number of pipes has been reached.")]
    TooManyPipes,
    #[error(transparent)]
    NotHonoured(#[from] NotHonoured),
}

impl PipesError {
    pub(super) fn validation(text: impl Into<String>) -> Self {
        Self::Validation(text.into())
    }
}

impl From<Broken> for PipesError {
    fn from(Broken(text): Broken) -> Self {
        Self::Validation(text)
    }
}

/// One row of every kind, for the comparison with AWS's model.
pub fn error_rows() -> Vec<WireError> {
    let text = || "x".to_owned();
    let every = [
        PipesError::NotFound(text()),
        PipesError::Exists(text()),
        PipesError::Busy { name: text(), state: text() },
        PipesError::Validation(text()),
        PipesError::TooManyPipes,
        PipesError::NotHonoured(NotHonoured(text())),
    ];
    every.map(WireError::from).into()
}

impl From<PipesError> for WireError {
    fn from(error: PipesError) -> Self {
        let message = error.to_string();
        // The model spells the text's name with a small letter.
        let text = serde_json::Value::from(message.as_str());
        let row = |shape, status| {
            WireError::sender(shape, message).status(status).member("message", text)
        };
        match error {
            PipesError::NotFound(_) => row("NotFoundException", 404),
            PipesError::Exists(_) | PipesError::Busy { .. } => row("ConflictException", 409),
            PipesError::Validation(_) => row("ValidationException", 400),
            PipesError::TooManyPipes => row("ServiceQuotaExceededException", 402),
            PipesError::NotHonoured(refused) => refused.into(),
        }
    }
}
