//! The shape of a wire type, learnt by watching what it asks a deserializer for.
//!
//! A conformance test compares the shapes of every operation's structures with AWS's models. Knows
//! no protocol: names are those of JSON and CBOR.

mod access;
mod probe;
mod survey;

#[cfg(test)]
mod tests;

pub use survey::{Shape, shape_of};
