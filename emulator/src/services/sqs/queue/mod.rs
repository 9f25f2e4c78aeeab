//! One queue: what it holds, how messages enter, and what happens to them there.

mod activity;
mod attempt;
mod browse;
mod depth;
mod entry;
mod fair;
mod fifo;
mod moving;
mod named;
mod order;
mod pages;
mod peek;
mod queue_state;
mod receipt;

pub(super) use activity::METRICS;
pub use browse::{Browsed, BrowsedMessage, Browsing};
pub use depth::QueueDepth;
pub(super) use entry::Sent;
pub(super) use named::GroupNumber;
pub use peek::Peeked;
pub(super) use peek::Seen;
pub(super) use queue_state::{PURGE_INTERVAL, Queue, RECREATE_INTERVAL};
