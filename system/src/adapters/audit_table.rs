//! The audit trail: every event of the bus, once, under each order and product that it is about.
//!
//! An item is never overwritten: an event that comes again changes nothing, and another event in
//! its place is an error. What the events mean is none of its business.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;

use super::attributes::{Item, number, read_number, read_text, text};
use super::aws::Aws;
use super::statements::{Outcome, Statement, Statements};
use crate::config::Names;
use crate::domain::Timestamp;
use crate::failure::{Dependency, Failure};

/// Of the attributes; subject and entry are the key.
const NAMES: [&str; 12] = [
    "subject",
    "entry",
    "event_id",
    "event_type",
    "source",
    "stream",
    "sequence",
    "happened_at",
    "recorded_at",
    "correlation_id",
    "causation_id",
    "detail",
];

#[derive(Clone, Debug)]
pub struct AuditTable {
    client: Client,
    table: String,
    statements: Statements,
    /// Writes an entry where there is none.
    insert: Arc<str>,
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
        let (client, table) = (aws.dynamodb(), names.audit_table());
        let values = NAMES.map(|name| format!("'{name}': ?")).join(", ");
        let insert = format!("INSERT INTO \"{table}\" VALUE {{{values}}}").into();
        Self { statements: Statements::new(client.clone()), client, table, insert }
    }

    /// Writes an event under all its subjects. If it fails it may stand under some of them.
    ///
    /// # Errors
    /// `GiveUp` when another event has its place.
    pub async fn record(&self, subjects: &[String], entry: &AuditEntry) -> Result<(), Failure> {
        let insert = |subject: &String| {
            let (text, parameters) = (Arc::clone(&self.insert), entry.values(subject).into());
            self.statements.run(Statement { text, parameters })
        };
        for outcome in join_all(subjects.iter().map(insert)).await {
            let Outcome::Refused(item) = outcome? else { continue };
            let other = read_text(&item.unwrap_or_default(), "event_id")?;
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
}

impl AuditEntry {
    /// In the order of [`NAMES`].
    fn values(&self, subject: &str) -> [AttributeValue; NAMES.len()] {
        let Self { stream, sequence, .. } = self;
        [
            text(subject),
            text(format!("{stream}#{sequence:010}")),
            text(&self.event_id),
            text(&self.event_type),
            text(&self.source),
            text(stream),
            number(sequence),
            number(self.happened_at.as_millis()),
            number(self.recorded_at.as_millis()),
            text(&self.correlation_id),
            text(&self.causation_id),
            text(&self.detail),
        ]
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
