//! What a queue holds, by sequence and by the moments at which something changes.
//!
//! Time is looked at, not waited for: every access first settles what has become due (expiry,
//! delays, visibility timeouts). So an idle queue costs nothing. Cost per message is logarithmic
//! in what the queue holds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::kernel::{Arn, CallId, Context, Name, What};
use crate::services::shared::deduplication::Deduplication;
use crate::services::sqs::attributes::QueueAttributes;
use crate::services::sqs::message::{First, Message, Sequence, State};
use crate::services::sqs::order::Order;
use crate::services::sqs::waiting::Waiter;
use crate::wire::Timestamp;

/// Least time between two purges.
pub(in crate::services::sqs) const PURGE_INTERVAL: Duration = Duration::from_secs(60);
/// Least time between deleting a queue and creating another of its name.
pub(in crate::services::sqs) const RECREATE_INTERVAL: Duration = Duration::from_secs(60);
/// A queue.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::services::sqs) struct Queue {
    pub(in crate::services::sqs) name: Arc<str>,
    pub(in crate::services::sqs) arn: Arn,
    /// Told apart from earlier queues of the name by this number, which receipt handles carry.
    pub(in crate::services::sqs) number: u64,
    pub(in crate::services::sqs) attributes: QueueAttributes,
    pub(in crate::services::sqs) tags: BTreeMap<String, String>,
    pub(in crate::services::sqs) created: Timestamp,
    pub(in crate::services::sqs) modified: Timestamp,
    pub(in crate::services::sqs) purged: Option<Timestamp>,
    /// The lineage's number of this queue.
    pub(in crate::services::sqs) lineage: Name,
    #[serde(with = "crate::kernel::pairs")]
    pub(in crate::services::sqs) waiters: BTreeMap<CallId, Waiter>,
    /// When the timer that is set fires, if one is.
    pub(in crate::services::sqs) timer: Option<Timestamp>,
    pub(super) messages: BTreeMap<Sequence, Message>,
    pub(super) order: Order,
    pub(super) delayed: BTreeSet<(Timestamp, Sequence)>,
    pub(super) in_flight: BTreeSet<(Timestamp, Sequence)>,
    pub(super) by_age: BTreeSet<(Timestamp, Sequence)>,
    pub(super) deduplication: Deduplication<First>,
    pub(super) next_sequence: Sequence,
}

impl Queue {
    pub(in crate::services::sqs) fn new(
        ctx: &mut Context<'_>,
        name: Arc<str>,
        attributes: QueueAttributes,
        tags: BTreeMap<String, String>,
    ) -> Self {
        let arn = ctx.arn(&*name);
        Self {
            number: ctx.ids().next_u64(),
            lineage: ctx.name(&arn.to_string()),
            arn,
            order: Order::new(attributes.fifo.is_some()),
            name,
            attributes,
            tags,
            created: ctx.now(),
            modified: ctx.now(),
            purged: None,
            waiters: BTreeMap::new(),
            timer: None,
            messages: BTreeMap::new(),
            delayed: BTreeSet::new(),
            in_flight: BTreeSet::new(),
            by_age: BTreeSet::new(),
            deduplication: Deduplication::default(),
            next_sequence: 1,
        }
    }

    pub(in crate::services::sqs) fn is_fifo(&self) -> bool {
        self.attributes.fifo.is_some()
    }

    /// Messages that wait to be received, that are in flight, and that are delayed.
    pub(in crate::services::sqs) fn counts(&self) -> [usize; 3] {
        let (in_flight, delayed) = (self.in_flight.len(), self.delayed.len());
        [self.messages.len() - in_flight - delayed, in_flight, delayed]
    }

    /// Brings the queue to the present.
    pub(in crate::services::sqs) fn settle(&mut self, ctx: &mut Context<'_>) {
        let now = ctx.now();
        while let Some((from, sequence)) = self.by_age.first().copied() {
            if from + self.attributes.message_retention_period > now {
                break;
            }
            if let Some(message) = self.take_out(sequence) {
                ctx.record(message.arrival, What::Expired, self.lineage, message.id);
            }
        }
        while let Some((until, sequence)) = self.delayed.first().copied() {
            if until > now {
                break;
            }
            self.delayed.pop_first();
            self.appear(sequence);
        }
        while let Some((until, sequence)) = self.in_flight.first().copied() {
            if until > now {
                break;
            }
            self.in_flight.pop_first();
            self.appear(sequence);
        }
    }

    pub(super) fn appear(&mut self, sequence: Sequence) {
        let message = self.messages.get_mut(&sequence).expect("an indexed message exists");
        let was_in_flight = message.is_in_flight();
        message.state = State::Visible;
        self.order.appear(sequence, message.group(), was_in_flight);
    }

    /// When something here becomes receivable by itself.
    pub(in crate::services::sqs) fn next_change(&self) -> Option<Timestamp> {
        let first = |set: &BTreeSet<(Timestamp, Sequence)>| set.first().map(|(at, _)| *at);
        first(&self.delayed).into_iter().chain(first(&self.in_flight)).min()
    }

    pub(super) fn put_in(&mut self, message: Message) {
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        if let State::Delayed { until } = message.state {
            self.delayed.insert((until, sequence));
        }
        self.by_age.insert((message.retained_from, sequence));
        self.order.arrive(sequence, message.group(), message.state == State::Visible);
        self.messages.insert(sequence, message);
    }

    pub(super) fn take_out(&mut self, sequence: Sequence) -> Option<Message> {
        let message = self.messages.remove(&sequence)?;
        match message.state {
            State::Visible => {}
            State::Delayed { until } => {
                self.delayed.remove(&(until, sequence));
            }
            State::InFlight { until, .. } => {
                self.in_flight.remove(&(until, sequence));
            }
        }
        self.by_age.remove(&(message.retained_from, sequence));
        self.order.leave(sequence, message.group(), message.is_in_flight());
        Some(message)
    }
}
