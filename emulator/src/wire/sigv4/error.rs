//! Why a request is not believed, in the words of the service that was asked.

use crate::wire::{Protocol, Service, WireError};

/// Namespace of the errors that AWS's request framework raises before a service sees the request.
const FRAMEWORK: &str = "com.amazon.coral.service";

/// Why AWS does not believe a request to be from whom it says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unauthenticated {
    #[error("Request is missing Authentication Token")]
    Missing,
    /// Holds AWS's sentences on what is not there or cannot be read.
    #[error("{0}")]
    Incomplete(String),
    /// The access key id is not known, or it is not the token's.
    #[error("The security token included in the request is invalid{}", stop(*with_token))]
    UnknownKey { with_token: bool },
    #[error("The security token included in the request is expired")]
    ExpiredToken,
    /// The time or the scope is wrong; holds AWS's sentence.
    #[error("{0}")]
    Unacceptable(String),
    #[error(
        "The request signature we calculated does not match the signature you provided. Check your \
         AWS Secret Access Key and signing method. Consult the service documentation for details."
    )]
    Mismatch,
}

/// AWS ends the sentence on a key with a full stop, that on a token without.
fn stop(with_token: bool) -> &'static str {
    if with_token { "" } else { "." }
}

impl Unauthenticated {
    /// The row on the wire: services that speak the query protocol, or once did, have codes and
    /// statuses of their own.
    ///
    /// Source: API references, "Common errors" of SQS, SNS, STS (query) and DynamoDB, EventBridge
    /// (JSON), Lambda (REST).
    pub fn in_words_of(self, service: &'static Service, protocol: Protocol) -> WireError {
        let (shape, code) = match self {
            Self::Missing => ("MissingAuthenticationTokenException", "MissingAuthenticationToken"),
            Self::Incomplete(_) => ("IncompleteSignatureException", "IncompleteSignature"),
            Self::UnknownKey { .. } => ("UnrecognizedClientException", "InvalidClientTokenId"),
            Self::ExpiredToken => ("ExpiredTokenException", "ExpiredToken"),
            Self::Unacceptable(_) | Self::Mismatch => {
                ("InvalidSignatureException", "SignatureDoesNotMatch")
            }
        };
        let as_query = protocol == Protocol::AwsQuery || service.query_compatible;
        let forbids = as_query || protocol == Protocol::RestJson1;
        let status = if forbids && !matches!(self, Self::Incomplete(_)) { 403 } else { 400 };
        let row = WireError::sender(shape, self.to_string()).namespace(FRAMEWORK);
        row.query_code(code).status(status)
    }
}
