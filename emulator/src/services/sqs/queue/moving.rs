//! Messages that a move task takes out of their dead-letter queue, to be sent elsewhere.

use super::Queue;
use crate::kernel::{Context, What};
use crate::services::sqs::error::SqsError;
use crate::services::sqs::message::{Message, NewMessage, Sequence};
use crate::services::sqs::message_attributes::MessageAttributes;
use crate::wire::Timestamp;

impl Queue {
    /// Whether it holds no message at all, in flight or delayed ones included.
    pub(in crate::services::sqs) fn is_empty(&self) -> bool {
        self.counts() == [0, 0, 0]
    }

    /// The message that is moved next: the first that a receive would return.
    pub(in crate::services::sqs) fn next_to_move(&mut self, now: Timestamp) -> Option<Sequence> {
        self.order.first(&self.messages, now)
    }

    /// Whether this queue would take `message` in.
    ///
    /// # Errors
    /// `InvalidParameterValue` for messages that are too long for this queue.
    pub(in crate::services::sqs) fn check_moved(&self, message: &Message) -> Result<(), SqsError> {
        let none = MessageAttributes::default();
        let attributes = message.attributes.as_deref().unwrap_or(&none);
        self.check_size((&message.body, message.unsigned), attributes).map(drop)
    }

    /// Takes out a message that is moved. Elsewhere it is a new one: AWS gives it a new id and its
    /// retention begins again.
    pub(in crate::services::sqs) fn take_for_move(
        &mut self,
        ctx: &mut Context<'_>,
        sequence: Sequence,
    ) -> Option<NewMessage> {
        let message = self.take_out(sequence, ctx.now())?;
        let cause = ctx.record(message.arrival, What::Redriven, &self.lineage, message.id);
        let extra = message.extra.map(|extra| *extra).unwrap_or_default();
        // What de-duplicates by content elsewhere need not do so there.
        let own_id = || self.is_fifo().then(|| message.id.to_string().into());
        Some(NewMessage {
            body: message.body,
            body_md5: message.body_md5,
            unsigned: message.unsigned,
            attributes: message.attributes.map(|attributes| *attributes).unwrap_or_default(),
            trace_header: extra.trace_header,
            delay_seconds: None,
            group: extra.group.map(|group| (&*group).into()),
            deduplication_id: extra.deduplication_id.or_else(own_id),
            sender: message.sender,
            cause,
        })
    }
}
