//! A message at rest, what a sender gives, and what a receiver gets.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::message_attributes::{MessageAttributes, body_digest};
use super::queue::GroupNumber;
use crate::kernel::{Context, MessageId, NodeId, SignatureVersion};
use crate::services::shared::notification;
use crate::wire::Timestamp;

/// A message's place in its queue: rises with every message that enters.
pub(super) type Sequence = u64;

/// What enters a queue, from whichever door; already validated.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NewMessage {
    pub(super) body: Arc<str>,
    /// If a client sent it, who is told.
    pub(super) body_md5: Option<[u8; 16]>,
    /// The body is a notification that gets its signature when it is received.
    pub(super) unsigned: Option<SignatureVersion>,
    pub(super) attributes: MessageAttributes,
    /// X-Ray's header, the one system attribute that clients may set.
    pub(super) trace_header: Option<Box<str>>,
    pub(super) delay_seconds: Option<u32>,
    pub(super) group: Option<Box<str>>,
    pub(super) deduplication_id: Option<Box<str>>,
    /// `SenderId`: an access key's principal or a service.
    pub(super) sender: Arc<str>,
    pub(super) cause: NodeId,
}

/// What a message was answered with when it was sent; a duplicate gets the same answer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct First {
    pub(super) id: MessageId,
    pub(super) sequence: Sequence,
}

/// A message in a queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Message {
    pub(super) id: MessageId,
    pub(super) body: Arc<str>,
    /// None of what another service delivered, until somebody receives it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) body_md5: Option<[u8; 16]>,
    /// The body is a notification that gets its signature when it is first received.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) unsigned: Option<SignatureVersion>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) attributes: Option<Box<MessageAttributes>>,
    pub(super) sender: Arc<str>,
    /// Its message group, by the number that the queue gave it.
    pub(super) group: Option<GroupNumber>,
    /// When it was first sent; a move to a dead-letter queue keeps it.
    pub(super) sent: Timestamp,
    /// When the retention period counts from. In a FIFO queue that is when it entered it.
    pub(super) retained_from: Timestamp,
    pub(super) first_received: Option<Timestamp>,
    pub(super) receive_count: u32,
    /// Receives since it entered this queue: what `maxReceiveCount` is compared with.
    pub(super) receives_here: u32,
    pub(super) state: State,
    /// The lineage entry of its arrival.
    pub(super) arrival: NodeId,
    /// What few messages have.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) extra: Option<Box<Extra>>,
}

/// What few messages have; boxed, so that plain ones stay small.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Extra {
    pub(super) trace_header: Option<Box<str>>,
    pub(super) group: Option<Arc<str>>,
    pub(super) deduplication_id: Option<Box<str>>,
    /// Set in a dead-letter queue: the ARN of the queue it came from.
    pub(super) dead_letter_source: Option<Arc<str>>,
}

/// Whether a message can be received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum State {
    Visible,
    Delayed { until: Timestamp },
    InFlight { until: Timestamp, received: Timestamp },
}

impl Message {
    /// Puts the signature into a notification that has none yet.
    pub(super) fn sign(&mut self, ctx: &Context<'_>) {
        if let Some(version) = self.unsigned.take()
            && let Some(signed) = notification::sign(&ctx.signer(), version, &self.body)
        {
            self.body = signed;
        }
    }

    pub(super) fn body_md5(&self) -> [u8; 16] {
        self.body_md5.unwrap_or_else(|| body_digest(&self.body))
    }

    /// The ARN of the queue that gave it up, if one did.
    pub(super) fn dead_letter_source(&self) -> Option<&str> {
        self.extra.as_ref()?.dead_letter_source.as_deref()
    }
}

impl State {
    pub(super) fn is_in_flight(self) -> bool {
        matches!(self, Self::InFlight { .. })
    }
}

/// A receipt handle: which message, which receive of it.
///
/// Opaque to clients. The text carries a digest that only the queue can make, so one of a deleted
/// queue of the same name, of another account, of before a reset, or made up, is of no queue here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ReceiptHandle {
    pub(super) sequence: Sequence,
    pub(super) receive: u32,
}

/// Guards against text that happens to decode.
const HANDLE_MARK: [u8; 4] = *b"sqs2";
const HANDLE_BYTES: usize = 24;

impl ReceiptHandle {
    /// The handle's text for the queue of that number.
    pub(super) fn to_text(self, queue: u64) -> String {
        let mut bytes = [0; HANDLE_BYTES];
        bytes[..4].copy_from_slice(&HANDLE_MARK);
        bytes[4..12].copy_from_slice(&self.digest(queue));
        bytes[12..20].copy_from_slice(&self.sequence.to_be_bytes());
        bytes[20..].copy_from_slice(&self.receive.to_be_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a handle; the second part says whether it is one of the queue of that number.
    pub(super) fn parse(text: &str, queue: u64) -> Option<(Self, bool)> {
        let bytes: [u8; HANDLE_BYTES] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let rest = bytes.strip_prefix(&HANDLE_MARK)?;
        let (digest, rest) = rest.split_first_chunk::<8>()?;
        let (sequence, rest) = rest.split_first_chunk()?;
        let handle = Self {
            sequence: u64::from_be_bytes(*sequence),
            receive: u32::from_be_bytes(rest.try_into().ok()?),
        };
        Some((handle, *digest == handle.digest(queue)))
    }

    fn digest(self, queue: u64) -> [u8; 8] {
        let mut bytes = [0; 20];
        bytes[..8].copy_from_slice(&queue.to_be_bytes());
        bytes[8..16].copy_from_slice(&self.sequence.to_be_bytes());
        bytes[16..].copy_from_slice(&self.receive.to_be_bytes());
        let digest = Sha256::digest(bytes);
        *digest.first_chunk().expect("a SHA-256 has 32 bytes")
    }
}
