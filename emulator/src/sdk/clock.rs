//! Tokio's clock as the emulator's, and as the SDK clients'.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_smithy_async::time::TimeSource;
use tokio::time::Instant;

use crate::host::Clock;
use crate::wire::Timestamp;

/// Virtual time that begins at `start` with its first use and runs with tokio's.
#[derive(Debug)]
pub(super) struct TokioClock {
    start: Timestamp,
    /// Tokio's time belongs to a runtime, so it is first asked when a call is made.
    origin: OnceLock<Instant>,
    /// What was added by hand, in milliseconds.
    added: AtomicU64,
}

impl TokioClock {
    pub(super) fn new(start: Timestamp) -> Self {
        Self { start, origin: OnceLock::new(), added: AtomicU64::new(0) }
    }

    pub(super) fn add(&self, by: Duration) {
        let millis = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.added.fetch_add(millis, Ordering::Relaxed);
    }

    fn elapsed(&self) -> Duration {
        let now = Instant::now();
        let origin = self.origin.get_or_init(|| now);
        let added = Duration::from_millis(self.added.load(Ordering::Relaxed));
        now.saturating_duration_since(*origin) + added
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        self.start + self.elapsed()
    }

    fn sleep_until(&self, deadline: Option<Timestamp>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let left = deadline.map(|deadline| deadline.since(self.now()));
        Box::pin(async move {
            match left {
                Some(left) => tokio::time::sleep(left).await,
                None => std::future::pending().await,
            }
        })
    }
}

/// The same clock for SDK clients, so that they sign with virtual time.
#[derive(Debug)]
pub(super) struct SdkTime(pub(super) Arc<TokioClock>);

impl TimeSource for SdkTime {
    fn now(&self) -> SystemTime {
        let millis = u64::try_from(Clock::now(&*self.0).millis()).unwrap_or(0);
        UNIX_EPOCH + Duration::from_millis(millis)
    }
}
