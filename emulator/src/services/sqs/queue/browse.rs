//! The messages of a queue as people look at them, without taking any.

use serde::Serialize;

use super::{Queue, Seen};
use crate::kernel::{Arn, NodeId};
use crate::services::sqs::message::{Message, ReceiptHandle, Sequence};
use crate::services::sqs::message_attributes::MessageAttributes;
use crate::services::sqs::state::Sqs;
use crate::wire::Timestamp;

/// Most messages that one look goes past to find those that mention a text.
const LOOKED_AT_MAX: usize = 20_000;
/// Longest part of a body that stands in a list, in bytes.
const SHOWN_BYTES_MAX: usize = 2048;

/// What is looked for in a queue.
#[derive(Clone, Debug)]
pub struct Browsing<'a> {
    /// The first place in the queue that is looked at; places rise with each message that enters.
    pub from: u64,
    /// Most messages that are shown.
    pub count: usize,
    /// Only messages whose body or id has this text.
    pub text: &'a str,
    /// Bodies are shown whole.
    pub whole: bool,
}

/// A part of a queue.
#[derive(Clone, Debug, Serialize)]
pub struct Browsed {
    pub messages: Vec<BrowsedMessage>,
    /// Where the next part begins, if there may be more.
    pub next: Option<u64>,
    /// The places of the first and the last message.
    pub first: Option<u64>,
    pub last: Option<u64>,
}

/// A message as it lies in its queue. Times are in milliseconds since 1970.
#[derive(Clone, Debug, Serialize)]
pub struct BrowsedMessage {
    pub place: u64,
    pub id: String,
    pub body: String,
    /// Length of the body, of which the start is shown.
    pub bytes: usize,
    /// `visible`, `delayed` or `in-flight`.
    pub state: &'static str,
    /// When that ends.
    pub until: Option<i64>,
    pub sent: i64,
    pub expires: i64,
    pub receive_count: u32,
    pub sender: String,
    pub attributes: Option<MessageAttributes>,
    pub group: Option<String>,
    pub deduplication_id: Option<String>,
    /// The queue that gave it up.
    pub given_up_by: Option<String>,
    /// Why it came here, where the lineage still knows.
    pub reason: Option<String>,
    /// Of its latest receive, while it is in flight.
    pub receipt_handle: Option<String>,
    #[serde(skip)]
    pub arrival: NodeId,
}

impl Sqs {
    /// The messages of a queue at `now`, oldest first; `None` without such a queue. Changes
    /// nothing.
    pub fn browse(&self, queue: &Arn, asked: &Browsing<'_>, now: Timestamp) -> Option<Browsed> {
        let queue = self.queues.get(queue.resource.as_str()).filter(|it| it.arn == *queue)?;
        Some(queue.browse(asked, now))
    }
}

impl Queue {
    /// When the message that entered first of those that are here was sent.
    pub(in crate::services::sqs) fn oldest(&self) -> Option<Timestamp> {
        self.messages.next(0).map(|(_, message)| message.sent)
    }

    fn browse(&self, asked: &Browsing<'_>, now: Timestamp) -> Browsed {
        let (mut messages, mut next) = (Vec::new(), None);
        for (looked, (place, message)) in self.messages.iter_from(asked.from).enumerate() {
            if messages.len() >= asked.count || looked >= LOOKED_AT_MAX {
                next = Some(place);
                break;
            }
            if asked.text.is_empty()
                || message.body.contains(asked.text)
                || message.id.to_string().starts_with(asked.text)
            {
                messages.push(self.browsed(place, message, (asked.whole, now)));
            }
        }
        let first = self.messages.next(0).map(|(place, _)| place);
        let last = self.messages.last();
        Browsed { messages, next, first, last }
    }

    fn browsed(
        &self,
        place: Sequence,
        message: &Message,
        (whole, now): (bool, Timestamp),
    ) -> BrowsedMessage {
        let (seen, until) = Seen::until(message, now);
        let receive = message.receive_count;
        let handle = || ReceiptHandle { sequence: place, receive }.to_text(self.number);
        let extra = message.extra.as_deref();
        let group = extra.and_then(|it| it.group.as_deref()).map(str::to_owned);
        let deduplication_id = extra.and_then(|it| it.deduplication_id.as_deref());
        let body = if whole { &*message.body } else { start(&message.body) };
        let retention = self.attributes.message_retention_period;
        BrowsedMessage {
            place,
            id: message.id.to_string(),
            body: body.to_owned(),
            bytes: message.body.len(),
            state: seen.name(),
            until: until.map(Timestamp::millis),
            sent: message.sent.millis(),
            expires: (message.retained_from + retention).millis(),
            receive_count: receive,
            sender: message.sender.to_string(),
            attributes: message.attributes.as_deref().cloned(),
            group,
            deduplication_id: deduplication_id.map(str::to_owned),
            given_up_by: message.dead_letter_source().map(str::to_owned),
            reason: None,
            receipt_handle: (seen == Seen::InFlight).then(handle),
            arrival: message.arrival,
        }
    }
}

/// The start of a text, as far as it is shown.
fn start(text: &str) -> &str {
    &text[..text.floor_char_boundary(SHOWN_BYTES_MAX)]
}
