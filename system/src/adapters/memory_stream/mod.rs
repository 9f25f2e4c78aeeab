//! The stream in memory, for simulations: partitions, groups, rebalances, and faults on request. It
//! runs on tokio's clock alone, so with paused time the same calls give the same answers.
//!
//! Nothing is retained for a time or deleted, and nothing outlives the process.

mod group;
mod log;
mod member;
mod murmur2;
mod stream;

pub use murmur2::partition_of;
pub use stream::{MAX_POLL_INTERVAL, MemoryStream, SESSION_TIMEOUT};
