//! EventBridge Scheduler: schedules that call any operation of any service here, in virtual time.
//!
//! A schedule's time comes from a timer; what it calls is an internal call like any service's,
//! whose answer decides about retries and the dead letter.

mod activity;
mod api;
mod constraint;
mod error;
mod explain;
mod group;
mod hooks;
mod input;
mod invocation;
mod map;
mod operation_table;
pub mod operations;
mod schedule;
mod settings;
pub mod shapes;
mod state;
mod tagging;
mod target;
#[cfg(test)]
mod tests;

pub use error::{SchedulerError, error_rows};
pub use operation_table::{SERVICE, table};
pub use state::Scheduler;
