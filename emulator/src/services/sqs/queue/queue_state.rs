//! What a queue holds, by sequence and by the moments at which something changes.
//!
//! Time is looked at, not waited for: every access first settles what has become due (expiry,
//! delays, visibility timeouts). So an idle queue costs nothing, and what a queued message costs
//! does not depend on how many there are: only messages in flight or delayed stand in an index.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::activity::Activity;
use super::attempt::Attempts;
use super::order::Order;
use super::pages::Pages;
use crate::kernel::{Arn, Context, Name, What};
use crate::services::shared::deduplication::Deduplication;
use crate::services::sqs::attributes::QueueAttributes;
use crate::services::sqs::message::{First, Message, Sequence, State};
use crate::services::sqs::waiting::Waiters;
use crate::wire::Timestamp;

/// Least time between two purges.
pub(in crate::services::sqs) const PURGE_INTERVAL: Duration = Duration::from_secs(60);
/// Least time between deleting a queue and creating another of its name.
pub(in crate::services::sqs) const RECREATE_INTERVAL: Duration = Duration::from_secs(60);
/// How long a change of an attribute takes to count.
const PROPAGATION: Duration = Duration::from_secs(60);

/// A queue.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::services::sqs) struct Queue {
    pub(in crate::services::sqs) name: Arc<str>,
    pub(in crate::services::sqs) arn: Arn,
    /// Told apart from earlier queues of the name by this number, on which receipt handles depend.
    pub(in crate::services::sqs) number: u64,
    pub(in crate::services::sqs) attributes: QueueAttributes,
    pub(in crate::services::sqs) tags: BTreeMap<String, String>,
    pub(in crate::services::sqs) created: Timestamp,
    pub(in crate::services::sqs) modified: Timestamp,
    pub(in crate::services::sqs) purged: Option<Timestamp>,
    /// The lineage's number of this queue.
    pub(in crate::services::sqs) lineage: Name,
    pub(in crate::services::sqs) waiters: Waiters,
    /// When the timer that is set fires, if one is.
    pub(in crate::services::sqs) timer: Option<Timestamp>,
    pub(super) messages: Pages<Message>,
    pub(super) order: Order,
    pub(super) delayed: BTreeSet<(Timestamp, Sequence)>,
    pub(super) in_flight: BTreeSet<(Timestamp, Sequence)>,
    /// Messages retained from an earlier time than one before them: they came from another queue.
    pub(super) older: BTreeSet<(Timestamp, Sequence)>,
    pub(super) latest_retained: Timestamp,
    pub(in crate::services::sqs) activity: Activity,
    pub(super) attempts: Attempts,
    pub(super) deduplication: Deduplication<First>,
    /// Whether ids count per group until a change of that counts, and when it does.
    scope_before: Option<(bool, Timestamp)>,
    pub(super) next_sequence: Sequence,
    /// Most messages of a queue have one sender: they share its name.
    pub(super) last_sender: Arc<str>,
}

impl Queue {
    pub(in crate::services::sqs) fn new(
        ctx: &mut Context<'_>,
        name: Arc<str>,
        attributes: QueueAttributes,
        tags: BTreeMap<String, String>,
    ) -> Self {
        let arn = ctx.arn(&*name);
        let queue = Self {
            number: ctx.ids().next_u64() ^ ctx.settings().resets.rotate_left(32),
            lineage: ctx.name(&arn.to_string()),
            arn,
            order: Order::new(attributes.fifo.is_some()),
            name,
            attributes,
            tags,
            created: ctx.now(),
            modified: ctx.now(),
            purged: None,
            waiters: Waiters::default(),
            timer: None,
            messages: Pages::default(),
            delayed: BTreeSet::new(),
            in_flight: BTreeSet::new(),
            older: BTreeSet::new(),
            latest_retained: ctx.now(),
            activity: Activity::new(ctx.now()),
            attempts: Attempts::default(),
            deduplication: Deduplication::default(),
            scope_before: None,
            next_sequence: 1,
            last_sender: "".into(),
        };
        queue.begin_metrics(ctx);
        queue
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
        self.publish_metrics(ctx);
        self.settle_at(ctx, ctx.now());
    }

    /// Does what is due by `now`, which may be earlier than the present.
    pub(super) fn settle_at(&mut self, ctx: &mut Context<'_>, now: Timestamp) {
        while let Some(sequence) = self.expired(now) {
            if let Some(message) = self.take_out(sequence, now) {
                ctx.record(message.arrival, What::Expired, &self.lineage, message.id);
            }
        }
        while let Some((until, sequence)) = self.delayed.first().copied() {
            if until > now {
                break;
            }
            self.delayed.pop_first();
            self.appear(sequence, now);
        }
        while let Some((until, sequence)) = self.in_flight.first().copied() {
            if until > now {
                break;
            }
            self.in_flight.pop_first();
            self.appear(sequence, now);
        }
    }

