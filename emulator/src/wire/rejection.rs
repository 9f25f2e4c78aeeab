//! Requests that reach no operation.

use super::{Fault, WireError};

/// Namespace of the errors that AWS's request framework raises before a service sees the request.
const FRAMEWORK: &str = "com.amazon.coral.service";

/// Why a request was turned away.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Neither headers, path nor form say which service is meant.
    #[error(
        "cannot tell which AWS service this request is for: it has no X-Amz-Target header, no \
         /service/…/operation/… path, and no signed or form-encoded Action of a known service"
    )]
    NoService,
    /// Several services have the action and nothing says which of them is meant; holds their
    /// names.
    #[error(
        "cannot tell which AWS service this request is for: the action {action} is one of \
         {services}; sign the request, or send the Version of the service's API"
    )]
    SharedAction { action: String, services: String },
    /// The service is not emulated; holds its name.
    #[error("the service {0} is not implemented by this emulator")]
    UnknownService(String),
    /// The service has no such operation here; holds both names.
    #[error("{service}: the operation {operation} is not implemented by this emulator")]
    UnknownOperation { service: &'static str, operation: String },
    /// AWS has no such operation either; holds its name.
    #[error("The action {0} is not valid for this endpoint.")]
    InvalidAction(String),
    /// The body is not what the protocol says; holds the reader's reason.
    #[error("{0}")]
    Malformed(String),
    /// The body is longer than any operation takes.
    #[error("the request body is longer than {limit} bytes")]
    TooLarge { limit: usize },
    /// It is no request of HTTP/1.1; holds the reason.
    #[error("{0}")]
    NotHttp(&'static str),
    /// The headers are too large or too many.
    #[error("the request's headers are longer than {limit} bytes, or there are too many")]
    HeadersTooLarge { limit: usize },
    /// The path and the query are too long.
    #[error("the request's path and query are too long")]
    UriTooLong,
    /// The body comes too slowly, or not at all.
    #[error("the request's body did not come in time")]
    TooSlow,
    /// The server holds all that it can.
    #[error("too many long requests and answers are under way; try again later")]
    NoRoom,
    /// A method that no protocol uses on that path.
    #[error("{0} is not allowed here")]
    Method(String),
    /// The credential scope in the request cannot be read.
    #[error("{0}")]
    Signature(String),
    /// Who asks may not: a web page, or somebody by a name that is not known; holds the reason.
    #[error("{0}")]
    Visitor(String),
    /// The world that it names is not there; holds the reason.
    #[error("{0}")]
    World(String),
    /// There is no room for the world that it names; holds the reason.
    #[error("{0}")]
    NoRoomForWorld(String),
}

impl Rejection {
    /// Whether the request may be right, and what it asks for is not here.
    pub fn is_of_absent(&self) -> bool {
        match self {
            Self::NoService
            | Self::SharedAction { .. }
            | Self::UnknownService(_)
            | Self::UnknownOperation { .. }
            | Self::InvalidAction(_)
            | Self::Method(_) => true,
            Self::Malformed(_)
            | Self::TooLarge { .. }
            | Self::NotHttp(_)
            | Self::HeadersTooLarge { .. }
            | Self::UriTooLong
            | Self::TooSlow
            | Self::NoRoom
            | Self::Signature(_)
            | Self::Visitor(_)
            | Self::World(_)
            | Self::NoRoomForWorld(_) => false,
        }
    }
}

impl From<Rejection> for WireError {
    fn from(rejection: Rejection) -> Self {
        let message = rejection.to_string();
        let error =
            |shape, code| WireError::sender(shape, message).namespace(FRAMEWORK).query_code(code);
        match rejection {
            Rejection::NoService
            | Rejection::SharedAction { .. }
            | Rejection::UnknownService(_) => error("UnknownOperationException", "InvalidAction"),
            Rejection::UnknownOperation { .. } | Rejection::InvalidAction(_) => {
                error("UnknownOperationException", "InvalidAction")
            }
            Rejection::Malformed(_) => error("SerializationException", "MalformedInput"),
            Rejection::TooLarge { .. } => {
                error("RequestEntityTooLargeException", "RequestEntityTooLarge").status(413)
            }
            Rejection::NotHttp(_) => error("BadRequestException", "BadRequest"),
            Rejection::HeadersTooLarge { .. } => {
                error("RequestHeaderFieldsTooLargeException", "RequestHeaderFieldsTooLarge")
                    .status(431)
            }
            Rejection::UriTooLong => error("UriTooLongException", "UriTooLong").status(414),
            // SDKs know this name as that of a fault that passes.
            Rejection::TooSlow => error("RequestTimeoutException", "RequestTimeout").status(408),
            Rejection::NoRoom | Rejection::NoRoomForWorld(_) => WireError {
                fault: Fault::Receiver,
                ..error("ServiceUnavailableException", "ServiceUnavailable").status(503)
            },
            Rejection::Method(_) => {
                error("MethodNotAllowedException", "MethodNotAllowed").status(405)
            }
            Rejection::Signature(_) => error("IncompleteSignatureException", "IncompleteSignature"),
            Rejection::Visitor(_) => error("AccessDeniedException", "AccessDenied").status(403),
            Rejection::World(_) => error("NoSuchWorldException", "NoSuchWorld"),
        }
    }
}

/// The answer to a bug of ours: the state after a panic or a failed encoding is not trusted.
pub fn internal_failure(message: impl Into<String>) -> WireError {
    WireError {
        fault: Fault::Receiver,
        ..WireError::sender("InternalFailure", message).status(500)
    }
}
