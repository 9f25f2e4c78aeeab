//! PutLogEvents: puts events into a stream.
//!
//! Limits: 1 to 10,000 events of 1,048,576 bytes together, with 26 beside each message; in the
//! order of
//! their times, which span at most 24 hours. Events that are 14 days old, older than the retention,
//! or
//! more than two hours in the future are rejected by themselves.
//! Errors: `InvalidParameterException`, `ResourceNotFoundException`.
//! Source: API reference "PutLogEvents"; recordings of 2026-02-05. Unverified: the texts on sizes.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{self, Constraints, NOT_EMPTY, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::front_door::EVENT_BYTES_MAX;
use crate::services::logs::putting::{Because, NewEvent, SEQUENCE_TOKEN};
use crate::services::logs::shapes::{
    Entity, InputLogEvent, RejectedEntityInfo, RejectedLogEventsInfo,
};
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub entity: Option<Entity>,
    pub log_events: Option<Vec<InputLogEvent>>,
    pub log_group_name: Option<String>,
    pub log_stream_name: Option<String>,
    pub sequence_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub next_sequence_token: Option<String>,
    pub rejected_entity_info: Option<RejectedEntityInfo>,
    pub rejected_log_events_info: Option<RejectedLogEventsInfo>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let stream = request.log_stream_name.as_ref();
    constraint::names(request.log_group_name.as_ref(), Some(stream))?;
    let events = given("logEvents", request.log_events)?;
    let mut check = Constraints::default();
    check.count("logEvents", " '[]'", events.len().min(1), (1, 1));
    if events.len() > EVENTS_MAX {
        check.count("logEvents", "", events.len(), (1, EVENTS_MAX));
    }
    check.done()?;
    let events = validate(events)?;
    let group = given("logGroupName", request.log_group_name)?;
    let stream = given("logStreamName", request.log_stream_name)?;
    logs.group(&group)?;
    if request.entity.is_some() {
        ctx.not_honoured("entity")?;
    }
    let because = Because { cause: ctx.cause(), hops: 0 };
    let rejected = logs.put(ctx, (&group, &stream), events, because)?;
    Ok(Response {
        next_sequence_token: Some(SEQUENCE_TOKEN.to_owned()),
        rejected_entity_info: None,
        rejected_log_events_info: rejected,
    })
}

const EVENTS_MAX: usize = 10_000;
const BATCH_BYTES_MAX: usize = 1_048_576;
const SPAN_MILLIS: i64 = 86_400_000;

/// The events, ordered and neither too many nor too large.
fn validate(events: Vec<InputLogEvent>) -> Result<Vec<NewEvent>, LogsError> {
    let mut valid = Vec::with_capacity(events.len());
    for (number, event) in (1..).zip(events) {
        let mut check = Constraints::default();
        let member = |name: &str| format!("logEvents.{number}.member.{name}");
        NOT_EMPTY.required(&mut check, &member("message"), event.message.as_ref());
        check.required(&member("timestamp"), event.timestamp.as_ref());
        constraint::time(&mut check, &member("timestamp"), event.timestamp);
        check.done()?;
        let (timestamp, message) =
            (event.timestamp.unwrap_or_default(), event.message.unwrap_or_default());
        let event = NewEvent { timestamp, message };
        if event.bytes() > EVENT_BYTES_MAX {
            let (bytes, max) = (event.bytes(), EVENT_BYTES_MAX);
            let text = format!("Log event too large: {bytes} bytes exceeds limit of {max}");
            return Err(LogsError::parameter(text));
        }
        valid.push(event);
    }
    let bytes: usize = valid.iter().map(NewEvent::bytes).sum();
    if bytes > BATCH_BYTES_MAX {
        let text = format!("Upload too large: {bytes} bytes exceeds limit of {BATCH_BYTES_MAX}");
        return Err(LogsError::parameter(text));
    }
    if !valid.is_sorted_by_key(|event| event.timestamp) {
        return Err(LogsError::parameter(
            "Log events in a single PutLogEvents request must be in chronological order.",
        ));
    }
    let span =
        valid.first().zip(valid.last()).map(|(first, last)| last.timestamp - first.timestamp);
    if span.is_some_and(|span| span > SPAN_MILLIS) {
        return Err(LogsError::parameter(
            "The batch of log events in a single PutLogEvents request cannot span more than 24 \
             hours.",
        ));
    }
    Ok(valid)
}
