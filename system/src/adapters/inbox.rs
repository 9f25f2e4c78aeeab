//! What was already done for an event, so that a repeated delivery does not do it twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{KeysAndAttributes, PutRequest, WriteRequest};

use super::attributes::{Item, number, read_number, read_text, text};
use super::aws::Aws;
use super::gather::Gather;
use crate::config::Names;
use crate::domain::Timestamp;
use crate::failure::{Dependency, Failure};

const ASKED: &str = "asked";
/// Keys of one call. Source: BatchGetItem, API reference.
const KEYS_MAX: usize = 100;
/// Entries of one call. Source: BatchWriteItem, API reference.
const PUTS_MAX: usize = 25;
/// Of a call that DynamoDB did in part only.
const ATTEMPTS: usize = 5;

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
    asking: Arc<Gather<String, Result<bool, Failure>>>,
    noting: Arc<Gather<(String, Timestamp), Result<(), Failure>>>,
}

impl Inbox {
    pub fn new(aws: &Aws, names: &Names) -> Self {
        Self {
            client: aws.dynamodb(),
            table: names.inbox_table(),
            asking: Arc::new(Gather::new(Dependency::DynamoDb, KEYS_MAX)),
            noting: Arc::new(Gather::new(Dependency::DynamoDb, PUTS_MAX)),
        }
    }

    /// Whether it was done; asked for together with others.
    pub async fn contains(&self, key: &str) -> Result<bool, Failure> {
        let all = async |keys: Vec<String>| match self.found(&keys).await {
            Ok(found) => keys.iter().map(|key| Ok(found.contains(key))).collect(),
            Err(failure) => keys.iter().map(|_| Err(failure.clone())).collect::<Vec<_>>(),
        };
        self.asking.ask(key.to_owned(), all).await?
    }

    /// Which of the keys there are.
    async fn found(&self, keys: &[String]) -> Result<BTreeSet<String>, Failure> {
        let mut found = BTreeSet::new();
        let keys: BTreeSet<_> = keys.iter().collect();
        let keys = keys.into_iter().map(|key| Item::from([("key".into(), text(key))]));
        let mut left = keys.collect::<Vec<_>>();
        for _ in 0..ATTEMPTS {
            let asked = KeysAndAttributes::builder()
                .set_keys(Some(left))
                .consistent_read(true)
                .projection_expression("#key")
                .expression_attribute_names("#key", "key")
                .build()
                .expect("the keys are given");
            let call = self.client.batch_get_item().request_items(&self.table, asked);
            let answer = call.send().await;
            let answer = answer
                .map_err(|error| Failure::of_call(Dependency::DynamoDb, "BatchGetItem", &error))?;
            let items = answer.responses.unwrap_or_default().remove(&self.table);
            for item in items.unwrap_or_default() {
                found.insert(read_text(&item, "key")?);
            }
            let rest = answer.unprocessed_keys.unwrap_or_default().remove(&self.table);
            left = rest.map(|rest| rest.keys).unwrap_or_default();
            if left.is_empty() {
                return Ok(found);
            }
        }
        let why = format!("BatchGetItem left {} keys", left.len());
        Err(Failure::Throttled(Dependency::DynamoDb, why))
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

    /// Writes down that it is done, together with others. Done twice, the last time counts.
    pub async fn record(&self, key: &str, now: Timestamp) -> Result<(), Failure> {
        let all = async |all: Vec<_>| {
            let count = all.len();
            let noted = self.note(all.into_iter().collect()).await;
            (0..count).map(|_| noted.clone()).collect::<Vec<_>>()
        };
        self.noting.ask((key.to_owned(), now), all).await?
    }

    async fn note(&self, all: BTreeMap<String, Timestamp>) -> Result<(), Failure> {
        let put = |(key, now): (String, Timestamp)| {
            let put = PutRequest::builder().set_item(Some(entry(&key, None, now)));
            let put = put.build().expect("the item is given");
            WriteRequest::builder().put_request(put).build()
        };
        let mut left = all.into_iter().map(put).collect::<Vec<_>>();
        for _ in 0..ATTEMPTS {
            let call = self.client.batch_write_item().request_items(&self.table, left);
            let answer = call.send().await;
            let answer = answer.map_err(|error| {
                Failure::of_call(Dependency::DynamoDb, "BatchWriteItem", &error)
            })?;
            let rest = answer.unprocessed_items.unwrap_or_default().remove(&self.table);
            left = rest.unwrap_or_default();
            if left.is_empty() {
                return Ok(());
            }
        }
        let why = format!("BatchWriteItem left {} entries of the inbox", left.len());
        Err(Failure::Throttled(Dependency::DynamoDb, why))
    }

    /// Writes down what was asked for under a key; the first time counts.
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
