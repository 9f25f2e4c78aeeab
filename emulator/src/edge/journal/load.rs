//! From a folder to the cloud that it holds.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::disk::{Disk, write_whole};
use super::files::{self, Head, Listing};
use super::settings::JournalError;
use crate::cloud::journal::{Frames, Pace, Record};
use crate::cloud::{Cloud, SnapshotError, Waiting};
use crate::wire::Timestamp;

/// A cloud as a folder holds it.
pub(super) struct Loaded {
    pub(super) cloud: Cloud,
    /// So many records have led to it.
    pub(super) records: u64,
    /// Those of them that were read and applied.
    pub(super) replayed: usize,
    /// Records at which the cloud panicked, and which the journal does not yet call so.
    pub(super) panicked: Vec<u64>,
    pub(super) pace: Pace,
    /// The virtual time of the last record.
    pub(super) last: Timestamp,
}

/// Loads what the folder holds before the record `before`; `None` if it holds nothing.
///
/// `mends` cuts off what the last segment's end is no record any more, and keeps it beside.
pub(super) fn load(
    disk: &dyn Disk,
    before: u64,
    mends: bool,
) -> Result<Option<Loaded>, JournalError> {
    let names = disk.list().map_err(JournalError::io("cannot read the folder"))?;
    let listing = Listing::of(&names);
    let Some(snapshot) = newest(disk, &listing)? else { return Ok(None) };
    let segments = listing.segments.iter().copied().filter(|first| *first < before);
    let tail = Tail::read(disk, &snapshot.head, &segments.collect::<Vec<_>>(), mends)?;
    replay(&snapshot, tail).map(Some)
}

/// A snapshot that is whole.
struct Whole {
    name: String,
    head: Head,
    bytes: Vec<u8>,
    begins: usize,
}

/// The newest snapshot that was written to its end.
fn newest(disk: &dyn Disk, listing: &Listing) -> Result<Option<Whole>, JournalError> {
    for number in listing.snapshots.iter().rev() {
        let name = files::snapshot(*number);
        let bytes = disk.read(&name).map_err(JournalError::io(format!("cannot read {name}")))?;
        let Some((head, begins)) = Head::read(&name, &bytes)? else { continue };
        let state = &bytes[begins..];
        if state.len() as u64 == head.length && crc32fast::hash(state) == head.sum {
            return Ok(Some(Whole { name, head, bytes, begins }));
        }
        tracing::warn!(file = name, "a snapshot is not whole; the one before it is taken");
    }
    match (listing.snapshots.first(), listing.segments.first()) {
        (None, None) => Ok(None),
        _ => Err(JournalError::Unreadable {
            file: "the folder".to_owned(),
            reason: "it holds a journal and no whole snapshot from which it goes on".to_owned(),
        }),
    }
}

/// The records behind a snapshot.
struct Tail {
    records: Vec<(u64, Record)>,
    end: u64,
    pace: Pace,
    file_of_last: String,
}

impl Tail {
    fn read(
        disk: &dyn Disk,
        after: &Head,
        segments: &[u64],
        mends: bool,
    ) -> Result<Self, JournalError> {
        let mut tail = Self {
            records: Vec::new(),
            end: after.records,
            pace: after.pace,
            file_of_last: String::new(),
        };
        for (place, first) in segments.iter().enumerate() {
            let is_last = place + 1 == segments.len();
            tail.add(disk, *first, is_last.then_some(mends))?;
        }
        Ok(tail)
    }

    /// Adds a segment; the last one may end in the middle of a record.
    fn add(
        &mut self,
        disk: &dyn Disk,
        first: u64,
        may_be_torn: Option<bool>,
    ) -> Result<(), JournalError> {
        let name = files::segment(first);
        let bytes = disk.read(&name).map_err(JournalError::io(format!("cannot read {name}")))?;
        let head = Head::read(&name, &bytes)?;
        let begins = head.as_ref().map_or(0, |(_, begins)| *begins);
        let mut frames = Frames::of(&bytes, begins);
        let mut number = first;
        if let Some((head, _)) = head {
            for payload in frames.by_ref() {
                if !head.is_ours() && number >= self.end {
                    let by = format!("{} (state {})", head.program, head.state_version);
                    return Err(JournalError::Version { file: name, by });
                }
                self.take(&name, number, payload)?;
                number += 1;
            }
            if first >= self.end || self.records.is_empty() {
                self.pace = head.pace;
            }
        }
        let is_whole = bytes.is_empty() || frames.is_at_end() && begins > 0;
        match may_be_torn {
            _ if is_whole => {}
            Some(mends) => mend(disk, (&name, number), &bytes, frames.at, mends)?,
            None => return Err(JournalError::Damaged { file: name, at: frames.at }),
        }
        self.file_of_last = name;
        Ok(())
    }

