//! The bodies of the query protocol (`application/x-www-form-urlencoded`), to read.
//!
//! Keys are paths (`Entry.1.Id`), and a service's naming says how each member is spelt. Members
//! that no structure asks for are ignored. Knows no action and no version.

mod document;
mod error;
mod node;
mod parse;
mod read;

#[cfg(test)]
mod tests;

pub use document::document;
pub use error::FormError;
pub use parse::{DEPTH_MAX, Form, PARAMETERS_MAX, pairs, parameter};
pub(in crate::wire) use read::Reader;
pub use read::from_form;
