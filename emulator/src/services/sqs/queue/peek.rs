//! A queue's messages, looked at without taking them: for people and scripts who watch from outside.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::Queue;
use crate::services::sqs::message::{Message, State};
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

impl Sqs {
    /// The oldest messages of the queue with this name that are not too old, at most `count`;
    /// `None` without such a queue. Costs a walk over as many.
    pub fn peek(&self, queue: &str, count: usize, now: Timestamp) -> Option<Vec<Peeked>> {
        Some(self.queues.get(queue)?.peek(count, now))
    }
}

impl Queue {
    fn peek(&self, count: usize, now: Timestamp) -> Vec<Peeked> {
        let period = self.attributes.message_retention_period;
        let kept = |message: &&Message| message.retained_from + period > now;
        let messages = self.messages.iter().map(|(_, message)| message).filter(kept);
        messages.take(count).map(|message| peeked(message, now)).collect()
    }
}

fn peeked(message: &Message, now: Timestamp) -> Peeked {
    // What has become due since the queue was last used is not settled yet.
    let state = match message.state {
        State::Delayed { until } if until > now => "delayed",
        State::InFlight { until, .. } if until > now => "in-flight",
        _ => "visible",
    };
    let group = message.extra.as_ref().and_then(|extra| extra.group.as_deref());
    Peeked {
        id: message.id.to_string(),
        body: message.body.to_string(),
        attributes: message.attributes.as_deref().cloned(),
        state: state.to_owned(),
        sent: message.sent.iso_millis(),
        receive_count: message.receive_count,
        group: group.map(str::to_owned),
        dead_letter_source: message.dead_letter_source().map(str::to_owned),
    }
}
