//! The one place where the bench looks at the machine's clock.

#![expect(clippy::disallowed_methods, reason = "a bench measures the machine's time")]

use std::time::{Duration, Instant};

/// A moment.
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Until a full queue may have room.
pub(crate) fn pause() {
    std::thread::sleep(Duration::from_millis(1));
}

pub(crate) fn since(moment: Instant) -> Duration {
    moment.elapsed()
}
