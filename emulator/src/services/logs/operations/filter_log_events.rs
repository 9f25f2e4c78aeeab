//! FilterLogEvents: events of all or some streams of a group that match a pattern, by time.
//!
//! Limits: 10,000 events and 1 MiB a page; a call looks at 100,000 events and then answers what it
//! found, with a token.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`, `ValidationException`.
//! Source: API reference "FilterLogEvents"; recordings of 2026-02-05.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{self, Constraints, FILTER_PATTERN, STREAM_NAME};
use crate::services::logs::error::LogsError;
use crate::services::logs::pattern::FilterPattern;
use crate::services::logs::position::Position;
use crate::services::logs::reading::{Found, PAGE_BYTES_MAX, PAGE_EVENTS_MAX};
use crate::services::logs::shapes::{FilteredLogEvent, SearchedLogStream};
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub end_time: Option<i64>,
    pub filter_pattern: Option<String>,
    pub interleaved: Option<bool>,
    pub limit: Option<i32>,
    pub log_group_identifier: Option<String>,
    pub log_group_name: Option<String>,
    pub log_stream_name_prefix: Option<String>,
    pub log_stream_names: Option<Vec<String>>,
    pub next_token: Option<String>,
    pub start_from_head: Option<bool>,
    pub start_time: Option<i64>,
    pub unmask: Option<bool>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub events: Option<Vec<FilteredLogEvent>>,
    pub next_token: Option<String>,
    pub searched_log_streams: Option<Vec<SearchedLogStream>>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let (name, identifier) = (&request.log_group_name, &request.log_group_identifier);
    constraint::name_or_identifier(name.as_ref(), identifier.as_ref())?;
    let mut check = Constraints::default();
    let prefix = request.log_stream_name_prefix.as_deref();
    STREAM_NAME.check(&mut check, "logStreamNamePrefix", prefix);
    FILTER_PATTERN.check(&mut check, "filterPattern", request.filter_pattern.as_deref());
    check.range("limit", request.limit, (1, PAGE_EVENTS_MAX as i32));
    constraint::time(&mut check, "startTime", request.start_time);
    constraint::time(&mut check, "endTime", request.end_time);
    let streams = request.log_stream_names.as_deref();
    if let Some(streams) = streams {
        check.entries("logStreamNames", streams, (1, STREAMS_MAX));
    }
    check.done()?;
    if streams.is_some() && prefix.is_some() {
        // Unverified: the text.
        let text = "logStreamNames and logStreamNamePrefix are mutually exclusive parameters.";
        return Err(LogsError::parameter(text));
    }
    let group = logs.named(ctx, name.as_deref(), identifier.as_deref())?;
    let pattern = FilterPattern::parse(request.filter_pattern.as_deref().unwrap_or_default())?;
    let start = Position::at(request.start_time.unwrap_or(0));
    let end = request.end_time.map_or(Position::END, Position::at);
    let place = |token: &str| {
        let place = ctx.page_position(token).and_then(|place| Position::of_id(&place));
        place.ok_or(LogsError::InvalidToken)
    };
    let place = request.next_token.as_deref().map(place).transpose()?;
    let group = logs.settled(ctx.now().millis(), group)?;
    if let Some(streams) = streams
        && streams.iter().any(|name| !group.streams.contains_key(name.as_str()))
    {
        return Err(LogsError::StreamNotFound);
    }
    let wanted = |name: &str| match streams {
        Some(streams) => streams.iter().any(|wanted| wanted == name),
        None => prefix.is_none_or(|prefix| name.starts_with(prefix)),
    };
    // The oldest come first, unless somebody says that they shall not.
    let ascending = request.start_from_head.unwrap_or(true);
    let range = match place {
        None => (start, end),
        Some(place) if ascending => (start.max(place), end),
        Some(place) => (start, end.min(place)),
    };
    let limit = request.limit.map_or(PAGE_EVENTS_MAX, |limit| limit as usize);
    let (events, next) = page(group.merged(wanted, range, ascending), &pattern, limit);
    // A place towards the past is before the event that comes next there.
    let next = next.map(|next| if ascending { next } else { next.next() });
    let next_token = next.map(|next| ctx.page_token(&next.id()));
    Ok(Response { events: Some(events), next_token, searched_log_streams: Some(Vec::new()) })
}

const STREAMS_MAX: usize = 100;
/// Events that one call looks at. Ours; AWS stops by time and answers a token too.
const LOOKED_AT_MAX: usize = 100_000;

/// The events of a page, and the one with which the next begins.
fn page<'g>(
    found: impl Iterator<Item = Found<'g>>,
    pattern: &FilterPattern,
    limit: usize,
) -> (Vec<FilteredLogEvent>, Option<Position>) {
    let (mut events, mut bytes) = (Vec::new(), 0);
    for (number, (position, stream, event)) in found.enumerate() {
        if number == LOOKED_AT_MAX || events.len() == limit {
            return (events, Some(position));
        }
        if !pattern.matches_text(&event.message) {
            continue;
        }
        bytes += event.bytes();
        if bytes > PAGE_BYTES_MAX && !events.is_empty() {
            return (events, Some(position));
        }
        events.push(FilteredLogEvent {
            event_id: Some(position.id()),
            ingestion_time: Some(event.ingested),
            log_stream_name: Some(stream.to_string()),
            message: Some(event.message.to_string()),
            timestamp: Some(position.timestamp),
        });
    }
    (events, None)
}
