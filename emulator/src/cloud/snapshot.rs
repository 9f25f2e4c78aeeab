//! The whole state to bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::call::ReplyTo;
use super::core::Cloud;
use crate::kernel::{CallId, Kernel, pairs};
use crate::wire::{Blob, Gather as _, cbor};

/// Snapshots carry the version that wrote them.
pub(crate) const VERSION: u32 = 6;

#[derive(Serialize, Deserialize)]
pub(super) struct Snapshot<'a> {
    pub(super) version: u32,
    pub(super) kernel: Cow<'a, Kernel>,
    #[serde(with = "pairs")]
    pub(super) waiting: BTreeMap<CallId, ReplyTo>,
    /// Each service's state by its name.
    pub(super) services: BTreeMap<String, Blob>,
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
}
