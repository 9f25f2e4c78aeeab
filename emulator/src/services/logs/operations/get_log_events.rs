//! GetLogEvents: the events of one stream, page by page in both directions.
//!
//! Limits: 10,000 events and 1 MiB a page.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`, `ValidationException`.
//! Source: API reference "GetLogEvents"; recordings of 2026-02-05.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{self, Constraints, STREAM_NAME, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::position::Position;
use crate::services::logs::reading::{PAGE_BYTES_MAX, PAGE_EVENTS_MAX};
use crate::services::logs::shapes::OutputLogEvent;
use crate::services::logs::state::Logs;
use crate::services::logs::stream::StoredEvent;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub end_time: Option<i64>,
    pub limit: Option<i32>,
    pub log_group_identifier: Option<String>,
    pub log_group_name: Option<String>,
    pub log_stream_name: Option<String>,
    pub next_token: Option<String>,
    pub start_from_head: Option<bool>,
    pub start_time: Option<i64>,
    pub unmask: Option<bool>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub events: Option<Vec<OutputLogEvent>>,
    pub next_backward_token: Option<String>,
    pub next_forward_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let (name, identifier) = (&request.log_group_name, &request.log_group_identifier);
    constraint::name_or_identifier(name.as_ref(), identifier.as_ref())?;
    let mut check = Constraints::default();
    let stream = request.log_stream_name.as_ref();
    STREAM_NAME.required(&mut check, "logStreamName", stream);
    check.range("limit", request.limit, (1, PAGE_EVENTS_MAX as i32));
    constraint::time(&mut check, "startTime", request.start_time);
    constraint::time(&mut check, "endTime", request.end_time);
    check.done()?;
    let group = logs.named(ctx, name.as_deref(), identifier.as_deref())?;
    let stream = given("logStreamName", stream.map(String::as_str))?;
    let group = logs.settled(ctx.now().millis(), group)?;
    let stream = group.streams.get(stream).ok_or(LogsError::StreamNotFound)?;
    let start = Position::at(request.start_time.unwrap_or(0));
    let end = request.end_time.map_or(Position::END, Position::at);
    let limit = request.limit.map_or(PAGE_EVENTS_MAX, |limit| limit as usize);
    let (from, to, ascending) = match request.next_token.as_deref().map(Token::read) {
        None => (start, end, request.start_from_head.unwrap_or_default()),
        Some(None) => return Err(LogsError::InvalidToken),
        Some(Some(Token::Forward(after))) => (start.max(after), end, true),
        Some(Some(Token::Backward(before))) => (start, end.min(before), false),
    };
    let mut range = stream.range(from, to);
    let mut next = || if ascending { range.next() } else { range.next_back() };
    let (mut events, mut bytes) = (Vec::new(), 0);
    while events.len() < limit {
        let Some((position, event)) = next() else { break };
        bytes += event.bytes();
        if bytes > PAGE_BYTES_MAX && !events.is_empty() {
            break;
        }
        events.push((position, event));
    }
    if !ascending {
        events.reverse();
    }
    // Without events the place stays where it was: whoever comes back finds what came since.
    let stays = if ascending { from } else { to };
    let first = events.first().map_or(stays, |(position, _)| *position);
    let last = events.last().map_or(stays, |(position, _)| position.next());
    let last = if last == Position::END { from } else { last };
    Ok(Response {
        events: Some(events.into_iter().map(output).collect()),
        next_backward_token: Some(Token::Backward(first).write()),
        next_forward_token: Some(Token::Forward(last).write()),
    })
}

fn output((position, event): (Position, &StoredEvent)) -> OutputLogEvent {
    OutputLogEvent {
        ingestion_time: Some(event.ingested),
        message: Some(event.message.to_string()),
        timestamp: Some(position.timestamp),
    }
}

/// Where another page begins, and in which direction it goes: `f/56 digits/s`.
enum Token {
    /// At this place, towards the future.
    Forward(Position),
    /// Before this place, towards the past.
    Backward(Position),
}

impl Token {
    fn write(&self) -> String {
        match self {
            Self::Forward(position) => format!("f/{}/s", position.id()),
            Self::Backward(position) => format!("b/{}/s", position.id()),
        }
    }

    fn read(token: &str) -> Option<Self> {
        let (direction, rest) = token.split_once('/')?;
        let position = Position::of_id(rest.strip_suffix("/s")?)?;
        match direction {
            "f" => Some(Self::Forward(position)),
            "b" => Some(Self::Backward(position)),
            _ => None,
        }
    }
}
