//! How full a queue is at a moment, without touching it: for people who watch from outside.

use serde::{Deserialize, Serialize};

use super::Queue;
use crate::services::sqs::state::Sqs;
use crate::wire::Timestamp;

/// What one queue holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueDepth {
    /// The queue's ARN.
    pub queue: String,
    /// Messages that a receive could return.
    pub visible: usize,
    pub in_flight: usize,
    pub delayed: usize,
}

impl Sqs {
    /// Every queue at `now`, by name. Costs a walk over the messages in flight or delayed.
    pub fn depths(&self, now: Timestamp) -> impl Iterator<Item = QueueDepth> {
        self.queues.values().map(move |queue| queue.depth(now))
    }
}

impl Queue {
    /// The indexes may still name messages that have become visible by `now`.
    fn depth(&self, now: Timestamp) -> QueueDepth {
        let in_flight = self.in_flight.iter().filter(|(until, _)| *until > now).count();
        let delayed = self.delayed.iter().filter(|(until, _)| *until > now).count();
        let visible = self.messages.len() - in_flight - delayed;
        QueueDepth { queue: self.arn.to_string(), visible, in_flight, delayed }
    }
}
