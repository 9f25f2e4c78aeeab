//! How the thread that syncs is woken.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex};

use super::writer::lock;

/// How the thread is woken.
#[derive(Default)]
pub(super) struct Wake {
    pub(super) state: Mutex<Woken>,
    pub(super) changed: Condvar,
    /// Somebody has told already.
    told: AtomicBool,
}

#[derive(Default)]
pub(super) struct Woken {
    pub(super) is_dirty: bool,
    pub(super) is_ending: bool,
}

impl Wake {
    /// There is something to do.
    pub(super) fn tell(&self) {
        if !self.told.swap(true, Ordering::AcqRel) {
            lock(&self.state).is_dirty = true;
            self.changed.notify_one();
        }
    }

    /// Takes what was told: whatever is told from here on is news.
    pub(super) fn take(&self, woken: &mut Woken) {
        self.told.store(false, Ordering::Release);
        woken.is_dirty = false;
    }

    pub(super) fn end(&self) {
        lock(&self.state).is_ending = true;
        self.changed.notify_one();
    }
}
