//! Clocks and identifiers of a running process. Nothing else in the library reads either.

use std::hash::{BuildHasher, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use crate::domain::Timestamp;
use crate::ports::{Clock, Ids};

/// The computer's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

/// Follows tokio's clock from a given start: virtual when the runtime's time is paused.
#[derive(Clone, Copy, Debug)]
pub struct TokioClock {
    epoch: Timestamp,
    started: Instant,
}

/// Identifiers that no other process makes.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the system's time comes from")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(0) + since
    }
}

impl TokioClock {
    /// A clock that shows `epoch` now. Needs a tokio runtime.
    pub fn starting_at(epoch: Timestamp) -> Self {
        Self { epoch, started: Instant::now() }
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        self.epoch + self.started.elapsed()
    }
}

impl Ids for RandomIds {
    fn next_bits(&self) -> u128 {
        // Each `RandomState` has a key of its own that derives from the system's randomness.
        let half = |salt: u8| u128::from(RandomState::new().hash_one(salt));
        (half(0) << 64) | half(1)
    }
}
