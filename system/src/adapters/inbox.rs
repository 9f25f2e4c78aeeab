//! What was already done for an event, so that a repeated delivery does not do it twice.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;

use super::attributes::{Item, number, read_number, read_text, text};
use super::aws::Aws;
use crate::config::Names;
use crate::domain::Timestamp;
use crate::failure::{Dependency, Failure};

const ASKED: &str = "asked";

/// What is done once for all requests that have the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// Of the inbox.
    pub key: String,
    /// In a few words; another request under the same key asks for something else.
    pub asked: String,
}

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
        Ok(self.item(key).await?.is_some())
    }

    async fn item(&self, key: &str) -> Result<Option<Item>, Failure> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .consistent_read(true)
            .key("key", text(key))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "GetItem", &error))?;
        Ok(found.item)
    }

    /// What was asked for under a key that callers choose, if anything was: `Some(None)` when that
    /// was not written down, as it once was not.
    pub async fn asked(&self, key: &str) -> Result<Option<Option<String>>, Failure> {
        let Some(item) = self.item(key).await? else { return Ok(None) };
        let asked = item.contains_key(ASKED).then(|| read_text(&item, ASKED));
        Ok(Some(asked.transpose()?))
    }

    /// Writes down that it is done; the first time counts.
    pub async fn record(&self, key: &str, now: Timestamp) -> Result<(), Failure> {
        self.put(entry(key, None, now)).await
    }

    /// The same, for what was asked for under a key; the first time counts.
    pub async fn record_asked(&self, once: &Once, now: Timestamp) -> Result<(), Failure> {
        self.put(entry(&once.key, Some(&once.asked), now)).await
    }

    async fn put(&self, item: Item) -> Result<(), Failure> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
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

/// An item of the table.
pub(super) fn entry(key: &str, asked: Option<&str>, now: Timestamp) -> Item {
    let mut item =
        Item::from([("key".into(), text(key)), ("recorded_at".into(), number(now.as_millis()))]);
    item.extend(asked.map(|asked| (ASKED.into(), text(asked))));
    item
}
