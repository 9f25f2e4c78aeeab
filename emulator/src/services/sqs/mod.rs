//! Amazon SQS: queues of messages.
//!
//! Knows no other service. Messages enter through `Queue::send` and nowhere else, but for those
//! that a queue gave up on: they enter their dead-letter queue as they are. A move task takes them
//! out again, and sends them as new ones.

mod address;
mod attributes;
mod batch;
mod delivery;
mod error;
mod explain;
mod hooks;
mod map;
mod message;
mod message_attributes;
mod move_task;
mod moving;
mod number;
mod operation_table;
pub mod operations;
mod paging;
mod peek;
mod permission;
mod queue;
mod queue_url;
mod redrive;
mod sending;
mod shapes;
mod state;
mod tagging;
#[cfg(test)]
mod tests;
mod waiting;

pub use batch::BatchResultErrorEntry;
pub use error::{SqsError, error_rows};
pub use message_attributes::{MessageAttributeValue, MessageAttributes};
use operation_table::url;
pub use operation_table::{SERVICE, table};
pub use peek::{Received, Wanted};
pub use queue::{Browsed, BrowsedMessage, Browsing, Peeked, QueueDepth};
pub use state::Sqs;
