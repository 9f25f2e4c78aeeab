//! Event source mappings: functions that are invoked with what a queue or a stream holds.
//!
//! A mapping's poller (`shared::polling`) reads its source; each batch is an invocation like any
//! other, whose end goes back to the poller. A mapping that finds nothing costs nothing.

mod check;
mod mapping_state;
mod running;
pub mod shapes;
#[cfg(test)]
mod tests;
mod windows;

pub(super) use check::STORED;
pub(super) use mapping_state::{Deed, Mapping, Mappings};
pub(super) use running::{INVOCATION, POLLER, TOLD};
