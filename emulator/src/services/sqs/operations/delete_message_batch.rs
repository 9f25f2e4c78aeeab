//! DeleteMessageBatch: removes up to ten received messages; each succeeds or fails by itself.
//!
//! Errors: `QueueDoesNotExist`, `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`,
//! `BatchEntryIdsNotDistinct`, `InvalidBatchEntryId`.
//! Source: API reference "DeleteMessageBatch"; recordings of 2024-04-30.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sqs::batch::{self, BatchResultErrorEntry};
use crate::services::sqs::error::SqsError;
use crate::services::sqs::operations::delete_message;
use crate::services::sqs::state::Sqs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub queue_url: Option<String>,
    pub entries: Option<Vec<DeleteMessageBatchRequestEntry>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DeleteMessageBatchRequestEntry {
    pub id: Option<String>,
    pub receipt_handle: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub successful: Vec<DeleteMessageBatchResultEntry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<BatchResultErrorEntry>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DeleteMessageBatchResultEntry {
    pub id: Option<String>,
}

pub fn run(ctx: &mut Context<'_>, sqs: &mut Sqs, request: Request) -> Result<Response, SqsError> {
    sqs.by_url(ctx, request.queue_url.as_deref())?;
    let entries = request.entries.unwrap_or_default();
    batch::check_entries("DeleteMessageBatch", entries.iter().map(|entry| entry.id.as_deref()))?;
    let handles = entries.iter().map(|entry| entry.receipt_handle.as_deref());
    batch::check_present("DeleteMessageBatch", "ReceiptHandle", handles)?;
    let id = |entry: &DeleteMessageBatchRequestEntry| entry.id.clone().unwrap_or_default();
    let (successful, failed) = batch::each(ctx, entries, id, |ctx, entry, id| {
        let queue_url = request.queue_url.clone();
        let receipt_handle = entry.receipt_handle;
        delete_message::run(ctx, sqs, delete_message::Request { queue_url, receipt_handle })?;
        Ok(DeleteMessageBatchResultEntry { id: Some(id) })
    });
    Ok(Response { successful, failed })
}
