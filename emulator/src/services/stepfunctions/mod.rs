//! AWS Step Functions: state machines whose executions run in virtual time.
//!
//! What a definition says and what an execution does next, the package `skyrig_asl` knows; here are
//! the names, the clock, the tasks and the wire. Every step of an execution goes through
//! `StepFunctions::advance`. Tasks are internal calls like any service's; nothing ticks.

mod activity;
mod advancing;
mod alias;
mod child;
mod constraint;
mod counts;
mod creating;
mod describing;
mod effects;
mod error;
mod hooks;
mod integration;
mod logging;
mod machine;
mod map;
mod metrics;
mod mock;
mod names;
mod operation_table;
pub mod operations;
mod paging;
mod references;
mod revision;
mod run;
pub mod shapes;
mod starting;
mod state;
mod status_event;
mod tagging;
#[cfg(test)]
mod tests;
mod token;
mod trying;

use crate::kernel::Principal;

pub use error::{StepFunctionsError, error_rows};
pub use operation_table::{SERVICE, table};
pub use state::StepFunctions;

/// As policies of queues and topics name it.
// Differs from AWS: tasks call as the service itself, not in the role of their state machine.
const PRINCIPAL: Principal = Principal::of("states.amazonaws.com");
/// Who waits for the end of an execution that a task has started (`.sync`).
const WAITING: Principal = Principal::of("sync.states.amazonaws.com");
