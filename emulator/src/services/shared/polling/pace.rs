//! How fast a poller goes: a bound on batches, and pauses after trouble.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::wire::Timestamp;

/// Batches that are begun within a second. A pipe that feeds itself can't stop the clock.
// Differs from AWS: a poller has its full speed at once, and begins at most 1,000 batches a second;
// AWS's scale up while there is something to do.
const BATCHES_OF_A_SECOND: u32 = 1_000;
/// The longest pause after trouble, in seconds.
const PAUSE_SECONDS_MAX: u32 = 60;

/// Batches begun in a second.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Pace {
    second: i64,
    begun: u32,
}

impl Pace {
    /// One more batch is begun.
    pub(super) fn count(&mut self, now: Timestamp) {
        if self.second != now.seconds() {
            *self = Self { second: now.seconds(), begun: 0 };
        }
        self.begun += 1;
    }

    /// When the next may begin, if not now.
    pub(super) fn wait(&self, now: Timestamp) -> Option<Timestamp> {
        let is_over = self.second != now.seconds() || self.begun < BATCHES_OF_A_SECOND;
        (!is_over).then(|| Timestamp::from_millis((self.second + 1) * 1000))
    }
}

/// How long to wait after `failures` in a row: a second, doubled each time, up to a minute.
// Unverified: AWS says that it backs off exponentially, and not how.
pub(super) fn pause(failures: u32) -> Duration {
    let doubled = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
    Duration::from_secs(u64::from(doubled.clamp(1, PAUSE_SECONDS_MAX)))
}
