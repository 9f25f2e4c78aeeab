//! Receives that wait: what each wants, and which attributes a receive shows.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::SqsError;
use super::message::Message;
use super::message_attributes::{self, MessageAttributeValue};
use super::queue::Queue;
use super::shapes;
use crate::kernel::CallId;
use crate::wire::{Gather as _, Timestamp, hex};

/// A receive that found nothing and waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Waiter {
    /// Unset for another service that waits as long as it takes.
    pub(super) deadline: Option<Timestamp>,
    pub(super) parameters: ReceiveParameters,
}

/// The receives that wait at one queue, in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Waiters {
    #[serde(with = "crate::kernel::pairs")]
    waiters: BTreeMap<CallId, Waiter>,
    deadlines: BTreeSet<(Timestamp, CallId)>,
}

impl Waiters {
    pub(super) fn insert(&mut self, call: CallId, waiter: Waiter) {
        self.deadlines.extend(waiter.deadline.map(|deadline| (deadline, call)));
        self.waiters.insert(call, waiter);
    }

    pub(super) fn remove(&mut self, call: CallId) {
        let removed = self.waiters.remove(&call);
        if let Some(deadline) = removed.and_then(|waiter| waiter.deadline) {
            self.deadlines.remove(&(deadline, call));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiters.is_empty()
    }

    /// Who came first.
    pub(super) fn first(&self) -> Option<(CallId, &Waiter)> {
        self.waiters.first_key_value().map(|(call, waiter)| (*call, waiter))
    }

    /// When the first of them gives up.
    pub(super) fn deadline(&self) -> Option<Timestamp> {
        self.deadlines.first().map(|(deadline, _)| *deadline)
    }

    /// Takes one that gives up by `now`.
    pub(super) fn take_late(&mut self, now: Timestamp) -> Option<CallId> {
        let (deadline, call) = *self.deadlines.first()?;
        if deadline > now {
            return None;
        }
        self.remove(call);
        Some(call)
    }

    pub(super) fn into_calls(self) -> impl Iterator<Item = CallId> {
        self.waiters.into_keys()
    }
}

/// What a receive asks for, validated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ReceiveParameters {
    /// 1 to 10.
    pub(super) messages_max: usize,
    pub(super) visibility_timeout: Duration,
    pub(super) system_attributes: Vec<SystemAttribute>,
    pub(super) message_attributes: Vec<String>,
    /// FIFO queues only.
    pub(super) attempt_id: Option<Box<str>>,
}

/// A system attribute that a receive can show. `All` stands for each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum SystemAttribute {
    All,
    SenderId,
    SentTimestamp,
    ApproximateReceiveCount,
    ApproximateFirstReceiveTimestamp,
    MessageGroupId,
    MessageDeduplicationId,
    SequenceNumber,
    AWSTraceHeader,
    DeadLetterQueueSourceArn,
}

impl FromStr for SystemAttribute {
    type Err = SqsError;

    fn from_str(name: &str) -> Result<Self, SqsError> {
        Ok(match name {
            "All" => Self::All,
            "SenderId" => Self::SenderId,
            "SentTimestamp" => Self::SentTimestamp,
            "ApproximateReceiveCount" => Self::ApproximateReceiveCount,
            "ApproximateFirstReceiveTimestamp" => Self::ApproximateFirstReceiveTimestamp,
            "MessageGroupId" => Self::MessageGroupId,
            "MessageDeduplicationId" => Self::MessageDeduplicationId,
            "SequenceNumber" => Self::SequenceNumber,
            "AWSTraceHeader" => Self::AWSTraceHeader,
            "DeadLetterQueueSourceArn" => Self::DeadLetterQueueSourceArn,
            unknown => return Err(SqsError::InvalidAttributeName(unknown.to_owned())),
        })
    }
}

impl ReceiveParameters {
    /// A message just taken, as this receive shows it.
    pub(super) fn show(&self, queue: &Queue, sequence: u64) -> shapes::Message {
        let message = queue.message(sequence);
        let attributes = message.attributes.as_deref();
        let attributes: Option<BTreeMap<String, MessageAttributeValue>> = attributes
            .map(|all| {
                let shown = all.iter().filter(|(name, _)| self.wants_attribute(name));
                shown.map(|(name, value)| (name.clone(), value.clone())).into_map()
            })
            .filter(|shown: &BTreeMap<_, _>| !shown.is_empty());
        shapes::Message {
            message_id: Some(message.id.to_string()),
            receipt_handle: Some(queue.receipt_handle(sequence)),
            md5_of_body: Some(hex(&message.body_md5())),
            body: Some(message.body.to_string()),
            attributes: self.system_attributes(queue, message, sequence),
            md5_of_message_attributes: attributes.as_ref().and_then(message_attributes::digest),
            message_attributes: attributes,
        }
    }

    fn wants_attribute(&self, name: &str) -> bool {
        self.message_attributes.iter().any(|wanted| match wanted.strip_suffix(".*") {
            _ if wanted == "All" || wanted == ".*" => true,
            // AWS compares the plain prefix, without the dot: `col.*` also finds `color`.
            Some(prefix) => name.starts_with(prefix),
            None => wanted == name,
        })
    }

    fn system_attributes(
        &self,
        queue: &Queue,
        message: &Message,
        sequence: u64,
    ) -> Option<BTreeMap<String, String>> {
        use SystemAttribute as Name;
        if self.system_attributes.is_empty() {
            return None;
        }
        let wants = |name| self.system_attributes.iter().any(|n| *n == Name::All || *n == name);
        let mut shown = BTreeMap::new();
        let mut show = |name, text: &str, value: &dyn Fn() -> Option<String>| {
            if wants(name)
                && let Some(value) = value()
            {
                shown.insert(text.to_owned(), value);
            }
        };
        let millis = |at: Timestamp| at.millis().to_string();
        show(Name::SenderId, "SenderId", &|| Some(message.sender.to_string()));
        show(Name::SentTimestamp, "SentTimestamp", &|| Some(millis(message.sent)));
        show(Name::ApproximateReceiveCount, "ApproximateReceiveCount", &|| {
            Some(message.receive_count.to_string())
        });
        show(Name::ApproximateFirstReceiveTimestamp, "ApproximateFirstReceiveTimestamp", &|| {
            message.first_received.map(millis)
        });
        show(Name::SequenceNumber, "SequenceNumber", &|| {
            queue.is_fifo().then(|| sequence_number(sequence))
        });
        if let Some(extra) = message.extra.as_deref() {
            let text = |text: Option<&str>| text.map(str::to_owned);
            show(Name::MessageGroupId, "MessageGroupId", &|| text(extra.group.as_deref()));
            show(Name::MessageDeduplicationId, "MessageDeduplicationId", &|| {
                text(extra.deduplication_id.as_deref())
            });
            show(Name::AWSTraceHeader, "AWSTraceHeader", &|| text(extra.trace_header.as_deref()));
            show(Name::DeadLetterQueueSourceArn, "DeadLetterQueueSourceArn", &|| {
                text(extra.dead_letter_source.as_deref())
            });
        }
        (!shown.is_empty()).then_some(shown)
    }
}

/// `SequenceNumber` of a FIFO queue: 20 digits that only rise.
pub(super) fn sequence_number(sequence: u64) -> String {
    // AWS's numbers begin far above zero; the leading digits keep the width without padding.
    format!("{}", 18_000_000_000_000_000_000_u128 + u128::from(sequence))
}
