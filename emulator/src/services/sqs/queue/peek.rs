//! The messages of a queue for somebody who looks and takes none.

use super::Queue;
use crate::services::sqs::message::{Message, Sequence, State};
use crate::wire::Timestamp;

/// Whether a message that is looked at could be received, if it is not too old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::services::sqs) enum Seen {
    Visible,
    InFlight,
    Delayed,
}

impl Queue {
    /// Every message that is still kept at `now`, the oldest first.
    pub(in crate::services::sqs) fn seen(
        &self,
        now: Timestamp,
    ) -> impl Iterator<Item = (Sequence, &Message, Seen)> {
        let period = self.attributes.message_retention_period;
        let kept = self.messages.iter().filter(move |(_, it)| it.retained_from + period > now);
        kept.map(move |(sequence, message)| {
            let seen = match message.state {
                State::Delayed { until } if until > now => Seen::Delayed,
                State::InFlight { until, .. } if until > now => Seen::InFlight,
                _ => Seen::Visible,
            };
            (sequence, message, seen)
        })
    }
}
