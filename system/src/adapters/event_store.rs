//! Histories in DynamoDB: one item an event, keyed by stream and version.
//!
//! A commit appends to one or more streams and to the outbox in one transaction, each stream at
//! the version its writer saw. Version 0 of a stream may hold a snapshot of its state. What the
//! events mean is none of its business.

mod commit;
mod together;

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;

use super::attributes::{Item, number, read_number, read_text, text};
use super::aws::Aws;
use super::gather::Gather;
use super::histories::Histories;
use crate::config::Names;
use crate::domain::Timestamp;
use crate::failure::{Dependency, Failure};

#[derive(Clone, Debug)]
pub struct EventStore {
    client: Client,
    events_table: String,
    outbox_table: String,
    inbox_table: String,
    /// What is being committed at once.
    together: Arc<Gather<Commit, Result<(), CommitError>>>,
    histories: Arc<Histories>,
}

pub use commit::{Commit, CommitError, NewEvent, StreamAppend};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    pub version: u64,
    pub event_id: String,
    pub event_type: String,
    /// In which form the event was written.
    pub schema: u32,
    /// The domain event as JSON.
    pub data: String,
    pub recorded_at: Timestamp,
    pub correlation_id: String,
    pub causation_id: String,
}

/// Where a stream ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tip {
    /// 0 for a stream that does not exist.
    pub version: u64,
    /// Which event that is: of two commits that were decided at the same version at most one is
    /// written. Missing for a stream that does not exist, and where an old snapshot does not say.
    pub event_id: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    pub tip: Tip,
    pub recorded_at: Timestamp,
    /// The state as JSON.
    pub state: String,
}

impl StoredEvent {
    /// Where the stream ends with it.
    pub(crate) fn tip(&self) -> Tip {
        Tip { version: self.version, event_id: Some(self.event_id.clone()) }
    }
}

impl EventStore {
    pub fn new(aws: &Aws, names: &Names) -> Self {
        Self {
            client: aws.dynamodb(),
            events_table: names.events_table(),
            outbox_table: names.outbox_table(),
            inbox_table: names.inbox_table(),
            together: Arc::new(together::gather()),
            histories: Arc::default(),
        }
    }

    /// The history as far as this process knows it: perhaps without what others have written since,
    /// perhaps with what is being written now. Good for deciding what to commit, and no more.
    pub fn known(&self, stream_id: &str) -> Option<Vec<StoredEvent>> {
        self.histories.events(stream_id)
    }

    /// The same, of a stream that is read by snapshot.
    pub fn known_snapshot(&self, stream_id: &str) -> Option<Snapshot> {
        self.histories.snapshot(stream_id)
    }

    /// The whole history of a stream, oldest first; empty when it does not exist.
    pub async fn load(&self, stream_id: &str) -> Result<Vec<StoredEvent>, Failure> {
        let mut events = Vec::new();
        let mut start = None;
        loop {
            let page = self
                .client
                .query()
                .table_name(&self.events_table)
                .consistent_read(true)
                .key_condition_expression("#stream = :stream AND #version > :zero")
                .expression_attribute_names("#stream", "stream_id")
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":stream", text(stream_id))
                .expression_attribute_values(":zero", number(0))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| Failure::of_call(Dependency::DynamoDb, "Query", &error))?;
            for item in page.items() {
                events.push(stored_event(item)?);
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                self.histories.read_events(stream_id, &events);
                return Ok(events);
            }
        }
    }

    /// All histories, by stream. Reads the whole table.
    pub async fn scan(&self) -> Result<BTreeMap<String, Vec<StoredEvent>>, Failure> {
        let mut streams = BTreeMap::<String, Vec<StoredEvent>>::new();
        let mut start = None;
        loop {
            let page = self
                .client
                .scan()
                .table_name(&self.events_table)
                .consistent_read(true)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| Failure::of_call(Dependency::DynamoDb, "Scan", &error))?;
            for item in page.items().iter().filter(|item| item.contains_key("event_id")) {
                let stream_id = read_text(item, "stream_id")?;
                streams.entry(stream_id).or_default().push(stored_event(item)?);
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        streams.values_mut().for_each(|events| events.sort_by_key(|event| event.version));
        Ok(streams)
    }

    /// What stands after the `#` in the names of all streams of a kind. Reads the whole table.
    pub(crate) async fn ids_of(&self, kind: &str) -> Result<Vec<String>, Failure> {
        let beginning = format!("{kind}#");
        let mut ids = Vec::new();
        let mut start = None;
        loop {
            let page = self
                .client
                .scan()
                .table_name(&self.events_table)
                .consistent_read(true)
                .filter_expression("#version = :first AND begins_with(stream_id, :beginning)")
                .projection_expression("stream_id")
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":first", number(1))
                .expression_attribute_values(":beginning", text(&beginning))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| Failure::of_call(Dependency::DynamoDb, "Scan", &error))?;
            for item in page.items() {
                let stream_id = read_text(item, "stream_id")?;
                ids.extend(stream_id.strip_prefix(&beginning).map(str::to_owned));
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(ids);
            }
        }
    }

    /// The latest snapshot; writers keep it as new as the stream itself.
    pub async fn load_snapshot(&self, stream_id: &str) -> Result<Option<Snapshot>, Failure> {
        let found = self
            .client
            .get_item()
            .table_name(&self.events_table)
            .consistent_read(true)
            .key("stream_id", text(stream_id))
            .key("version", number(0))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "GetItem", &error))?;
        let snapshot = found.item.as_ref().map(snapshot).transpose()?;
        self.histories.read_snapshot(stream_id, snapshot.as_ref());
        Ok(snapshot)
    }
}

fn snapshot(item: &Item) -> Result<Snapshot, Failure> {
    Ok(Snapshot {
        tip: Tip {
            version: read_number(item, "stream_version")?,
            event_id: read_text(item, "last_event_id").ok(),
        },
        recorded_at: Timestamp::from_millis(read_number(item, "recorded_at")?),
        state: read_text(item, "state")?,
    })
}

fn stored_event(item: &Item) -> Result<StoredEvent, Failure> {
    Ok(StoredEvent {
        version: read_number(item, "version")?,
        event_id: read_text(item, "event_id")?,
        event_type: read_text(item, "event_type")?,
        // The first events did not say.
        schema: match item.contains_key("schema_version") {
            true => read_number(item, "schema_version")?,
            false => 1,
        },
        data: read_text(item, "data")?,
        recorded_at: Timestamp::from_millis(read_number(item, "recorded_at")?),
        correlation_id: read_text(item, "correlation_id")?,
        causation_id: read_text(item, "causation_id")?,
    })
}
