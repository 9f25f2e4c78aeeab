//! A replay: archived events on their way back to their bus, minute by minute.
//!
//! Knows no archive once it has begun: it holds the events that it still has to put.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::archive::{Archived, REPLAY_NAME};
use super::event::NewEvent;
use super::shapes::ReplayDestination;
use super::state::EventBridge;
use crate::kernel::{Arn, Context, NodeId};
use crate::wire::Timestamp;

/// How long a replay takes for each of its steps.
// Differs from AWS: a replay starts after a second and takes a second for each minute in which it
// has events, and cancelling it takes a second; AWS gives no times.
pub(super) const STEP: Duration = Duration::from_secs(1);
const MINUTE_SECONDS: i64 = 60;
/// How long a replay can be seen, counted from its start.
///
/// Source: user guide "Replaying archived events": "EventBridge deletes replays after 90 days".
// Unverified: from when on the days count.
const KEPT: Duration = Duration::from_secs(90 * 86_400);

/// How far a replay is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum ReplayState {
    Starting,
    Running,
    Cancelling,
    Completed,
    Cancelled,
    Failed,
}

impl ReplayState {
    /// AWS's words.
    pub(super) const WORDS: [&'static str; 6] =
        ["STARTING", "RUNNING", "CANCELLING", "COMPLETED", "CANCELLED", "FAILED"];

    pub(super) fn as_str(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    /// It puts events, or will.
    pub(super) fn is_active(self) -> bool {
        matches!(self, Self::Starting | Self::Running)
    }
}

/// One replay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Replay {
    pub(super) name: String,
    pub(super) arn: Arn,
    pub(super) description: Option<String>,
    /// The archive's ARN.
    pub(super) source: Arn,
    pub(super) destination: ReplayDestination,
    /// The rules that get the events; none means all.
    pub(super) rules: Arc<[Arn]>,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    pub(super) state: ReplayState,
    /// Why it failed.
    pub(super) reason: Option<String>,
    pub(super) started: Timestamp,
    pub(super) ended: Option<Timestamp>,
    /// When the last event that was put had happened.
    pub(super) last_replayed: Option<Timestamp>,
    pub(super) pending: VecDeque<Archived>,
}

impl Replay {
    /// Whether it is over and was begun too long ago to be seen.
    pub(super) fn is_forgotten(&self, now: Timestamp) -> bool {
        self.ended.is_some() && now >= self.started + KEPT
    }

    /// Goes a step on; returns the events to put now.
    fn step(&mut self, now: Timestamp) -> Vec<NewEvent> {
        let end = match self.state {
            ReplayState::Starting | ReplayState::Running if !self.pending.is_empty() => {
                self.state = ReplayState::Running;
                return self.next_minute();
            }
            ReplayState::Starting | ReplayState::Running => ReplayState::Completed,
            ReplayState::Cancelling => ReplayState::Cancelled,
            ReplayState::Completed | ReplayState::Cancelled | ReplayState::Failed => {
                return Vec::new();
            }
        };
        (self.state, self.ended) = (end, Some(now));
        self.pending.clear();
        Vec::new()
    }

    fn fail(&mut self, now: Timestamp, reason: String) {
        (self.state, self.ended) = (ReplayState::Failed, Some(now));
        self.reason = Some(reason);
        self.pending.clear();
    }

    /// The events of the next minute that has any.
    fn next_minute(&mut self) -> Vec<NewEvent> {
        let minute = |event: &Archived| event.time.seconds().div_euclid(MINUTE_SECONDS);
        let Some(first) = self.pending.front().map(minute) else {
            return Vec::new();
        };
        let count = self.pending.iter().take_while(|event| minute(event) == first).count();
        let events: Vec<Archived> = self.pending.drain(..count).collect();
        self.last_replayed = events.last().map(|event| event.time);
        events.iter().map(|event| self.event(event)).collect()
    }

    /// The event as it was, with one member more.
    // Unverified: that it comes last, and that the event keeps its id.
    fn event(&self, archived: &Archived) -> NewEvent {
        let members = archived.envelope.strip_suffix('}').unwrap_or(&archived.envelope);
        let envelope = format!("{members},\"{REPLAY_NAME}\":{}}}", json!(self.name));
        NewEvent {
            id: archived.id,
            time: archived.time,
            envelope: envelope.into(),
            value: None,
            cause: NodeId::NONE,
            hops: 0,
            only: Some(Arc::clone(&self.rules)).filter(|rules| !rules.is_empty()),
            scheduled: None,
            trace_header: None,
        }
    }
}

impl EventBridge {
    /// A replay's next step is due; `key` is its name.
    pub(super) fn go_on_with_replay(&mut self, ctx: &mut Context<'_>, key: &Arc<str>) {
        let Some(replay) = self.replays(ctx.now()).get_mut(&**key) else {
            return;
        };
        let events = replay.step(ctx.now());
        let is_over = replay.ended.is_some();
        let bus = replay.destination.arn.clone();
        match self.bus(ctx, bus.as_deref()) {
            Ok(bus) => events.iter().for_each(|event| bus.put(ctx, event)),
            Err(error) => {
                if let Some(replay) = self.replays(ctx.now()).get_mut(&**key) {
                    replay.fail(ctx.now(), error.to_string());
                }
                return;
            }
        }
        if !is_over {
            ctx.set_timer(ctx.now() + STEP, key);
        }
    }
}
