//! When something is to happen again and again: `rate(…)`, `cron(…)`, and once: `at(…)`.
//!
//! Knows the calendar in UTC; no rule, no bus, no schedule of a service.
//!
//! Source: EventBridge's user guide, "Setting a schedule pattern for scheduled rules (legacy)",
//! and EventBridge Scheduler's, "Schedule types"; recordings of 2025-01-22.

mod cron;
mod field;
#[cfg(test)]
mod tests;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::wire::Timestamp;
use cron::Cron;

/// The text is no schedule expression. Services have their own words for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a schedule expression")]
pub struct NotASchedule;

/// A schedule expression, read once. In state it is its text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Schedule {
    text: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Rate(Duration),
    Cron(Box<Cron>),
    At(Timestamp),
}

impl Schedule {
    /// Reads `rate(5 minutes)`, `cron(0 12 * * ? *)` or `at(2026-11-20T13:00:00)`.
    ///
    /// # Errors
    /// [`NotASchedule`].
    pub fn parse(text: &str) -> Result<Self, NotASchedule> {
        let (schedule, is_correct) = Self::read(text)?;
        if is_correct { Ok(schedule) } else { Err(NotASchedule) }
    }

    /// As [`Schedule::parse`], but takes `rate(1 hours)` and `rate(5 minute)` too.
    ///
    /// Source: EventBridge Scheduler's API reference, "CreateSchedule": both forms of a unit,
    /// without the condition that EventBridge makes for its rules.
    ///
    /// # Errors
    /// [`NotASchedule`].
    pub fn parse_of_any_number(text: &str) -> Result<Self, NotASchedule> {
        Self::read(text).map(|(schedule, _)| schedule)
    }

    /// Whether its unit has the grammatical number of its value comes with it.
    fn read(text: &str) -> Result<(Self, bool), NotASchedule> {
        let (word, rest) = text.split_once('(').ok_or(NotASchedule)?;
        let inside = rest.strip_suffix(')').ok_or(NotASchedule)?;
        let correct = |kind| (kind, true);
        let kind = match word {
            "rate" => rate(inside).map(|(every, is_correct)| (Kind::Rate(every), is_correct)),
            "cron" => Cron::parse(inside).map(|cron| correct(Kind::Cron(Box::new(cron)))),
            "at" => at(inside).map(Kind::At).map(correct),
            _ => None,
        };
        let (kind, is_correct) = kind.ok_or(NotASchedule)?;
        Ok((Self { text: text.to_owned(), kind }, is_correct))
    }

    /// The expression as it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it names one moment only: `at(…)`.
    pub fn is_once(&self) -> bool {
        matches!(self.kind, Kind::At(_))
    }

    /// Whether it counts from a beginning: `rate(…)`.
    pub fn is_rate(&self) -> bool {
        matches!(self.kind, Kind::Rate(_))
    }

    /// The first time after `after`. Rates count from `since`, when the schedule began.
    ///
    /// `None` if there is none any more. Costs a few thousand steps at most, whatever the text.
    pub fn next(&self, since: Timestamp, after: Timestamp) -> Option<Timestamp> {
        match &self.kind {
            Kind::Rate(every) => {
                let every = i64::try_from(every.as_millis()).ok()?;
                let passed = after.millis().checked_sub(since.millis())?.max(0);
                let next = passed.div_euclid(every).checked_add(1)?.checked_mul(every)?;
                since.millis().checked_add(next).map(Timestamp::from_millis)
            }
            Kind::Cron(cron) => cron.next(after),
            Kind::At(at) => Some(*at).filter(|at| *at > after),
        }
    }
}

impl TryFrom<String> for Schedule {
    type Error = NotASchedule;

    /// What was taken once is taken again, whichever service it was.
    fn try_from(text: String) -> Result<Self, NotASchedule> {
        Self::parse_of_any_number(&text)
    }
}

impl From<Schedule> for String {
    fn from(schedule: Schedule) -> Self {
        schedule.text
    }
}

/// `5 minutes`, and whether it is one of a unit, or several of its plural.
fn rate(text: &str) -> Option<(Duration, bool)> {
    let (number, unit) = text.split_once(' ')?;
    let number = u64::from(field::digits(number)?);
    let (unit, is_plural) = match unit.strip_suffix('s') {
        Some(unit) => (unit, true),
        None => (unit, false),
    };
    let seconds = match unit {
        "minute" => 60,
        "hour" => 3600,
        "day" => 86_400,
        _ => return None,
    };
    let is_correct = is_plural == (number > 1);
    (number > 0).then(|| (Duration::from_secs(number * seconds), is_correct))
}

/// `2026-11-20T13:00:00`, without a zone.
fn at(text: &str) -> Option<Timestamp> {
    const FORM: &str = "0000-00-00T00:00:00";
    let fits = |(given, form): (u8, u8)| match form {
        b'0' => given.is_ascii_digit(),
        _ => given == form,
    };
    let is_of_form = text.len() == FORM.len() && text.bytes().zip(FORM.bytes()).all(fits);
    is_of_form.then(|| Timestamp::parse_iso(text)).flatten()
}
