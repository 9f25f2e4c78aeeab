//! One expectation while a script is played: what was seen of it so far, and the verdict.
//! It does not know how or when to look.

use crate::check::{plain, plain_fields};
use crate::script::{Captures, Condition, Expectation, Mode, Span};
use serde::Serialize;
use serde_json::Value;
use std::fmt;
use std::time::Duration;

/// What was seen and whether the condition held, or why there was nothing to see.
pub(super) type Look = Result<(Value, bool), String>;

/// What came of one expectation.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Verdict {
    pub expectation: String,
    pub passed: bool,
    /// When it was decided, since the first step.
    pub at: Duration,
    /// What was seen last, or why nothing could be seen.
    pub seen: String,
}

/// An expectation and what is known of it so far.
pub(super) struct Watch<'a> {
    mode: Mode,
    pub(super) condition: &'a Condition,
    decided: Option<(bool, Duration)>,
    /// The last look: what was seen and whether the condition held.
    last: Option<Look>,
    ever_seen: bool,
}

impl<'a> Watch<'a> {
    pub(super) fn new(expectation: &'a Expectation) -> Self {
        let Expectation { mode, condition } = expectation;
        Self { mode: *mode, condition, decided: None, last: None, ever_seen: false }
    }

    /// Counted from the last step; none when decided, or when the others' end is its end.
    pub(super) fn deadline(&self) -> Option<Duration> {
        let Span(within) = self.condition.within.filter(|_| self.decided.is_none())?;
        Some(within)
    }

    pub(super) fn is_open(&self, at_the_end: bool) -> bool {
        self.decided.is_none() && (at_the_end || self.mode != Mode::Eventually)
    }

    pub(super) fn record(&mut self, look: Look, at: Duration) {
        if let Ok((_, holds)) = look {
            self.ever_seen = true;
            match (self.mode, holds) {
                (Mode::Eventually, true) => self.decided = Some((true, at)),
                (Mode::Always, false) | (Mode::Never, true) => self.decided = Some((false, at)),
                _ => {}
            }
        }
        self.last = Some(look);
    }

    /// Decides by the deadline, `elapsed` after the last step.
    pub(super) fn expire(&mut self, elapsed: Duration, at: Duration) {
        if self.deadline().is_some_and(|deadline| elapsed >= deadline) {
            self.close(at);
        }
    }

    /// No more looks. What was never seen at all proves nothing, so it does not pass.
    pub(super) fn close(&mut self, at: Duration) {
        let passed = self.mode != Mode::Eventually && self.ever_seen;
        self.decided.get_or_insert((passed, at));
    }

    pub(super) fn verdict(&self, captures: &Captures, now: Duration) -> Verdict {
        let (passed, at) = self.decided.unwrap_or((false, now));
        let seen = match (&self.last, self.decided) {
            (_, None) => "not decided, because the script stopped".to_owned(),
            (None, _) => "never looked at".to_owned(),
            (Some(look), _) => describe(look),
        };
        // Captures that were never made stay as written.
        let condition = self.condition.filled(captures);
        let condition = condition.as_ref().unwrap_or(self.condition);
        Verdict { expectation: format!("{} {condition}", self.mode), passed, at, seen }
    }
}

pub(super) fn describe(look: &Look) -> String {
    match look {
        Ok((seen, _)) => format!("last seen: {}", plain(seen)),
        Err(error) => format!("nothing to see: {error}"),
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.observation)?;
        if !self.of.is_empty() {
            write!(f, " of {}", plain_fields(&self.of))?;
        }
        write!(f, " {}", self.wanted)?;
        match self.within {
            Some(within) => write!(f, " within {within}"),
            None => Ok(()),
        }
    }
}
