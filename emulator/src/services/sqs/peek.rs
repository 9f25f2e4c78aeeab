//! The messages of a queue as a receive would show them, for somebody who takes none.
//!
//! Source: docs.localstack.cloud, "Simple Queue Service (SQS)", developer endpoints.

use std::time::Duration;

use super::address::Address;
use super::operations::receive_message;
use super::queue::Seen;
use super::state::Sqs;
use super::waiting::{ReceiveParameters, SystemAttribute};
use crate::kernel::Scope;
use crate::wire::Timestamp;

/// Most bytes of bodies that are shown at once.
const BYTES_MAX: usize = 32 * 1024 * 1024;
/// What a message takes beside its body, roughly.
const BYTES_EACH: usize = 512;
/// What stands for a receipt handle: nothing can be done with it.
const NO_HANDLE: &str = "SQS/BACKDOOR/ACCESS";

/// Which messages are wanted besides those that could be received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    pub in_flight: bool,
    pub delayed: bool,
}

/// What is in a queue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Received {
    pub shown: receive_message::Response,
    /// How many more there are than fit into an answer.
    pub left_out: usize,
}

impl Sqs {
    /// Where the queue of a URL is, for somebody who asks from `asked`: its account and region, and
    /// its name.
    pub fn place(url: &str, asked: &Scope) -> (Scope, String) {
        let Address { name, account, region } = Address::of(url);
        let (account, region) =
            (account.unwrap_or(&asked.account.0), region.unwrap_or(&asked.region.0));
        (Scope::new(account, region), name.to_owned())
    }

    /// The messages of the queue `name` at `now`, the oldest first; `None` without such a queue.
    pub fn as_received(&self, name: &str, now: Timestamp, wanted: Wanted) -> Option<Received> {
        let queue = self.queues.get(name)?;
        let parameters = ReceiveParameters {
            messages_max: 0,
            visibility_timeout: Duration::ZERO,
            system_attributes: vec![SystemAttribute::All],
            message_attributes: vec!["All".to_owned()],
            attempt_id: None,
        };
        let tells_state = wanted != Wanted::default();
        let (mut messages, mut bytes, mut left_out) = (Vec::new(), 0, 0);
        for (sequence, message, seen) in queue.seen(now) {
            let is_wanted = match seen {
                Seen::Visible => true,
                Seen::InFlight => wanted.in_flight,
                Seen::Delayed => wanted.delayed,
            };
            if !is_wanted {
                continue;
            }
            bytes += message.body.len() + BYTES_EACH;
            if bytes > BYTES_MAX {
                left_out += 1;
                continue;
            }
            let mut shown = parameters.show(queue, sequence);
            shown.receipt_handle = Some(NO_HANDLE.to_owned());
            if tells_state {
                let attributes = shown.attributes.get_or_insert_default();
                let (visible, delayed) = (seen != Seen::InFlight, seen == Seen::Delayed);
                attributes.insert("IsVisible".to_owned(), visible.to_string());
                attributes.insert("IsDelayed".to_owned(), delayed.to_string());
            }
            messages.push(shown);
        }
        let messages = (!messages.is_empty()).then_some(messages);
        Some(Received { shown: receive_message::Response { messages }, left_out })
    }
}
