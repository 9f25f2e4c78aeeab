//! EventBridge Pipes: from a queue or a stream, through a filter and an enrichment, to a target.
//!
//! A pipe's poller (`shared::polling`) reads its source; each batch is an execution, whose calls
//! are internal calls like any service's. What came of it goes back to the poller.

mod activity;
mod constraint;
mod error;
mod event;
mod execution;
mod hooks;
mod input;
mod logging;
mod map;
mod operation_table;
pub mod operations;
mod pipe;
mod settings;
pub mod shapes;
mod source;
mod state;
mod tagging;
mod target;
mod target_call;
#[cfg(test)]
mod tests;

pub use error::{PipesError, error_rows};
pub use operation_table::{SERVICE, table};
pub use state::Pipes;
