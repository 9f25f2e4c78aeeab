//! What happened when: one list that the runner and the system both write to. Times come from
//! the run's clock, so they are virtual in a simulation.

use crate::clock::Clock;
use serde::Serialize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Cheap to clone; all clones write to the same list.
#[derive(Clone, Debug)]
pub struct Timeline(Arc<Mutex<Notes>>, Clock);

/// One line of the story.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Entry {
    /// Since the first step of `when`; what happened before it is at zero.
    pub at: Duration,
    pub actor: String,
    pub what: String,
    /// The ids of the messages and events that it concerns, where somebody said so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<String>,
}

#[derive(Debug)]
struct Notes {
    zero: Instant,
    notes: Vec<Note>,
}

#[derive(Debug)]
struct Note {
    at: Instant,
    actor: String,
    what: String,
    about: Vec<String>,
}

impl Timeline {
    /// By tokio's clock. Time zero is now, until [`Timeline::start`] moves it.
    pub fn new() -> Self {
        Self::by(Clock::Tokio)
    }

    /// The same by another clock.
    pub fn by(clock: Clock) -> Self {
        Self(Arc::new(Mutex::new(Notes { zero: clock.now(), notes: Vec::new() })), clock)
    }

    /// The clock of the run.
    pub fn clock(&self) -> &Clock {
        &self.1
    }

    /// Time zero is now: the first step of `when` begins.
    pub fn start(&self) {
        self.lock().zero = self.1.now();
    }

    /// Writes down what happens now.
    pub fn note(&self, actor: impl Into<String>, what: impl Into<String>) {
        self.note_at(self.1.now(), actor, what);
    }

    /// Writes down what happened at `at`; used for histories that are read afterwards.
    pub fn note_at(&self, at: Instant, actor: impl Into<String>, what: impl Into<String>) {
        let note = Note { at, actor: actor.into(), what: what.into(), about: Vec::new() };
        self.lock().notes.push(note);
    }

    /// Writes down what happens now to the message or event with this id, as the cloud knows it.
    /// So a diagram can show who sent it and who received it.
    pub fn note_about(&self, id: &str, actor: impl Into<String>, what: impl Into<String>) {
        let about = vec![id.to_owned()];
        let note = Note { at: self.1.now(), actor: actor.into(), what: what.into(), about };
        self.lock().notes.push(note);
    }

    /// When the first step began.
    #[cfg(feature = "simulated")]
    pub(crate) fn zero(&self) -> Instant {
        self.lock().zero
    }

    /// How long the script has been running.
    pub fn elapsed(&self) -> Duration {
        self.1.since(self.lock().zero)
    }

    /// All entries in the order of time; those of the same moment in the order of writing.
    pub fn entries(&self) -> Vec<Entry> {
        let inner = self.lock();
        let mut notes: Vec<_> = inner.notes.iter().collect();
        notes.sort_by_key(|note| note.at);
        let zero = inner.zero;
        let entry = |note: &Note| Entry {
            at: note.at.saturating_duration_since(zero),
            actor: note.actor.clone(),
            what: note.what.clone(),
            about: note.about.clone(),
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
