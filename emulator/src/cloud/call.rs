//! A request that was read and not yet run, and who gets its answer.

use bytes::Bytes;
use http::HeaderValue;
use serde::{Deserialize, Serialize};

use super::authentication::Signature;
use super::effect::ReplyFormat;
use super::registry::Found;
use crate::kernel::{Caller, NodeId, Operation, ReturnAddress, Run};
use crate::wire::{Format, Protocol, Service};

/// A request that was read and not yet run.
pub struct Call {
    pub(super) caller: Caller,
    /// Looked at only where signatures are verified.
    pub(super) signature: Signature,
    pub(super) format: Format,
    pub(super) operation: &'static Operation,
    /// The service that is called, as it was found.
    pub(super) of: Found,
    /// The body, for fault rules that name a resource.
    pub(super) body: Bytes,
    /// The header `amz-sdk-request`.
    pub(super) attempt: Option<HeaderValue>,
    pub(super) run: Run,
    pub(super) origin: Origin,
}

/// Where a call comes from.
#[derive(Clone, Debug)]
pub(super) enum Origin {
    Client,
    /// A page of the emulator itself, which needs no signature.
    #[cfg(any(test, feature = "edge", feature = "sdk", feature = "snapshots"))]
    Page,
    /// A service here.
    Service {
        answer_to: ReturnAddress,
        cause: NodeId,
        hops: u8,
        /// It waits as long as it takes.
        is_patient: bool,
    },
}

impl Call {
    /// Who calls.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// `sqs:SendMessage`, for logs.
    pub fn name(&self) -> String {
        format!("{}:{}", self.format.service.name, self.format.operation)
    }

    /// The service and protocol in which its client wants to be answered.
    pub fn speaks(&self) -> (&'static Service, Protocol) {
        (self.format.service, self.format.protocol)
    }
}

/// Who gets the answer to a call.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum ReplyTo {
    Client(ReplyFormat),
    Service(ReplyFormat, ReturnAddress),
}
