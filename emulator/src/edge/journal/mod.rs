//! The journal on disk: a folder with what happened to a cloud, from which the cloud is made again.
//!
//! A folder holds a snapshot, `snapshot-N`, which is the cloud after N records, and the segments
//! with the records since, `journal-N`, each named after its first. Each start begins a segment.
//! A segment that grows long is replaced by the next one and later by a snapshot (`shorten`).

mod disk;
mod files;
mod load;
mod settings;
mod shorten;
#[cfg(test)]
mod tests;
mod thread;
mod wake;
mod writer;

pub(super) use disk::Folder;
pub use settings::{DataSettings, JournalError, SyncMode, WhileDown};
pub(super) use writer::{FileJournal, Known, SEGMENT_BYTES_MAX};
