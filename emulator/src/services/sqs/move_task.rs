//! A task that moves the messages of a dead-letter queue elsewhere: its statuses, its pace and its
//! handle.
//!
//! Knows no queue: what is moved, and whether it can be, is decided in `moving`.
//!
//! Source: API reference "StartMessageMoveTask"; developer guide "Configure a dead-letter queue
//! redrive".

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::error::SqsError;
use crate::kernel::{Arn, MessageId};
use crate::wire::Timestamp;

/// Most messages a second that a client may ask for.
pub(super) const MESSAGES_PER_SECOND_MAX: u32 = 500;
/// Most tasks of one source that are kept, and so can be listed.
pub(super) const KEPT_MAX: usize = 10;
/// Longest run of a task.
const RUN_MAX: Duration = Duration::from_secs(36 * 3600);
/// How long a task goes on after it was cancelled. Recording of 2024-04-30: six more messages at
/// one a second.
const STOP_DELAY: Duration = Duration::from_secs(6);
/// How often a task looks again at a source whose messages are all in flight.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// A task, running or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct MoveTask {
    pub(super) id: MessageId,
    pub(super) source: Arn,
    /// Without it each message goes back to the queue that gave it up.
    pub(super) destination: Option<Arn>,
    /// 1 to 500, as the client asked.
    pub(super) messages_per_second: Option<u32>,
    pub(super) started: Timestamp,
    /// How many messages the source held at the start.
    pub(super) to_move: u64,
    pub(super) moved: u64,
    pub(super) status: Status,
    pace: Pace,
    /// When it moves the next message.
    next: Timestamp,
    /// When it stops, once it was cancelled.
    stops: Option<Timestamp>,
}

/// What has become of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Status {
    Running,
    /// It stops at `stops`.
    Cancelling,
    Cancelled,
    Completed,
    Failed {
        reason: String,
    },
}

/// Since when messages have been flowing without a pause, and how many have since then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Pace {
    from: Timestamp,
    moved: u64,
}

impl MoveTask {
    pub(super) fn new(
        id: MessageId,
        source: Arn,
        destination: Option<Arn>,
        messages_per_second: Option<u32>,
        to_move: u64,
        now: Timestamp,
    ) -> Self {
        let mut task = Self {
            id,
            source,
            destination,
            messages_per_second,
            started: now,
            to_move,
            moved: 0,
            status: Status::Running,
            pace: Pace { from: now, moved: 0 },
            next: now,
            stops: None,
        };
        task.next = task.next_move();
        task
    }

    pub(super) fn is_active(&self) -> bool {
        matches!(self.status, Status::Running | Status::Cancelling)
    }

    /// When it acts next.
    pub(super) fn next(&self) -> Timestamp {
        self.stops.map_or(self.next, |stops| stops.min(self.next))
    }

    /// Whether the next message is to be moved by now.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        self.next <= now
    }

    /// It is to stop soon.
    pub(super) fn cancel(&mut self, now: Timestamp) {
        self.status = Status::Cancelling;
        self.stops = Some(now + STOP_DELAY);
    }

    /// Whether it was cancelled long enough ago.
    pub(super) fn has_stopped(&self, now: Timestamp) -> bool {
        self.stops.is_some_and(|stops| stops <= now)
    }

    pub(super) fn has_run_too_long(&self, now: Timestamp) -> bool {
        now > self.started + RUN_MAX
    }

    /// One more message was moved.
    pub(super) fn count(&mut self) {
        self.moved += 1;
        self.pace.moved += 1;
        self.next = self.next_move();
    }

    /// Nothing can be moved now: looks again at `change` or a little later, and keeps the pace
    /// from then on.
    pub(super) fn pause(&mut self, now: Timestamp, change: Option<Timestamp>) {
        let soon = now + LOOK_INTERVAL;
        self.next = change.map_or(soon, |change| change.clamp(now, soon));
        self.pace = Pace { from: self.next, moved: 0 };
    }

    /// When the next message may move; the first one moves after one interval, not at once.
    fn next_move(&self) -> Timestamp {
        // Differs from AWS: without a rate, 500 messages a second are moved, evenly spaced.
        let rate = self.messages_per_second.unwrap_or(MESSAGES_PER_SECOND_MAX);
        let millis = ((self.pace.moved + 1) * 1000).div_ceil(rate.into());
        self.pace.from + Duration::from_millis(millis)
    }

    /// The handle by which clients cancel the task.
    pub(super) fn handle(&self) -> String {
        let handle = Handle { task_id: self.id.to_string(), source_arn: self.source.to_string() };
        handle.to_text()
    }
}

/// What a task's handle says: JSON in base64, as on AWS.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Handle {
    pub(super) task_id: String,
    pub(super) source_arn: String,
}

impl Handle {
    fn to_text(&self) -> String {
        STANDARD.encode(serde_json::to_vec(self).expect("two texts are JSON"))
    }

    /// # Errors
    /// `InvalidParameterValue` for text that is no handle.
    pub(super) fn parse(text: &str) -> Result<Self, SqsError> {
        let json = STANDARD.decode(text).ok();
        json.and_then(|json| serde_json::from_slice(&json).ok()).ok_or_else(|| {
            let text = "Value for parameter TaskHandle is invalid.".to_owned();
            SqsError::InvalidParameterValue(text)
        })
    }
}

/// The latest tasks of every source, by the source's name, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct MoveTasks {
    by_source: BTreeMap<Arc<str>, VecDeque<MoveTask>>,
}

/// Begins a timer's key; no queue's name holds a colon.
const TIMER_PREFIX: &str = "move-task:";

impl MoveTasks {
    pub(super) fn add(&mut self, source: &Arc<str>, task: MoveTask) {
        let tasks = self.by_source.entry(Arc::clone(source)).or_default();
        tasks.push_back(task);
        if tasks.len() > KEPT_MAX {
            tasks.pop_front();
        }
    }

    /// The tasks of `source`, the latest first.
    pub(super) fn latest(&self, source: &str) -> impl Iterator<Item = &MoveTask> {
        self.by_source.get(source).into_iter().flatten().rev()
    }

    /// The one task of `source` that is not over.
    pub(super) fn active(&mut self, source: &str) -> Option<&mut MoveTask> {
        self.by_source.get_mut(source)?.back_mut().filter(|task| task.is_active())
    }

    /// The source is gone.
    pub(super) fn forget(&mut self, source: &str) {
        self.by_source.remove(source);
    }

    pub(super) fn timer_key(source: &str) -> Arc<str> {
        format!("{TIMER_PREFIX}{source}").into()
    }

    /// The source that a timer's key names; `None` for the keys of queues.
    pub(super) fn source_of(key: &str) -> Option<&str> {
        key.strip_prefix(TIMER_PREFIX)
    }
}
