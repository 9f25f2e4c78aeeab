//! SendMessageBatch: puts up to ten messages into a queue; each succeeds or fails by itself.
//!
//! Limits: 1 to 10 entries, 1 MiB in all.
//! A FIFO queue takes no entry at all when one lacks its group or de-duplication id.
//! Errors: `QueueDoesNotExist`, `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`,
//! `BatchEntryIdsNotDistinct`, `InvalidBatchEntryId`, `BatchRequestTooLong`,
//! `InvalidParameterValue`, `MissingParameter`.
//! Source: API reference "SendMessageBatch"; recordings of 2024-04-30.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sqs::attributes::{FifoAttributes, MESSAGE_BYTES_MAX};
use crate::services::sqs::batch::{self, BatchResultErrorEntry};
use crate::services::sqs::error::SqsError;
use crate::services::sqs::message_attributes::{self, MessageAttributes};
use crate::services::sqs::sending::Outgoing;
use crate::services::sqs::state::Sqs;
use crate::services::sqs::waiting::sequence_number;
use crate::wire::hex;

const OPERATION: &str = "SendMessageBatch";

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub queue_url: Option<String>,
    pub entries: Option<Vec<SendMessageBatchRequestEntry>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SendMessageBatchRequestEntry {
    pub id: Option<String>,
    pub message_body: Option<String>,
    pub delay_seconds: Option<i32>,
    pub message_attributes: Option<MessageAttributes>,
    pub message_system_attributes: Option<MessageAttributes>,
    pub message_deduplication_id: Option<String>,
    pub message_group_id: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub successful: Vec<SendMessageBatchResultEntry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<BatchResultErrorEntry>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SendMessageBatchResultEntry {
    pub id: Option<String>,
    pub message_id: Option<String>,
    #[serde(rename = "MD5OfMessageBody")]
    pub md5_of_message_body: Option<String>,
    #[serde(rename = "MD5OfMessageAttributes")]
    pub md5_of_message_attributes: Option<String>,
    #[serde(rename = "MD5OfMessageSystemAttributes")]
    pub md5_of_message_system_attributes: Option<String>,
    pub sequence_number: Option<String>,
}

pub fn run(ctx: &mut Context<'_>, sqs: &mut Sqs, request: Request) -> Result<Response, SqsError> {
    let queue = sqs.by_url(ctx, request.queue_url.as_deref())?;
    let (name, fifo) = (queue.name.clone(), queue.attributes.fifo.clone());
    let entries = request.entries.unwrap_or_default();
    batch::check_entries(OPERATION, entries.iter().map(|entry| entry.id.as_deref()))?;
    let bodies = entries.iter().map(|entry| entry.message_body.as_deref());
    batch::check_present(OPERATION, "MessageBody", bodies)?;
    check_size(&entries)?;
    if let Some(fifo) = fifo {
        check_fifo(&fifo, &entries)?;
    }
    let id = |entry: &SendMessageBatchRequestEntry| entry.id.clone().unwrap_or_default();
    let (successful, failed) = batch::each(ctx, entries, id, |ctx, entry, id| {
        let outgoing = Outgoing {
            body: entry.message_body,
            delay_seconds: entry.delay_seconds,
            attributes: entry.message_attributes,
            system_attributes: entry.message_system_attributes,
            deduplication_id: entry.message_deduplication_id,
            group_id: entry.message_group_id,
        };
        let (message, system_md5) = outgoing.validate(ctx)?;
        let body_md5 = message.body_md5;
        let sent = sqs.send(ctx, &name, message)?;
        Ok(SendMessageBatchResultEntry {
            id: Some(id),
            message_id: Some(sent.id.to_string()),
            md5_of_message_body: body_md5.as_ref().map(|md5| hex(md5)),
            md5_of_message_attributes: sent.attributes_md5,
            md5_of_message_system_attributes: system_md5,
            sequence_number: sent.sequence.map(sequence_number),
        })
    });
    Ok(Response { successful, failed })
}

/// What every message of a FIFO queue must have; here it fails the whole batch.
fn check_fifo(
    fifo: &FifoAttributes,
    entries: &[SendMessageBatchRequestEntry],
) -> Result<(), SqsError> {
    if entries.iter().any(|entry| entry.message_group_id.is_none()) {
        // A single message gets `MissingParameter` for this.
        let text = SqsError::MissingParameter("MessageGroupId".to_owned()).to_string();
        return Err(SqsError::InvalidParameterValue(text));
    }
    let has_id = |entry: &SendMessageBatchRequestEntry| entry.message_deduplication_id.is_some();
    if fifo.content_based_deduplication || entries.iter().all(has_id) {
        return Ok(());
    }
    Err(SqsError::no_deduplication_id())
}

fn check_size(entries: &[SendMessageBatchRequestEntry]) -> Result<(), SqsError> {
    let size = |entry: &SendMessageBatchRequestEntry| {
        entry.message_body.as_ref().map_or(0, String::len)
            + entry.message_attributes.as_ref().map_or(0, message_attributes::size)
    };
    let (sent, max) = (entries.iter().map(size).sum(), MESSAGE_BYTES_MAX as usize);
    if sent > max { Err(SqsError::BatchRequestTooLong { sent, max }) } else { Ok(()) }
}
