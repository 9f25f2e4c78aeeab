//! `ReceiveRequestAttemptId`: a receive that is tried again gets the same messages.
//!
//! Source: API reference "ReceiveMessage"; developer guide "Using the receive request attempt ID".

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Queue;
use crate::services::sqs::message::{Sequence, State};
use crate::wire::Timestamp;

/// How long an attempt can be repeated.
const WINDOW: Duration = Duration::from_secs(300);

/// What the receives of the last minutes returned, by attempt id.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Attempts {
    received: BTreeMap<Box<str>, Attempt>,
    by_age: VecDeque<(Timestamp, Box<str>)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Attempt {
    at: Timestamp,
    /// Each message, its receive count and the end of its visibility timeout.
    messages: Vec<(Sequence, u32, Timestamp)>,
}

impl Attempts {
    fn forget_old(&mut self, now: Timestamp) {
        while let Some((at, id)) = self.by_age.front().filter(|(at, _)| *at + WINDOW <= now) {
            if self.received.get(id).is_some_and(|attempt| attempt.at == *at) {
                self.received.remove(id);
            }
            self.by_age.pop_front();
        }
    }
}

impl Queue {
    /// The messages that the attempt `id` returned, hidden anew for `timeout`: unless one of them
    /// was deleted, changed or shown again since.
    pub(in crate::services::sqs) fn repeat(
        &mut self,
        now: Timestamp,
        id: &str,
        timeout: Duration,
    ) -> Option<Vec<Sequence>> {
        self.attempts.forget_old(now);
        let attempt = self.attempts.received.get_mut(id)?;
        let unchanged = |(sequence, receive, end): &(Sequence, u32, Timestamp)| {
            self.messages.get(*sequence).is_some_and(|message| {
                let in_flight =
                    matches!(message.state, State::InFlight { until, .. } if until == *end);
                in_flight && message.receive_count == *receive
            })
        };
        if !attempt.messages.iter().all(unchanged) {
            return None;
        }
        for (sequence, _, end) in &mut attempt.messages {
            let message = self.messages.get_mut(*sequence).expect("it was just looked at");
            if let State::InFlight { until, .. } = &mut message.state {
                self.in_flight.remove(&(*until, *sequence));
                *until = now + timeout;
                self.in_flight.insert((*until, *sequence));
                *end = *until;
            }
        }
        Some(attempt.messages.iter().map(|(sequence, ..)| *sequence).collect())
    }

    /// Remembers what the attempt `id` returned.
    pub(in crate::services::sqs) fn remember_attempt(
        &mut self,
        now: Timestamp,
        id: &str,
        taken: &[Sequence],
    ) {
        let taken = taken.iter().filter_map(|sequence| {
            let message = self.messages.get(*sequence)?;
            let State::InFlight { until, .. } = message.state else { return None };
            Some((*sequence, message.receive_count, until))
        });
        let attempt = Attempt { at: now, messages: taken.collect() };
        self.attempts.by_age.push_back((now, id.into()));
        self.attempts.received.insert(id.into(), attempt);
    }
}
