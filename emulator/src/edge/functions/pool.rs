//! Environments that wait for another event.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::environment::Environment;
use crate::kernel::FunctionVersion;

/// The one used last is taken first, so that those too many come to rest.
pub(super) struct Pool {
    /// The one used last is the last one.
    idle: Mutex<VecDeque<Arc<Environment>>>,
    max: usize,
}

impl Pool {
    pub(super) fn new(max: usize) -> Self {
        Self { idle: Mutex::default(), max }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Environment>>> {
        // Every change is one insertion or removal.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One of just this version, if one is there.
    pub(super) fn take(&self, version: &FunctionVersion) -> Option<Arc<Environment>> {
        let mut idle = self.lock();
        let at = idle.iter().rposition(|it| is_same(it.version(), version))?;
        idle.remove(at)
    }

    /// Adds one; returns the one that must go for it.
    pub(super) fn put(&self, environment: Arc<Environment>) -> Option<Arc<Environment>> {
        let mut idle = self.lock();
        let gone = if idle.len() >= self.max { idle.pop_front() } else { None };
        idle.push_back(environment);
        gone
    }

    /// Takes out those of another revision.
    pub(super) fn stale(&self, version: &FunctionVersion) -> Vec<Arc<Environment>> {
        let is_stale = |it: &FunctionVersion| {
            it.function == version.function
                && it.version == version.version
                && !is_same(it, version)
        };
        let mut idle = self.lock();
        let (stale, kept) = idle.drain(..).partition(|it| is_stale(it.version()));
        *idle = kept;
        let stale: VecDeque<_> = stale;
        stale.into()
    }

    /// Takes one out; whether it was there.
    pub(super) fn remove(&self, environment: &Arc<Environment>) -> bool {
        let mut idle = self.lock();
        let at = idle.iter().position(|it| Arc::ptr_eq(it, environment));
        at.and_then(|at| idle.remove(at)).is_some()
    }

    /// Takes all out.
    pub(super) fn clear(&self) -> VecDeque<Arc<Environment>> {
        std::mem::take(&mut self.lock())
    }
}

/// Whether an environment of one does for the other. A revision alone does not say so: after a
/// reset the same ids are drawn again. Archives are told apart by their digests.
fn is_same(one: &FunctionVersion, other: &FunctionVersion) -> bool {
    let digests = |version: &FunctionVersion| {
        let all = version.code.iter().chain(&version.layers);
        all.map(|package| Arc::clone(&package.sha256)).collect::<Vec<_>>()
    };
    std::ptr::eq(one, other)
        || (one.function == other.function
            && one.version == other.version
            && one.revision == other.revision
            && one.runtime == other.runtime
            && one.handler == other.handler
            && one.timeout_seconds == other.timeout_seconds
            && one.memory_megabytes == other.memory_megabytes
            && one.environment == other.environment
            && digests(one) == digests(other))
}
