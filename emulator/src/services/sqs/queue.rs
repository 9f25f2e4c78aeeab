//! One queue: what it holds, and the only door through which messages enter.
//!
//! Time is looked at, not waited for: every access first settles what has become due (expiry,
//! delays, visibility timeouts). So an idle queue costs nothing. Cost per message is logarithmic
//! in what the queue holds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::attributes::QueueAttributes;
use super::deduplication::{Deduplication, First, Key};
use super::error::SqsError;
use super::message::{Extra, Message, NewMessage, ReceiptHandle, Sequence, State};
use super::message_attributes::{self, hex};
use super::order::Order;
use super::waiting::Waiter;
use crate::kernel::{Arn, CallId, Context, MessageId, Name, What};
use crate::wire::Timestamp;

/// Least time between two purges.
pub(super) const PURGE_INTERVAL: Duration = Duration::from_secs(60);
/// Least time between deleting a queue and creating another of its name.
pub(super) const RECREATE_INTERVAL: Duration = Duration::from_secs(60);
/// Longest a message may stay in flight, counted from its receive.
const IN_FLIGHT_MAX: Duration = Duration::from_secs(43_200);
/// Most messages in flight at once.
///
/// Source: developer guide "Amazon SQS message quotas".
pub(super) const IN_FLIGHT_COUNT_MAX: usize = 120_000;

/// A queue.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Queue {
    pub(super) name: Arc<str>,
    pub(super) arn: Arn,
    /// Told apart from earlier queues of the name by this number, which receipt handles carry.
    pub(super) number: u64,
    pub(super) attributes: QueueAttributes,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) purged: Option<Timestamp>,
    /// The lineage's number of this queue.
    pub(super) lineage: Name,
    #[serde(with = "crate::kernel::pairs")]
    pub(super) waiters: BTreeMap<CallId, Waiter>,
    /// When the timer that is set fires, if one is.
    pub(super) timer: Option<Timestamp>,
    messages: BTreeMap<Sequence, Message>,
    order: Order,
    delayed: BTreeSet<(Timestamp, Sequence)>,
    in_flight: BTreeSet<(Timestamp, Sequence)>,
    by_age: BTreeSet<(Timestamp, Sequence)>,
    deduplication: Deduplication,
    next_sequence: Sequence,
}

/// What a sender is told.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sent {
    pub(super) id: MessageId,
    pub(super) body_md5: [u8; 16],
    pub(super) attributes_md5: Option<String>,
    /// FIFO queues only.
    pub(super) sequence: Option<Sequence>,
}

