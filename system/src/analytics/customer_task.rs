//! One partition of order events by customer: patterns over the last hour, and visits.
//!
//! It finds and counts; whom to tell of a match is not its business. State goes out as changed
//! rows and new matches, which belong into one transaction with the offset.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::event::Fact;
use super::order_task::Outcome;
use super::pattern::{Match, Past, Pattern};
use super::rows::{self, Change, RestoreError, millis_option};
use super::sketch::Sketch;
use super::watermark::Watermarks;
use super::window::{Merge, Sessions};
use crate::contracts::{EventType, Source};
use crate::domain::Timestamp;

/// Rows that one call of [`CustomerTask::apply`] changes at most, matches included: the head, the
/// customer, and those who are looked at because time went on.
pub const ROWS_PER_CUSTOMER_FACT_MAX: usize = 2 + SEEN_TO_PER_FACT;
const SEEN_TO_PER_FACT: usize = 4;
/// Most events that are kept of one customer; a row stays below DynamoDB's 400 KB.
const EVENTS_MAX: usize = 1_000;
const HEAD: &str = "head";
const CUSTOMER: &str = "customer#";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerSettings {
    /// How much older than the newest event the next ones may be.
    pub disorder: Duration,
    /// How long after the watermark an event can still complete a pattern.
    pub lateness: Duration,
    /// A visit is over when a customer's orders were quiet for longer.
    pub session_gap: Duration,
    pub patterns: Vec<Pattern>,
}

/// What the task has counted since the beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerTotals {
    pub events: u64,
    pub late: u64,
    pub duplicates: u64,
    /// Older than what is kept: no pattern and no visit counts them, which is no harm to totals.
    pub too_old: u64,
    /// Of an unknown type, or without a customer.
    pub unknown: u64,
    pub matches: BTreeMap<String, u64>,
    /// Visits that are over.
    pub sessions: u64,
    /// Of them: those in which something was ordered.
    pub sessions_with_orders: u64,
    /// How long they were, in milliseconds.
    pub session_millis: Sketch,
}

/// What a task knows of itself; the row `head`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerHead {
    pub totals: CustomerTotals,
    watermarks: Watermarks<Source>,
}

/// The state of a partition.
#[derive(Debug)]
pub struct CustomerTask {
    settings: CustomerSettings,
    head: CustomerHead,
    customers: BTreeMap<Arc<str>, Customer>,
    /// When to look at whom next: once the watermark is beyond that moment.
    due: BTreeSet<(Timestamp, Arc<str>)>,
    changed: BTreeSet<Arc<str>>,
    is_head_changed: bool,
    found: Vec<Match>,
    clock: Option<Timestamp>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Customer {
    past: Past,
    visits: Sessions<Visit>,
    /// Where it stands in `due`: a restart must not change who is looked at first, as a late event
    /// may come between.
    #[serde(default, with = "millis_option", skip_serializing_if = "Option::is_none")]
    due_at: Option<Timestamp>,
}

/// What is counted of a visit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Visit {
    orders: u64,
}

impl Merge for Visit {
    fn merge(&mut self, other: &Self) {
        self.orders += other.orders;
    }
}

impl Merge for CustomerTotals {
    fn merge(&mut self, other: &Self) {
        self.events += other.events;
        self.late += other.late;
        self.duplicates += other.duplicates;
        self.too_old += other.too_old;
        self.unknown += other.unknown;
        for (pattern, count) in &other.matches {
            *self.matches.entry(pattern.clone()).or_default() += count;
        }
        self.sessions += other.sessions;
        self.sessions_with_orders += other.sessions_with_orders;
        self.session_millis.merge(&other.session_millis);
    }
}

impl Default for CustomerSettings {
    fn default() -> Self {
        Self {
            disorder: Duration::from_secs(30),
            lateness: Duration::from_secs(600),
            session_gap: Duration::from_secs(1_800),
            patterns: Pattern::defaults(),
        }
    }
}

impl CustomerSettings {
    /// How long after the watermark an event is kept.
    fn kept(&self) -> Duration {
        let longest = self.patterns.iter().map(|it| it.within).max().unwrap_or_default();
        longest.max(self.session_gap) + self.lateness
    }
}

