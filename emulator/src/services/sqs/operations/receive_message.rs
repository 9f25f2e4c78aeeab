//! ReceiveMessage: takes messages; they stay hidden until deleted or the timeout ends.
//!
//! Limits: 1 to 10 messages, waits of 0 to 20 seconds, visibility timeouts of 0 to 43,200 seconds.
//! Errors: `QueueDoesNotExist`, `InvalidParameterValue`, `OverLimit`.
//! Source: API reference "ReceiveMessage"; recordings of 2024-04-30.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, Outcome};
use crate::services::sqs::error::SqsError;
use crate::services::sqs::queue::Queue;
use crate::services::sqs::sending::check_id;
use crate::services::sqs::shapes::Message;
use crate::services::sqs::state::Sqs;
use crate::services::sqs::waiting::ReceiveParameters;

const MESSAGES_MAX: i32 = 10;
const WAIT_SECONDS_MAX: i32 = 20;
const VISIBILITY_SECONDS_MAX: i32 = 43_200;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub queue_url: Option<String>,
    pub attribute_names: Option<Vec<String>>,
    pub message_system_attribute_names: Option<Vec<String>>,
    pub message_attribute_names: Option<Vec<String>>,
    pub max_number_of_messages: Option<i32>,
    pub visibility_timeout: Option<i32>,
    pub wait_time_seconds: Option<i32>,
    pub receive_request_attempt_id: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub messages: Option<Vec<Message>>,
}

pub fn run(
    ctx: &mut Context<'_>,
    sqs: &mut Sqs,
    request: Request,
) -> Result<Outcome<Response>, SqsError> {
    let queue = sqs.by_url(ctx, request.queue_url.as_deref())?;
    let wait = wait_time(&request, queue)?;
    let name = queue.name.clone();
    // FIFO queues, and receives that wait, get nothing instead of an error.
    let waits = !wait.is_zero() || ctx.is_patient();
    if queue.is_at_in_flight_limit() && !queue.is_fifo() && !waits {
        return Err(SqsError::OverLimit);
    }
    let parameters = parameters(request, queue)?;
    let messages = sqs.receive(ctx, &name, &parameters);
    if messages.is_empty() && waits {
        let deadline = (!ctx.is_patient()).then(|| ctx.now() + wait);
        sqs.wait(ctx, &name, deadline, parameters);
        return Ok(Outcome::Parked);
    }
    if messages.is_empty() {
        sqs.by_name(ctx, &name)?.activity.received(0);
    }
    Ok(Outcome::Done(Response { messages: (!messages.is_empty()).then_some(messages) }))
}

fn wait_time(request: &Request, queue: &Queue) -> Result<Duration, SqsError> {
    let Some(seconds) = request.wait_time_seconds else {
        return Ok(queue.attributes.receive_message_wait_time);
    };
    let range = 0..=WAIT_SECONDS_MAX;
    let reason = "Must be >= 0 and <= 20, if provided.";
    within(seconds, range, "WaitTimeSeconds", reason).map(Duration::from_secs)
}

fn parameters(request: Request, queue: &Queue) -> Result<ReceiveParameters, SqsError> {
    let name = "ReceiveRequestAttemptId";
    let attempt_id = check_id(name, request.receive_request_attempt_id)?;
    if let Some(id) = attempt_id.as_deref().filter(|_| !queue.is_fifo()) {
        return Err(SqsError::value(id, name, SqsError::NOT_FOR_THIS_QUEUE_TYPE));
    }
    let messages = request.max_number_of_messages.unwrap_or(1);
    let reason = "Must be between 1 and 10, if provided.";
    let messages = within(messages, 1..=MESSAGES_MAX, "MaxNumberOfMessages", reason)?;
    let visibility_timeout = match request.visibility_timeout {
        None => queue.attributes.visibility_timeout,
        Some(seconds) => {
            let reason = "Must be between 0 and 43200, if provided.";
            let range = 0..=VISIBILITY_SECONDS_MAX;
            Duration::from_secs(within(seconds, range, "VisibilityTimeout", reason)?)
        }
    };
    let old = request.attribute_names.unwrap_or_default();
    let names = old.iter().chain(request.message_system_attribute_names.iter().flatten());
    let system_attributes = names.map(|name| name.parse()).collect::<Result<_, _>>()?;
    let mut message_attributes = request.message_attribute_names.unwrap_or_default();
    // Undocumented: a lone asterisk asks for all, as `.*` does. Recording of 2024-04-30.
    for name in message_attributes.iter_mut().filter(|name| *name == "*") {
        *name = ".*".to_owned();
    }
    Ok(ReceiveParameters {
        messages_max: messages as usize,
        visibility_timeout,
        system_attributes,
        message_attributes,
        attempt_id,
    })
}

fn within(
    value: i32,
    range: std::ops::RangeInclusive<i32>,
    name: &str,
    reason: &str,
) -> Result<u64, SqsError> {
    let inside = u64::try_from(value).ok().filter(|_| range.contains(&value));
    inside.ok_or_else(|| SqsError::value(value, name, reason))
}