    fn take(&mut self, name: &str, number: u64, payload: &[u8]) -> Result<(), JournalError> {
        if number < self.end {
            return Ok(());
        }
        if number > self.end {
            return Err(JournalError::Missing { from: self.end, to: number - 1 });
        }
        let record = Record::read(payload).map_err(|error| JournalError::Unreadable {
            file: name.to_owned(),
            reason: format!("record {number}: {error}"),
        })?;
        if let Record::Clock(pace) = &record {
            self.pace = *pace;
        }
        self.records.push((number, record));
        self.end = number + 1;
        Ok(())
    }
}

/// Cuts off what is no record, after it was written elsewhere: somebody may still want to look.
fn mend(
    disk: &dyn Disk,
    (name, number): (&str, u64),
    bytes: &[u8],
    at: usize,
    mends: bool,
) -> Result<(), JournalError> {
    if !mends {
        return Ok(());
    }
    let torn = &bytes[at..];
    if !torn.is_empty() {
        let kept = files::torn(number, at);
        tracing::warn!(
            file = name,
            bytes = torn.len(),
            "the journal ends in the middle of a record, which was never answered; it is cut off \
             and kept as {kept}"
        );
        let written = write_whole(disk, &kept, &[torn]);
        written.map_err(JournalError::io(format!("cannot write {kept}")))?;
    }
    disk.cut(name, at as u64).map_err(JournalError::io(format!("cannot cut {name}")))
}

/// Applies the records, but for those at which the cloud panicks.
fn replay(snapshot: &Whole, tail: Tail) -> Result<Loaded, JournalError> {
    let marked = tail.records.iter().filter_map(|(_, record)| match record {
        Record::Panicked(number) => Some(*number),
        _ => None,
    });
    let mut skipped: BTreeSet<u64> = marked.collect();
    let mut panicked = Vec::new();
    let (cloud, last) = loop {
        match replay_but(snapshot, &tail, &skipped)? {
            Ok(done) => break done,
            Err(number) => {
                tracing::error!(record = number, "a record makes the cloud panic; it is left out");
                skipped.insert(number);
                panicked.push(number);
            }
        }
    };
    let Tail { records, end, pace, .. } = tail;
    Ok(Loaded { cloud, records: end, replayed: records.len(), panicked, pace, last })
}

type Replayed = Result<(Cloud, Timestamp), u64>;

fn replay_but(
    snapshot: &Whole,
    tail: &Tail,
    skipped: &BTreeSet<u64>,
) -> Result<Replayed, JournalError> {
    let state = &snapshot.bytes[snapshot.begins..];
    let restored = Cloud::restore(state, Waiting::Kept);
    let mut cloud = restored.map_err(|error| match error {
        SnapshotError::Version(version) => JournalError::Version {
            file: snapshot.name.clone(),
            by: format!("{} (state {version})", snapshot.head.program),
        },
        SnapshotError::Unreadable(reason) => {
            JournalError::Unreadable { file: snapshot.name.clone(), reason }
        }
    })?;
    let mut last = cloud.now();
    for (number, record) in &tail.records {
        last = match record {
            // It goes on at its own time, which may be an earlier one.
            Record::Loaded(at, _) => *at,
            _ => record.at().map_or(last, |at| last.max(at)),
        };
        if skipped.contains(number) {
            continue;
        }
        match catch_unwind(AssertUnwindSafe(|| cloud.replay(record))) {
            Err(_told_by_the_hook) => return Ok(Err(*number)),
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                let (file, reason) =
                    (tail.file_of_last.clone(), format!("record {number}: {error}"));
                return Err(JournalError::Unreadable { file, reason });
            }
        }
    }
    Ok(Ok((cloud, last)))
}
