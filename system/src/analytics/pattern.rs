//! Patterns of several events: so many of a kind within a time, or one after another without a
//! third between them.
//!
//! A pattern is data. It is looked for in the history of one customer, in event time, so what is
//! found does not depend on the order in which events came.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::event::{CancelCause, Details, Fact};
use super::rows::millis;
use crate::contracts::EventType;
use crate::domain::Timestamp;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern {
    /// Stands in alerts. A letter, then letters, digits and `-`.
    pub name: String,
    pub shape: Shape,
    /// From the first event of a match to its last, at most.
    pub within: Duration,
    pub among: Among,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shape {
    /// So many, in any order of the others.
    AtLeast { count: usize, of: Signal },
    /// One after the other, and none of the third kind between them.
    Then { first: Signal, then: Signal, without: Option<Signal> },
}

/// Which events belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Among {
    Customer,
    /// Those of one order of a customer.
    Order,
}

/// Which events count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    pub kind: EventType,
    /// Only orders that were cancelled for this.
    pub cause: Option<CancelCause>,
}

/// A pattern that was found. No event is in two matches of one pattern.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    pub pattern: String,
    pub customer_id: String,
    /// In the order of time.
    pub event_ids: Vec<String>,
    pub first: Timestamp,
    pub last: Timestamp,
}

/// The youngest events of one customer, by time and id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Past(Vec<Happening>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Happening {
    #[serde(with = "millis")]
    at: Timestamp,
    event_id: String,
    order_id: String,
    kind: EventType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cause: Option<CancelCause>,
    /// The patterns in a match of which it was.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    used: BTreeSet<String>,
}

impl Pattern {
    /// Those that are looked for when nothing else is said.
    pub fn defaults() -> Vec<Self> {
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        let of = |kind| Signal { kind, cause: None };
        let cancelled = |cause| Signal { kind: EventType::OrderCancelled, cause: Some(cause) };
        vec![
            Self {
                name: "payments-declined".to_owned(),
                shape: Shape::AtLeast { count: 3, of: cancelled(CancelCause::PaymentFailed) },
                within: minutes(10),
                among: Among::Customer,
            },
            Self {
                name: "rush-of-orders".to_owned(),
                shape: Shape::AtLeast { count: 10, of: of(EventType::OrderPlaced) },
                within: minutes(5),
                among: Among::Customer,
            },
            Self {
                name: "confirmed-in-vain".to_owned(),
                shape: Shape::Then {
                    first: of(EventType::OrderConfirmed),
                    then: cancelled(CancelCause::TimedOut),
                    without: Some(of(EventType::PaymentRequested)),
                },
                within: minutes(60),
                among: Among::Order,
            },
        ]
    }
}

impl Signal {
    fn is(&self, event: &Happening) -> bool {
        self.kind == event.kind && (self.cause.is_none() || self.cause == event.cause)
    }
}

impl Match {
    /// The same for the same match, however often it is found; fit for a row's key.
    pub fn key(&self) -> String {
        let last = self.event_ids.last().map_or("", String::as_str);
        format!("match#{}#{last}", self.pattern)
    }
}

impl Past {
    /// False when it is there already, or of no type that is known here.
    pub(super) fn insert(&mut self, fact: &Fact<'_>) -> bool {
        let Some(kind) = fact.event_type else {
            return false;
        };
        let place = |it: &Happening| (it.at, it.event_id.as_str()).cmp(&(fact.at, &*fact.event_id));
        let Err(index) = self.0.binary_search_by(place) else {
            return false;
        };
        let cause = match fact.details {
            Details::Cancelled(cause) => Some(cause),
            _ => None,
        };
        let happening = Happening {
            at: fact.at,
            event_id: fact.event_id.to_string(),
            order_id: fact.order_id.as_deref().unwrap_or_default().to_owned(),
            kind,
            cause,
            used: BTreeSet::new(),
        };
        self.0.insert(index, happening);
        true
    }

    /// Looks for all patterns whose last event happened before `watermark`. Finds each match once,
    /// as long as its events are kept; stops at `most`, and finds the others the next time.
    pub(super) fn find(
        &mut self,
        patterns: &[Pattern],
        watermark: Timestamp,
        customer_id: &str,
        most: usize,
    ) -> Vec<Match> {
        let mut found = Vec::new();
        let known = self.0.partition_point(|it| it.at < watermark);
        for last in 0..known {
            for pattern in patterns {
                let Some(members) = self.ending(pattern, last) else {
                    continue;
                };
                if found.len() == most {
                    return found;
                }
                for index in &members {
                    self.0[*index].used.insert(pattern.name.clone());
                }
                let events = || members.iter().map(|index| &self.0[*index]);
                found.push(Match {
                    pattern: pattern.name.clone(),
                    customer_id: customer_id.to_owned(),
                    event_ids: events().map(|it| it.event_id.clone()).collect(),
                    first: events().next().expect("the last is a member").at,
                    last: self.0[last].at,
                });
            }
        }
        found
    }

    /// Drops what happened before that, and the oldest of what is more than `most`.
    pub(super) fn forget_before(&mut self, floor: Timestamp, most: usize) {
        let old = self.0.partition_point(|it| it.at < floor);
        self.0.drain(..old.max(self.0.len().saturating_sub(most)));
    }

    /// When the first event happened, and the last.
    pub(super) fn span(&self) -> Option<(Timestamp, Timestamp)> {
        Some((self.0.first()?.at, self.0.last()?.at))
    }

    /// When the first event happened that is not before `watermark`.
    pub(super) fn next_from(&self, watermark: Timestamp) -> Option<Timestamp> {
        self.0.get(self.0.partition_point(|it| it.at < watermark)).map(|it| it.at)
    }

    /// The members of a match whose last event this is.
    fn ending(&self, pattern: &Pattern, last: usize) -> Option<Vec<usize>> {
        let end = &self.0[last];
        let begin = end.at - pattern.within;
        let related = |index: &usize| {
            let event = &self.0[*index];
            pattern.among == Among::Customer || event.order_id == end.order_id
        };
        let is_free = |index: &usize| !self.0[*index].used.contains(&pattern.name);
        let is = |signal: Signal| move |index: &usize| signal.is(&self.0[*index]);
        let first = self.0.partition_point(|it| it.at < begin);
        let mut window = (first..=last).filter(related);
        match pattern.shape {
            Shape::AtLeast { count, of } => {
                // Taken already, the last one would only repeat an older match.
                if !is(of)(&last) || !is_free(&last) {
                    return None;
                }
                let members: Vec<usize> = window.filter(is(of)).filter(is_free).collect();
                (members.len() >= count).then_some(members)
            }
            Shape::Then { first, then, without } => {
                if !is(then)(&last) || !is_free(&last) {
                    return None;
                }
                let starts = |index: &usize| is(first)(index) && is_free(index) && *index < last;
                let start = window.rfind(starts)?;
                let mut between = (start + 1..last).filter(related);
                let spoilt = without.is_some_and(|it| between.any(|index| is(it)(&index)));
                (!spoilt).then(|| vec![start, last])
            }
        }
    }
}