impl Queue {
    pub(super) fn new(
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

    pub(super) fn is_fifo(&self) -> bool {
        self.attributes.fifo.is_some()
    }

    /// Messages that wait to be received, that are in flight, and that are delayed.
    pub(super) fn counts(&self) -> [usize; 3] {
        let (in_flight, delayed) = (self.in_flight.len(), self.delayed.len());
        [
            self.messages.len() - in_flight - delayed,
            in_flight,
            delayed,
        ]
    }

    /// Brings the queue to the present.
    pub(super) fn settle(&mut self, ctx: &mut Context<'_>) {
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

    fn appear(&mut self, sequence: Sequence) {
        let message = self
            .messages
            .get_mut(&sequence)
            .expect("an indexed message exists");
        let was_in_flight = message.is_in_flight();
        message.state = State::Visible;
        self.order.appear(sequence, message.group(), was_in_flight);
    }

    /// When something here becomes receivable by itself.
    pub(super) fn next_change(&self) -> Option<Timestamp> {
        let first = |set: &BTreeSet<(Timestamp, Sequence)>| set.first().map(|(at, _)| *at);
        first(&self.delayed)
            .into_iter()
            .chain(first(&self.in_flight))
            .min()
    }

    /// Takes a message in, unless it is a duplicate. The one door into a queue.
    ///
    /// # Errors
    /// The rules that depend on the queue: size, group, de-duplication id, delay.
    pub(super) fn send(
        &mut self,
        ctx: &mut Context<'_>,
        new: NewMessage,
    ) -> Result<Sent, SqsError> {
        self.check_size(&new)?;
        let key = self.deduplication_key(&new)?;
        let delay = self.delay_of(&new)?;
        let body_md5 = message_attributes::body_digest(&new.body);
        let attributes_md5 = message_attributes::digest(&new.attributes);
        let sent = |first: First, fifo: bool| Sent {
            id: first.id,
            body_md5,
            attributes_md5,
            sequence: fifo.then_some(first.sequence),
        };
        if let Some(first) = key
            .as_ref()
            .and_then(|key| self.deduplication.find(key, ctx.now()))
        {
            ctx.record(new.cause, What::Deduplicated, self.lineage, first.id);
            return Ok(sent(first, true));
        }
        let first = First {
            id: ctx.ids().uuid(),
            sequence: self.next_sequence,
        };
        if let Some(key) = key {
            self.deduplication.remember(key, first, ctx.now());
        }
        let arrival = ctx.record(new.cause, What::Enqueued, self.lineage, first.id);
        let extra = Extra {
            trace_header: new.trace_header,
            group: new.group.map(Arc::from),
            deduplication_id: new.deduplication_id,
            dead_letter_source: None,
        };
        let now = ctx.now();
        let message = Message {
            id: first.id,
            body: new.body,
            body_md5,
            attributes: (!new.attributes.is_empty()).then(|| Box::new(new.attributes)),
            sender: new.sender,
            sent: now,
            retained_from: now,
            first_received: None,
            receive_count: 0,
            receives_here: 0,
            state: if delay.is_zero() {
                State::Visible
            } else {
                State::Delayed { until: now + delay }
            },
            arrival,
            extra: (extra != Extra::default()).then(|| Box::new(extra)),
        };
        self.put_in(message);
        Ok(sent(first, self.is_fifo()))
    }

    fn check_size(&self, new: &NewMessage) -> Result<(), SqsError> {
        let limit = self.attributes.maximum_message_size as usize;
        if new.body.len() + message_attributes::size(&new.attributes) > limit {
            return Err(SqsError::InvalidParameterValue(format!(
                "One or more parameters are invalid. Reason: Message must be shorter than {limit} \
                 bytes."
            )));
        }
        Ok(())
    }

    fn delay_of(&self, new: &NewMessage) -> Result<Duration, SqsError> {
        match new.delay_seconds {
            // AWS takes an explicit zero on a FIFO queue for "the queue's delay".
            None => Ok(self.attributes.delay),
            Some(0) if self.is_fifo() => Ok(self.attributes.delay),
            Some(seconds) if self.is_fifo() => Err(SqsError::value(
                seconds,
                "DelaySeconds",
                "The request include parameter that is not valid for this queue type.",
            )),
            Some(seconds) => Ok(Duration::from_secs(seconds.into())),
        }
    }

    fn deduplication_key(&self, new: &NewMessage) -> Result<Option<Key>, SqsError> {
        let Some(fifo) = &self.attributes.fifo else {
            if new.deduplication_id.is_some() {
                return Err(SqsError::value(
                    new.deduplication_id.as_deref().unwrap_or_default(),
                    "MessageDeduplicationId",
                    "The request include parameter that is not valid for this queue type.",
                ));
            }
            return Ok(None);
        };
        let Some(group) = &new.group else {
            return Err(SqsError::MissingParameter("MessageGroupId".to_owned()));
        };
        let id: Arc<str> = match &new.deduplication_id {
            Some(id) => Arc::from(&**id),
            None if fifo.content_based_deduplication => {
                hex(&Sha256::digest(new.body.as_bytes())).into()
            }
            None => {
                return Err(SqsError::InvalidParameterValue(
                    "The queue should either have ContentBasedDeduplication enabled or \
                     MessageDeduplicationId provided explicitly"
                        .to_owned(),
                ));
            }
        };
        Ok(Some((fifo.scope_is_group.then(|| Arc::from(&**group)), id)))
    }

    /// Takes in a message that another queue gave up on.
    pub(super) fn bury(&mut self, ctx: &mut Context<'_>, mut message: Message, source: &Arn) {
        self.settle(ctx);
        let cause = message.arrival;
        message.arrival = ctx.record(cause, What::DeadLettered, self.lineage, message.id);
        message.receives_here = 0;
        message.state = State::Visible;
        if self.is_fifo() {
            message.retained_from = ctx.now();
        }
        message.extra.get_or_insert_default().dead_letter_source = Some(source.to_string().into());
        self.put_in(message);
    }

    /// Takes a message back that was to be buried and has no grave.
    pub(super) fn put_back(&mut self, mut message: Message) {
        message.receives_here = 0;
        self.put_in(message);
    }

    /// Whether a receive would find something now.
    pub(super) fn has_receivable(&self) -> bool {
        self.order.first().is_some()
    }

    fn put_in(&mut self, message: Message) {
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        if let State::Delayed { until } = message.state {
            self.delayed.insert((until, sequence));
        }
        self.by_age.insert((message.retained_from, sequence));
        self.order
            .arrive(sequence, message.group(), message.state == State::Visible);
        self.messages.insert(sequence, message);
    }

    /// Takes the next message for a receive; it is in flight then. `after` is the message that the
    /// same receive took before.
    ///
    /// `None` when there is nothing to receive. `Some(Err(_))` is a message that was received too
    /// often: it has left this queue for the dead-letter queue.
    pub(super) fn take(
        &mut self,
        ctx: &mut Context<'_>,
        visibility_timeout: Duration,
        after: Option<Sequence>,
    ) -> Option<Result<Sequence, Box<Message>>> {
        let group = after.and_then(|after| self.messages.get(&after)?.group().cloned());
        let sequence = match after {
            Some(_) => self.order.next_after(group.as_ref()),
            None => self.order.first(),
        }?;
        let message = self
            .messages
            .get_mut(&sequence)
            .expect("an indexed message exists");
        let worn_out = |policy: &super::redrive::RedrivePolicy| {
            message.receives_here >= policy.max_receive_count
        };
        if self
            .attributes
            .redrive_policy
            .as_ref()
            .is_some_and(worn_out)
        {
            return self
                .take_out(sequence)
                .map(|message| Err(Box::new(message)));
        }
        let now = ctx.now();
        message.receive_count += 1;
        message.receives_here += 1;
        message.first_received.get_or_insert(now);
        let until = now + visibility_timeout;
        message.state = State::InFlight {
            until,
            received: now,
        };
        self.order.take(sequence, message.group());
        self.in_flight.insert((until, sequence));
        ctx.record(message.arrival, What::Received, self.lineage, message.id);
        Some(Ok(sequence))
    }

    /// Whether a receive must be refused because too many messages are in flight.
    pub(super) fn is_at_in_flight_limit(&self) -> bool {
        self.in_flight.len() >= IN_FLIGHT_COUNT_MAX
    }

    pub(super) fn message(&self, sequence: Sequence) -> &Message {
        self.messages
            .get(&sequence)
            .expect("a message just taken exists")
    }

    pub(super) fn receipt_handle(&self, sequence: Sequence) -> ReceiptHandle {
        let receive = self.message(sequence).receive_count;
        ReceiptHandle {
            queue: self.number,
            sequence,
            receive,
        }
    }

    fn handle(&self, text: &str) -> Result<ReceiptHandle, SqsError> {
        ReceiptHandle::parse(text)
            .filter(|handle| handle.queue == self.number && handle.sequence < self.next_sequence)
            .ok_or(SqsError::ReceiptHandleIsInvalid)
    }

    /// Deletes by any handle the message ever had; a message that is gone is a success.
    pub(super) fn delete(&mut self, ctx: &mut Context<'_>, handle: &str) -> Result<(), SqsError> {
        let handle = self.handle(handle)?;
        if let Some(message) = self.take_out(handle.sequence) {
            ctx.record(message.arrival, What::Deleted, self.lineage, message.id);
        }
        Ok(())
    }

    /// Hides a received message for `timeout` from now; zero shows it at once.
    pub(super) fn change_visibility(
        &mut self,
        ctx: &mut Context<'_>,
        handle: &str,
        timeout: Duration,
    ) -> Result<(), SqsError> {
        let handle = self.handle(handle)?;
        let now = ctx.now();
        let Some(message) = self.messages.get_mut(&handle.sequence) else {
            return Err(SqsError::value(
                handle.to_text(),
                "ReceiptHandle",
                "Message does not exist or is not available for visibility timeout change.",
            ));
        };
        let (until, received) = match message.state {
            State::InFlight { until, received } => (Some(until), received),
            _ => (None, now),
        };
        if now + timeout > received + IN_FLIGHT_MAX {
            return Err(SqsError::value(
                timeout.as_secs(),
                "VisibilityTimeout",
                "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]",
            ));
        }
        ctx.record(
            message.arrival,
            What::VisibilityChanged,
            self.lineage,
            message.id,
        );
        match until {
            Some(until) => self.in_flight.remove(&(until, handle.sequence)),
            None => {
                self.order.take(handle.sequence, message.group());
                true
            }
        };
        message.state = State::InFlight {
            until: now + timeout,
            received,
        };
        if timeout.is_zero() {
            self.appear(handle.sequence);
        } else {
            self.in_flight.insert((now + timeout, handle.sequence));
        }
        Ok(())
    }

    /// Removes every message, in flight or not.
    pub(super) fn purge(&mut self, ctx: &mut Context<'_>) {
        for (_, message) in std::mem::take(&mut self.messages) {
            ctx.record(message.arrival, What::Purged, self.lineage, message.id);
        }
        self.order = Order::new(self.is_fifo());
        self.delayed.clear();
        self.in_flight.clear();
        self.by_age.clear();
    }

    fn take_out(&mut self, sequence: Sequence) -> Option<Message> {
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
        self.order
            .leave(sequence, message.group(), message.is_in_flight());
        Some(message)
    }
}