impl CustomerHead {
    /// No event that is older is expected; none before the topic has been heard of.
    pub fn watermark(&self) -> Option<Timestamp> {
        self.watermarks.low()
    }
}

impl CustomerTask {
    /// The time up to which events have been heard, of what there is; more of then may come.
    pub fn heard_until(&self) -> Option<Timestamp> {
        self.head.watermarks.low_of_known()
    }

    /// A partition of which nothing has been read.
    pub fn new(settings: CustomerSettings) -> Self {
        let (totals, watermarks) = (CustomerTotals::default(), Watermarks::new([Source::Orders]));
        Self {
            settings,
            head: CustomerHead { totals, watermarks },
            customers: BTreeMap::new(),
            due: BTreeSet::new(),
            changed: BTreeSet::new(),
            is_head_changed: false,
            found: Vec::new(),
            clock: None,
        }
    }

    /// Reads the state back from the rows that were written for it, in any order.
    ///
    /// # Errors
    /// A row that no task has written.
    pub fn restore(
        settings: CustomerSettings,
        rows: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, RestoreError> {
        let mut task = Self::new(settings);
        for (key, value) in rows {
            if key == HEAD {
                task.head = rows::read(&key, &value)?;
            } else if let Some(id) = key.strip_prefix(CUSTOMER) {
                task.customers.insert(id.into(), rows::read(&key, &value)?);
            } else {
                return Err(RestoreError::Key(key));
            }
        }
        for (id, customer) in &mut task.customers {
            // Rows that were written before they said so: looking once more changes nothing.
            let at = *customer.due_at.get_or_insert(Timestamp::from_millis(i64::MIN));
            task.due.insert((at, id.clone()));
        }
        Ok(task)
    }

    /// Takes an event of a customer's order. `TooOld` needs no dead letter here.
    pub fn apply(&mut self, fact: &Fact<'_>) -> Outcome {
        let outcome = self.judge(fact);
        let totals = &mut self.head.totals;
        match outcome {
            Outcome::Counted => totals.events += 1,
            Outcome::Late => (totals.events, totals.late) = (totals.events + 1, totals.late + 1),
            Outcome::Duplicate => totals.duplicates += 1,
            Outcome::TooOld => totals.too_old += 1,
            Outcome::Unknown => totals.unknown += 1,
        }
        self.is_head_changed = true;
        if outcome != Outcome::Unknown {
            let at = self.clock.map_or(fact.at, |clock| fact.at.min(clock));
            self.head.watermarks.saw(&Source::Orders, at, self.settings.disorder);
        }
        self.look(SEEN_TO_PER_FACT);
        outcome
    }

    /// The partition has been read to its end, by the clock at `caught_up_at`.
    pub fn advance(&mut self, caught_up_at: Timestamp) {
        let before = self.head.watermark();
        self.head.watermarks.idle(&Source::Orders, caught_up_at, self.settings.disorder);
        self.is_head_changed |= self.head.watermark() != before;
    }

    /// What the clock shows: an event from the future moves the watermark no further.
    pub fn hear_clock(&mut self, now: Timestamp) {
        self.clock = Some(now);
    }

    /// Looks at customers of whom something is due: a pattern that may be complete, a visit that is
    /// over, events to forget. Changes the rows of customers, and finds matches, up to `most`
    /// together, two at least; says how many at most. Each event does some of it; in silence this
    /// does.
    pub fn look(&mut self, most: usize) -> usize {
        let mut used = 0;
        while let Some(watermark) = self.head.watermark().filter(|_| used + 2 <= most) {
            if self.due.first().is_none_or(|(at, _)| *at >= watermark) {
                break;
            }
            let (_, id) = self.due.pop_first().expect("it was just looked at");
            used += 1;
            used += self.look_at(&id, watermark, most - used);
        }
        used
    }

    /// The matches found since the last call, each once. They are to be written with the changes.
    pub fn take_matches(&mut self) -> Vec<Match> {
        std::mem::take(&mut self.found)
    }

    /// How many rows have changed since they were last taken, matches included.
    pub fn dirty(&self) -> usize {
        usize::from(self.is_head_changed) + self.changed.len() + self.found.len()
    }

    /// The rows that have changed since the last call, each as it is now, sorted by key.
    pub fn take_changes(&mut self) -> Vec<Change> {
        let mut changes = Vec::new();
        for id in std::mem::take(&mut self.changed) {
            let value = self.customers.get(&id).map(rows::write);
            changes.push(Change { key: format!("{CUSTOMER}{id}"), value });
        }
        if std::mem::take(&mut self.is_head_changed) {
            changes.push(Change { key: HEAD.to_owned(), value: Some(rows::write(&self.head)) });
        }
        changes
    }

    pub fn head(&self) -> &CustomerHead {
        &self.head
    }

    /// How many rows there are: what memory goes by.
    pub fn rows(&self) -> usize {
        1 + self.customers.len()
    }

    fn judge(&mut self, fact: &Fact<'_>) -> Outcome {
        let Some(id) = fact.customer_id.as_deref().filter(|_| fact.event_type.is_some()) else {
            return Outcome::Unknown;
        };
        let watermark = self.head.watermark();
        if watermark.is_some_and(|it| fact.at < it - self.settings.kept()) {
            return Outcome::TooOld;
        }
        let id: Arc<str> = id.into();
        let customer = self.customers.entry(id.clone()).or_default();
        if !customer.past.insert(fact) {
            return Outcome::Duplicate;
        }
        let orders = u64::from(fact.event_type == Some(EventType::OrderPlaced));
        customer.visits.add(fact.at, Visit { orders }, self.settings.session_gap);
        self.schedule(&id, fact.at);
        self.changed.insert(id);
        let is_late = watermark.is_some_and(|it| fact.at < it);
        if is_late { Outcome::Late } else { Outcome::Counted }
    }

    /// Answers with the number of matches, which are `most` at most.
    fn look_at(&mut self, id: &Arc<str>, watermark: Timestamp, most: usize) -> usize {
        let Some(customer) = self.customers.get_mut(id) else {
            return 0;
        };
        customer.due_at = None;
        let before = (customer.past.span(), customer.visits.open().len());
        let found = customer.past.find(&self.settings.patterns, watermark, id, most);
        let totals = &mut self.head.totals;
        for visit in customer.visits.close(watermark, self.settings.session_gap) {
            totals.sessions += 1;
            totals.sessions_with_orders += u64::from(visit.content.orders > 0);
            let millis = visit.last.since(visit.first).as_millis();
            totals.session_millis.add(u64::try_from(millis).unwrap_or(u64::MAX));
        }
        let count = found.len();
        if count < most {
            customer.past.forget_before(watermark - self.settings.kept(), EVENTS_MAX);
        }
        let after = (customer.past.span(), customer.visits.open().len());
        for it in &found {
            *totals.matches.entry(it.pattern.clone()).or_default() += 1;
        }
        // When it is looked at again is written down too.
        self.changed.insert(id.clone());
        self.is_head_changed |= !found.is_empty() || before != after;
        self.found.extend(found);
        if after == (None, 0) {
            self.customers.remove(id);
        } else if count == most {
            // There may be more.
            self.schedule(id, watermark - Duration::from_millis(1));
        } else {
            self.reschedule(id, watermark);
        }
        count
    }

    /// When to look at a customer again, who has just been looked at with this watermark.
    fn reschedule(&mut self, id: &Arc<str>, watermark: Timestamp) {
        let Some(customer) = self.customers.get(id) else {
            return;
        };
        let visits = customer.visits.open().iter().map(|it| it.last + self.settings.session_gap);
        let forget = customer.past.span().map(|(first, _)| first + self.settings.kept());
        let next = customer.past.next_from(watermark);
        if let Some(at) = visits.chain(forget).chain(next).min() {
            self.schedule(id, at);
        }
    }

    /// Looks at the customer then, if not before.
    fn schedule(&mut self, id: &Arc<str>, at: Timestamp) {
        let Some(customer) = self.customers.get_mut(id) else {
            return;
        };
        if let Some(before) = customer.due_at {
            if before <= at {
                return;
            }
            self.due.remove(&(before, id.clone()));
        }
        customer.due_at = Some(at);
        self.due.insert((at, id.clone()));
    }
}

#[cfg(test)]
mod tests;
