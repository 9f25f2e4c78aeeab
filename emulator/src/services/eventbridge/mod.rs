//! Amazon EventBridge: buses, rules and targets.
//!
//! Knows no other service. Events enter a bus through `Bus::put` and nowhere else, and leave
//! through the outbox.

mod activity;
mod api_destination;
mod archive;
mod besides;
mod bus;
mod connection;
mod constraint;
mod delivery;
mod endpoint;
mod entry;
mod error;
mod event;
mod explain;
mod hooks;
mod input;
mod logging;
mod managed;
mod map;
mod operation_table;
pub mod operations;
mod page;
mod put_activity;
mod replay;
mod rule;
mod schedule;
mod sending;
mod shapes;
mod state;
mod tagging;
mod target;
mod target_kind;
mod target_parameters;
#[cfg(test)]
mod tests;

pub use besides::besides_table;
pub use bus::Verdict;
pub use error::{EventsError, error_rows};
pub use operation_table::{SERVICE, table};
pub use state::EventBridge;
