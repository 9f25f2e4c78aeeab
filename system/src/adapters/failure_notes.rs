//! Why a message failed, kept beside the queue under the message's id.
//!
//! It counts the attempts, and it is how an operator learns why SQS itself made a dead letter of a
//! message.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::ReturnValue;

use super::attributes::{number, read_number, read_text, text};
use super::aws::Aws;
use crate::config::Names;
use crate::domain::Timestamp;
use crate::failure::{Dependency, Failure};

#[derive(Clone, Debug)]
pub struct FailureNotes {
    client: Client,
    table: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureNote {
    pub message_id: String,
    pub role: String,
    /// A word for programs.
    pub code: String,
    pub reason: String,
    pub receive_count: u32,
    /// How often the message failed, as far as it was its own fault.
    pub attempts: u32,
    pub failed_at: Timestamp,
}

impl FailureNotes {
    pub fn new(aws: &Aws, names: &Names) -> Self {
        Self { client: aws.dynamodb(), table: names.failures_table() }
    }

    /// Counts `more` attempts and replaces what was noted of the message before, the number of
    /// attempts apart. Answers that number.
    pub async fn note(&self, note: &FailureNote, more: u32) -> Result<u32, Failure> {
        let counted = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("message_id", text(&note.message_id))
            .update_expression(
                "SET #role = :role, #code = :code, #reason = :reason, #received = :received, \
                 #at = :at ADD #attempts :more",
            )
            .expression_attribute_names("#role", "role")
            .expression_attribute_names("#code", "code")
            .expression_attribute_names("#reason", "reason")
            .expression_attribute_names("#received", "receive_count")
            .expression_attribute_names("#at", "failed_at")
            .expression_attribute_names("#attempts", "attempts")
            .expression_attribute_values(":role", text(&note.role))
            .expression_attribute_values(":code", text(&note.code))
            .expression_attribute_values(":reason", text(&note.reason))
            .expression_attribute_values(":received", number(note.receive_count))
            .expression_attribute_values(":at", number(note.failed_at.as_millis()))
            .expression_attribute_values(":more", number(more))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "UpdateItem", &error))?;
        read_number(&counted.attributes.unwrap_or_default(), "attempts")
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
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "GetItem", &error))?;
        let Some(item) = found.item else {
            return Ok(None);
        };
        Ok(Some(FailureNote {
            message_id: message_id.to_owned(),
            role: read_text(&item, "role")?,
            code: read_text(&item, "code")?,
            reason: read_text(&item, "reason")?,
            attempts: read_number(&item, "attempts")?,
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
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "DeleteItem", &error))?;
        Ok(())
    }
}
