//! The time of a run: tokio's clock, virtual or real, or one that a conductor moves.
//!
//! Instants are tokio's in both cases. On a clock that is moved they say how much time of the run
//! has passed since it was made, and nothing of the machine's time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// Which clock a run goes by. Cheap to clone; all clones show the same time.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// Tokio's.
    #[default]
    Tokio,
    /// It stands still until somebody moves it.
    Moved(MovedClock),
}

/// A clock that stands still until it is moved.
#[derive(Clone, Debug)]
pub struct MovedClock(Arc<Moved>);

#[derive(Debug)]
struct Moved {
    base: Instant,
    /// What it shows; whoever sleeps is told a little later.
    shown: Mutex<Duration>,
    passed: watch::Sender<Duration>,
    sleepers: Mutex<Sleepers>,
}

/// The moments that somebody waits for, since the clock was made.
#[derive(Debug, Default)]
struct Sleepers {
    next: u64,
    until: BTreeMap<u64, Duration>,
}

impl Clock {
    pub fn now(&self) -> Instant {
        match self {
            Self::Tokio => Instant::now(),
            Self::Moved(clock) => clock.now(),
        }
    }

    /// How much time has passed since `begin`.
    pub fn since(&self, begin: Instant) -> Duration {
        self.now().saturating_duration_since(begin)
    }

    pub async fn sleep_until(&self, end: Instant) {
        match self {
            Self::Tokio => tokio::time::sleep_until(end).await,
            Self::Moved(clock) => clock.sleep_until(end).await,
        }
    }
}

impl MovedClock {
    pub fn new() -> Self {
        Self(Arc::new(Moved {
            base: Instant::now(),
            shown: Mutex::default(),
            passed: watch::Sender::new(Duration::ZERO),
            sleepers: Mutex::default(),
        }))
    }

    fn now(&self) -> Instant {
        self.0.base + self.passed()
    }

    /// Since it was made.
    pub fn passed(&self) -> Duration {
        *self.0.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows so much time after it was made, never less than before. Nobody wakes by it: what
    /// happens while others' clocks are moved has the new time.
    pub fn show(&self, passed: Duration) {
        let mut shown = self.0.shown.lock().unwrap_or_else(PoisonError::into_inner);
        *shown = passed.max(*shown);
    }

    /// Moves it to so much time after it was made, and wakes who sleeps no longer; never back.
    pub fn move_to(&self, passed: Duration) {
        self.show(passed);
        self.0.passed.send_if_modified(|now| {
            let is_later = passed > *now;
            *now = passed.max(*now);
            is_later
        });
    }

    /// The first moment that somebody waits for, since the clock was made. It may have come
    /// already, if who waits has not been told.
    pub fn next_sleeper(&self) -> Option<Duration> {
        self.sleepers().until.values().min().copied()
    }

    async fn sleep_until(&self, end: Instant) {
        let end = end.saturating_duration_since(self.0.base);
        let mut passed = self.0.passed.subscribe();
        if *passed.borrow_and_update() >= end {
            return;
        }
        let _asleep = self.asleep(end);
        // The sender is in this clock, so it is there for as long.
        let _came = passed.wait_for(|passed| *passed >= end).await;
    }

    fn asleep(&self, until: Duration) -> Asleep<'_> {
        let mut sleepers = self.sleepers();
        let number = sleepers.next;
        sleepers.next += 1;
        sleepers.until.insert(number, until);
        Asleep { clock: self, number }
    }

    fn sleepers(&self) -> MutexGuard<'_, Sleepers> {
        self.0.sleepers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MovedClock {
    fn default() -> Self {
        Self::new()
    }
}

/// Somebody waits, for as long as this lives.
struct Asleep<'a> {
    clock: &'a MovedClock,
    number: u64,
}

impl Drop for Asleep<'_> {
    fn drop(&mut self) {
        self.clock.sleepers().until.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, MovedClock};
    use std::time::Duration;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test]
    async fn it_stands_still_until_it_is_moved() {
        let moved = MovedClock::new();
        let clock = Clock::Moved(moved.clone());
        let begin = clock.now();
        let (late, early) =
            (clock.sleep_until(begin + 3 * SECOND), clock.sleep_until(begin + SECOND));
        tokio::pin!(late, early);
        assert!(futures_are_pending(&mut late, &mut early).await);
        assert_eq!(moved.next_sleeper(), Some(SECOND));
        moved.move_to(2 * SECOND);
        early.await;
        assert_eq!((moved.next_sleeper(), clock.since(begin)), (Some(3 * SECOND), 2 * SECOND));
        moved.move_to(SECOND);
        assert_eq!(moved.passed(), 2 * SECOND, "time went back");
        moved.move_to(3 * SECOND);
        late.await;
        assert_eq!(moved.next_sleeper(), None);
        clock.sleep_until(begin).await;
    }

    async fn futures_are_pending(
        one: &mut (impl Future<Output = ()> + Unpin),
        other: &mut (impl Future<Output = ()> + Unpin),
    ) -> bool {
        tokio::select! {
            biased;
            () = one => false,
            () = other => false,
            () = std::future::ready(()) => true,
        }
    }
}
