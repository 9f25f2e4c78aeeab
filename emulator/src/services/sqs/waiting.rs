//! Receives that wait: what each wants, and which attributes a receive shows.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::message::{Extra, Message};
use super::message_attributes::{self, MessageAttributeValue, hex};
use super::operations::receive_message;
use super::queue::Queue;
use crate::wire::Timestamp;

/// A receive that found nothing and waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Waiter {
    pub(super) deadline: Timestamp,
    pub(super) wanted: Wanted,
}

/// What a receive asks for, validated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Wanted {
    /// 1 to 10.
    pub(super) messages_max: usize,
    pub(super) visibility_timeout: Duration,
    pub(super) system_attributes: Vec<String>,
    pub(super) message_attributes: Vec<String>,
}

impl Wanted {
    /// A message just taken, as this receive shows it.
    pub(super) fn show(&self, queue: &Queue, sequence: u64) -> receive_message::Message {
        let message = queue.message(sequence);
        let attributes = message.attributes.as_deref();
        let attributes: Option<BTreeMap<String, MessageAttributeValue>> = attributes
            .map(|all| {
                let shown = all.iter().filter(|(name, _)| self.wants_attribute(name));
                shown.map(|(name, value)| (name.clone(), value.clone())).collect()
            })
            .filter(|shown: &BTreeMap<_, _>| !shown.is_empty());
        receive_message::Message {
            message_id: Some(message.id.to_string()),
            receipt_handle: Some(queue.receipt_handle(sequence).to_text()),
            md5_of_body: Some(hex(&message.body_md5)),
            body: Some(message.body.to_string()),
            attributes: self.system_attributes(queue, message, sequence),
            md5_of_message_attributes: attributes.as_ref().and_then(message_attributes::digest),
            message_attributes: attributes,
        }
    }

    fn wants_attribute(&self, name: &str) -> bool {
        self.message_attributes.iter().any(|wanted| match wanted.strip_suffix(".*") {
            _ if wanted == "All" => true,
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
        if self.system_attributes.is_empty() {
            return None;
        }
        let all = self.system_attributes.iter().any(|wanted| wanted == "All");
        let wants = |name: &str| all || self.system_attributes.iter().any(|wanted| wanted == name);
        let millis = |at: Timestamp| at.millis().to_string();
        let none = Extra::default();
        let extra = message.extra.as_deref().unwrap_or(&none);
        let text = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
        let candidates = [
            ("SenderId", Some(message.sender.to_string())),
            ("SentTimestamp", Some(millis(message.sent))),
            ("ApproximateReceiveCount", Some(message.receive_count.to_string())),
            ("ApproximateFirstReceiveTimestamp", message.first_received.map(millis)),
            ("MessageGroupId", extra.group.as_deref().map(str::to_owned)),
            ("MessageDeduplicationId", text(&extra.deduplication_id)),
            ("SequenceNumber", queue.is_fifo().then(|| sequence_number(sequence))),
            ("AWSTraceHeader", text(&extra.trace_header)),
            ("DeadLetterQueueSourceArn", extra.dead_letter_source.as_deref().map(str::to_owned)),
        ];
        let shown: BTreeMap<String, String> = candidates
            .into_iter()
            .filter(|(name, _)| wants(name))
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect();
        (!shown.is_empty()).then_some(shown)
    }
}

/// `SequenceNumber` of a FIFO queue: 20 digits that only rise.
pub(super) fn sequence_number(sequence: u64) -> String {
    // AWS's numbers begin far above zero; the leading digits keep the width without padding.
    format!("{}", 18_000_000_000_000_000_000_u128 + u128::from(sequence))
}
