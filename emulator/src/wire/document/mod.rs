//! Any protocol's body as a tree, and any value as a tree: the one dynamic reader and writer.
//!
//! A type is compiled for trees once, whatever the number of protocols behind them. Bodies become
//! a [`Document`], from which types are read; types are written to a [`Tree`], which then goes
//! through the writer of its protocol. Slower than reading and writing directly, so what is called
//! often does that.

mod parse;
mod parts;
mod read;
mod tree;
mod write;

#[cfg(test)]
mod tests;

pub(in crate::wire) use parse::{Document, from_cbor, from_json};
pub(in crate::wire) use read::{Kind, read, read_form};
pub(in crate::wire) use tree::Tree;
pub(in crate::wire) use write::tree;
