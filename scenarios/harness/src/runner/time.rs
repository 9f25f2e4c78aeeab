//! When to look again, by the clock of the run.

use super::Runner;
use crate::clock::Clock;
use std::time::Duration;
use tokio::time::Instant;

/// How often conditions are looked at: at least this far apart, and rarer the longer it takes, so
/// that waiting for a fortnight costs hundreds of looks and not a million.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(500);
const LOOK_SHARE: u32 = 20;

impl<W> Runner<'_, W> {
    pub(super) fn now(&self) -> Instant {
        self.timeline.clock().now()
    }

    pub(super) async fn sleep_until(&self, end: Instant) {
        self.timeline.clock().sleep_until(end).await;
    }

    pub(super) fn next_look(&self, begin: Instant) -> Instant {
        next_look(self.timeline.clock(), begin)
    }
}

/// When to look again at what has been waited for since `begin`.
pub(super) fn next_look(clock: &Clock, begin: Instant) -> Instant {
    clock.now() + LOOK_EVERY.max(clock.since(begin) / LOOK_SHARE)
}
