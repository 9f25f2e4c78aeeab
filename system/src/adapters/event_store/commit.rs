//! What is committed, as it becomes items of the tables.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};

use super::{EventStore, StoredEvent, Tip};
use crate::adapters::attributes::{Item, number, text};
use crate::adapters::inbox::{Once, entry};
use crate::adapters::outbox_table::OutboxRecord;
use crate::domain::Timestamp;
use crate::failure::Failure;

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
    /// What the events follow on: where the stream ended when they were decided.
    pub after: Tip,
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

impl StreamAppend {
    /// Where the stream ends once this is written.
    pub(in super::super) fn tip(&self) -> Tip {
        let last = self.events.last().map(|event| event.event_id.clone());
        let version = self.after.version + self.events.len() as u64;
        Tip { version, event_id: last.or_else(|| self.after.event_id.clone()) }
    }
}

impl Commit {
    /// The events of one of its streams, as they are read later.
    pub(in super::super) fn stored(&self, stream: &StreamAppend) -> Vec<StoredEvent> {
        let stored = |(version, event): (u64, &NewEvent)| StoredEvent {
            version,
            event_id: event.event_id.clone(),
            event_type: event.event_type.to_owned(),
            schema: event.schema,
            data: event.data.clone(),
            recorded_at: self.recorded_at,
            correlation_id: self.correlation_id.clone(),
            causation_id: self.causation_id.clone(),
        };
        (stream.after.version + 1..).zip(&stream.events).map(stored).collect()
    }

    /// By which this attempt is known again.
    pub(super) fn first_event_id(&self) -> Option<&str> {
        let first = self.streams.iter().flat_map(|stream| &stream.events).next();
        first.map(|event| event.event_id.as_str())
    }

    /// How many items it writes, and about how many bytes.
    pub(super) fn size(&self) -> (usize, usize) {
        // Of ids, times and the names of attributes.
        const BESIDES: usize = 400;
        let of_stream = |stream: &StreamAppend| {
            let data = stream.events.iter().map(|event| event.data.len());
            let snapshot = stream.snapshot.as_ref().map(String::len);
            (stream.events.len() + usize::from(snapshot.is_some()), data.chain(snapshot).sum())
        };
        let streams = self.streams.iter().map(of_stream);
        let details = self.outbox.iter().map(|record| (1, record.detail.len()));
        let once = self.once.iter().map(|once| (1, once.key.len() + once.asked.len()));
        let sizes = streams.chain(details).chain(once);
        let (items, bytes) = sizes.fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
        (items, bytes + items * BESIDES)
    }
}

impl EventStore {
    /// `with_snapshot` says of which streams the snapshot is written: of those whose last events
    /// these are.
    pub(super) fn items(
        &self,
        commit: &Commit,
        with_snapshot: impl Fn(&StreamAppend) -> bool,
    ) -> Vec<TransactWriteItem> {
        let mut items = Vec::new();
        for stream in &commit.streams {
            let mut version = stream.after.version;
            for event in &stream.events {
                version += 1;
                let item = event_item(commit, &stream.stream_id, version, event);
                items.push(put(&self.events_table, item, Some("stream_id")));
            }
            if let Some(state) = stream.snapshot.as_ref().filter(|_| with_snapshot(stream)) {
                let mut item = Item::from([
                    ("stream_id".into(), text(&stream.stream_id)),
                    ("version".into(), number(0)),
                    ("stream_version".into(), number(version)),
                    ("recorded_at".into(), number(commit.recorded_at.as_millis())),
                    ("state".into(), text(state)),
                ]);
                let last = stream.tip().event_id;
                item.extend(last.map(|id| ("last_event_id".into(), text(&id))));
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
