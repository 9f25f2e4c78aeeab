//! DescribeReplay: one replay, and how far it is.
//!
//! Errors: `ResourceNotFoundException`.
//! Source: API reference "DescribeReplay".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::shapes::ReplayDestination;
use crate::services::eventbridge::state::EventBridge;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub replay_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub description: Option<String>,
    pub destination: Option<ReplayDestination>,
    pub event_end_time: Option<Timestamp>,
    pub event_last_replayed_time: Option<Timestamp>,
    pub event_source_arn: Option<String>,
    pub event_start_time: Option<Timestamp>,
    pub replay_arn: Option<String>,
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
    let name = constraint::required("replayName", request.replay_name)?;
    let replay = events.replay(ctx, &name)?;
    Ok(Response {
        description: replay.description.clone(),
        destination: Some(replay.destination.clone()),
        event_end_time: Some(replay.until),
        event_last_replayed_time: replay.last_replayed,
        event_source_arn: Some(replay.source.to_string()),
        event_start_time: Some(replay.from),
        replay_arn: Some(replay.arn.to_string()),
        replay_end_time: replay.ended,
        replay_name: Some(name),
        replay_start_time: Some(replay.started),
        state: Some(replay.state.as_str().to_owned()),
        state_reason: replay.reason.clone(),
    })
}
