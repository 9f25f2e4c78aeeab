//! Why a state, a branch or an execution fails.

use serde::{Deserialize, Serialize};

pub(super) const ALL: &str = "States.ALL";
pub(super) const BRANCH_FAILED: &str = "States.BranchFailed";
pub(super) const DATA_LIMIT_EXCEEDED: &str = "States.DataLimitExceeded";
pub(super) const HEARTBEAT_TIMEOUT: &str = "States.HeartbeatTimeout";
pub(super) const INTRINSIC_FAILURE: &str = "States.IntrinsicFailure";
pub(super) const ITEM_READER_FAILED: &str = "States.ItemReaderFailed";
pub(super) const NO_CHOICE_MATCHED: &str = "States.NoChoiceMatched";
pub(super) const QUERY_EVALUATION_ERROR: &str = "States.QueryEvaluationError";
pub(super) const RESULT_PATH_MATCH_FAILURE: &str = "States.ResultPathMatchFailure";
pub(super) const RUNTIME: &str = "States.Runtime";
pub(super) const TASK_FAILED: &str = "States.TaskFailed";
pub(super) const THRESHOLD: &str = "States.ExceedToleratedFailureThreshold";
pub(super) const TIMEOUT: &str = "States.Timeout";

/// A failure on its way up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub error: Option<String>,
    pub cause: Option<String>,
    /// The cause says in which state it was, once that is known.
    pub(super) about_state: bool,
    /// The field whose JSONata could not be evaluated.
    pub(super) location: Option<String>,
    /// A heartbeat was missed: AWS calls that a time-out, and takes either name.
    pub(super) heartbeat: bool,
    /// A task failed, or a branch: names of groups that the error belongs to.
    pub(super) of_task: bool,
    pub(super) of_branch: bool,
}

impl Failure {
    pub(super) fn new(error: &str, cause: impl Into<String>) -> Self {
        Self { error: Some(error.to_owned()), cause: Some(cause.into()), ..Self::default() }
    }

    /// An error of AWS's own, whose cause names the state.
    pub(super) fn of_state(error: &str, cause: impl Into<String>) -> Self {
        Self { about_state: true, ..Self::new(error, cause) }
    }

    pub(super) fn runtime(cause: impl Into<String>) -> Self {
        Self::of_state(RUNTIME, cause)
    }

    pub(super) fn evaluation(location: &str, cause: impl Into<String>) -> Self {
        let location = Some(location.to_owned());
        Self { location, ..Self::of_state(QUERY_EVALUATION_ERROR, cause) }
    }

    /// The cause with the state in it, in AWS's words.
    pub(super) fn in_state(mut self, state: &str, entered: u64) -> Self {
        if self.about_state {
            let cause = self.cause.unwrap_or_default();
            self.cause = Some(format!(
                "An error occurred while executing the state '{state}' (entered at the event id \
                 #{entered}). {cause}"
            ));
            self.about_state = false;
        }
        self
    }

    /// Whether one of these names in `ErrorEquals` means this failure.
    pub(super) fn is_among(&self, names: &[String]) -> bool {
        let error = self.error.as_deref().unwrap_or_default();
        // Nobody can go on after this one.
        if error == RUNTIME {
            return false;
        }
        names.iter().any(|name| match name.as_str() {
            ALL => true,
            TASK_FAILED => error == TASK_FAILED || (self.of_task && error != TIMEOUT),
            HEARTBEAT_TIMEOUT => self.heartbeat || error == HEARTBEAT_TIMEOUT,
            BRANCH_FAILED => self.of_branch || error == BRANCH_FAILED,
            name => name == error,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_mean_failures() {
        let task = Failure { of_task: true, ..Failure::new("Custom", "") };
        let timeout = Failure { of_task: true, ..Failure::new(TIMEOUT, "") };
        let heartbeat = Failure { heartbeat: true, ..timeout.clone() };
        let runtime = Failure::runtime("");
        let cases: &[(&Failure, &str, bool)] = &[
            (&task, "Custom", true),
            (&task, "Other", false),
            (&task, ALL, true),
            (&task, TASK_FAILED, true),
            (&timeout, TASK_FAILED, false),
            (&timeout, TIMEOUT, true),
            (&timeout, HEARTBEAT_TIMEOUT, false),
            (&heartbeat, HEARTBEAT_TIMEOUT, true),
            (&heartbeat, TIMEOUT, true),
            (&runtime, ALL, false),
            (&runtime, RUNTIME, false),
        ];
        for (failure, name, wanted) in cases {
            assert_eq!(failure.is_among(&[(*name).to_owned()]), *wanted, "{failure:?} {name}");
        }
    }
}
