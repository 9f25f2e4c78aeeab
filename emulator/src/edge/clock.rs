//! From the machine's clock to virtual time.

use std::future::Future;
use std::ops::RangeInclusive;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::cloud::journal::Pace;
use crate::host::Clock;
use crate::wire::Timestamp;

/// How virtual time follows the machine's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "lowercase")]
pub enum Mode {
    /// One second a second.
    Real,
    /// Only when told.
    Manual,
    /// `factor` seconds a second.
    Scaled { factor: f64 },
}

impl Mode {
    fn check(self) -> Result<(), ClockError> {
        match self {
            Self::Scaled { factor } if !FACTORS.contains(&factor) => Err(ClockError::Factor),
            Self::Real | Self::Manual | Self::Scaled { .. } => Ok(()),
        }
    }

    pub(super) fn factor(self) -> f64 {
        match self {
            Self::Real => 1.0,
            Self::Manual => 0.0,
            Self::Scaled { factor } => factor,
        }
    }
}

/// Slowest and fastest that virtual time runs when it is scaled. With the latter, a timer of an
/// hour fires after 4 ms; beyond the former, it fires never.
const FACTORS: RangeInclusive<f64> = 0.001..=1e6;
/// Virtual time stands still at the last millisecond of the year 9999: dates in messages have four
/// digits for a year.
const END: Timestamp = Timestamp::from_millis(253_402_300_799_999);

/// What a clock cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ClockError {
    #[error("factor must be between {} and {}", FACTORS.start(), FACTORS.end())]
    Factor,
    #[error("advance_seconds must not be below 0")]
    Backwards,
    #[error("virtual time ends with the year 9999: {} seconds are left", .0.as_secs())]
    End(Duration),
}

/// Virtual time that begins with the machine's and can be moved.
pub struct WallClock {
    anchor: Mutex<Anchor>,
    /// What the fast path counts from.
    base: Instant,
    /// Virtual time at `base` in milliseconds while it follows the machine's, else [`NOT_REAL`]:
    /// every request asks for the time, and should not wait for another one.
    at_base: AtomicI64,
}

const NOT_REAL: i64 = i64::MIN;

/// At `real`, virtual time stood at `virtual_time`; since then it runs by `mode`.
#[derive(Clone, Copy)]
struct Anchor {
    real: Instant,
    virtual_time: Timestamp,
    mode: Mode,
}

impl Anchor {
    fn now(&self) -> Timestamp {
        // The factor is within bounds, so only centuries of running could be too long.
        let passed = self.real.elapsed().as_secs_f64() * self.mode.factor();
        let passed = Duration::try_from_secs_f64(passed).unwrap_or(Duration::MAX);
        END.min(self.virtual_time + passed)
    }
}

impl WallClock {
    /// A clock that shows the machine's time and follows it by `mode`.
    ///
    /// # Errors
    /// [`ClockError::Factor`] when it is out of bounds.
    pub fn new(mode: Mode) -> Result<Self, ClockError> {
        Self::beginning(mode, machine_time())
    }

    /// A clock that begins at this time.
    ///
    /// # Errors
    /// [`ClockError::Factor`] when it is out of bounds.
    pub(super) fn beginning(mode: Mode, virtual_time: Timestamp) -> Result<Self, ClockError> {
        mode.check()?;
        let base = Instant::now();
        let anchor = Anchor { real: base, virtual_time: END.min(virtual_time), mode };
        let clock = Self { anchor: Mutex::new(anchor), base, at_base: AtomicI64::new(NOT_REAL) };
        clock.publish(&anchor);
        Ok(clock)
    }

    fn publish(&self, anchor: &Anchor) {
        let since_base = anchor.real.saturating_duration_since(self.base).as_millis() as i64;
        let at_base = match anchor.mode {
            Mode::Real => anchor.virtual_time.millis() - since_base,
            Mode::Manual | Mode::Scaled { .. } => NOT_REAL,
        };
        self.at_base.store(at_base, Ordering::Release);
    }

    pub fn mode(&self) -> Mode {
        self.lock().mode
    }

    /// Goes on in another mode, if one is given; how far `advance_seconds` are, which the caller
    /// then moves virtual time on by.
    ///
    /// # Errors
    /// [`ClockError`] with the reason; then nothing has changed.
    pub fn change(&self, mode: Option<Mode>, advance_seconds: f64) -> Result<Duration, ClockError> {
        mode.map_or(Ok(()), Mode::check)?;
        if advance_seconds.is_nan() || advance_seconds < 0.0 {
            return Err(ClockError::Backwards);
        }
        let mut anchor = self.lock();
        let now = anchor.now();
        let left = END.since(now);
        let by = Duration::try_from_secs_f64(advance_seconds).ok().filter(|by| *by <= left);
        let by = by.ok_or(ClockError::End(left))?;
        if let Some(mode) = mode {
            *anchor = Anchor { real: Instant::now(), virtual_time: now, mode };
            self.publish(&anchor);
        }
        Ok(by)
    }

    /// Moves virtual time on.
    pub fn advance(&self, by: Duration) {
        let mut anchor = self.lock();
        anchor.virtual_time = anchor.virtual_time + by;
        self.publish(&anchor);
    }

    /// Lets virtual time go on from another moment, which may be an earlier one.
    pub(super) fn turn(&self, to: Timestamp) {
        let mut anchor = self.lock();
        *anchor = Anchor { real: Instant::now(), virtual_time: END.min(to), mode: anchor.mode };
        self.publish(&anchor);
    }

    /// How it runs, so that another program can go on with it.
    pub(super) fn pace(&self) -> Pace {
        let (virtual_time, machine_time) = (self.now(), machine_time());
        Pace { virtual_time, machine_time, seconds_a_second: self.mode().factor() }
    }

    fn lock(&self) -> MutexGuard<'_, Anchor> {
        // Every change is a plain assignment, so a poisoned lock guards a whole value all the same.
        self.anchor.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the machine's clock says.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
pub fn machine_time() -> Timestamp {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since_1970.as_millis()).unwrap_or(0))
}

impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        match self.at_base.load(Ordering::Acquire) {
            NOT_REAL => self.lock().now(),
            at_base => {
                let since_base = self.base.elapsed().as_millis() as i64;
                END.min(Timestamp::from_millis(at_base.saturating_add(since_base)))
            }
        }
    }

    fn sleep_until(&self, deadline: Option<Timestamp>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let factor = self.mode().factor();
        let left = deadline
            .filter(|deadline| factor > 0.0 && *deadline <= END)
            .map(|deadline| deadline.since(self.now()).div_f64(factor));
        Box::pin(async move {
            match left {
                Some(left) => tokio::time::sleep(left).await,
                None => std::future::pending().await,
            }
        })
    }
}
