//! The order: commands come in, events come out, the state is the fold of the events.
//!
//! It knows that stock is reserved and payment taken, but not by whom or over which channel.

mod address;
mod command;
mod decide;
mod error;
mod event;
mod evolve;
mod repeat;
mod state;
#[cfg(test)]
mod tests;

pub use address::Address;
pub use command::{Command, Deadline, PlaceOrder};
pub use decide::{LINES_MAX, QUANTITY_MAX, decide};
pub use error::OrderError;
pub use event::{CancelReason, Event};
pub use evolve::{evolve, fold};
pub use repeat::{done_at, done_before};
pub use state::{Details, Line, Order, Reservation, Status};
