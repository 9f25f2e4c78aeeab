//! A snapshot in the place of records.

use std::sync::Arc;

use super::disk::{Disk, write_whole};
use super::files::{self, Head, Listing};
use super::load::load;
use super::settings::JournalError;
use super::writer::Shared;
use crate::cloud::Cloud;
use crate::cloud::journal::Pace;

/// Writes a snapshot of the cloud after so many records, and removes what it replaces.
pub(super) fn write(
    disk: &dyn Disk,
    cloud: &Cloud,
    records: u64,
    pace: Pace,
) -> Result<(), JournalError> {
    let state = cloud.snapshot();
    let mut head = Head::new(records, pace);
    (head.length, head.sum) = (state.len() as u64, crc32fast::hash(&state));
    let name = files::snapshot(records);
    let written = write_whole(disk, &name, &[&head.bytes(), &state]);
    written.map_err(JournalError::io(format!("cannot write {name}")))?;
    // Whatever is left of them is passed over by the next start, and removed by the next snapshot.
    if let Err(error) = remove_before(disk, records) {
        tracing::warn!("old files of the journal cannot be removed: {error}");
    }
    Ok(())
}

fn remove_before(disk: &dyn Disk, records: u64) -> std::io::Result<()> {
    let Listing { snapshots, segments } = Listing::of(&disk.list()?);
    for old in snapshots.iter().filter(|number| **number < records) {
        disk.remove(&files::snapshot(*old))?;
    }
    // A segment goes until the next one begins.
    let ends = segments.iter().skip(1);
    for (first, _) in segments.iter().zip(ends).filter(|(_, end)| **end <= records) {
        disk.remove(&files::segment(*first))?;
    }
    Ok(())
}

/// Makes, on a thread of its own, a snapshot of what the full segments hold, from the files alone:
/// whoever is served does not wait for it.
pub(super) fn begin(shared: &Arc<Shared>) {
    let shared = Arc::clone(shared);
    let work = move || {
        let before = shared.first_of_segment();
        let shortened = load(&*shared.disk, before, false).and_then(|loaded| match loaded {
            Some(loaded) => write(&*shared.disk, &loaded.cloud, loaded.records, loaded.pace),
            None => Ok(()),
        });
        if let Err(error) = shortened {
            tracing::warn!("the journal cannot be shortened, so it grows: {error}");
        }
    };
    let thread = std::thread::Builder::new().name("shortening".to_owned()).spawn(work);
    if let Err(error) = thread {
        tracing::warn!("the journal cannot be shortened, so it grows: {error}");
    }
}
