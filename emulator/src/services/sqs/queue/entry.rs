//! The only door through which messages enter a queue, and its rules.

use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::Queue;
use crate::kernel::{
    Arn, Context, FaultEffect, MessageId, SIGNATURE_CHARACTERS, SignatureVersion, What,
};
use crate::services::shared::deduplication::Key;
use crate::services::sqs::error::SqsError;
use crate::services::sqs::message::{Extra, First, Message, NewMessage, Sequence, State};
use crate::services::sqs::message_attributes::{self, MessageAttributes};
use crate::wire::{Timestamp, hex};

/// What a sender is told.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::services::sqs) struct Sent {
    pub(in crate::services::sqs) id: MessageId,
    pub(in crate::services::sqs) attributes_md5: Option<String>,
    /// FIFO queues only.
    pub(in crate::services::sqs) sequence: Option<Sequence>,
}

impl Queue {
    /// Takes a message in, unless it is a duplicate. The one door into a queue.
    ///
    /// # Errors
    /// The rules that depend on the queue: size, group, de-duplication id, delay.
    pub(in crate::services::sqs) fn send(
        &mut self,
        ctx: &mut Context<'_>,
        new: NewMessage,
    ) -> Result<Sent, SqsError> {
        let size = self.check_size((&new.body, new.unsigned), &new.attributes)?;
        let key = self.deduplication_key(&new, ctx.now())?;
        let delay = self.delay_of(&new)?;
        let attributes_md5 = message_attributes::digest(&new.attributes);
        let sent = |first: First, fifo: bool| Sent {
            id: first.id,
            attributes_md5,
            sequence: fifo.then_some(first.sequence),
        };
        if let Some(first) = key.as_ref().and_then(|key| self.earlier(key, ctx.now())) {
            ctx.record(new.cause, What::Deduplicated, &self.lineage, first.id);
            return Ok(sent(first, true));
        }
        let first = First { id: ctx.ids().uuid(), sequence: self.next_sequence };
        if let Some(key) = key {
            self.deduplication.remember(key, first, ctx.now());
        }
        self.activity.sent(size);
        let arrival = ctx.record(new.cause, What::Enqueued, &self.lineage, first.id);
        let subject = (arrival, &self.lineage, first.id);
        let is_hide = |effect: &FaultEffect| matches!(effect, FaultEffect::Hide { .. });
        let delay = match ctx.message_fault(&self.name, subject, is_hide) {
            Some(FaultEffect::Hide { seconds }) => delay + Duration::from_secs_f64(seconds),
            _ => delay,
        };
        let is_duplicate = |effect: &FaultEffect| matches!(effect, FaultEffect::Duplicate);
        let twice =
            !self.is_fifo() && ctx.message_fault(&self.name, subject, is_duplicate).is_some();
        let group = new.group.as_deref().map(|group| self.order.group(group));
        let (group, group_name) = group.unzip();
        let extra = Extra {
            trace_header: new.trace_header,
            group: group_name,
            deduplication_id: new.deduplication_id,
            dead_letter_source: None,
        };
        if self.last_sender != new.sender {
            self.last_sender = new.sender;
        }
        let now = ctx.now();
        let message = Message {
            id: first.id,
            body: new.body,
            body_md5: new.body_md5,
            unsigned: new.unsigned,
            attributes: (!new.attributes.is_empty()).then(|| Box::new(new.attributes)),
            sender: Arc::clone(&self.last_sender),
            group,
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
        if twice {
            self.put_in(message.clone(), now);
        }
        self.put_in(message, now);
        Ok(sent(first, self.is_fifo()))
    }

    /// The size of body and attributes in bytes, if it is allowed; that of the signature which the
    /// body will get is included.
    pub(super) fn check_size(
        &self,
        (body, unsigned): (&str, Option<SignatureVersion>),
        attributes: &MessageAttributes,
    ) -> Result<usize, SqsError> {
        let limit = self.attributes.maximum_message_size as usize;
        let signature = unsigned.map_or(0, |_| SIGNATURE_CHARACTERS);
        let size = body.len() + signature + message_attributes::size(attributes);
        if size > limit {
            return Err(SqsError::MessageTooLong { max: limit });
        }
        Ok(size)
    }

    fn delay_of(&self, new: &NewMessage) -> Result<Duration, SqsError> {
        match new.delay_seconds {
            // AWS takes an explicit zero on a FIFO queue for "the queue's delay".
            None => Ok(self.attributes.delay),
            Some(0) if self.is_fifo() => Ok(self.attributes.delay),
            Some(seconds) if self.is_fifo() => {
                Err(SqsError::value(seconds, "DelaySeconds", SqsError::NOT_FOR_THIS_QUEUE_TYPE))
            }
            Some(seconds) => Ok(Duration::from_secs(seconds.into())),
        }
    }

    fn deduplication_key(&self, new: &NewMessage, now: Timestamp) -> Result<Option<Key>, SqsError> {
        let Some(fifo) = &self.attributes.fifo else {
            if new.deduplication_id.is_some() {
                return Err(SqsError::value(
                    new.deduplication_id.as_deref().unwrap_or_default(),
                    "MessageDeduplicationId",
                    SqsError::NOT_FOR_THIS_QUEUE_TYPE,
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
                return Err(SqsError::no_deduplication_id());
            }
        };
        Ok(Some((self.scope_is_group(now).then(|| Arc::from(&**group)), id)))
    }

    /// The first message under `key`, within the window. One that was sent while ids counted in
    /// the whole queue still counts in all groups after a change of `DeduplicationScope`.
    fn earlier(&mut self, key: &Key, now: Timestamp) -> Option<First> {
        let found = self.deduplication.find(key, now);
        found.or_else(|| self.deduplication.find(&(None, Arc::clone(&key.1)), now))
    }

    /// Takes in a message that another queue gave up on.
    pub(in crate::services::sqs) fn dead_letter(
        &mut self,
        ctx: &mut Context<'_>,
        mut message: Message,
        source: &Arn,
    ) {
        self.settle(ctx);
        let cause = message.arrival;
        let why = format!("given up after {} receives", message.receives_here);
        message.arrival =
            ctx.record_note(cause, What::DeadLettered, &self.lineage, message.id, why);
        message.receives_here = 0;
        message.state = State::Visible;
        if self.is_fifo() {
            message.retained_from = ctx.now();
        }
        let extra = message.extra.get_or_insert_default();
        extra.dead_letter_source = Some(source.to_string().into());
        if self.attributes.fifo.is_some() {
            // AWS: two messages that shared an id must not be taken for one here.
            extra.deduplication_id = Some(message.id.to_string().into());
        }
        message.group = extra.group.as_deref().map(|group| self.order.group(group).0);
        self.put_in(message, ctx.now());
    }

    /// Whether a receive would find something now.
    pub(in crate::services::sqs) fn has_receivable(&mut self, now: Timestamp) -> bool {
        !self.is_at_in_flight_limit() && self.order.first(&self.messages, now).is_some()
    }
}
