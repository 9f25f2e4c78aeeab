//! A snapshot as a file: packed, behind a head that says who wrote it, and how time ran.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use super::core::Cloud;
use super::journal::{Frames, Pace};
use super::restore::{SnapshotError, Waiting};
use super::snapshot::VERSION;
use crate::wire::cbor;

/// What such a file begins with.
const MAGIC: &[u8] = b"skyrig snapshot\n";
/// Which program wrote it.
const PROGRAM: &str = concat!("skyrig ", env!("CARGO_PKG_VERSION"));
/// Most bytes of a state that is unpacked: a small file must not fill the memory.
const STATE_BYTES_MAX: u64 = 4 << 30;

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Head {
    program: String,
    /// How states are written down.
    state_version: u32,
    pace: Pace,
    /// Bytes and checksum of the state.
    length: u64,
    sum: u32,
}

/// A whole world as it was at one moment.
pub struct Saved {
    head: Head,
    state: Vec<u8>,
}

/// Why bytes are no snapshot that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SavedError {
    #[error("this is no snapshot of skyrig")]
    NotOne,
    #[error("the snapshot is damaged: it is not what was written")]
    Damaged,
    #[error(
        "the snapshot was written by {by}, whose states have version {version}; this program reads \
         version {VERSION}"
    )]
    Version { by: String, version: u32 },
    #[error("the snapshot holds more than {STATE_BYTES_MAX} bytes")]
    TooLong,
    #[error("{0}")]
    Unreadable(String),
}

impl Saved {
    /// A cloud, and how its time runs.
    pub fn of(cloud: &Cloud, pace: Pace) -> Self {
        let state = cloud.snapshot();
        let (length, sum) = (state.len() as u64, crc32fast::hash(&state));
        let program = PROGRAM.to_owned();
        Self { head: Head { program, state_version: VERSION, pace, length, sum }, state }
    }

    /// As a file.
    pub fn write(&self) -> Vec<u8> {
        let head = cbor::to_vec(&self.head).expect("a head consists of plain values");
        let (length, sum) = (head.len() as u32, crc32fast::hash(&head));
        let front = [MAGIC, &length.to_le_bytes(), &sum.to_le_bytes(), &head].concat();
        let mut packed = DeflateEncoder::new(front, Compression::fast());
        let written = packed.write_all(&self.state).and_then(|()| packed.finish());
        written.expect("memory takes what is written to it")
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`SavedError`] if it is none, or of a version that is not read here.
    pub fn read(file: &[u8]) -> Result<Self, SavedError> {
        let framed = file.strip_prefix(MAGIC).ok_or(SavedError::NotOne)?;
        let mut frames = Frames::of(framed, 0);
        let head = frames.next().ok_or(SavedError::Damaged)?;
        let head: Head = cbor::from_slice(head).map_err(|_| SavedError::Damaged)?;
        if head.state_version != VERSION {
            let (by, version) = (head.program, head.state_version);
            return Err(SavedError::Version { by, version });
        }
        if head.length > STATE_BYTES_MAX {
            return Err(SavedError::TooLong);
        }
        let mut state = Vec::new();
        let mut packed = DeflateDecoder::new(&framed[frames.at..]).take(head.length + 1);
        packed.read_to_end(&mut state).map_err(|_| SavedError::Damaged)?;
        if state.len() as u64 != head.length || crc32fast::hash(&state) != head.sum {
            return Err(SavedError::Damaged);
        }
        Ok(Self { head, state })
    }

    /// The cloud, with the clients that waited or without.
    ///
    /// # Errors
    /// [`SavedError`] if the state is none, although it was written so.
    pub fn cloud(&self, waiting: Waiting) -> Result<Cloud, SavedError> {
        Cloud::restore(&self.state, waiting).map_err(|error| match error {
            SnapshotError::Version(version) => {
                SavedError::Version { by: self.head.program.clone(), version }
            }
            SnapshotError::Unreadable(reason) => SavedError::Unreadable(reason),
        })
    }

    /// How time ran.
    pub fn pace(&self) -> Pace {
        self.head.pace
    }

    /// The state's bytes.
    pub fn state(&self) -> &[u8] {
        &self.state
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::{Driver, request};
    use crate::kernel::Settings;
    use crate::wire::Timestamp;

    fn saved() -> Saved {
        let mut driver = Driver::new(Settings::default());
        let made = driver.send(request::json("AmazonSQS.CreateQueue", r#"{"QueueName":"q"}"#));
        assert_eq!(made.unwrap().status(), 200);
        let at = Timestamp::from_millis(5);
        Saved::of(&driver.cloud, Pace { virtual_time: at, machine_time: at, seconds_a_second: 1.0 })
    }

    #[test]
    fn a_file_gives_the_same_state_again() {
        let saved = saved();
        let read = Saved::read(&saved.write()).unwrap();
        assert_eq!(read.pace(), saved.pace());
        assert_eq!(read.cloud(Waiting::Kept).unwrap().snapshot(), saved.state());
    }

    #[test]
    fn what_is_no_whole_snapshot_is_refused() {
        let refused = |bytes: &[u8]| Saved::read(bytes).err().expect("it is refused");
        assert_eq!(refused(b""), SavedError::NotOne);
        assert_eq!(refused(b"skyrig recording"), SavedError::NotOne);
        let file = saved().write();
        for end in MAGIC.len()..file.len() {
            assert_eq!(refused(&file[..end]), SavedError::Damaged, "{end}");
        }
        let mut other = saved();
        other.head.program = "skyrig 9".to_owned();
        other.head.state_version = VERSION + 1;
        let by = "skyrig 9".to_owned();
        assert_eq!(refused(&other.write()), SavedError::Version { by, version: VERSION + 1 });
        other.head.state_version = VERSION;
        other.head.length = STATE_BYTES_MAX + 1;
        assert_eq!(refused(&other.write()), SavedError::TooLong);
        // A state that unpacks to more than its head says.
        other.head.length = 1;
        assert_eq!(refused(&other.write()), SavedError::Damaged);
    }
}
