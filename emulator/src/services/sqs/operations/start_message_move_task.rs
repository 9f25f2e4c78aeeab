//! StartMessageMoveTask: begins to move the messages of a dead-letter queue, in virtual time.
//!
//! Limits: 1 to 500 messages a second; one running task a source.
//! Errors: `MissingParameter`, `ResourceNotFoundException`, `InvalidParameterValue`.
//! Source: API reference "StartMessageMoveTask"; recordings of 2024-04-30.
//! Unverified: the messages about rates and about destinations that don't fit.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Arn, Context};
use crate::services::sqs::error::SqsError;
use crate::services::sqs::move_task::{MESSAGES_PER_SECOND_MAX, MoveTask};
use crate::services::sqs::queue::Queue;
use crate::services::sqs::state::Sqs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub source_arn: Option<String>,
    pub destination_arn: Option<String>,
    pub max_number_of_messages_per_second: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub task_handle: Option<String>,
}

pub fn run(ctx: &mut Context<'_>, sqs: &mut Sqs, request: Request) -> Result<Response, SqsError> {
    let source = sqs.source_of_tasks(ctx, request.source_arn.as_deref())?;
    let rate = request.max_number_of_messages_per_second.map(check_rate).transpose()?;
    let queue = sqs.by_name(ctx, &source)?;
    let (arn, to_move) = (queue.arn.clone(), queue.counts().iter().sum::<usize>());
    if sqs.sources_of(&arn).next().is_none() {
        return invalid("Source queue must be configured as a Dead Letter Queue.");
    }
    let destination = match &request.destination_arn {
        Some(text) => Some(check_destination(ctx, sqs, &sqs.queues[&source], text)?),
        None => None,
    };
    if sqs.move_tasks.active(&source).is_some() {
        return invalid(
            "There is already a task running. Only one active task is allowed for a source queue \
             arn at a given time.",
        );
    }
    let id = ctx.ids().uuid();
    let task = MoveTask::new(id, arn, destination, rate, to_move as u64, ctx.now());
    let task_handle = task.handle();
    sqs.run_task(ctx, &source, task);
    Ok(Response { task_handle: Some(task_handle) })
}

fn invalid<T>(sentence: &str) -> Result<T, SqsError> {
    Err(SqsError::InvalidParameterValue(sentence.to_owned()))
}

fn check_rate(rate: i32) -> Result<u32, SqsError> {
    let valid = u32::try_from(rate).ok();
    valid.filter(|rate| (1..=MESSAGES_PER_SECOND_MAX).contains(rate)).ok_or_else(|| {
        let reason = "Must be between 1 and 500, if provided.";
        SqsError::value(rate, "MaxNumberOfMessagesPerSecond", reason)
    })
}

fn check_destination(
    ctx: &Context<'_>,
    sqs: &Sqs,
    source: &Queue,
    text: &str,
) -> Result<Arn, SqsError> {
    let name = sqs.name_of(ctx, text).ok_or(SqsError::resource_not_found("DestinationArn"))?;
    let destination = &sqs.queues[&name];
    if destination.arn == source.arn {
        return invalid("Source queue and destination queue must be different.");
    }
    if destination.is_fifo() != source.is_fifo() {
        return invalid("Source queue and destination queue must be of the same type.");
    }
    Ok(destination.arn.clone())
}
