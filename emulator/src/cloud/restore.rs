//! The whole state from bytes.

use super::core::Cloud;
use super::effect::Effects;
use super::input::Input;
use super::journal::{PageCall, Record, RecordError};
use super::registry::registry;
use super::saved::{Saved, SavedError};
use super::services::Services;
use super::snapshot::{Snapshot, VERSION};
use crate::kernel::SignatureMode;
use crate::wire::{Blob, Timestamp, cbor};

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

impl Cloud {
    /// Does again what a record says; what it leads to outside of the cloud is dropped.
    ///
    /// # Errors
    /// [`RecordError`] if a request cannot be read, which it once could.
    pub fn replay(&mut self, record: &Record) -> Result<(), RecordError> {
        self.again(record).map(drop)
    }

    /// Does again what a record says, and says what it leads to.
    ///
    /// # Errors
    /// [`RecordError`] if a request cannot be read, which it once could.
    pub fn again(&mut self, record: &Record) -> Result<Effects, RecordError> {
        match record {
            Record::Given(at, input) => self.give_again(*at, input),
            Record::Asked(at, call) => self.ask_again(*at, call),
            Record::Reset(at) => {
                *self = self.anew(*at);
                Ok(Effects::default())
            }
            Record::Loaded(_, file) => {
                let unread = |error: SavedError| RecordError::from(error.to_string());
                *self = Saved::read(file)
                    .and_then(|saved| saved.cloud(Waiting::Gone))
                    .map_err(unread)?;
                Ok(Effects::default())
            }
            Record::Clock(_) | Record::Panicked(_) => Ok(Effects::default()),
        }
    }

    fn give_again(&mut self, at: Timestamp, input: &Input) -> Result<Effects, RecordError> {
        let unread =
            |_: Box<_>| RecordError::from("a request that reaches no operation".to_owned());
        let mut input_of_call = registry().prepare(input).map_err(unread)?;
        if let (Input::Request(call), Input::Request(request)) = (&mut input_of_call, input)
            && self.settings().signatures == SignatureMode::Verify
        {
            call.read_signature(&request.parts, &request.body);
        }
        Ok(self.apply(at, input_of_call))
    }

    fn ask_again(&mut self, at: Timestamp, call: &PageCall) -> Result<Effects, RecordError> {
        let PageCall { service, operation, scope, body } = call;
        let asked = (service.as_str(), operation.as_str());
        let call = registry().prepare_for_page(asked, scope.clone(), body.clone());
        let call = call.map_err(|error| RecordError::from(error.to_string()))?;
        Ok(self.apply(at, Input::Request(call)))
    }
}
