//! What clients may take of the server: time, memory, connections.

use std::time::Duration;

use tokio::time::Instant;

/// The server's limits. Others than the defaults are for tests.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// How long a request's head may take, and how long a connection may wait for the next one.
    pub(super) head_within: Duration,
    pub(super) pace: Pace,
    /// Most bytes of all bodies at once, those of answers that are not yet sent included.
    pub(super) held_bytes_max: usize,
    /// Most connections of a thread, if the system gives out so many.
    pub(super) connections_max: usize,
}

/// How long a body's transfer may take: neither a client that stands still nor one that sends or
/// reads a byte now and then keeps its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Given to each.
    pub(super) within: Duration,
    /// So many bytes earn another second.
    pub(super) bytes_a_second: usize,
}

impl Pace {
    /// When a transfer that began at `begun` and has moved so many bytes ends, at the latest.
    pub(super) fn latest_end(self, begun: Instant, bytes: usize) -> Instant {
        begun + self.within + Duration::from_secs((bytes / self.bytes_a_second) as u64)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_within: Duration::from_secs(30),
            pace: Pace { within: Duration::from_secs(30), bytes_a_second: 64 * 1024 },
            held_bytes_max: 256 * 1024 * 1024,
            connections_max: 8192,
        }
    }
}
