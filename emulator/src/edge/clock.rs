//! From the machine's clock to virtual time.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

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
    fn factor(self) -> f64 {
        match self {
            Self::Real => 1.0,
            Self::Manual => 0.0,
            Self::Scaled { factor } => factor,
        }
    }
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
        self.virtual_time + self.real.elapsed().mul_f64(self.mode.factor())
    }
}

impl WallClock {
    /// A clock that shows the machine's time and follows it by `mode`.
    pub fn new(mode: Mode) -> Self {
        let base = Instant::now();
        let anchor = Anchor { real: base, virtual_time: machine_time(), mode };
        let clock = Self { anchor: Mutex::new(anchor), base, at_base: AtomicI64::new(NOT_REAL) };
        clock.publish(&anchor);
        clock
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

    /// Goes on from the present in another mode.
    pub fn set_mode(&self, mode: Mode) {
        let mut anchor = self.lock();
        *anchor = Anchor { real: Instant::now(), virtual_time: anchor.now(), mode };
        self.publish(&anchor);
    }

    /// Moves virtual time on.
    pub fn advance(&self, by: Duration) {
        let mut anchor = self.lock();
        anchor.virtual_time = anchor.virtual_time + by;
        self.publish(&anchor);
    }

    fn lock(&self) -> MutexGuard<'_, Anchor> {
        // Every change is a plain assignment, so a poisoned lock guards a whole value all the same.
        self.anchor.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
pub(super) fn machine_time() -> Timestamp {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since_1970.as_millis()).unwrap_or(0))
}

impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        match self.at_base.load(Ordering::Acquire) {
            NOT_REAL => self.lock().now(),
            at_base => Timestamp::from_millis(at_base + self.base.elapsed().as_millis() as i64),
        }
    }

    fn sleep_until(&self, deadline: Option<Timestamp>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let factor = self.mode().factor();
        let left = deadline
            .filter(|_| factor > 0.0)
            .map(|deadline| deadline.since(self.now()).div_f64(factor));
        Box::pin(async move {
            match left {
                Some(left) => tokio::time::sleep(left).await,
                None => std::future::pending().await,
            }
        })
    }
}
