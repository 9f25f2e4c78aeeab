//! Amazon EventBridge: buses, rules and targets.
//!
//! Knows no other service. Events enter a bus through `Bus::put` and nowhere else, and leave
//! through the outbox.

mod bus;
mod constraint;
mod delivery;
mod error;
mod event;
mod input;
pub mod operations;
mod page;
mod rule;
mod state;
mod table;
mod target;
mod target_parameters;
#[cfg(test)]
mod tests;

pub use bus::Verdict;
pub use error::EventsError;
pub use state::EventBridge;
pub use table::{SERVICE, table};
