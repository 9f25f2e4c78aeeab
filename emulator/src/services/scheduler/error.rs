//! EventBridge Scheduler's errors in AWS's words, and the row of each on the wire.

use crate::kernel::NotHonoured;
use crate::services::shared::constraint::Broken;
use crate::wire::WireError;

/// Every way in which an operation of EventBridge Scheduler fails.
///
/// Source: API reference "Errors" of each operation; the texts on schedules that are not there, on
/// expressions and on start dates from users' reports of AWS's answers. Unverified: the others.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchedulerError {
    #[error("Schedule {0} does not exist.")]
    ScheduleNotFound(String),
    #[error("Schedule {0} already exists.")]
    ScheduleExists(String),
    #[error("Schedule group {0} does not exist.")]
    GroupNotFound(String),
    #[error("Schedule group {0} already exists.")]
    GroupExists(String),
    /// A group that is being deleted takes no schedules.
    #[error("Schedule group {0} is being deleted.")]
    GroupIsDeleted(String),
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    Validation(String),
    #[error("The maximum number of schedule groups has been reached.")]
    TooManyGroups,
    #[error("The maximum number of schedules has been reached.")]
    TooManySchedules,
    #[error("The maximum number of tags of a schedule group is 50.")]
    TooManyTags,
    #[error(transparent)]
    NotHonoured(#[from] NotHonoured),
}

impl SchedulerError {
    pub(super) fn validation(text: impl Into<String>) -> Self {
        Self::Validation(text.into())
    }
}

impl From<Broken> for SchedulerError {
    fn from(Broken(text): Broken) -> Self {
        Self::Validation(text)
    }
}

/// One row of every kind, for the comparison with AWS's model.
pub fn error_rows() -> Vec<WireError> {
    let text = || "x".to_owned();
    let every = [
        SchedulerError::ScheduleNotFound(text()),
        SchedulerError::ScheduleExists(text()),
        SchedulerError::GroupNotFound(text()),
        SchedulerError::GroupExists(text()),
        SchedulerError::GroupIsDeleted(text()),
        SchedulerError::Validation(text()),
        SchedulerError::TooManyGroups,
        SchedulerError::TooManySchedules,
        SchedulerError::TooManyTags,
        SchedulerError::NotHonoured(NotHonoured(text())),
    ];
    every.map(WireError::from).into()
}

impl From<SchedulerError> for WireError {
    fn from(error: SchedulerError) -> Self {
        let message = error.to_string();
        let row = |shape, status| WireError::sender(shape, message).status(status);
        match error {
            SchedulerError::ScheduleNotFound(_) | SchedulerError::GroupNotFound(_) => {
                row("ResourceNotFoundException", 404)
            }
            SchedulerError::ScheduleExists(_)
            | SchedulerError::GroupExists(_)
            | SchedulerError::GroupIsDeleted(_) => row("ConflictException", 409),
            SchedulerError::Validation(_) => row("ValidationException", 400),
            SchedulerError::TooManyGroups
            | SchedulerError::TooManySchedules
            | SchedulerError::TooManyTags => row("ServiceQuotaExceededException", 402),
            SchedulerError::NotHonoured(refused) => refused.into(),
        }
    }
}
