//! The whole state to bytes and back.

use serde::{Deserialize, Serialize};

use super::core::Cloud;
use super::services::Services;
use crate::kernel::{Effects, Kernel};
use crate::wire::cbor;

/// Snapshots carry the version that wrote them.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    kernel: &'a Kernel,
    services: &'a Services,
}

#[derive(Deserialize)]
struct Read {
    version: u32,
    kernel: Kernel,
    services: Services,
}

/// Bytes that are no snapshot of this version.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    #[error("not a snapshot: {0}")]
    Unreadable(String),
    #[error("the snapshot has version {0}; this program reads version {VERSION}")]
    Version(u32),
}

impl Cloud {
    /// The state as bytes; equal states have equal bytes.
    pub fn snapshot(&self) -> Vec<u8> {
        let written = Written { version: VERSION, kernel: &self.kernel, services: &self.services };
        cbor::to_vec(&written).expect("state consists of values that CBOR can write")
    }

    /// The state that `bytes` hold. Calls that were waiting find nobody to answer to.
    ///
    /// # Errors
    /// [`SnapshotError`] when the bytes are not a snapshot of this version.
    pub fn restore(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let read: Read = cbor::from_slice(bytes)
            .map_err(|error| SnapshotError::Unreadable(error.to_string()))?;
        if read.version != VERSION {
            return Err(SnapshotError::Version(read.version));
        }
        Ok(Self { kernel: read.kernel, services: read.services, effects: Effects::default() })
    }
}
