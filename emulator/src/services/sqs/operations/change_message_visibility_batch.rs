//! ChangeMessageVisibilityBatch: the same for up to ten messages; each succeeds or fails by itself.
//!
//! Errors: `QueueDoesNotExist`, `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`,
//! `BatchEntryIdsNotDistinct`, `InvalidBatchEntryId`.
//! Source: API reference "ChangeMessageVisibilityBatch".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sqs::batch::{self, BatchResultErrorEntry};
use crate::services::sqs::error::SqsError;
use crate::services::sqs::operations::change_message_visibility as single;
use crate::services::sqs::state::Sqs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub queue_url: Option<String>,
    pub entries: Option<Vec<ChangeMessageVisibilityBatchRequestEntry>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ChangeMessageVisibilityBatchRequestEntry {
    pub id: Option<String>,
    pub receipt_handle: Option<String>,
    pub visibility_timeout: Option<i32>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub successful: Vec<ChangeMessageVisibilityBatchResultEntry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<BatchResultErrorEntry>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ChangeMessageVisibilityBatchResultEntry {
    pub id: Option<String>,
}

pub fn run(ctx: &mut Context<'_>, sqs: &mut Sqs, request: Request) -> Result<Response, SqsError> {
    sqs.by_url(ctx, request.queue_url.as_deref())?;
    let entries = request.entries.unwrap_or_default();
    let ids = entries.iter().map(|entry| entry.id.as_deref());
    batch::check_entries("ChangeMessageVisibilityBatch", ids)?;
    let handles = entries.iter().map(|entry| entry.receipt_handle.as_deref());
    batch::check_present("ChangeMessageVisibilityBatch", "ReceiptHandle", handles)?;
    let id =
        |entry: &ChangeMessageVisibilityBatchRequestEntry| entry.id.clone().unwrap_or_default();
    let (successful, failed) = batch::each(ctx, entries, id, |ctx, entry, id| {
        let request = single::Request {
            queue_url: request.queue_url.clone(),
            receipt_handle: entry.receipt_handle,
            visibility_timeout: entry.visibility_timeout,
        };
        single::run(ctx, sqs, request)?;
        Ok(ChangeMessageVisibilityBatchResultEntry { id: Some(id) })
    });
    Ok(Response { successful, failed })
}
