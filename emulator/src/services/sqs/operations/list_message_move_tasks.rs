//! ListMessageMoveTasks: the latest tasks of a source, the last one first.
//!
//! Limits: 1 to 10 tasks, 1 without `MaxResults`.
//! Errors: `MissingParameter`, `ResourceNotFoundException`, `InvalidParameterValue`.
//! Source: API reference "ListMessageMoveTasks"; recordings of 2024-04-30.
//! Unverified: the message about `MaxResults`, and that an empty list is present.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sqs::error::SqsError;
use crate::services::sqs::move_task::{KEPT_MAX, MoveTask, Status};
use crate::services::sqs::state::Sqs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub source_arn: Option<String>,
    pub max_results: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub results: Option<Vec<ListMessageMoveTasksResultEntry>>,
}

/// One task.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListMessageMoveTasksResultEntry {
    /// Of a running task only.
    pub task_handle: Option<String>,
    pub status: Option<String>,
    pub source_arn: Option<String>,
    pub destination_arn: Option<String>,
    pub max_number_of_messages_per_second: Option<i32>,
    pub approximate_number_of_messages_moved: Option<u64>,
    pub approximate_number_of_messages_to_move: Option<u64>,
    pub failure_reason: Option<String>,
    /// In milliseconds.
    pub started_timestamp: Option<i64>,
}

pub fn run(ctx: &mut Context<'_>, sqs: &mut Sqs, request: Request) -> Result<Response, SqsError> {
    let source = sqs.source_of_tasks(ctx, request.source_arn.as_deref())?;
    let asked = request.max_results.unwrap_or(1);
    let shown = usize::try_from(asked).ok().filter(|shown| (1..=KEPT_MAX).contains(shown));
    let shown = shown.ok_or_else(|| {
        SqsError::value(asked, "MaxResults", "Must be between 1 and 10, if provided.")
    })?;
    let results = sqs.move_tasks.latest(&source).take(shown).map(describe).collect();
    Ok(Response { results: Some(results) })
}

fn describe(task: &MoveTask) -> ListMessageMoveTasksResultEntry {
    let (status, failure_reason) = match &task.status {
        Status::Running => ("RUNNING", None),
        Status::Cancelling => ("CANCELLING", None),
        Status::Cancelled => ("CANCELLED", None),
        Status::Completed => ("COMPLETED", None),
        Status::Failed { reason } => ("FAILED", Some(reason.clone())),
    };
    ListMessageMoveTasksResultEntry {
        task_handle: (task.status == Status::Running).then(|| task.handle()),
        status: Some(status.to_owned()),
        source_arn: Some(task.source.to_string()),
        destination_arn: task.destination.as_ref().map(ToString::to_string),
        max_number_of_messages_per_second: task.messages_per_second.map(u32::cast_signed),
        approximate_number_of_messages_moved: Some(task.moved),
        approximate_number_of_messages_to_move: Some(task.to_move),
        failure_reason,
        started_timestamp: Some(task.started.millis()),
    }
}
