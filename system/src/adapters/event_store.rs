//! Histories in DynamoDB: one item an event, keyed by stream and version.
//!
//! A commit appends to one or more streams and to the outbox in one transaction, each stream at
//! the version its writer saw. Version 0 of a stream may hold a snapshot of its state. What the
//! events mean is none of its business.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};

use super::attributes::{Item, number, read_number, read_text, text};
use super::aws::Aws;
use super::inbox::{Once, entry};
use super::outbox_table::OutboxRecord;
use crate::config::Names;
use crate::domain::Timestamp;
use crate::failure::{Dependency, Failure};

#[derive(Clone, Debug)]
pub struct EventStore {
    client: Client,
    events_table: String,
    outbox_table: String,
    inbox_table: String,
}

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

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    pub version: u64,
    pub recorded_at: Timestamp,
    /// The state as JSON.
    pub state: String,
}

/// Everything that becomes true at once, or not at all.
#[derive(Clone, Debug)]
pub struct Commit {
    pub streams: Vec<StreamAppend>,
    pub outbox: Vec<OutboxRecord>,
    /// A key of the inbox that must not be there yet, and is there afterwards: what is done under
    /// it is done once.
    pub once: Option<Once>,
    pub recorded_at: Timestamp,
    pub correlation_id: String,
    pub causation_id: String,
}

#[derive(Clone, Debug)]
pub struct StreamAppend {
    pub stream_id: String,
    /// 0 for a stream that does not exist yet.
    pub expected_version: u64,
    pub events: Vec<NewEvent>,
    /// The state after the events, for streams that are read by snapshot.
    pub snapshot: Option<String>,
}

#[derive(Clone, Debug)]
pub struct NewEvent {
    pub event_id: String,
    pub event_type: &'static str,
    pub schema: u32,
    pub data: String,
}

#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Somebody else appended first: load and decide again.
    #[error("the stream has moved on")]
    Conflict,
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl EventStore {
    pub fn new(aws: &Aws, names: &Names) -> Self {
        Self {
            client: aws.dynamodb(),
            events_table: names.events_table(),
            outbox_table: names.outbox_table(),
            inbox_table: names.inbox_table(),
        }
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
        let Some(item) = found.item else {
            return Ok(None);
        };
        Ok(Some(Snapshot {
            version: read_number(&item, "stream_version")?,
            recorded_at: Timestamp::from_millis(read_number(&item, "recorded_at")?),
            state: read_text(&item, "state")?,
        }))
    }

    /// Appends, or leaves everything as it was.
    pub async fn commit(&self, commit: &Commit) -> Result<(), CommitError> {
        let Some(first) = commit.streams.iter().flat_map(|stream| &stream.events).next() else {
            return Ok(());
        };
        let sent = self
            .client
            .transact_write_items()
            .set_transact_items(Some(self.items(commit)))
            // The first event's id names this very attempt, so a repetition of the request whose
            // answer was lost is recognised.
            .client_request_token(&first.event_id)
            .send()
            .await;
        let Err(error) = sent else { return Ok(()) };
        if !error.as_service_error().is_some_and(is_conflict) {
            return Err(Failure::of_call(Dependency::DynamoDb, "TransactWriteItems", &error).into());
        }
        if self.is_ours(commit, &first.event_id).await? {
            return Ok(());
        }
        Err(CommitError::Conflict)
    }

    /// Whether the conflict is with our own earlier attempt.
    async fn is_ours(&self, commit: &Commit, event_id: &str) -> Result<bool, Failure> {
        let Some(stream) = commit.streams.first() else {
            return Ok(false);
        };
        let found = self
            .client
            .get_item()
            .table_name(&self.events_table)
            .consistent_read(true)
            .key("stream_id", text(&stream.stream_id))
            .key("version", number(stream.expected_version + 1))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "GetItem", &error))?;
        Ok(match found.item {
            Some(item) => read_text(&item, "event_id")? == event_id,
            None => false,
        })
    }

    fn items(&self, commit: &Commit) -> Vec<TransactWriteItem> {
        let mut items = Vec::new();
        for stream in &commit.streams {
            let mut version = stream.expected_version;
            for event in &stream.events {
                version += 1;
                let item = event_item(commit, &stream.stream_id, version, event);
                items.push(put(&self.events_table, item, Some("stream_id")));
            }
            if let Some(state) = &stream.snapshot {
                let item = Item::from([
                    ("stream_id".into(), text(&stream.stream_id)),
                    ("version".into(), number(0)),
                    ("stream_version".into(), number(version)),
                    ("recorded_at".into(), number(commit.recorded_at.as_millis())),
                    ("state".into(), text(state)),
                ]);
                items.push(put(&self.events_table, item, None));
            }
        }
        let records = commit.outbox.iter().map(OutboxRecord::to_item);
        items.extend(records.map(|item| put(&self.outbox_table, item, None)));
        if let Some(Once { key, asked }) = &commit.once {
            let item = entry(key, Some(asked), commit.recorded_at);
            items.push(put(&self.inbox_table, item, Some("key")));
        }
        items
    }
}

/// `only_new`: an attribute of the key, when there must be no such item yet.
fn put(table: &str, item: Item, only_new: Option<&str>) -> TransactWriteItem {
    let put = Put::builder().table_name(table).set_item(Some(item));
    let put = match only_new {
        Some(key) => put
            .condition_expression("attribute_not_exists(#key)")
            .expression_attribute_names("#key", key),
        None => put,
    };
    let put = put.build().expect("table and item are given");
    TransactWriteItem::builder().put(put).build()
}

fn event_item(commit: &Commit, stream_id: &str, version: u64, event: &NewEvent) -> Item {
    Item::from([
        ("stream_id".into(), text(stream_id)),
        ("version".into(), number(version)),
        ("event_id".into(), text(&event.event_id)),
        ("event_type".into(), text(event.event_type)),
        ("schema_version".into(), number(event.schema)),
        ("data".into(), text(&event.data)),
        ("recorded_at".into(), number(commit.recorded_at.as_millis())),
        ("correlation_id".into(), text(&commit.correlation_id)),
        ("causation_id".into(), text(&commit.causation_id)),
    ])
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

fn is_conflict(error: &TransactWriteItemsError) -> bool {
    match error {
        TransactWriteItemsError::TransactionInProgressException(_)
        | TransactWriteItemsError::IdempotentParameterMismatchException(_) => true,
        TransactWriteItemsError::TransactionCanceledException(cancelled) => {
            cancelled.cancellation_reasons().iter().any(|reason| {
                matches!(reason.code(), Some("ConditionalCheckFailed" | "TransactionConflict"))
            })
        }
        _ => false,
    }
}
