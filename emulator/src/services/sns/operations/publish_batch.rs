//! PublishBatch: sends up to ten messages to a topic.
//!
//! AWS checks all entries before it publishes any, so what is wrong with one refuses the batch.
//! Limits: 1 to 10 entries; ids of 1 to 80 letters, digits, `-` and `_`; 262,144 bytes in all.
//! Errors: those of Publish, `TooManyEntriesInBatchRequest`, `BatchEntryIdsNotDistinct`,
//! `InvalidBatchEntryId`, `BatchRequestTooLong`.
//! Source: API reference "PublishBatch"; recordings of 2024-10-09.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sns::error::SnsError;
use crate::services::sns::message::Outgoing;
use crate::services::sns::message_attributes::MessageAttributes;
use crate::services::sns::state::Sns;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub topic_arn: Option<String>,
    pub publish_batch_request_entries: Option<Vec<PublishBatchRequestEntry>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub successful: Option<Vec<PublishBatchResultEntry>>,
    pub failed: Option<Vec<BatchResultErrorEntry>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PublishBatchRequestEntry {
    pub id: Option<String>,
    pub message: Option<String>,
    pub subject: Option<String>,
    pub message_structure: Option<String>,
    pub message_attributes: Option<MessageAttributes>,
    pub message_deduplication_id: Option<String>,
    pub message_group_id: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PublishBatchResultEntry {
    pub id: Option<String>,
    pub message_id: Option<String>,
    pub sequence_number: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BatchResultErrorEntry {
    pub id: Option<String>,
    pub code: Option<String>,
    pub message: Option<String>,
    pub sender_fault: Option<bool>,
}

/// Most entries of one batch.
const ENTRIES_MAX: usize = 10;
/// Longest entry id, in characters.
const ID_CHARACTERS_MAX: usize = 80;

pub fn run(ctx: &mut Context<'_>, sns: &mut Sns, request: Request) -> Result<Response, SnsError> {
    let topic = sns.topic(ctx, "TopicArn", request.topic_arn.as_deref())?;
    let path = "publishBatchRequestEntries";
    let entries = request.publish_batch_request_entries.filter(|entries| !entries.is_empty());
    let entries = entries.ok_or_else(|| SnsError::MissingMember(path.to_owned()))?;
    check_ids(&entries)?;
    let outgoing: Vec<_> = entries.into_iter().map(outgoing).collect();
    let size: usize = outgoing.iter().map(|(_, message)| message.size()).sum();
    if size > topic.attributes.message_bytes_max() {
        return Err(SnsError::BatchRequestTooLong);
    }
    let cause = ctx.cause();
    let mut messages = Vec::new();
    let trace_header = ctx.caller().and_then(|caller| caller.trace_header.clone());
    for (number, (id, message)) in (1..).zip(outgoing) {
        let path = format!("{path}.{number}.member.");
        let mut message = message.validate(&topic.attributes, &path, cause)?;
        message.trace_header.clone_from(&trace_header);
        messages.push((id, message));
    }
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for (id, message) in messages {
        if let Some(fault) = ctx.entry_fault() {
            failed.push(BatchResultErrorEntry {
                id: Some(id),
                code: Some(fault.query_code.into_owned()),
                message: Some(fault.message),
                sender_fault: Some(false),
            });
            continue;
        }
        let published = topic.publish(ctx, message);
        successful.push(PublishBatchResultEntry {
            id: Some(id),
            message_id: Some(published.id.to_string()),
            sequence_number: published.sequence_number(),
        });
    }
    Ok(Response { successful: Some(successful), failed: Some(failed) })
}

fn outgoing(entry: PublishBatchRequestEntry) -> (String, Outgoing) {
    let outgoing = Outgoing {
        message: entry.message,
        message_structure: entry.message_structure,
        subject: entry.subject,
        attributes: entry.message_attributes,
        group_id: entry.message_group_id,
        deduplication_id: entry.message_deduplication_id,
    };
    (entry.id.unwrap_or_default(), outgoing)
}

fn check_ids(entries: &[PublishBatchRequestEntry]) -> Result<(), SnsError> {
    if entries.len() > ENTRIES_MAX {
        return Err(SnsError::TooManyEntriesInBatchRequest);
    }
    let mut seen = BTreeSet::new();
    for (number, entry) in (1..).zip(entries) {
        let Some(id) = entry.id.as_deref() else {
            let path = format!("publishBatchRequestEntries.{number}.member.id");
            return Err(SnsError::MissingMember(path));
        };
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if id.chars().count() > ID_CHARACTERS_MAX {
            return Err(SnsError::BatchEntryIdTooLong(id.to_owned()));
        }
        if !id.chars().all(allowed) || id.is_empty() {
            return Err(SnsError::BatchEntryIdCharacter(id.to_owned()));
        }
        if !seen.insert(id) {
            return Err(SnsError::BatchEntryIdsNotDistinct);
        }
    }
    Ok(())
}
