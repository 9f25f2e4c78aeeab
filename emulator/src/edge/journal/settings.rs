//! How a journal is kept, and why it cannot be.

use std::io;
use std::path::PathBuf;

use clap::ValueEnum;

/// When what happened is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SyncMode {
    /// It is synced before the answer goes out: also a power loss loses nothing that was answered.
    Always,
    /// It is written before the answer goes out, and synced within 100 ms: the end of the program,
    /// whatever it is, loses nothing that was answered.
    Batch,
    /// It is written within 100 ms.
    Off,
}

/// What becomes of the time for which the emulator was down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum WhileDown {
    /// It has passed: what fell due is done at the start, in order.
    Pass,
    /// It has not: virtual time goes on where it stood.
    Skip,
}

/// Where and how to keep what happens.
#[derive(Clone, Debug)]
pub struct DataSettings {
    pub folder: PathBuf,
    pub sync: SyncMode,
    pub while_down: WhileDown,
}

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("{0} is in use by another skyrig")]
    InUse(PathBuf),
    #[error("{what}: {reason}")]
    Io { what: String, reason: io::Error },
    #[error(
        "{file} was written by {by}, and what happened since its last snapshot can be read by that \
         one only: start it with this folder and end it in order, which leaves a snapshot"
    )]
    Version { file: String, by: String },
    #[error("{file} is damaged at byte {at}, and others follow it; move it away to go on without")]
    Damaged { file: String, at: usize },
    #[error("records {from} to {to} are missing: a file of the folder is gone")]
    Missing { from: u64, to: u64 },
    #[error("{file}: {reason}")]
    Unreadable { file: String, reason: String },
}

impl JournalError {
    pub(super) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |reason| Self::Io { what, reason }
    }
}
