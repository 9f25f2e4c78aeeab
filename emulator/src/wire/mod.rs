//! Bytes to typed values and back, one module a protocol. Knows no service.
//!
//! Each protocol is a serde format, so a service never learns which one carried a request.

pub mod absent;
pub mod cbor;
pub(crate) mod civil;
mod codec;
pub mod detect;
mod document;
mod error;
pub(crate) mod event_stream;
pub mod form;
mod format;
mod gather;
mod hexadecimal;
mod json;
mod members;
mod naming;
mod primitives;
mod rejection;
pub mod respond;
pub mod rest;
mod serialization;
mod service;
#[cfg(any(test, feature = "shapes"))]
pub mod shape;
pub mod sigv4;
pub mod world;
pub mod xml;

#[cfg(test)]
mod examples;

pub use codec::{AnyProtocol, Codec, JsonFirst, JsonOnly};
pub use error::{Fault, WireError};
pub use format::{EncodeError, Format};
pub(crate) use gather::Gather;
pub(crate) use hexadecimal::hex;
pub use naming::{MemberName, Naming, default_naming};
pub use primitives::{BLOB, Blob, TIMESTAMP, Timestamp};
pub use rejection::{Rejection, internal_failure};
pub use service::{Protocol, Service};
