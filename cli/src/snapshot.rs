//! `skyrig snapshot`: a world as a file, a file in the place of a world, and what differs.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use clap::Subcommand;
use serde_json::Value;
use skyrig::cloud::{Saved, SavedError};

use crate::client::{ClientError, Endpoint};

const PAGE: &str = "/_skyrig/snapshot";

#[derive(Debug, Subcommand)]
pub(crate) enum Snapshot {
    /// Write the state of an emulator that runs to a file, which only its owner may read.
    Save(File),
    /// Put what a file holds in the place of the state of an emulator that runs.
    Load(File),
    /// Say what differs between a file and an emulator that runs, or another file.
    Diff(Pair),
}

#[derive(Debug, clap::Args)]
pub(crate) struct File {
    file: PathBuf,
    #[command(flatten)]
    endpoint: Endpoint,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Pair {
    file: PathBuf,
    /// The other file, instead of an emulator that runs.
    other: Option<PathBuf>,
    #[command(flatten)]
    endpoint: Endpoint,
}

/// Why a snapshot cannot be dealt with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SnapshotError {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("{file}: {reason}")]
    File { file: String, reason: String },
}

impl SnapshotError {
    pub(crate) fn of(file: &Path, reason: impl std::fmt::Display) -> Self {
        Self::File { file: file.display().to_string(), reason: reason.to_string() }
    }
}

/// Reads a snapshot.
///
/// # Errors
/// [`SnapshotError`] if it is none that is read here.
pub(crate) fn read(path: &Path) -> Result<Saved, SnapshotError> {
    let bytes = fs::read(path).map_err(|error| SnapshotError::of(path, error))?;
    Saved::read(&bytes).map_err(|error| SnapshotError::of(path, error))
}

/// Writes a file that only its owner may read: it may hold secrets that were issued.
///
/// # Errors
/// [`SnapshotError`] with the system's reason.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), SnapshotError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| SnapshotError::of(path, error))
}

impl Snapshot {
    /// What is to be said of it.
    ///
    /// # Errors
    /// [`SnapshotError`].
    pub(crate) fn run(&self) -> Result<String, SnapshotError> {
        match self {
            Self::Save(File { file, endpoint }) => {
                let bytes = endpoint.page(PAGE)?;
                write(file, &bytes)?;
                Ok(format!("{} bytes are in {}", bytes.len(), file.display()))
            }
            Self::Load(File { file, endpoint }) => {
                // Else only the emulator would know that it is none.
                let bytes = fs::read(file).map_err(|error| SnapshotError::of(file, error))?;
                Saved::read(&bytes).map_err(|error| SnapshotError::of(file, error))?;
                let told: Value = endpoint.read(&endpoint.put(PAGE, bytes)?)?;
                let now = told["now"].as_str().unwrap_or_default();
                Ok(format!("{} is loaded; it is {now} there", file.display()))
            }
            Self::Diff(pair) => pair.differences(),
        }
    }
}

impl Pair {
    fn differences(&self) -> Result<String, SnapshotError> {
        let before = read(&self.file)?;
        let after = match &self.other {
            Some(other) => read(other)?,
            None => {
                let bytes: Bytes = self.endpoint.page(PAGE)?;
                let wrong = |_: SavedError| ClientError::Answer(self.endpoint.url().to_owned());
                Saved::read(&bytes).map_err(wrong)?
            }
        };
        let told = before.differences(&after);
        let told = told.map_err(|error| SnapshotError::of(&self.file, error))?;
        Ok(if told.is_empty() { "nothing differs".to_owned() } else { told.join("\n") })
    }
}
