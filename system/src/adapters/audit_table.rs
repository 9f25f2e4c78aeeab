//! The audit trail: every event of the bus, once, under each order and product that it is about.
//!
//! An item is never overwritten: an event that comes again changes nothing, and another event in
//! its place is an error. What the events mean is none of its business.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem};

use super::attributes::{Item, number, read_number, read_text, text};
use super::aws::Aws;
use crate::config::Names;
use crate::domain::Timestamp;
use crate::failure::{Dependency, Failure};

const ONLY_NEW: &str = "attribute_not_exists(subject)";

#[derive(Clone, Debug)]
pub struct AuditTable {
    client: Client,
    table: String,
}

/// One event as it was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    pub event_id: String,
    pub event_type: String,
    /// EventBridge's.
    pub source: String,
    /// As in `order#o-1`.
    pub stream: String,
    pub sequence: u64,
    /// When it happened.
    pub happened_at: Timestamp,
    /// When the trail heard of it.
    pub recorded_at: Timestamp,
    pub correlation_id: String,
    pub causation_id: String,
    /// The whole event as JSON.
    pub detail: String,
}

impl AuditTable {
    pub fn new(aws: &Aws, names: &Names) -> Self {
        Self { client: aws.dynamodb(), table: names.audit_table() }
    }

    /// Writes an event under all its subjects, or under none, in one call.
    ///
    /// # Errors
    /// `GiveUp` when another event has its place.
    pub async fn record(&self, subjects: &[String], entry: &AuditEntry) -> Result<(), Failure> {
        let found = match subjects {
            [subject] => self.put(entry.to_item(subject)).await?,
            _ => self.put_all(subjects.iter().map(|subject| entry.to_item(subject))).await?,
        };
        for item in found {
            let other = read_text(&item, "event_id")?;
            if other != entry.event_id {
                let AuditEntry { event_id, stream, sequence, .. } = entry;
                let place = format!("{other} is event {sequence} of {stream} already");
                return Err(Failure::GiveUp(format!("not {event_id}: {place}")));
            }
        }
        Ok(())
    }

    /// What is recorded under a subject, by stream and sequence.
    pub async fn load(&self, subject: &str) -> Result<Vec<AuditEntry>, Failure> {
        let mut entries = Vec::new();
        let mut start = None;
        loop {
            let page = self
                .client
                .query()
                .table_name(&self.table)
                .consistent_read(true)
                .key_condition_expression("subject = :subject")
                .expression_attribute_values(":subject", text(subject))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| Failure::of_call(Dependency::DynamoDb, "Query", &error))?;
            for item in page.items() {
                entries.push(AuditEntry::from_item(item)?);
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(entries);
            }
        }
    }

    /// Everything, by subject, stream and sequence. Reads the whole table.
    pub async fn scan(&self) -> Result<BTreeMap<String, Vec<AuditEntry>>, Failure> {
        let mut trails = BTreeMap::<String, Vec<AuditEntry>>::new();
        let mut start = None;
        loop {
            let scan = self.client.scan().table_name(&self.table).consistent_read(true);
            let page = scan.set_exclusive_start_key(start).send().await;
            let page =
                page.map_err(|error| Failure::of_call(Dependency::DynamoDb, "Scan", &error))?;
            for item in page.items() {
                let trail = trails.entry(read_text(item, "subject")?).or_default();
                trail.push(AuditEntry::from_item(item)?);
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        for trail in trails.values_mut() {
            trail.sort_by(|a, b| (&a.stream, a.sequence).cmp(&(&b.stream, b.sequence)));
        }
        Ok(trails)
    }

    /// Answers what was there already, if so.
    async fn put(&self, item: Item) -> Result<Vec<Item>, Failure> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression(ONLY_NEW)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = put else { return Ok(Vec::new()) };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                Ok(failed.item.clone().into_iter().collect())
            }
            _ => Err(Failure::of_call(Dependency::DynamoDb, "PutItem", &error)),
        }
    }

    /// Answers what was there already, if so.
    async fn put_all(&self, items: impl Iterator<Item = Item>) -> Result<Vec<Item>, Failure> {
        let old = ReturnValuesOnConditionCheckFailure::AllOld;
        let put = |item| {
            let put = Put::builder().table_name(&self.table).set_item(Some(item));
            let put = put.condition_expression(ONLY_NEW);
            let put = put.return_values_on_condition_check_failure(old.clone());
            let put = put.build().expect("table and item are given");
            TransactWriteItem::builder().put(put).build()
        };
        let items = Some(items.map(put).collect());
        let sent = self.client.transact_write_items().set_transact_items(items).send().await;
        let Err(error) = sent else { return Ok(Vec::new()) };
        if let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
            error.as_service_error()
        {
            let reasons = cancelled.cancellation_reasons();
            let harmless =
                |code: Option<&str>| matches!(code, Some("None" | "ConditionalCheckFailed") | None);
            if reasons.iter().all(|reason| harmless(reason.code())) {
                return Ok(reasons.iter().filter_map(|reason| reason.item.clone()).collect());
            }
        }
        Err(Failure::of_call(Dependency::DynamoDb, "TransactWriteItems", &error))
    }
}

impl AuditEntry {
    fn to_item(&self, subject: &str) -> Item {
        let Self { stream, sequence, .. } = self;
        Item::from([
            ("subject".into(), text(subject)),
            ("entry".into(), text(format!("{stream}#{sequence:010}"))),
            ("event_id".into(), text(&self.event_id)),
            ("event_type".into(), text(&self.event_type)),
            ("source".into(), text(&self.source)),
            ("stream".into(), text(stream)),
            ("sequence".into(), number(sequence)),
            ("happened_at".into(), number(self.happened_at.as_millis())),
            ("recorded_at".into(), number(self.recorded_at.as_millis())),
            ("correlation_id".into(), text(&self.correlation_id)),
            ("causation_id".into(), text(&self.causation_id)),
            ("detail".into(), text(&self.detail)),
        ])
    }

    fn from_item(item: &Item) -> Result<Self, Failure> {
        let time = |name| Ok::<_, Failure>(Timestamp::from_millis(read_number(item, name)?));
        Ok(Self {
            event_id: read_text(item, "event_id")?,
            event_type: read_text(item, "event_type")?,
            source: read_text(item, "source")?,
            stream: read_text(item, "stream")?,
            sequence: read_number(item, "sequence")?,
            happened_at: time("happened_at")?,
            recorded_at: time("recorded_at")?,
            correlation_id: read_text(item, "correlation_id")?,
            causation_id: read_text(item, "causation_id")?,
            detail: read_text(item, "detail")?,
        })
    }
}