    /// A message whose retention period has ended. Messages come in the order in which they
    /// expire, except for the `older` ones.
    fn expired(&self, now: Timestamp) -> Option<Sequence> {
        let period = self.attributes.message_retention_period;
        let (first, message) = self.messages.next(0)?;
        if message.retained_from + period <= now {
            return Some(first);
        }
        let (from, sequence) = self.older.first()?;
        (*from + period <= now).then_some(*sequence)
    }

    pub(super) fn appear(&mut self, sequence: Sequence, now: Timestamp) {
        let message = self.messages.get_mut(sequence).expect("an indexed message exists");
        let before = std::mem::replace(&mut message.state, State::Visible);
        self.order.appear(&self.messages, sequence, before, now);
    }

    /// When something here becomes receivable by itself.
    pub(in crate::services::sqs) fn next_change(&self) -> Option<Timestamp> {
        let first = |set: &BTreeSet<(Timestamp, Sequence)>| set.first().map(|(at, _)| *at);
        first(&self.delayed).into_iter().chain(first(&self.in_flight)).min()
    }

    pub(super) fn put_in(&mut self, message: Message, now: Timestamp) -> Sequence {
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        if let State::Delayed { until } = message.state {
            self.delayed.insert((until, sequence));
        }
        if message.retained_from < self.latest_retained {
            self.older.insert((message.retained_from, sequence));
        }
        self.latest_retained = self.latest_retained.max(message.retained_from);
        self.messages.push(sequence, message);
        self.order.arrive(&self.messages, sequence, now);
        sequence
    }

    pub(super) fn take_out(&mut self, sequence: Sequence, now: Timestamp) -> Option<Message> {
        let message = self.messages.remove(sequence)?;
        match message.state {
            State::Visible => {}
            State::Delayed { until } => {
                self.delayed.remove(&(until, sequence));
            }
            State::InFlight { until, .. } => {
                self.in_flight.remove(&(until, sequence));
            }
        }
        self.older.remove(&(message.retained_from, sequence));
        self.order.leave(&self.messages, sequence, &message, now);
        Some(message)
    }

    /// Takes new attributes. A new scope of de-duplication counts a minute later.
    ///
    /// Source: API reference "SetQueueAttributes"; recordings of 2024-04-30.
    pub(in crate::services::sqs) fn set_attributes(
        &mut self,
        ctx: &Context<'_>,
        attributes: QueueAttributes,
    ) {
        let before = self.scope_is_group(ctx.now());
        self.attributes = attributes;
        self.modified = ctx.now();
        self.scope_before = None;
        let now = self.scope_is_group(ctx.now());
        if before != now && !ctx.settings().relaxed {
            self.scope_before = Some((before, ctx.now() + PROPAGATION));
        }
    }

    /// Whether de-duplication ids count per message group now.
    pub(super) fn scope_is_group(&self, now: Timestamp) -> bool {
        match self.scope_before {
            Some((before, until)) if now < until => before,
            _ => self.attributes.fifo.as_ref().is_some_and(|fifo| fifo.scope_is_group),
        }
    }

    /// Changes the delay; on a FIFO queue it counts for the messages already there, too.
    ///
    /// Source: API reference "SetQueueAttributes", `DelaySeconds`; developer guide "Amazon SQS
    /// delay queues".
    pub(in crate::services::sqs) fn delay_anew(&mut self, now: Timestamp) {
        if !self.is_fifo() {
            return;
        }
        let delay = self.attributes.delay;
        let unreceived: Vec<(Sequence, Timestamp)> = self
            .messages
            .iter()
            .filter(|(_, message)| message.receives_here == 0)
            .map(|(sequence, message)| (sequence, message.retained_from + delay))
            .collect();
        for (sequence, until) in unreceived {
            let message = self.messages.get_mut(sequence).expect("it was just listed");
            let visible = message.state == State::Visible;
            if let State::Delayed { until } = message.state {
                self.delayed.remove(&(until, sequence));
            }
            if until > now {
                message.state = State::Delayed { until };
                self.delayed.insert((until, sequence));
                if visible {
                    self.order.hide(&self.messages, sequence);
                }
            } else if !visible {
                self.appear(sequence, now);
            }
        }
    }
}
