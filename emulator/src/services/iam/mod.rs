//! AWS IAM: roles, users, groups, instance profiles and the policies that they have, global to the
//! account.
//!
//! It keeps what it is given and checks it as AWS does; no request is allowed or refused by it.
//! What others must know of a role or a user (its id, its keys) it leaves with the kernel.

mod access_key;
mod constraint;
mod document;
mod entity;
mod error;
mod group;
mod held;
mod holding;
mod ids;
mod linked;
mod operation_table;
pub mod operations;
mod paging;
mod policy;
mod policy_list;
mod profile;
mod role;
pub mod shapes;
mod state;
mod tagging;
#[cfg(test)]
mod tests;
mod user;

pub use entity::Kind;
pub use error::{IamError, error_rows};
pub use operation_table::{SERVICE, table};
pub use state::Iam;
