//! CloudWatch Logs Insights: a query is read once, then run over events.
//!
//! Knows events one by one and nothing of who asks. Commands: `fields`, `display`, `filter`,
//! `parse`, `unnest`, `stats`, `sort`, `limit`, `dedup`. Work is bounded: so many events are looked
//! at, and so many rows and groups are held, and a query that wants more ends as one that took too
//! long.
//!
//! Source: user guide "CloudWatch Logs Insights language query syntax".

mod aggregate;
mod command;
mod cursor;
mod duration;
mod evaluate;
mod expression;
mod expression_parser;
mod function;
mod parse_command;
mod parser;
mod pipeline;
mod query;
mod record;
mod row;
#[cfg(test)]
mod tests;
mod value;

pub(super) use pipeline::{Run, read_pointer};
pub use query::{Query, QueryError};
pub(super) use record::Record;
