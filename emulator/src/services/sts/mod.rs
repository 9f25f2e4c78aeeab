//! AWS STS: who is calling.
//!
//! Knows no users, roles or sessions: signatures are not verified, so the access key id in the
//! request is all there is to tell callers apart.

mod error;
mod operation_table;
pub mod operations;
#[cfg(test)]
mod tests;

pub use error::{StsError, error_rows};
pub use operation_table::{SERVICE, Sts, table};
