//! Amazon CloudWatch Logs: groups and streams of events, filters on them, and queries.
//!
//! Knows no other service. Events enter a stream through `Logs::put`, which ends in
//! `LogStream::put`, and nowhere else, whoever sends them.

mod activity;
mod constraint;
mod delivery;
mod destination;
mod error;
mod explain;
mod export;
mod front_door;
mod group;
mod hooks;
pub mod insights;
mod live_tail;
mod map;
mod metric_filter;
mod metric_transformation;
mod operation_table;
pub mod operations;
mod paging;
pub mod pattern;
mod position;
mod putting;
mod query;
mod reading;
mod resource_policy;
mod shapes;
mod state;
mod stream;
mod subscription;
mod tagging;
#[cfg(test)]
mod tests;

use crate::kernel::Principal;

pub use error::{LogsError, error_rows};
pub use operation_table::{SERVICE, table};
pub use position::Position;
pub use state::Logs;

/// As policies of functions and streams name it.
const PRINCIPAL: Principal = Principal::of("logs.amazonaws.com");
