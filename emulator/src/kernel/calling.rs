//! Calls that a service makes itself, and the answers that come back to it as events.
//!
//! To another service here ([`InternalCall`]), or to the world outside ([`OutsideCall`]: an HTTP
//! server, a function's process). The core never waits: whoever calls gives a token, and its hook
//! [`super::Hooks::on_answer`] gets the token back with the answer, at once or much later.

use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{FunctionRun, Invocation, NodeId, Principal, Scope, ServiceName};
use crate::wire::WireError;

/// Who gets an answer: the service that called, where, and its word for the call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnAddress {
    pub service: ServiceName,
    pub scope: Scope,
    pub token: Arc<str>,
}

/// One service calls an operation of another, as a client would: through the same table, checks,
/// faults, metrics and lineage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InternalCall {
    /// The service that is called, as in ARNs, and its operation.
    pub service: String,
    pub operation: String,
    /// The request's members in JSON.
    pub input: Value,
    /// On whose behalf.
    pub principal: Principal,
    /// Account and region that are called.
    pub scope: Scope,
    /// What led to it.
    pub cause: NodeId,
    /// Services passed on the way here; loops end at a limit.
    pub hops: u8,
    pub answer_to: ReturnAddress,
}

/// The number of something asked of the world outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OutsideId(pub u64);

/// An HTTP server outside, and how to call it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpTarget {
    /// `http://` or `https://`.
    pub url: String,
    /// `POST` and the like.
    pub method: String,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    /// How long the server may take.
    pub timeout_seconds: u32,
}

/// Something that the world outside is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct OutsideCall {
    pub id: OutsideId,
    pub request: OutsideRequest,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum OutsideRequest {
    Http { target: HttpTarget, body: Bytes },
    Function(Box<Invocation>),
}

/// What an HTTP server answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpAnswer {
    pub status: u16,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

/// What comes back to whoever called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answered {
    /// The operation's response, members in JSON.
    Operation(Value),
    Http(HttpAnswer),
    Function(FunctionRun),
    /// The target of a delivery took it; it says no more.
    Taken,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
pub enum CallError {
    /// The operation refused, with AWS's error: the shape's name, the HTTP status, AWS's text.
    #[error("{shape}: {message}")]
    Refused { shape: String, status: u16, message: String },
    /// The answer got lost, or nobody could be reached; the operation may have happened.
    #[error("{0}")]
    Unreachable(String),
    /// A delivery was given up for good.
    #[error("{0}")]
    Undelivered(String),
}

impl From<WireError> for CallError {
    fn from(error: WireError) -> Self {
        let WireError { shape, status, message, .. } = error;
        Self::Refused { shape: shape.into_owned(), status, message }
    }
}
