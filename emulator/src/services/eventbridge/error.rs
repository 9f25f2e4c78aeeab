//! EventBridge's errors: what can go wrong, in AWS's words, and the row of each on the wire.

use crate::kernel::NotHonoured;
use crate::services::shared::pattern::PatternError;
use crate::wire::WireError;

/// Every way in which an EventBridge operation fails.
///
/// Source: API reference "Errors" of each operation; messages from answers recorded on AWS.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventsError {
    #[error("Event bus {0} does not exist.")]
    BusNotFound(String),
    #[error("Event bus {0} already exists.")]
    BusExists(String),
    #[error("Rule {rule} does not exist on EventBus {bus}.")]
    RuleNotFound { rule: String, bus: String },
    #[error("Archive {0} does not exist.")]
    ArchiveNotFound(String),
    #[error("Archive {0} already exists.")]
    ArchiveExists(String),
    #[error("Replay {0} does not exist.")]
    ReplayNotFound(String),
    #[error("Replay {0} already exists.")]
    ReplayExists(String),
    /// A replay that is over already. Unverified: the text.
    #[error("Replay {0} is not in a valid state for this operation.")]
    IllegalStatus(String),
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    Validation(String),
    #[error(transparent)]
    InvalidEventPattern(#[from] PatternError),
    #[error("The requested resource exceeds the maximum number allowed.")]
    LimitExceeded,
    #[error("Statement with the provided id does not exist.")]
    StatementNotFound,
    #[error("The policy is longer than 10,240 characters.")]
    PolicyLengthExceeded,
    /// Holds what is not implemented.
    #[error("{0} is not implemented by this emulator")]
    NotImplemented(String),
    #[error(transparent)]
    NotHonoured(#[from] NotHonoured),
}

impl EventsError {
    pub(super) fn validation(text: impl Into<String>) -> Self {
        Self::Validation(text.into())
    }
}

/// One row of every kind, for the comparison with AWS's model.
pub fn error_rows() -> Vec<WireError> {
    let text = || "x".to_owned();
    let every = [
        EventsError::BusNotFound(text()),
        EventsError::BusExists(text()),
        EventsError::RuleNotFound { rule: text(), bus: text() },
        EventsError::ArchiveNotFound(text()),
        EventsError::ArchiveExists(text()),
        EventsError::ReplayNotFound(text()),
        EventsError::ReplayExists(text()),
        EventsError::IllegalStatus(text()),
        EventsError::Validation(text()),
        EventsError::InvalidEventPattern(PatternError { reason: text() }),
        EventsError::LimitExceeded,
        EventsError::StatementNotFound,
        EventsError::PolicyLengthExceeded,
        EventsError::NotImplemented(text()),
        EventsError::NotHonoured(NotHonoured(text())),
    ];
    every.map(WireError::from).into()
}

impl From<EventsError> for WireError {
    fn from(error: EventsError) -> Self {
        let message = error.to_string();
        let row = |shape| WireError::sender(shape, message.clone());
        match error {
            EventsError::BusNotFound(_)
            | EventsError::RuleNotFound { .. }
            | EventsError::ArchiveNotFound(_)
            | EventsError::ReplayNotFound(_)
            | EventsError::StatementNotFound => row("ResourceNotFoundException"),
            EventsError::BusExists(_)
            | EventsError::ArchiveExists(_)
            | EventsError::ReplayExists(_) => row("ResourceAlreadyExistsException"),
            EventsError::IllegalStatus(_) => row("IllegalStatusException"),
            EventsError::Validation(_) => row("ValidationException"),
            EventsError::InvalidEventPattern(_) => row("InvalidEventPatternException"),
            EventsError::LimitExceeded => row("LimitExceededException"),
            EventsError::PolicyLengthExceeded => row("PolicyLengthExceededException"),
            EventsError::NotImplemented(_) => row("NotImplementedException"),
            EventsError::NotHonoured(refused) => refused.into(),
        }
    }
}
