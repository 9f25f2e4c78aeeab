//! One expectation while a script is played: what was seen of it so far, and the verdict.
//! It does not know how or when to look.

use crate::check::{plain, plain_fields};
use crate::script::{Captures, Condition, EACH, Expectation, Mode, Span};
use crate::symptom::Symptom;
use serde::Serialize;
use serde_json::Value;
use std::fmt;
use std::time::Duration;

/// What was seen and whether the condition held, or why there was nothing to see.
pub(super) type Look = Result<(Value, bool), String>;

/// Of the entries of a list for which an expectation fails, so many are told of.
const ENTRIES_TOLD_MAX: usize = 3;

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
    pub(super) each: Option<&'a Value>,
    pub(super) condition: &'a Condition,
    /// One for each entry of the list, or a single one where there is no list.
    pub(super) subjects: Vec<Subject>,
    closed: Option<Duration>,
}

/// What the condition is about.
#[derive(Debug, Default)]
pub(super) struct Subject {
    pub(super) entry: Option<Value>,
    decided: Option<(bool, Duration)>,
    /// The last look: what was seen and whether the condition held.
    last: Option<Look>,
    ever_seen: bool,
}

impl<'a> Watch<'a> {
    pub(super) fn new(expectation: &'a Expectation) -> Self {
        let Expectation { each, mode, condition } = expectation;
        let subjects = if each.is_none() { vec![Subject::default()] } else { Vec::new() };
        Self { mode: *mode, each: each.as_ref(), condition, subjects, closed: None }
    }

    /// The list as it is now; it only grows.
    pub(super) fn meet(&mut self, list: &[Value]) {
        for entry in list.iter().skip(self.subjects.len()) {
            self.subjects.push(Subject { entry: Some(entry.clone()), ..Subject::default() });
        }
    }

    /// Counted from the last step; none when decided, or when the others' end is its end.
    pub(super) fn deadline(&self) -> Option<Duration> {
        let Span(within) = self.condition.within.filter(|_| !self.is_decided())?;
        Some(within)
    }

    pub(super) fn is_open(&self, at_the_end: bool) -> bool {
        let may_grow = self.each.is_some() && self.closed.is_none();
        let undecided = may_grow || !self.is_decided();
        undecided && (at_the_end || self.mode != Mode::Eventually)
    }

    pub(super) fn record(&mut self, subject: usize, look: Look, at: Duration) {
        self.subjects[subject].record(self.mode, look, at);
    }

    /// Decides by the deadline, `elapsed` after the last step.
    pub(super) fn expire(&mut self, elapsed: Duration, at: Duration) {
        if self.deadline().is_some_and(|deadline| elapsed >= deadline) {
            self.close(at);
        }
    }

    /// No more looks. What was never seen at all proves nothing, so it does not pass.
    pub(super) fn close(&mut self, at: Duration) {
        self.closed.get_or_insert(at);
        let bad_until_it_holds = matches!(self.mode, Mode::Eventually | Mode::Sometimes);
        for subject in &mut self.subjects {
            subject.decided.get_or_insert((!bad_until_it_holds && subject.ever_seen, at));
        }
    }

    fn is_decided(&self) -> bool {
        let empty = self.subjects.is_empty();
        self.closed.is_some() || !empty && self.subjects.iter().all(Subject::is_decided)
    }

    pub(super) fn verdict(&self, captures: &Captures, now: Duration) -> Verdict {
        // Captures that were never made stay as written.
        let condition = self.condition.filled(captures);
        let condition = condition.as_ref().unwrap_or(self.condition);
        let expectation = format!("{} {condition}", self.mode);
        let Some(each) = self.each else {
            let (passed, at) = self.subjects[0].decided.unwrap_or((false, now));
            return Verdict { expectation, passed, at, seen: self.subjects[0].seen() };
        };
        let expectation = format!("each of {}: {expectation}", plain(each));
        let decisions = || self.subjects.iter().map(|it| it.decided.unwrap_or((false, now)));
        let first_failure = decisions().filter(|it| !it.0).map(|it| it.1).min();
        let passed = self.closed.is_some() && first_failure.is_none() && !self.subjects.is_empty();
        let at = first_failure.or(decisions().map(|it| it.1).max()).or(self.closed).unwrap_or(now);
        Verdict { expectation, passed, at, seen: self.seen_of_each(captures) }
    }

