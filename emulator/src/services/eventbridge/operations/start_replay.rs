//! StartReplay: sends archived events to their bus again.
//!
//! Limits: names of 1 to 64 letters, digits, `.`, `-` and `_`; ten replays at a time.
//! Errors: `ResourceAlreadyExistsException`, `ResourceNotFoundException`,
//! `LimitExceededException`, `ValidationException`.
//! Source: API reference "StartReplay"; recordings of 2025-03-11 and 2025-03-12.
//! Unverified: the words for times in the wrong order and for ARNs of something else.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Arn, Context};
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::replay::{Replay, ReplayState, STEP};
use crate::services::eventbridge::shapes::ReplayDestination;
use crate::services::eventbridge::state::EventBridge;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub replay_name: Option<String>,
    pub description: Option<String>,
    pub event_source_arn: Option<String>,
    pub event_start_time: Option<Timestamp>,
    pub event_end_time: Option<Timestamp>,
    pub destination: Option<ReplayDestination>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub replay_arn: Option<String>,
    pub replay_start_time: Option<Timestamp>,
    pub state: Option<String>,
    pub state_reason: Option<String>,
}

/// Most replays at a time.
const ACTIVE_MAX: usize = 10;

pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let name = constraint::required("replayName", request.replay_name.as_deref())?;
    let source = constraint::required("eventSourceArn", request.event_source_arn.as_deref())?;
    let source = constraint::arn("eventSourceArn", source)?;
    let from = constraint::required("eventStartTime", request.event_start_time)?;
    let until = constraint::required("eventEndTime", request.event_end_time)?;
    let destination = constraint::required("destination", request.destination.clone())?;
    let rules = rules(&destination)?;
    if from >= until {
        let reason = "EventStartTime must be before EventEndTime.";
        return Err(not_valid("EventEndTime", reason));
    }
    check_bus(ctx, events, &source, &destination)?;
    let replays = events.replays(ctx.now());
    if replays.contains_key(name) {
        return Err(EventsError::ReplayExists(name.to_owned()));
    }
    if replays.values().filter(|replay| replay.state.is_active()).count() >= ACTIVE_MAX {
        return Err(EventsError::LimitExceeded);
    }
    let (_, archive) = events.archive(archive_name(&source)?)?;
    let replay = Replay {
        name: name.to_owned(),
        arn: ctx.arn(format!("replay/{name}")),
        description: request.description.clone(),
        source,
        destination,
        rules: rules.into(),
        from,
        until,
        state: ReplayState::Starting,
        reason: None,
        started: ctx.now(),
        ended: None,
        last_replayed: None,
        pending: archive.between(ctx.now(), from, until),
    };
    ctx.set_timer(ctx.now() + STEP, &name.into());
    let response = Response {
        replay_arn: Some(replay.arn.to_string()),
        replay_start_time: Some(replay.started),
        state: Some(replay.state.as_str().to_owned()),
        state_reason: None,
    };
    events.replays(ctx.now()).insert(name.to_owned(), replay);
    Ok(response)
}

/// The bus must be the one that the archive has its events from.
fn check_bus(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    source: &Arn,
    destination: &ReplayDestination,
) -> Result<(), EventsError> {
    let bus = constraint::required("destination.arn", destination.arn.as_deref())?;
    let bus: Option<Arn> = bus.parse().ok();
    let bus = bus.filter(|arn| arn.resource.starts_with("event-bus/"));
    let bus = bus.ok_or_else(|| not_valid("Destination.Arn", "Must contain an event bus ARN."))?;
    events.bus_of_arn(ctx, &bus)?;
    let archive = archive_name(source)?;
    let missing = || not_valid("EventSourceArn", &format!("Archive {archive} does not exist."));
    let (its_bus, archive) = events.archive(archive).map_err(|_| missing())?;
    if archive.arn != *source {
        return Err(missing());
    }
    if *its_bus != bus {
        return Err(not_valid("Destination.Arn", "Cross event bus replay is not permitted."));
    }
    Ok(())
}

fn archive_name(source: &Arn) -> Result<&str, EventsError> {
    let name = source.resource.strip_prefix("archive/");
    name.ok_or_else(|| not_valid("EventSourceArn", "Must contain an archive ARN."))
}

fn rules(destination: &ReplayDestination) -> Result<Vec<Arn>, EventsError> {
    let given = destination.filter_arns.iter().flatten();
    let rules = given.map(|text| {
        text.parse().map_err(|_| not_valid("Destination.FilterArns", "Must contain rule ARNs."))
    });
    rules.collect()
}

fn not_valid(parameter: &str, reason: &str) -> EventsError {
    EventsError::Validation(format!("Parameter {parameter} is not valid. Reason: {reason}"))
}
