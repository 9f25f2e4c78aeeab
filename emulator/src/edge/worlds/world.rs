//! One world: a cloud with its clock, its functions and its pages.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use crate::edge::admin;
use crate::edge::clock::WallClock;
use crate::edge::functions::FunctionRunner;
use crate::edge::stages::Stages;
use crate::host::Host;

/// A world.
pub(in crate::edge) struct World {
    name: Arc<str>,
    pub(in crate::edge) host: Arc<Host>,
    pub(in crate::edge) clock: Arc<WallClock>,
    functions: FunctionRunner,
    stages: Stages,
    pages: OnceLock<Router>,
    /// When the server began to count.
    since: Instant,
    /// Milliseconds from then until a request last named it.
    used: AtomicU64,
    /// Lets its time pass, but for the world that every server has.
    driver: OnceLock<AbortHandle>,
}

impl World {
    pub(in crate::edge) fn new(
        name: Arc<str>,
        (host, clock): (Arc<Host>, Arc<WallClock>),
        (functions, stages): (FunctionRunner, Stages),
        since: Instant,
    ) -> Self {
        let (pages, driver) = (OnceLock::new(), OnceLock::new());
        let used = AtomicU64::new(since.elapsed().as_millis() as u64);
        Self { name, host, clock, functions, stages, pages, since, used, driver }
    }

    pub(in crate::edge) fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// Its admin pages, made when the first is asked for.
    pub(in crate::edge) fn pages(&self) -> Router {
        let made = || {
            let (host, clock) = (Arc::clone(&self.host), Arc::clone(&self.clock));
            admin::router(host, clock, self.functions.clone(), self.stages.clone())
        };
        self.pages.get_or_init(made).clone()
    }

    /// Lets its time pass from now on.
    pub(super) fn begin(&self) {
        let host = Arc::clone(&self.host);
        let name = Arc::clone(&self.name);
        let passing = tokio::spawn(async move {
            loop {
                host.pass_time().await;
            }
        });
        let _once = self.driver.set(passing.abort_handle());
        tokio::spawn(async move {
            if passing.await.is_err_and(|error| error.is_panic()) {
                tracing::error!(world = %name, "its time has stopped, by a bug of skyrig's own");
            }
        });
    }

    /// A request is for it.
    pub(super) fn is_used(&self) {
        self.used.store(self.since.elapsed().as_millis() as u64, Ordering::Relaxed);
    }

    /// For how long no request was.
    pub(super) fn idle(&self) -> Duration {
        let used = Duration::from_millis(self.used.load(Ordering::Relaxed));
        self.since.elapsed().saturating_sub(used)
    }

    /// Ends it: calls that wait are answered with an error, its time stops, its functions end.
    pub(in crate::edge) fn end(&self) {
        if let Some(driver) = self.driver.get() {
            driver.abort();
        }
        self.host.drop_waiting();
        self.functions.forget_all();
    }
}
