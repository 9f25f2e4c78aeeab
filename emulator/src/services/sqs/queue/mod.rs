//! One queue: what it holds, how messages enter, and what happens to them there.

mod entry;
mod receipt;
mod store;

pub(super) use entry::Sent;
pub(super) use store::{PURGE_INTERVAL, Queue, RECREATE_INTERVAL};
