//! What happens to messages in a queue: received, hidden, deleted, purged.

use std::time::Duration;

use super::Queue;
use crate::kernel::{Context, What};
use crate::services::sqs::error::SqsError;
use crate::services::sqs::message::{Message, ReceiptHandle, Sequence, State};
use crate::services::sqs::order::Order;

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
        let group = after.and_then(|after| self.messages.get(&after)?.group().cloned());
        let sequence = match after {
            Some(_) => self.order.next_after(group.as_ref()),
            None => self.order.first(),
        }?;
        let message = self.messages.get_mut(&sequence).expect("an indexed message exists");
        if receives_max.is_some_and(|max| message.receives_here >= max) {
            return self.take_out(sequence).map(|message| Err(Box::new(message)));
        }
        let now = ctx.now();
        message.receive_count += 1;
        message.receives_here += 1;
        message.first_received.get_or_insert(now);
        let until = now + visibility_timeout;
        message.state = State::InFlight { until, received: now };
        self.order.take(sequence, message.group());
        self.in_flight.insert((until, sequence));
        ctx.record(message.arrival, What::Received, self.lineage, message.id);
        Some(Ok(sequence))
    }

    /// Whether a receive must be refused because too many messages are in flight.
    pub(in crate::services::sqs) fn is_at_in_flight_limit(&self) -> bool {
        self.in_flight.len() >= IN_FLIGHT_COUNT_MAX
    }

    pub(in crate::services::sqs) fn message(&self, sequence: Sequence) -> &Message {
        self.messages.get(&sequence).expect("a message just taken exists")
    }

    pub(in crate::services::sqs) fn receipt_handle(&self, sequence: Sequence) -> ReceiptHandle {
        let receive = self.message(sequence).receive_count;
        ReceiptHandle { queue: self.number, sequence, receive }
    }

    fn handle(&self, text: &str) -> Result<ReceiptHandle, SqsError> {
        ReceiptHandle::parse(text)
            .filter(|handle| handle.queue == self.number && handle.sequence < self.next_sequence)
            .ok_or(SqsError::ReceiptHandleIsInvalid)
    }

    /// Deletes by any handle the message ever had; a message that is gone is a success.
    pub(in crate::services::sqs) fn delete(
        &mut self,
        ctx: &mut Context<'_>,
        handle: &str,
    ) -> Result<(), SqsError> {
        let handle = self.handle(handle)?;
        if let Some(message) = self.take_out(handle.sequence) {
            ctx.record(message.arrival, What::Deleted, self.lineage, message.id);
        }
        Ok(())
    }

    /// Hides a received message for `timeout` from now; zero shows it at once.
    pub(in crate::services::sqs) fn change_visibility(
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
        ctx.record(message.arrival, What::VisibilityChanged, self.lineage, message.id);
        match until {
            Some(until) => self.in_flight.remove(&(until, handle.sequence)),
            None => {
                self.order.take(handle.sequence, message.group());
                true
            }
        };
        message.state = State::InFlight { until: now + timeout, received };
        if timeout.is_zero() {
            self.appear(handle.sequence);
        } else {
            self.in_flight.insert((now + timeout, handle.sequence));
        }
        Ok(())
    }

    /// Removes every message, in flight or not.
    pub(in crate::services::sqs) fn purge(&mut self, ctx: &mut Context<'_>) {
        for (_, message) in std::mem::take(&mut self.messages) {
            ctx.record(message.arrival, What::Purged, self.lineage, message.id);
        }
        self.order = Order::new(self.is_fifo());
        self.delayed.clear();
        self.in_flight.clear();
        self.by_age.clear();
    }
}
