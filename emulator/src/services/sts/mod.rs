//! AWS STS: who is calling, and temporary credentials.
//!
//! Knows of IAM's roles what the kernel does: their ids and longest sessions. Any role may be
//! assumed by anybody. The credentials that it issues are sessions of the kernel, so every service
//! knows their user.

mod caller;
mod chain;
mod constraint;
mod error;
mod issue;
mod operation_table;
pub mod operations;
mod role;
mod saml;
mod session_policy;
mod session_tags;
mod shapes;
#[cfg(test)]
mod tests;
mod web_identity;

pub use error::{StsError, error_rows};
pub use operation_table::{SERVICE, Sts, table};
