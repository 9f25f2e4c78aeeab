//! Why a text is not a pattern.

/// A refused event pattern. Prints as EventBridge words it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Event pattern is not valid. Reason: {reason}")]
pub struct PatternError {
    /// The engine's own words, which SNS repeats behind another beginning.
    pub reason: String,
}

impl PatternError {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}
