//! What was already done for an event, so that a repeated delivery does not do it twice.

use aws_sdk_dynamodb::Client;

use super::attributes::{number, text};
use super::aws::Aws;
use crate::config::Names;
use crate::domain::Timestamp;
use crate::failure::Failure;

#[derive(Clone, Debug)]
pub struct Inbox {
    client: Client,
    table: String,
}

impl Inbox {
    pub fn new(aws: &Aws, names: &Names) -> Self {
        Self { client: aws.dynamodb(), table: names.inbox_table() }
    }

    pub async fn contains(&self, key: &str) -> Result<bool, Failure> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .consistent_read(true)
            .key("key", text(key))
            .send()
            .await
            .map_err(|error| Failure::of_call("GetItem", &error))?;
        Ok(found.item.is_some())
    }

    pub async fn record(&self, key: &str, now: Timestamp) -> Result<(), Failure> {
        self.client
            .put_item()
            .table_name(&self.table)
            .item("key", text(key))
            .item("recorded_at", number(now.as_millis()))
            .send()
            .await
            .map_err(|error| Failure::of_call("PutItem", &error))?;
        Ok(())
    }
}
