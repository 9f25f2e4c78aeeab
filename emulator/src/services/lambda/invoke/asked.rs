//! What an invocation asks for, checked: the payload and its size, and the client's context.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::kernel::{MessageId, NodeId};
use crate::services::lambda::error::LambdaError;

/// Source: "Lambda quotas", invocation payload; 1 MB for events since October 2025.
pub(in crate::services::lambda) const PAYLOAD_BYTES_MAX: usize = 6 * 1024 * 1024;
pub(in crate::services::lambda) const EVENT_BYTES_MAX: usize = 1024 * 1024;
/// Source: API reference "Invoke", `ClientContext`.
const CONTEXT_BYTES_MAX: usize = 3583;

/// An invocation, whoever waits for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::lambda) struct Asked {
    /// The id that the code sees; the same at every try of an event.
    pub(in crate::services::lambda) request_id: MessageId,
    pub(in crate::services::lambda) function: Arc<str>,
    /// The version or the alias, if one was named.
    pub(in crate::services::lambda) qualifier: Option<Arc<str>>,
    /// JSON.
    pub(in crate::services::lambda) payload: Bytes,
    /// JSON.
    pub(in crate::services::lambda) client_context: Option<Arc<str>>,
    /// The X-Ray trace that it belongs to, as a header has it.
    pub(in crate::services::lambda) trace_header: Option<Arc<str>>,
    /// What led to it.
    pub(in crate::services::lambda) cause: NodeId,
    /// Services passed on the way here.
    pub(in crate::services::lambda) hops: u8,
}

/// Why a function is not run now, in AWS's words for the reason of a throttling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// All that may run at once of a function with reserved concurrency.
    Reserved,
    /// All that may run at once of those without.
    Account,
    /// Too much waits already.
    Caller,
}

impl Refusal {
    /// AWS's word.
    pub(in crate::services::lambda) fn as_str(self) -> &'static str {
        match self {
            Self::Reserved => "ReservedFunctionConcurrentInvocationLimitExceeded",
            Self::Account => "ConcurrentInvocationLimitExceeded",
            Self::Caller => "CallerRateLimitExceeded",
        }
    }
}

/// A payload as the code gets it; nothing at all is an empty object.
///
/// # Errors
/// `RequestTooLargeException`, `InvalidRequestContentException`.
// Source: users' reports of AWS's answers. What follows the second colon is the parser's.
pub(in crate::services::lambda) fn is_json(
    payload: Vec<u8>,
    bytes_max: usize,
) -> Result<Bytes, LambdaError> {
    if payload.len() > bytes_max {
        return Err(LambdaError::RequestTooLarge(bytes_max));
    }
    if payload.is_empty() {
        return Ok(Bytes::from_static(b"{}"));
    }
    match serde_json::from_slice::<&RawValue>(&payload) {
        Ok(_) => Ok(payload.into()),
        Err(error) => Err(LambdaError::InvalidContent(format!(
            "Could not parse request body into json: Could not parse payload into json: {error}"
        ))),
    }
}

/// The JSON in a header's base64.
///
/// # Errors
/// `InvalidRequestContentException`.
pub(in crate::services::lambda) fn client_context(
    header: Option<&str>,
) -> Result<Option<Arc<str>>, LambdaError> {
    let Some(header) = header else { return Ok(None) };
    let invalid = || {
        LambdaError::InvalidContent(
            "Client context must be a valid Base64-encoded JSON object.".to_owned(),
        )
    };
    if header.len() > CONTEXT_BYTES_MAX {
        return Err(LambdaError::InvalidContent(format!(
            "Client context must be no more than {CONTEXT_BYTES_MAX} bytes when base64-encoded."
        )));
    }
    let text = STANDARD.decode(header).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let text = text.ok_or_else(invalid)?;
    serde_json::from_str::<serde_json::Map<_, _>>(&text).map_err(|_| invalid())?;
    Ok(Some(text.into()))
}
