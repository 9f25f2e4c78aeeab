//! A queue's messages, looked at without taking them: for people and scripts who watch.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::Queue;
use crate::services::sqs::message::{Message, Sequence, State};
use crate::services::sqs::message_attributes::MessageAttributes;
use crate::services::sqs::state::Sqs;
use crate::wire::Timestamp;

/// A message as it lies in its queue.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Peeked {
    pub id: String,
    pub body: String,
    pub attributes: Option<MessageAttributes>,
    /// `visible`, `delayed` or `in-flight`.
    pub state: String,
    /// When it was first sent, in ISO 8601.
    pub sent: String,
    pub receive_count: u32,
    pub group: Option<String>,
    /// In a dead-letter queue, the ARN of the queue that gave it up.
    pub dead_letter_source: Option<String>,
}

/// Whether a message that is looked at could be received, if it is not too old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::services::sqs) enum Seen {
    Visible,
    InFlight,
    Delayed,
}

impl Seen {
    /// What has become due since the queue was last used is not settled yet.
    fn of(message: &Message, now: Timestamp) -> Self {
        Self::until(message, now).0
    }

    /// The same, and when that ends.
    pub(super) fn until(message: &Message, now: Timestamp) -> (Self, Option<Timestamp>) {
        match message.state {
            State::Delayed { until } if until > now => (Self::Delayed, Some(until)),
            State::InFlight { until, .. } if until > now => (Self::InFlight, Some(until)),
            _ => (Self::Visible, None),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Visible => "visible",
            Self::InFlight => "in-flight",
            Self::Delayed => "delayed",
        }
    }
}

impl Sqs {
    /// The oldest messages of the queue with this name that are not too old, at most `count`;
    /// `None` without such a queue. Costs a walk over as many.
    pub fn peek(&self, queue: &str, count: usize, now: Timestamp) -> Option<Vec<Peeked>> {
        let seen = self.queues.get(queue)?.seen(now).take(count);
        Some(seen.map(|(_, message, seen)| peeked(message, seen)).collect())
    }
}

impl Queue {
    /// Every message that is still kept at `now`, the oldest first.
    pub(in crate::services::sqs) fn seen(
        &self,
        now: Timestamp,
    ) -> impl Iterator<Item = (Sequence, &Message, Seen)> {
        let period = self.attributes.message_retention_period;
        let kept = self.messages.iter().filter(move |(_, it)| it.retained_from + period > now);
        kept.map(move |(sequence, message)| (sequence, message, Seen::of(message, now)))
    }
}

fn peeked(message: &Message, seen: Seen) -> Peeked {
    let group = message.extra.as_ref().and_then(|extra| extra.group.as_deref());
    Peeked {
        id: message.id.to_string(),
        body: message.body.to_string(),
        attributes: message.attributes.as_deref().cloned(),
        state: seen.name().to_owned(),
        sent: message.sent.iso_millis(),
        receive_count: message.receive_count,
        group: group.map(str::to_owned),
        dead_letter_source: message.dead_letter_source().map(str::to_owned),
    }
}
