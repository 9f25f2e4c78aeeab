//! How full a queue is at a moment, without touching it: for people who watch from outside.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Queue;
use crate::kernel::{Search, times};
use crate::services::sqs::message::{Message, Sequence, State};
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
    pub(in crate::services::sqs) fn depth(&self, now: Timestamp) -> QueueDepth {
        let [visible, in_flight, delayed] = self.counts_at(now);
        QueueDepth { queue: self.arn.to_string(), visible, in_flight, delayed }
    }

    /// How many messages are visible, in flight and delayed.
    pub(in crate::services::sqs) fn counts_at(&self, now: Timestamp) -> [usize; 3] {
        // Both are in the order of time.
        let hidden = |all: &BTreeSet<(Timestamp, Sequence)>| {
            all.len() - all.iter().take_while(|(until, _)| *until <= now).count()
        };
        let (in_flight, delayed) = (hidden(&self.in_flight), hidden(&self.delayed));
        [self.messages.len() - in_flight - delayed, in_flight, delayed]
    }

    /// How many messages are neither hidden nor too old. Costs a walk over them.
    pub(in crate::services::sqs) fn receivable(&self, now: Timestamp) -> usize {
        let period = self.attributes.message_retention_period;
        let receivable = |message: &Message| {
            let hidden = match message.state {
                State::Visible => false,
                State::Delayed { until } | State::InFlight { until, .. } => until > now,
            };
            !hidden && message.retained_from + period > now
        };
        self.messages.iter().filter(|(_, message)| receivable(message)).count()
    }

    /// What became of the messages with these arrivals that are still here.
    pub(in crate::services::sqs) fn whereabouts(
        &self,
        arrivals: &BTreeSet<u64>,
        now: Timestamp,
    ) -> BTreeMap<u64, String> {
        let mut found = BTreeMap::new();
        for (_, message) in self.messages.iter() {
            if arrivals.contains(&message.arrival.number()) {
                found.insert(message.arrival.number(), self.state_of(message, now));
            }
        }
        found
    }

    fn state_of(&self, message: &Message, now: Timestamp) -> String {
        let received = times(message.receives_here as usize);
        match message.state {
            _ if message.retained_from + self.attributes.message_retention_period <= now => {
                "its retention period is over".to_owned()
            }
            State::Delayed { until } if until > now => {
                format!("it is delayed until {}", until.iso_millis())
            }
            State::InFlight { until, .. } if until > now => format!(
                "it is in flight until {}: received {received}, not deleted",
                until.iso_millis()
            ),
            _ if self.is_behind(message, now) => {
                "it waits for one before it in its message group, which is in flight".to_owned()
            }
            _ if message.receives_here > 0 => {
                format!("it can be received; it was {received} already, and not deleted")
            }
            _ => "it can be received".to_owned(),
        }
    }

    /// Whether a message of the same group is in flight: a FIFO queue holds the others back.
    fn is_behind(&self, message: &Message, now: Timestamp) -> bool {
        self.is_fifo()
            && self.in_flight.iter().any(|(until, sequence)| {
                let group = || self.messages.get(*sequence).and_then(|it| it.group);
                *until > now && message.group.is_some() && group() == message.group
            })
    }

    /// Looks for a text in the messages, the latest first.
    pub(in crate::services::sqs) fn search(&self, search: &mut Search<'_>) {
        let mut messages = self.messages.latest_first();
        let _enough = messages.all(|message| search.look(message.id, &[&message.body]));
    }
}
