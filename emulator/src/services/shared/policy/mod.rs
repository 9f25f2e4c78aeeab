//! Resource policies: may this principal do this action to this resource, and if not, why.
//!
//! Knows the policy language (statements, principals, globs, conditions) and no service: the caller
//! names the principal, the action and the resource. Identity policies do not exist here.

mod condition;
mod decide;
mod document;
mod enforce;
mod explain;
mod glob;
mod grant;
#[cfg(test)]
mod tests;
mod variables;

pub use decide::{Decision, PolicyRequest};
pub use document::{Policy, PolicyError};
pub(crate) use enforce::let_through;
pub use grant::Grant;
