//! EventBridge's errors: what can go wrong, in AWS's words, and the row of each on the wire.

use crate::kernel::NotHonoured;
use crate::services::shared::constraint::Broken;
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
    /// Unverified: the text.
    #[error("Rule {rule} is managed by {by}.")]
    ManagedRule { rule: String, by: String },
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
    /// Recorded for `describe`.
    #[error("Failed to {deed} the connection(s). Connection '{name}' does not exist.")]
    ConnectionNotFound { name: String, deed: &'static str },
    #[error("Connection {0} already exists.")]
    ConnectionExists(String),
    /// Unverified: the text; by that of a connection.
    #[error("Failed to {deed} the api-destination(s). An api-destination '{name}' does not exist.")]
    ApiDestinationNotFound { name: String, deed: &'static str },
    #[error("An api-destination '{0}' already exists.")]
    ApiDestinationExists(String),
    #[error("Endpoint {0} does not exist.")]
    EndpointNotFound(String),
    #[error("Endpoint {0} already exists.")]
    EndpointExists(String),
    /// A partner's, of the customer or of the partner.
    #[error("Event source {0} does not exist.")]
    EventSourceNotFound(String),
    /// Only partners of AWS's may. Unverified: the text.
    #[error("The account is not registered as a SaaS partner of Amazon EventBridge.")]
    NoPartner,
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
        EventsError::ManagedRule { rule: text(), by: text() },
        EventsError::ArchiveNotFound(text()),
        EventsError::ArchiveExists(text()),
        EventsError::ReplayNotFound(text()),
        EventsError::ReplayExists(text()),
        EventsError::IllegalStatus(text()),
        EventsError::ConnectionNotFound { name: text(), deed: "describe" },
        EventsError::ConnectionExists(text()),
        EventsError::ApiDestinationNotFound { name: text(), deed: "describe" },
        EventsError::ApiDestinationExists(text()),
        EventsError::EndpointNotFound(text()),
        EventsError::EndpointExists(text()),
        EventsError::EventSourceNotFound(text()),
        EventsError::NoPartner,
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
            | EventsError::ConnectionNotFound { .. }
            | EventsError::ApiDestinationNotFound { .. }
            | EventsError::EndpointNotFound(_)
            | EventsError::EventSourceNotFound(_)
            | EventsError::StatementNotFound => row("ResourceNotFoundException"),
            EventsError::BusExists(_)
            | EventsError::ArchiveExists(_)
            | EventsError::ConnectionExists(_)
            | EventsError::ApiDestinationExists(_)
            | EventsError::EndpointExists(_)
            | EventsError::ReplayExists(_) => row("ResourceAlreadyExistsException"),
            EventsError::ManagedRule { .. } => row("ManagedRuleException"),
            EventsError::NoPartner => row("OperationDisabledException"),
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

impl From<Broken> for EventsError {
    fn from(broken: Broken) -> Self {
        Self::Validation(broken.0)
    }
}
