//! Why a script stopped before its end.

use crate::symptom::Symptom;
use std::fmt;

/// The reason for people, and what to know the same failure by.
pub(super) struct Stop {
    pub(super) reason: String,
    pub(super) symptom: Symptom,
}

impl Stop {
    /// `place` is where in the script, by its number; `what` the same in words that stay when what
    /// stands before it is taken away.
    pub(super) fn new(place: &str, what: impl fmt::Display, error: &str) -> Self {
        Self { reason: format!("{place}: {error}"), symptom: Symptom::new(what, error) }
    }
}
