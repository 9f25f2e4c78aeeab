//! The role that turns the stream into figures. Its tasks are the partitions: each is counted by
//! one process at a time, and one of the processes keeps the board on which all tasks' figures are
//! put together.

mod alerts;
mod gauges;
mod keeper;
mod learned;
mod processor;
mod records;
mod stock_watch;
mod task;
mod watch;

pub(crate) use keeper::Keeper;
pub use learned::{WEEK, learn};
pub(crate) use processor::Processor;
pub(crate) use records::{topics, topics_read};
