//! CancelMessageMoveTask: stops a running task some seconds later; what was moved stays.
//!
//! Errors: `MissingParameter`, `InvalidParameterValue`, `ResourceNotFoundException`.
//! Source: API reference "CancelMessageMoveTask"; recordings of 2024-04-30.
//! Unverified: the messages about handles that don't decode, unknown tasks and ended ones.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sqs::error::SqsError;
use crate::services::sqs::move_task::{Handle, Status};
use crate::services::sqs::state::Sqs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub task_handle: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub approximate_number_of_messages_moved: Option<u64>,
}

pub fn run(ctx: &mut Context<'_>, sqs: &mut Sqs, request: Request) -> Result<Response, SqsError> {
    let handle = request.task_handle.filter(|handle| !handle.is_empty());
    let handle = handle.ok_or_else(|| SqsError::MissingParameter("TaskHandle".to_owned()))?;
    let handle = Handle::parse(&handle)?;
    let source = sqs.source_of_tasks(ctx, Some(&handle.source_arn))?;
    if !sqs.move_tasks.latest(&source).any(|task| task.id.to_string() == handle.task_id) {
        return Err(SqsError::ResourceNotFound("Task does not exist.".to_owned()));
    }
    let running = sqs
        .move_tasks
        .active(&source)
        .filter(|task| task.id.to_string() == handle.task_id && task.status == Status::Running);
    let Some(task) = running else {
        let sentence = "Only active tasks can be cancelled.".to_owned();
        return Err(SqsError::InvalidParameterValue(sentence));
    };
    task.cancel(ctx.now());
    Ok(Response { approximate_number_of_messages_moved: Some(task.moved) })
}
