//! What happened when: one list that the runner and the system both write to. Times come from
//! tokio's clock, so they are virtual in a simulation.

use serde::Serialize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Cheap to clone; all clones write to the same list.
#[derive(Clone, Debug)]
pub struct Timeline(Arc<Mutex<Notes>>);

/// One line of the story.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Entry {
    /// Since the first step of `when`; what happened before it is at zero.
    pub at: Duration,
    pub actor: String,
    pub what: String,
}

#[derive(Debug)]
struct Notes {
    zero: Instant,
    notes: Vec<(Instant, String, String)>,
}

impl Timeline {
    /// Time zero is now, until [`Timeline::start`] moves it.
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Notes { zero: Instant::now(), notes: Vec::new() })))
    }

    /// Time zero is now: the first step of `when` begins.
    pub fn start(&self) {
        self.lock().zero = Instant::now();
    }

    /// Writes down what happens now.
    pub fn note(&self, actor: impl Into<String>, what: impl Into<String>) {
        self.note_at(Instant::now(), actor, what);
    }

    /// Writes down what happened at `at`; used for histories that are read afterwards.
    pub fn note_at(&self, at: Instant, actor: impl Into<String>, what: impl Into<String>) {
        self.lock().notes.push((at, actor.into(), what.into()));
    }

    /// How long the script has been running.
    pub fn elapsed(&self) -> Duration {
        Instant::now().saturating_duration_since(self.lock().zero)
    }

    /// All entries in the order of time; those of the same moment in the order of writing.
    pub fn entries(&self) -> Vec<Entry> {
        let inner = self.lock();
        let mut notes: Vec<_> = inner.notes.iter().collect();
        notes.sort_by_key(|(at, _, _)| *at);
        let zero = inner.zero;
        let entry = |(at, actor, what): &(Instant, String, String)| Entry {
            at: at.saturating_duration_since(zero),
            actor: actor.clone(),
            what: what.clone(),
        };
        notes.into_iter().map(entry).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Notes> {
        // A panic elsewhere leaves the list readable, and the report still wants it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Timeline {
    fn default() -> Self {
        Self::new()
    }
}
