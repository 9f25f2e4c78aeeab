//! Why a message failed, kept beside the queue under the message's id.
//!
//! SQS moves a message to its dead-letter queue unchanged; the note is how an operator learns the
//! reason.

use aws_sdk_dynamodb::Client;

use super::attributes::{number, read_number, read_text, text};
use super::aws::Aws;
use crate::config::Names;
use crate::domain::Timestamp;
use crate::failure::Failure;

#[derive(Clone, Debug)]
pub struct FailureNotes {
    client: Client,
    table: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureNote {
    pub message_id: String,
    pub role: String,
    pub reason: String,
    pub receive_count: u32,
    pub failed_at: Timestamp,
}

impl FailureNotes {
    pub fn new(aws: &Aws, names: &Names) -> Self {
        Self { client: aws.dynamodb(), table: names.failures_table() }
    }

    /// Replaces what was noted of the message before.
    pub async fn put(&self, note: &FailureNote) -> Result<(), Failure> {
        self.client
            .put_item()
            .table_name(&self.table)
            .item("message_id", text(&note.message_id))
            .item("role", text(&note.role))
            .item("reason", text(&note.reason))
            .item("receive_count", number(note.receive_count))
            .item("failed_at", number(note.failed_at.as_millis()))
            .send()
            .await
            .map_err(|error| Failure::of_call("PutItem", &error))?;
        Ok(())
    }

    pub async fn get(&self, message_id: &str) -> Result<Option<FailureNote>, Failure> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .consistent_read(true)
            .key("message_id", text(message_id))
            .send()
            .await
            .map_err(|error| Failure::of_call("GetItem", &error))?;
        let Some(item) = found.item else {
            return Ok(None);
        };
        Ok(Some(FailureNote {
            message_id: message_id.to_owned(),
            role: read_text(&item, "role")?,
            reason: read_text(&item, "reason")?,
            receive_count: read_number(&item, "receive_count")?,
            failed_at: Timestamp::from_millis(read_number(&item, "failed_at")?),
        }))
    }

    pub async fn remove(&self, message_id: &str) -> Result<(), Failure> {
        self.client
            .delete_item()
            .table_name(&self.table)
            .key("message_id", text(message_id))
            .send()
            .await
            .map_err(|error| Failure::of_call("DeleteItem", &error))?;
        Ok(())
    }
}
