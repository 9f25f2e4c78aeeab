//! What happens to messages in a queue: received, hidden, deleted, purged.

use std::time::Duration;

use super::Queue;
use super::order::Order;
use crate::kernel::{Context, FaultEffect, What};
use crate::services::shared::deduplication::Deduplication;
use crate::services::sqs::error::SqsError;
use crate::services::sqs::message::{Message, ReceiptHandle, Sequence, State};

/// Longest a message may stay in flight, counted from its receive.
const IN_FLIGHT_MAX: Duration = Duration::from_secs(43_200);
/// Most messages in flight at once.
///
/// Source: developer guide "Amazon SQS message quotas".
const IN_FLIGHT_COUNT_MAX: usize = 120_000;

impl Queue {
    /// Takes the next message for a receive; it is in flight then. `after` is the message that the
    /// same receive took before; one that was received `receives_max` times already is not handed
    /// out again.
    ///
    /// `None` when there is nothing to receive. `Some(Err(_))` is a message that was received too
    /// often: it has left this queue for the dead-letter queue.
    pub(in crate::services::sqs) fn take(
        &mut self,
        ctx: &mut Context<'_>,
        visibility_timeout: Duration,
        after: Option<Sequence>,
        receives_max: Option<u32>,
    ) -> Option<Result<Sequence, Box<Message>>> {
        let now = ctx.now();
        if self.is_at_in_flight_limit() {
            return None;
        }
        let sequence = match after {
            Some(taken) => {
                let group = self.messages.get(taken).and_then(|message| message.group);
                self.order.next_after(&self.messages, taken, group, now)
            }
            None => self.order.first(&self.messages, now),
        }?;
        let sequence = self.perhaps_another(ctx, sequence);
        let message = self.messages.get_mut(sequence).expect("an indexed message exists");
        if receives_max.is_some_and(|max| message.receives_here >= max) {
            return self.take_out(sequence, now).map(|message| Err(Box::new(message)));
        }
        message.sign(ctx);
        message.receive_count += 1;
        message.receives_here += 1;
        message.first_received.get_or_insert(now);
        let until = now + visibility_timeout;
        message.state = State::InFlight { until, received: now };
        ctx.record(message.arrival, What::Received, &self.lineage, message.id);
        self.order.hide(&self.messages, sequence);
        self.in_flight.insert((until, sequence));
        Some(Ok(sequence))
    }

    /// Another visible message than `first`, where a fault rule reorders this queue.
    fn perhaps_another(&mut self, ctx: &mut Context<'_>, first: Sequence) -> Sequence {
        /// How far from the first one.
        const REACH: usize = 10;
        let is_reorder = |effect: &FaultEffect| matches!(effect, FaultEffect::Reorder);
        let message = self.message(first);
        let subject = (message.arrival, &self.lineage, message.id);
        if self.is_fifo() || ctx.message_fault(&self.name, subject, is_reorder).is_none() {
            return first;
        }
        let visible = self.messages.iter_from(first).filter(|(_, it)| it.state == State::Visible);
        let near: Vec<Sequence> = visible.take(REACH).map(|(sequence, _)| sequence).collect();
        near[(ctx.fault_fraction() * near.len() as f64) as usize]
    }

    /// Whether a receive must be refused because too many messages are in flight.
    pub(in crate::services::sqs) fn is_at_in_flight_limit(&self) -> bool {
        self.in_flight.len() >= IN_FLIGHT_COUNT_MAX
    }

    pub(in crate::services::sqs) fn message(&self, sequence: Sequence) -> &Message {
        self.messages.get(sequence).expect("a message just taken exists")
    }

    pub(in crate::services::sqs) fn receipt_handle(&self, sequence: Sequence) -> String {
        let receive = self.message(sequence).receive_count;
        ReceiptHandle { sequence, receive }.to_text(self.number)
    }

    fn handle(&self, text: &str) -> Result<ReceiptHandle, SqsError> {
        let handle = ReceiptHandle::parse(text, self.number);
        let (handle, of_this_queue) = handle.ok_or(SqsError::ReceiptHandleIsInvalid)?;
        if !of_this_queue || handle.sequence >= self.next_sequence {
            return Err(SqsError::ReceiptHandleOfAnotherQueue(text.to_owned()));
        }
        Ok(handle)
    }

    /// Deletes a message by its newest handle; one that is gone is a success. An older handle
    /// deletes nothing while somebody else has the message: a standard queue says so to nobody, a
    /// FIFO queue refuses it, as it refuses one whose visibility timeout has ended.
    ///
    /// Source: API reference "DeleteMessage", "ReceiveMessage" (`ReceiveRequestAttemptId`);
    /// recordings of 2024-05-14 for older handles.
    pub(in crate::services::sqs) fn delete(
        &mut self,
        ctx: &mut Context<'_>,
        text: &str,
    ) -> Result<(), SqsError> {
        let handle = self.handle(text)?;
        let Some(message) = self.messages.get(handle.sequence) else {
            self.activity.deleted();
            return Ok(());
        };
        let newest = message.receive_count == handle.receive;
        if self.is_fifo() && !(newest && message.state.is_in_flight()) {
            return Err(SqsError::ReceiptHandleHasExpired(text.to_owned()));
        }
        let nobody_has_it = !message.state.is_in_flight();
        if (newest || nobody_has_it)
            && let Some(message) = self.take_out(handle.sequence, ctx.now())
        {
            ctx.record(message.arrival, What::Deleted, &self.lineage, message.id);
        }
        self.activity.deleted();
        Ok(())
    }

    /// Hides a received message for `timeout` from now; zero shows it at once. Works with the
    /// newest handle, also after its visibility timeout has ended.
    pub(in crate::services::sqs) fn change_visibility(
        &mut self,
        ctx: &mut Context<'_>,
        text: &str,
        timeout: Duration,
    ) -> Result<(), SqsError> {
        let handle = self.handle(text)?;
        let now = ctx.now();
        let message = self.messages.get_mut(handle.sequence);
        let Some(message) = message.filter(|message| message.receive_count == handle.receive)
        else {
            return Err(SqsError::value(
                text,
                "ReceiptHandle",
                "Message does not exist or is not available for visibility timeout change.",
            ));
        };
        let before = message.state;
        let received = match before {
            State::InFlight { received, .. } => received,
            _ => now,
        };
        if now + timeout > received + IN_FLIGHT_MAX {
            return Err(SqsError::value(
                timeout.as_secs(),
                "VisibilityTimeout",
                "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]",
            ));
        }
        ctx.record(message.arrival, What::VisibilityChanged, &self.lineage, message.id);
        message.state = State::InFlight { until: now + timeout, received };
        match before {
            State::InFlight { until, .. } => {
                self.in_flight.remove(&(until, handle.sequence));
            }
            _ => self.order.hide(&self.messages, handle.sequence),
        }
        if timeout.is_zero() {
            self.appear(handle.sequence, now);
        } else {
            self.in_flight.insert((now + timeout, handle.sequence));
        }
        Ok(())
    }

    /// Removes every message, in flight or not, and forgets the ids by which it finds duplicates.
    ///
    /// Unverified: AWS's documentation leaves the ids out, and reports contradict one another.
    pub(in crate::services::sqs) fn purge(&mut self, ctx: &mut Context<'_>) {
        let messages = std::mem::take(&mut self.messages);
        for (_, message) in messages.iter() {
            ctx.record(message.arrival, What::Purged, &self.lineage, message.id);
        }
        self.order = Order::new(self.is_fifo());
        self.delayed.clear();
        self.in_flight.clear();
        self.older.clear();
        self.deduplication = Deduplication::default();
    }
}
