//! What was already done for an event, so that a repeated delivery does not do it twice.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;

use super::attributes::{number, read_number, read_text, text};
use super::aws::Aws;
use crate::config::Names;
use crate::domain::Timestamp;
use crate::failure::{Dependency, Failure};

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
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "GetItem", &error))?;
        Ok(found.item.is_some())
    }

    /// Writes down that it is done; the first time counts.
    pub async fn record(&self, key: &str, now: Timestamp) -> Result<(), Failure> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("key", text(key))
            .item("recorded_at", number(now.as_millis()))
            .condition_expression("attribute_not_exists(#key)")
            .expression_attribute_names("#key", "key")
            .send()
            .await;
        match put {
            Err(error)
                if !error
                    .as_service_error()
                    .is_some_and(PutItemError::is_conditional_check_failed_exception) =>
            {
                Err(Failure::of_call(Dependency::DynamoDb, "PutItem", &error))
            }
            _ => Ok(()),
        }
    }

    /// Everything that was done, and when. Reads the whole table.
    pub async fn all(&self) -> Result<BTreeMap<String, Timestamp>, Failure> {
        let mut all = BTreeMap::new();
        let mut start = None;
        loop {
            let scan = self.client.scan().table_name(&self.table).consistent_read(true);
            let page = scan.set_exclusive_start_key(start).send().await;
            let page =
                page.map_err(|error| Failure::of_call(Dependency::DynamoDb, "Scan", &error))?;
            for item in page.items() {
                let at = Timestamp::from_millis(read_number(item, "recorded_at")?);
                all.insert(read_text(item, "key")?, at);
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(all);
            }
        }
    }
}
