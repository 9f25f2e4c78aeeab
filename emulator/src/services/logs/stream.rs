//! A log stream: events by their time. What enters it does so by [`LogStream::put`].

use std::collections::BTreeMap;
use std::ops::{Bound, RangeBounds};

use serde::{Deserialize, Serialize};

use super::position::Position;
use crate::kernel::pairs;

/// What AWS counts beside a message.
///
/// Source: API reference "PutLogEvents".
pub(super) const EVENT_BYTES: usize = 26;

/// An event as it lies in its stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct StoredEvent {
    /// When it was taken in, in milliseconds since 1970.
    pub(super) ingested: i64,
    pub(super) message: Box<str>,
}

impl StoredEvent {
    /// Bytes as AWS counts them.
    pub(super) fn bytes(&self) -> usize {
        self.message.len() + EVENT_BYTES
    }
}

/// The events of one source.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct LogStream {
    /// All times in milliseconds since 1970.
    pub(super) created: i64,
    pub(super) first_event: Option<i64>,
    pub(super) last_event: Option<i64>,
    pub(super) last_ingestion: Option<i64>,
    #[serde(with = "pairs")]
    events: BTreeMap<Position, StoredEvent>,
    /// Of what it holds, as AWS counts them.
    pub(super) bytes: u64,
}

impl LogStream {
    pub(super) fn new(created: i64) -> Self {
        Self { created, ..Self::default() }
    }

    /// Takes an event in; the caller has seen to its age.
    pub(super) fn put(&mut self, position: Position, event: StoredEvent) {
        let time = position.timestamp;
        self.first_event = Some(self.first_event.map_or(time, |first| first.min(time)));
        self.last_event = Some(self.last_event.map_or(time, |last| last.max(time)));
        self.last_ingestion = Some(event.ingested);
        self.bytes += event.bytes() as u64;
        self.events.insert(position, event);
    }

    /// Forgets events from before a time; returns their bytes.
    pub(super) fn forget_before(&mut self, timestamp: i64) -> u64 {
        let before = self.bytes;
        while let Some(first) = self.events.first_entry() {
            if first.key().timestamp >= timestamp {
                break;
            }
            self.bytes -= first.remove().bytes() as u64;
        }
        before - self.bytes
    }

    /// Forgets events that came before the one of this number; returns their bytes.
    pub(super) fn forget_older(&mut self, sequence: u64) -> u64 {
        let before = self.bytes;
        let bytes = &mut self.bytes;
        self.events.retain(|position, event| {
            let kept = position.sequence >= sequence;
            *bytes -= if kept { 0 } else { event.bytes() as u64 };
            kept
        });
        before - self.bytes
    }

    /// The events between two places, in order.
    pub(super) fn range(
        &self,
        from: Position,
        to: Position,
    ) -> impl DoubleEndedIterator<Item = (Position, &StoredEvent)> {
        let to = to.max(from);
        let range = (Bound::Included(from), Bound::Excluded(to));
        debug_assert!(range.contains(&from) || from == to);
        self.events.range(range).map(|(position, event)| (*position, event))
    }

    /// Numbers and bytes of all events.
    pub(super) fn sizes(&self) -> impl Iterator<Item = (u64, u64)> {
        self.events.iter().map(|(position, event)| (position.sequence, event.bytes() as u64))
    }

    pub(super) fn get(&self, position: Position) -> Option<&StoredEvent> {
        self.events.get(&position)
    }
}
