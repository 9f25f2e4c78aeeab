//! ListReplays: replays by archive, state or prefix, in pages.
//!
//! Limits: 1 to 100 a page; one filter.
//! Errors: `ValidationException`.
//! Source: API reference "ListReplays"; recordings of 2024-06-10.
//! Unverified: the words for several filters.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::page::page;
use crate::services::eventbridge::replay;
use crate::services::eventbridge::state::EventBridge;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name_prefix: Option<String>,
    pub state: Option<String>,
    pub event_source_arn: Option<String>,
    pub next_token: Option<String>,
    pub limit: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub replays: Option<Vec<ReplaySummary>>,
    pub next_token: Option<String>,
}

/// A replay in a list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ReplaySummary {
    pub event_end_time: Option<Timestamp>,
    pub event_last_replayed_time: Option<Timestamp>,
    pub event_source_arn: Option<String>,
    pub event_start_time: Option<Timestamp>,
    pub replay_end_time: Option<Timestamp>,
    pub replay_name: Option<String>,
    pub replay_start_time: Option<Timestamp>,
    pub state: Option<String>,
    pub state_reason: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let filters = [&request.name_prefix, &request.event_source_arn, &request.state];
    constraint::one_filter("ListReplays", &filters)?;
    let source = request.event_source_arn.as_deref();
    let source = source.map(|text| constraint::arn("eventSourceArn", text)).transpose()?;
    let prefix = request.name_prefix.unwrap_or_default();
    let replays = events.replays(ctx.now()).values().filter(|replay| {
        replay.name.starts_with(&prefix)
            && source.as_ref().is_none_or(|source| *source == replay.source)
            && request.state.as_deref().is_none_or(|state| state == replay.state.as_str())
    });
    let replays = replays.map(|replay| (replay.name.as_str(), replay));
    let (shown, next_token) = page(ctx, replays, request.limit, request.next_token.as_deref())?;
    Ok(Response { replays: Some(shown.into_iter().map(summary).collect()), next_token })
}

fn summary(replay: &replay::Replay) -> ReplaySummary {
    ReplaySummary {
        event_end_time: Some(replay.until),
        event_last_replayed_time: replay.last_replayed,
        event_source_arn: Some(replay.source.to_string()),
        event_start_time: Some(replay.from),
        replay_end_time: replay.ended,
        replay_name: Some(replay.name.clone()),
        replay_start_time: Some(replay.started),
        state: Some(replay.state.as_str().to_owned()),
        state_reason: replay.reason.clone(),
    }
}
