//! Bytes to typed values and back, one module a protocol. Knows no service.
//!
//! Each protocol is a serde format, so a service never learns which one carried a request.

pub mod cbor;
pub mod error;
pub mod form;
pub mod naming;
pub mod primitives;
pub mod shape;
pub mod xml;

#[cfg(test)]
mod examples;

pub use error::{Fault, WireError};
pub use naming::{MemberName, Naming, default_naming};
pub use primitives::{Blob, Timestamp};
