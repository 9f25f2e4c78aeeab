//! One request's format: which protocol, of which service, for which operation.

use super::rest::Route;
use super::{Protocol, Service};

/// How to read a request's body and write its answer.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    pub protocol: Protocol,
    pub service: &'static Service,
    pub operation: &'static str,
    /// The client expects the statuses of the query protocol, whichever it speaks.
    ///
    /// Source: AWS SDKs, header `x-amzn-query-mode`.
    pub query_mode: bool,
    /// Where members stand outside of the body, in restJson1.
    pub route: Option<&'static Route>,
}

/// A value has no form in the protocol. A bug of the operation, not of the client.
#[derive(Debug, thiserror::Error)]
#[error("cannot encode the answer: {0}")]
pub struct EncodeError(String);

impl serde::ser::Error for EncodeError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self::new(message)
    }
}

impl EncodeError {
    pub(super) fn new(reason: impl std::fmt::Display) -> Self {
        Self(reason.to_string())
    }
}
