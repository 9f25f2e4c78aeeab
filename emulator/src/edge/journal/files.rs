//! Names and heads of the files.

use serde::{Deserialize, Serialize};

use super::settings::JournalError;
use crate::cloud::journal::{Frames, Pace};
use crate::wire::cbor;

const SNAPSHOT: &str = "snapshot-";
const SEGMENT: &str = "journal-";
/// What is no longer a frame at the end of a segment is kept under this name.
const TORN: &str = "torn-";

/// Which program wrote a file: a journal is read by that one only.
pub(super) const PROGRAM: &str = concat!("skyrig ", env!("CARGO_PKG_VERSION"));

/// What stands at the front of each file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) program: String,
    /// How states are written down.
    pub(super) state_version: u32,
    /// So many records are before it.
    pub(super) records: u64,
    pub(super) pace: Pace,
    /// Length and checksum of a snapshot.
    pub(super) length: u64,
    pub(super) sum: u32,
}

impl Head {
    pub(super) fn new(records: u64, pace: Pace) -> Self {
        let (program, state_version) = (PROGRAM.to_owned(), crate::cloud::STATE_VERSION);
        Self { program, state_version, records, pace, length: 0, sum: 0 }
    }

    /// Whether this program can read records behind it.
    pub(super) fn is_ours(&self) -> bool {
        self.program == PROGRAM && self.state_version == crate::cloud::STATE_VERSION
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let payload = cbor::to_vec(self).expect("a head consists of plain values");
        let (length, sum) = (payload.len() as u32, crc32fast::hash(&payload));
        [&length.to_le_bytes()[..], &sum.to_le_bytes(), &payload].concat()
    }

    /// The head and where it ends; `None` if the file was not even begun.
    pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Option<(Self, usize)>, JournalError> {
        let mut frames = Frames::of(bytes, 0);
        let Some(payload) = frames.next() else { return Ok(None) };
        let head = cbor::from_slice(payload).map_err(|error| JournalError::Unreadable {
            file: name.to_owned(),
            reason: format!("it does not begin as a file of a journal: {error}"),
        })?;
        Ok(Some((head, frames.at)))
    }
}

pub(super) fn snapshot(records: u64) -> String {
    format!("{SNAPSHOT}{records:020}")
}

pub(super) fn segment(records: u64) -> String {
    format!("{SEGMENT}{records:020}")
}

pub(super) fn torn(records: u64, at: usize) -> String {
    format!("{TORN}{records:020}-{at}")
}

/// The files of a folder, each with its number, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Listing {
    pub(super) snapshots: Vec<u64>,
    pub(super) segments: Vec<u64>,
}

impl Listing {
    pub(super) fn of(names: &[String]) -> Self {
        let with = |prefix: &str| {
            let numbers = names.iter().filter_map(|name| name.strip_prefix(prefix)?.parse().ok());
            let mut numbers: Vec<u64> = numbers.collect();
            numbers.sort_unstable();
            numbers
        };
        Self { snapshots: with(SNAPSHOT), segments: with(SEGMENT) }
    }
}
