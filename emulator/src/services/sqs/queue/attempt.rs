//! `ReceiveRequestAttemptId`: a receive that is tried again gets the same messages.
//!
//! Source: API reference "ReceiveMessage"; developer guide "Using the receive request attempt ID".

use std::time::Duration;

use super::Queue;
use crate::services::shared::remembered::Remembered;
use crate::services::sqs::message::{Sequence, State};
use crate::wire::Timestamp;

/// How long an attempt can be repeated.
const WINDOW: Duration = Duration::from_secs(300);

/// What the receives of the last minutes returned, by attempt id.
pub(super) type Attempts = Remembered<Box<str>, Attempt>;

/// Each message, its receive count and the end of its visibility timeout.
pub(super) type Attempt = Vec<(Sequence, u32, Timestamp)>;

impl Queue {
    /// The messages that the attempt `id` returned, hidden anew for `timeout`: unless one of them
    /// was deleted, changed or shown again since.
    pub(in crate::services::sqs) fn repeat(
        &mut self,
        now: Timestamp,
        id: &str,
        timeout: Duration,
    ) -> Option<Vec<Sequence>> {
        self.attempts.forget(now - WINDOW);
        let attempt = self.attempts.get_mut(id)?;
        let unchanged = |(sequence, receive, end): &(Sequence, u32, Timestamp)| {
            self.messages.get(*sequence).is_some_and(|message| {
                let in_flight =
                    matches!(message.state, State::InFlight { until, .. } if until == *end);
                in_flight && message.receive_count == *receive
            })
        };
        if !attempt.iter().all(unchanged) {
            return None;
        }
        for (sequence, _, end) in attempt.iter_mut() {
            let message = self.messages.get_mut(*sequence).expect("it was just looked at");
            if let State::InFlight { until, .. } = &mut message.state {
                self.in_flight.remove(&(*until, *sequence));
                *until = now + timeout;
                self.in_flight.insert((*until, *sequence));
                *end = *until;
            }
        }
        Some(attempt.iter().map(|(sequence, ..)| *sequence).collect())
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
        self.attempts.insert(now, id.into(), taken.collect());
    }
}