    /// In which ways it failed, in the script's own words: what captures hold differs from play to
    /// play. What is not decided did not fail.
    pub(super) fn symptoms(&self, captures: &Captures) -> Vec<Symptom> {
        let what = format!("{} {}", self.mode, self.condition);
        let Some(each) = self.each else {
            let failed = self.subjects.iter().filter(|it| it.failed());
            return failed.map(|it| Symptom::new(&what, &it.seen())).collect();
        };
        let what = format!("each of {}: {what}", plain(each));
        if self.closed.is_some() && self.subjects.is_empty() {
            return vec![Symptom::new(what, EMPTY)];
        }
        // The entries of a captured list are others in each play.
        let is_captured = plain(each).contains("${");
        let failed = self.subjects.iter().filter(|it| it.failed());
        let symptom = |subject: &Subject| match is_captured {
            true => Symptom::new(&what, &self.tell(subject, captures)),
            false => {
                let about = self.about(subject, captures);
                Symptom::new(format!("{what}: {about}"), &subject.seen())
            }
        };
        failed.map(symptom).collect()
    }

    fn seen_of_each(&self, captures: &Captures) -> String {
        let failing: Vec<_> = self.subjects.iter().filter(|it| !it.passed()).collect();
        let all = self.subjects.len();
        if self.closed.is_none() {
            return UNDECIDED.to_owned();
        } else if all == 0 {
            return EMPTY.to_owned();
        } else if failing.is_empty() {
            return format!("holds for all {all}");
        }
        let told = failing.iter().take(ENTRIES_TOLD_MAX);
        let told: Vec<_> = told.map(|subject| self.tell(subject, captures)).collect();
        let more = if failing.len() > ENTRIES_TOLD_MAX { "; …" } else { "" };
        format!("fails for {} of {all}: {}{more}", failing.len(), told.join("; "))
    }

    /// One entry of the list, and what was seen of it.
    fn tell(&self, subject: &Subject, captures: &Captures) -> String {
        format!("{}: {}", self.about(subject, captures), subject.seen())
    }

    fn about(&self, subject: &Subject, captures: &Captures) -> String {
        let entry = subject.entry.clone().unwrap_or_default();
        let mut captures = captures.clone();
        captures.keep(EACH, entry.clone());
        let about = captures.fill_fields(&self.condition.of).ok();
        let about = about.filter(|of| !of.is_empty());
        about.map_or_else(|| plain(&entry), |of| plain_fields(&of))
    }
}

const EMPTY: &str = "the list is empty, which proves nothing";
const UNDECIDED: &str = "not decided, because the script stopped";

impl Subject {
    pub(super) fn is_decided(&self) -> bool {
        self.decided.is_some()
    }

    fn failed(&self) -> bool {
        self.decided.is_some_and(|(passed, _)| !passed)
    }

    fn passed(&self) -> bool {
        self.decided.is_some_and(|(passed, _)| passed)
    }

    fn record(&mut self, mode: Mode, look: Look, at: Duration) {
        if let Ok((_, holds)) = look {
            self.ever_seen = true;
            match (mode, holds) {
                (Mode::Eventually | Mode::Sometimes, true) => self.decided = Some((true, at)),
                (Mode::Always, false) | (Mode::Never, true) => self.decided = Some((false, at)),
                _ => {}
            }
        }
        self.last = Some(look);
    }

    fn seen(&self) -> String {
        match (&self.last, self.decided) {
            (_, None) => UNDECIDED.to_owned(),
            (None, _) => "never looked at".to_owned(),
            (Some(look), _) => describe(look),
        }
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
