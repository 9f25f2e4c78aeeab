//! A FIFO topic's archive, and the replays of it to subscriptions.
//!
//! Source: developer guide "Amazon SNS message archiving and replay for FIFO topics".
//! Unverified: the words of refusals, and how fast AWS replays.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::SnsError;
use super::json_attribute::read;
use super::message::NewMessage;
use super::topic::Published;
use crate::wire::Timestamp;

const DAYS_MAX: u32 = 365;
const DAY: Duration = Duration::from_secs(86_400);
/// Most bytes of one archive; the oldest messages go first.
// Differs from AWS: an archive holds 64 MiB at most.
const BYTES_MAX: usize = 64 * 1024 * 1024;
/// What a message costs beside its texts.
const BYTES_EACH: usize = 512;

/// A message that was published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Archived {
    pub(super) at: Timestamp,
    pub(super) published: Published,
    pub(super) message: NewMessage,
}

/// The messages of a topic, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Archive {
    /// Since when it is kept, or what is left of it.
    begins: Timestamp,
    days: u32,
    kept: VecDeque<Archived>,
    bytes: usize,
}

impl Archive {
    pub(super) fn new(now: Timestamp, days: u32) -> Self {
        Self { begins: now, days, kept: VecDeque::new(), bytes: 0 }
    }

    pub(super) fn set_days(&mut self, days: u32) {
        self.days = days;
    }

    pub(super) fn keep(&mut self, archived: Archived) {
        self.forget(archived.at);
        self.bytes += bytes(&archived);
        self.kept.push_back(archived);
        while self.bytes > BYTES_MAX
            && let Some(oldest) = self.kept.pop_front()
        {
            self.bytes -= bytes(&oldest);
            self.begins = self.kept.front().map_or(oldest.at, |next| next.at);
        }
    }

    /// From when on messages can be replayed (`BeginningArchiveTime`).
    pub(super) fn begins(&self, now: Timestamp) -> Timestamp {
        self.begins.max(now - DAY * self.days)
    }

    /// The first `count` messages from `next` on that were published within `replay`.
    pub(super) fn some(&self, now: Timestamp, replay: &Replay, count: usize) -> Vec<Archived> {
        let first = self.kept.partition_point(|it| it.published.sequence < Some(replay.next));
        let begins = self.begins(now);
        let after = self.kept.iter().skip(first).filter(|it| it.at >= begins);
        let after = after.skip_while(|it| it.at < replay.policy.starting_point);
        after.take_while(|it| replay.policy.reaches(it.at)).take(count).cloned().collect()
    }

    fn forget(&mut self, now: Timestamp) {
        let begins = now - DAY * self.days;
        while self.kept.front().is_some_and(|oldest| oldest.at < begins)
            && let Some(oldest) = self.kept.pop_front()
        {
            self.bytes -= bytes(&oldest);
        }
    }
}

/// What a message that is kept counts for.
pub(super) fn bytes(archived: &Archived) -> usize {
    BYTES_EACH + archived.message.bytes()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ArchivePolicy {
    message_retention_period: Option<Days>,
}

/// AWS takes the number as text, too.
#[derive(Deserialize)]
#[serde(try_from = "serde_json::Value")]
struct Days(u32);

impl TryFrom<serde_json::Value> for Days {
    type Error = String;

    fn try_from(value: serde_json::Value) -> Result<Self, String> {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let days = text.parse().ok().filter(|days| (1..=DAYS_MAX).contains(days));
        let range = format!("MessageRetentionPeriod must be between 1 and {DAYS_MAX}");
        days.map(Self).ok_or(range)
    }
}

/// The days of the attribute `ArchivePolicy`; `None` for an empty one, which ends the archive.
pub(super) fn days(text: &str) -> Result<Option<u32>, SnsError> {
    if text.is_empty() {
        return Ok(None);
    }
    let policy: ArchivePolicy = read("ArchivePolicy", text)?;
    Ok(policy.message_retention_period.map(|days| days.0))
}

/// The attribute `ReplayPolicy` of a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ReplayPolicy {
    starting_point: Timestamp,
    ending_point: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct GivenReplay {
    point_type: String,
    starting_point: String,
    ending_point: Option<String>,
}

impl ReplayPolicy {
    /// `None` for an empty policy, which ends a replay.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, SnsError> {
        if text.is_empty() || text.trim() == "{}" {
            return Ok(None);
        }
        let wrong = |reason: String| SnsError::parameter(format!("ReplayPolicy: {reason}"));
        let given: GivenReplay = read("ReplayPolicy", text)?;
        if given.point_type != "Timestamp" {
            return Err(wrong("PointType must be Timestamp".to_owned()));
        }
        let point = |name: &str, text: &str| {
            let found = Timestamp::parse_iso(text);
            found.ok_or_else(|| wrong(format!("{name} is no time in ISO 8601")))
        };
        let starting_point = point("StartingPoint", &given.starting_point)?;
        let ending_point = given.ending_point.as_deref();
        let ending_point = ending_point.map(|text| point("EndingPoint", text)).transpose()?;
        if ending_point.is_some_and(|end| end <= starting_point) {
            return Err(wrong("EndingPoint must be later than StartingPoint".to_owned()));
        }
        Ok(Some(Self { starting_point, ending_point }))
    }

    /// Whether a message of this time is before its end.
    fn reaches(&self, at: Timestamp) -> bool {
        self.ending_point.is_none_or(|end| at <= end)
    }
}

/// How far a replay is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum ReplayStatus {
    Pending,
    InProgress,
    Completed,
    Failed,
}

impl ReplayStatus {
    /// As the attribute `ReplayStatus` shows it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::InProgress => "In progress",
            Self::Completed => "Completed",
            Self::Failed => "Failed",
        }
    }
}

/// A replay to one subscription.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Replay {
    pub(super) policy: ReplayPolicy,
    pub(super) status: ReplayStatus,
    /// The sequence number of the next message, at least.
    pub(super) next: u64,
}

impl Replay {
    /// Begins one of what `archive` holds.
    ///
    /// # Errors
    /// `InvalidParameter` without an archive, or when it begins later, or in the future.
    pub(super) fn begin(
        policy: ReplayPolicy,
        archive: Option<&Archive>,
        now: Timestamp,
    ) -> Result<Self, SnsError> {
        let wrong = |reason: &str| Err(SnsError::parameter(format!("ReplayPolicy: {reason}")));
        let Some(archive) = archive else {
            return wrong("the topic has no active ArchivePolicy");
        };
        // Times in policies may leave the fraction of a second out.
        if policy.starting_point.seconds() < archive.begins(now).seconds() {
            return wrong(
                "StartingPoint must not be earlier than the topic's BeginningArchiveTime",
            );
        }
        if policy.starting_point > now {
            return wrong("StartingPoint must not be in the future");
        }
        Ok(Self { policy, status: ReplayStatus::Pending, next: 0 })
    }

    /// Whether it still has messages to bring, those published meanwhile included.
    pub(super) fn is_running(&self) -> bool {
        matches!(self.status, ReplayStatus::Pending | ReplayStatus::InProgress)
    }

    /// Whether a message that is published now comes to the subscription by itself.
    pub(super) fn lets_new_ones_pass(&self, now: Timestamp) -> bool {
        !self.is_running() && self.policy.reaches(now)
    }
}
