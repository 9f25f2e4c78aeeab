//! Calls of functions over HTTP: what a function sees of a request, who may send one, and what its
//! client is answered.

mod answer;
mod cors;
mod event;
mod invoke;
mod permitted;

pub(super) use answer::Caller;
pub use invoke::table;

/// What stands behind the id in the host of an address.
pub(super) const LABEL: &str = "lambda-url";
