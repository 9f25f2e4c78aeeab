//! A stream: the records of one table in their order, none older than a day.
//!
//! Its shards follow one another. Records have consecutive numbers; a sequence number is such a
//! number as AWS writes it.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::super::shapes::KeySchemaElement;
use super::record::{Change, Record, ViewType};
use crate::kernel::{CallId, pairs};
use crate::wire::{Timestamp, hex};

/// How long records can be read, and a stream after it was closed.
const RETENTION: Duration = Duration::from_secs(86_400);
/// How long a shard takes records; then it is closed, and another follows it.
const SHARD_LASTS: Duration = Duration::from_secs(4 * 3600);
/// Shards that are made for a pause in which nobody looked: those of a day, and one more.
const SHARDS_OF_A_PAUSE: u64 = 7;
/// What the first record's sequence number is: AWS's have at least 21 digits.
const SEQUENCE_BASE: u128 = 100_000_000_000_000_000_000;

/// The stream of a table.
// Differs from AWS: a stream has one open shard, which another follows after four hours, and it is
// ENABLED or DISABLED at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Stream {
    pub(crate) arn: String,
    pub(crate) label: String,
    pub(crate) view: ViewType,
    pub(super) table: String,
    pub(super) created: Timestamp,
    pub(super) key_schema: Vec<KeySchemaElement>,
    /// When it was disabled, or its table deleted.
    closed: Option<Timestamp>,
    /// The number of the first record that is kept.
    first: u64,
    records: VecDeque<Record>,
    /// The shards that can be read, the open one last.
    shards: VecDeque<ShardStart>,
    /// Other services that wait for what comes next.
    #[serde(with = "pairs", default)]
    pub(super) readers: BTreeMap<CallId, Reader>,
}

/// Somebody who waits for records, as long as it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reader {
    /// Where, as an iterator says it.
    pub(super) shard: u64,
    pub(super) from: Option<u64>,
    /// Most records at once.
    pub(super) limit: usize,
}

/// Where a shard begins: it takes the records from `first` on, up to the next shard's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct ShardStart {
    number: u64,
    at: Timestamp,
    first: u64,
}

/// A shard as it can be read.
pub(super) struct Shard {
    pub(super) number: u64,
    pub(super) id: String,
    pub(super) parent: Option<String>,
    pub(super) first: u64,
    /// The number behind its last record, once it is closed.
    pub(super) end: Option<u64>,
}

impl Stream {
    /// A stream of the table with this ARN, opened at `created`.
    pub(crate) fn new(
        (table, arn): (&str, &str),
        key_schema: Vec<KeySchemaElement>,
        view: ViewType,
        created: Timestamp,
    ) -> Self {
        let label = created.iso_millis().trim_end_matches('Z').to_owned();
        Self {
            arn: format!("{arn}/stream/{label}"),
            label,
            view,
            table: table.to_owned(),
            created,
            key_schema,
            closed: None,
            first: 0,
            records: VecDeque::new(),
            shards: VecDeque::from([ShardStart { number: 0, at: created, first: 0 }]),
            readers: BTreeMap::new(),
        }
    }

    /// Records a change, unless nothing changed.
    pub(crate) fn push(&mut self, now: Timestamp, change: Change) {
        self.trim(now);
        self.records.extend(Record::new(now, self.view, change));
    }

    /// Ends the stream: what it holds can be read for a day.
    pub(crate) fn close(&mut self, now: Timestamp) {
        self.closed = Some(now);
    }

    /// Somebody who waited is gone.
    pub(crate) fn hang_up(&mut self, call: CallId) {
        self.readers.remove(&call);
    }

    /// Whether somebody waits for what comes next.
    pub(crate) fn has_readers(&self) -> bool {
        !self.readers.is_empty()
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.is_some()
    }

    /// Closed for so long that nothing of it is left.
    pub(crate) fn is_gone(&self, now: Timestamp) -> bool {
        self.closed.is_some_and(|closed| now.since(closed) >= RETENTION)
    }

    /// Drops records that are too old, and lets shards follow one another.
    pub(crate) fn trim(&mut self, now: Timestamp) {
        self.roll(now);
        while self.records.front().is_some_and(|record| now.since(record.at) >= RETENTION) {
            self.records.pop_front();
            self.first += 1;
        }
    }

    /// The number of the oldest record there is, or will be.
    pub(super) fn first(&self) -> u64 {
        self.first
    }

    /// The number of the next record.
    pub(super) fn next(&self) -> u64 {
        self.first + self.records.len() as u64
    }

    /// The number of the first record from `at` on.
    pub(super) fn first_since(&self, at: Timestamp) -> u64 {
        self.first + self.records.partition_point(|record| record.at < at) as u64
    }

    /// The records from number `from` on, with their numbers.
    pub(super) fn from(&self, from: u64) -> impl Iterator<Item = (u64, &Record)> {
        let skipped = usize::try_from(from.saturating_sub(self.first)).unwrap_or(usize::MAX);
        (self.first..).zip(&self.records).skip(skipped)
    }

    /// Opens the shards that are due, and forgets those that have been closed for a day.
    fn roll(&mut self, now: Timestamp) {
        let first = self.next();
        while self.closed.is_none()
            && let Some(last) = self.shards.back()
            && now.since(last.at) >= SHARD_LASTS
        {
            let due = now.since(last.at).as_secs() / SHARD_LASTS.as_secs();
            let steps = 1 + due.saturating_sub(SHARDS_OF_A_PAUSE);
            let passed = Duration::from_secs(SHARD_LASTS.as_secs() * steps);
            let (number, at) = (last.number + steps, last.at + passed);
            self.shards.push_back(ShardStart { number, at, first });
        }
        while self.shards.get(1).is_some_and(|next| now.since(next.at) >= RETENTION) {
            self.shards.pop_front();
        }
    }

    /// The shards that can be read, in their order.
    pub(super) fn shards(&self) -> impl Iterator<Item = Shard> {
        let starts = self.shards.iter().enumerate();
        starts.map(|(at, start)| Shard {
            number: start.number,
            id: self.shard_id(start),
            parent: at.checked_sub(1).map(|before| self.shard_id(&self.shards[before])),
            first: start.first,
            end: match self.shards.get(at + 1) {
                Some(next) => Some(next.first),
                None => self.is_closed().then(|| self.next()),
            },
        })
    }

    /// `shardId-00000001767225600000-0a1b2c3d`.
    fn shard_id(&self, start: &ShardStart) -> String {
        let hash = match start.number {
            0 => self.hash(b"shard"),
            number => self.hash(&[b"shard".as_slice(), &number.to_be_bytes()].concat()),
        };
        format!("shardId-{:020}-{}", start.at.millis(), &hash[..8])
    }

    /// The id of the record with this number.
    pub(super) fn event_id(&self, number: u64) -> String {
        self.hash(&number.to_be_bytes())
    }

    /// 32 digits that only this stream and `of` have.
    fn hash(&self, of: &[u8]) -> String {
        let digest = Sha256::new().chain_update(&self.arn).chain_update(of).finalize();
        hex(&digest[..16])
    }
}

/// The sequence number of the record with this number.
pub(super) fn sequence_number(number: u64) -> String {
    (SEQUENCE_BASE + u128::from(number)).to_string()
}

/// The other way.
pub(super) fn number(sequence_number: &str) -> Option<u64> {
    let number = sequence_number.parse::<u128>().ok()?.checked_sub(SEQUENCE_BASE)?;
    number.try_into().ok()
}
