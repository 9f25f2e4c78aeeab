//! The whole state to bytes and back.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::call::ReplyTo;
use super::core::Cloud;
use super::input::Input;
use super::services::Services;
use crate::kernel::{CallId, Kernel, pairs};
use crate::wire::{Blob, Gather as _, cbor};

/// Snapshots carry the version that wrote them.
const VERSION: u32 = 2;

#[derive(Serialize, Deserialize)]
struct Snapshot<'a> {
    version: u32,
    kernel: Cow<'a, Kernel>,
    #[serde(with = "pairs")]
    waiting: BTreeMap<CallId, ReplyTo>,
    /// Each service's state by its name.
    services: BTreeMap<String, Blob>,
}

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
    /// The state as bytes; equal states have equal bytes.
    pub fn snapshot(&self) -> Vec<u8> {
        let services = self.services.to_bytes();
        let snapshot = Snapshot {
            version: VERSION,
            kernel: Cow::Borrowed(&self.kernel),
            waiting: self.waiting.clone(),
            services: services.map(|(name, bytes)| (name.to_owned(), Blob(bytes))).into_map(),
        };
        cbor::to_vec(&snapshot).expect("state consists of values that CBOR can write")
    }

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
