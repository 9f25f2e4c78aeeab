//! CBOR as Smithy's rpcv2Cbor uses it: a serde format, written definite, read in any form.
//!
//! Structures and maps are maps with text keys, timestamps are tag 1, blobs are byte strings.
//! Knows neither HTTP nor the protocol's paths and headers.

mod compound;
mod error;
mod read;
mod reader;
mod write;

#[cfg(test)]
mod tests;

pub use error::CborError;
pub use read::from_slice;
pub(in crate::wire) use read::reader;
pub use reader::DEPTH_MAX;
pub(in crate::wire) use reader::{Item, Reader};
pub use write::to_vec;

/// The tag of a timestamp: seconds since 1970.
const TAG_EPOCH: u64 = 1;
/// Ends an array, map or string of indefinite length.
const BREAK: u8 = 0xff;
