//! Tumbling windows of a stream: a lane deals with the records of one window, then with the end of
//! that window, then with the next. Only a window that is open has a timer, for its end.
//!
//! Source: Lambda developer guide, "Implementing stateful DynamoDB stream processing in Lambda".

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::news::Window;
use super::poller::{From, Poller};
use super::record::Record;
use super::stream::Lane;
use crate::wire::Timestamp;

/// A window that has begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Open {
    start: Timestamp,
    pub(super) end: Timestamp,
    /// Its end comes next, whatever the time.
    is_early: bool,
}

/// What a lane does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Idle,
    /// It deals with records, if they are whole and due.
    Goes,
    /// It deals with the end of its window.
    Ends,
    /// Its window is open until then.
    Waits(Timestamp),
}

impl Lane {
    /// What is next; opens the window of the record that is first.
    pub(super) fn turn(&mut self, tumbling: Option<Duration>, now: Timestamp) -> Turn {
        let Some(length) = tumbling else {
            self.open = None;
            let has_some = !self.pending.is_empty() || !self.again.is_empty();
            return if has_some { Turn::Goes } else { Turn::Idle };
        };
        if !self.again.is_empty() {
            return Turn::Goes;
        }
        let first = self.pending.front().map(|record| record.at);
        let open = match (&self.open, first) {
            (None, None) => return Turn::Idle,
            (Some(open), _) => open.clone(),
            (None, Some(at)) => self.open.insert(Open::around(at, length)).clone(),
        };
        match first {
            _ if open.is_early => Turn::Ends,
            // A record that came late counts for the window that is open.
            Some(at) if at < open.end => Turn::Goes,
            _ if open.end <= now => Turn::Ends,
            _ => Turn::Waits(open.end),
        }
    }

    /// A batch is over, which was a window's end or not.
    pub(super) fn has_ended(&mut self, is_final: bool) {
        if is_final {
            self.open = None;
        }
    }
}

impl Open {
    /// The window that a moment lies in; windows begin with the day 1970-01-01.
    fn around(at: Timestamp, length: Duration) -> Self {
        let length = i64::try_from(length.as_millis()).unwrap_or(i64::MAX).max(1);
        let start = at.millis() - at.millis().rem_euclid(length);
        let (start, end) = (Timestamp::from_millis(start), start.saturating_add(length));
        Self { start, end: Timestamp::from_millis(end), is_early: false }
    }
}

impl Poller {
    /// The window of a batch from that lane.
    pub(super) fn window_of(&self, records: &[Record], lane: usize) -> Option<Window> {
        let From::Stream(reading) = &self.from else { return None };
        let Open { start, end, is_early } = reading.lanes.get(lane)?.open.clone()?;
        let shard = records.first().map(|record| record.shard.clone());
        let shard = shard.or_else(|| reading.shard.clone()).unwrap_or_default();
        let is_final = records.is_empty();
        Some(Window { start, end, shard, is_final, is_early: is_early && is_final })
    }

    /// The window of a batch is to end before its time; while the owner deals with that batch.
    pub(crate) fn end_window_early(&mut self, batch: u64) {
        let Some(lane) = self.batches.get(&batch).map(|batch| batch.lane) else { return };
        let From::Stream(reading) = &mut self.from else { return };
        if let Some(open) = reading.lanes.get_mut(lane).and_then(|lane| lane.open.as_mut()) {
            open.is_early = true;
        }
    }
}
