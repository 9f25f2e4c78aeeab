//! The whole state from bytes.

use super::core::Cloud;
use super::input::Input;
use super::services::Services;
use super::snapshot::{Snapshot, VERSION};
use crate::wire::{Blob, cbor};

/// What becomes of the calls that waited when a snapshot was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// Their clients are gone: nobody is left who could take a message.
    Gone,
    /// Their clients are still there, and get their answers from the restored cloud.
    Kept,
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
    /// The state that `bytes` hold.
    ///
    /// # Errors
    /// [`SnapshotError`] when the bytes are not a snapshot of this version.
    pub fn restore(bytes: &[u8], waiting: Waiting) -> Result<Self, SnapshotError> {
        let unreadable =
            |error: &dyn std::fmt::Display| SnapshotError::Unreadable(error.to_string());
        let read: Snapshot<'_> = cbor::from_slice(bytes).map_err(|error| unreadable(&error))?;
        if read.version != VERSION {
            return Err(SnapshotError::Version(read.version));
        }
        let mut services = Services::default();
        for (name, Blob(bytes)) in &read.services {
            let state = services.read(name, bytes);
            state
                .ok_or_else(|| unreadable(&format!("there is no service {name}")))?
                .map_err(|error| unreadable(&error))?;
        }
        let mut cloud = Self::of(read.kernel.into_owned(), services, read.waiting);
        if waiting == Waiting::Gone {
            for call in cloud.waiting_clients().collect::<Vec<_>>() {
                cloud.apply(cloud.now(), Input::ClientGone(call));
            }
        }
        Ok(cloud)
    }
}
