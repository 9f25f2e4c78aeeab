//! AWS STS: who is calling.
//!
//! Knows no users, roles or sessions: signatures are not verified, so the access key id in the
//! request is all there is to tell callers apart.

mod error;
pub mod operations;
mod table;
#[cfg(test)]
mod tests;

pub use error::{StsError, error_rows};
pub use table::{SERVICE, Sts, table};
