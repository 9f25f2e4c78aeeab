//! One step of `when`: when it starts, how often it happens, and what is done.

use super::checked::checked;
use super::condition::{Comparisons, Condition};
use super::span::Span;
use super::syntax::Act;
use crate::world::Arguments;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_with::skip_serializing_none;
use std::time::Duration;

/// Nothing is done when it only waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub start: Start,
    /// Only with an action.
    pub repeat: Option<Repeat>,
    pub act: Option<Act>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// As soon as the previous step is done.
    Immediately,
    /// So long after the first step began.
    At(Span),
    /// So long after the previous step was done.
    After(Span),
    /// As soon as this holds.
    Once(Condition),
}

/// An action that is done again and again. One is done after the other: what is late starts as
/// soon as the one before is done.
#[derive(Clone, Debug, PartialEq)]
pub enum Repeat {
    /// At intervals, so many times.
    Times { every: Span, times: u64 },
    /// At intervals, for as long as the script is younger than `until`.
    Until { every: Span, until: Span },
    /// At random moments drawn from the seed.
    Rate(Rate),
    /// Once for each entry of a list, which the action calls `${each}`.
    Each { list: Value, every: Option<Span> },
}

/// Arrivals that know nothing of each other: exponential gaps with this mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// On average.
    pub arrivals: f64,
    pub per: Per,
    pub lasting: Span,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Per {
    Second,
    Minute,
    Hour,
}

impl Step {
    /// Does `act` so long after the first step began.
    pub fn at(moment: Duration, act: Act) -> Self {
        Self { start: Start::At(Span(moment)), repeat: None, act: Some(act) }
    }

    /// Only waits until so long after the first step began. As the last step it lets faults act
    /// on what the steps before have started.
    pub fn wait_until(moment: Duration) -> Self {
        Self { start: Start::At(Span(moment)), repeat: None, act: None }
    }
}

impl Rate {
    pub fn per_second(&self) -> f64 {
        self.arrivals
            / match self.per {
                Per::Second => 1.0,
                Per::Minute => 60.0,
                Per::Hour => 3600.0,
            }
    }
}

#[skip_serializing_none]
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepKeys {
    at: Option<Span>,
    after: Option<Span>,
    once: Option<Condition>,
    each: Option<Value>,
    every: Option<Span>,
    times: Option<u64>,
    until: Option<Span>,
    rate: Option<Rate>,
    #[serde(rename = "do")]
    action: Option<String>,
    with: Option<Arguments>,
    #[serde(rename = "as")]
    alias: Option<String>,
    gives: Option<Comparisons>,
    fails_with: Option<String>,
    may_fail: Option<bool>,
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked::<StepKeys, _, _>(deserializer)
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut keys = StepKeys::default();
        match self.start.clone() {
            Start::Immediately => {}
            Start::At(span) => keys.at = Some(span),
            Start::After(span) => keys.after = Some(span),
            Start::Once(condition) => keys.once = Some(condition),
        }
        match self.repeat.clone() {
            None => {}
            Some(Repeat::Times { every, times }) => {
                (keys.every, keys.times) = (Some(every), Some(times));
            }
            Some(Repeat::Until { every, until }) => {
                (keys.every, keys.until) = (Some(every), Some(until));
            }
            Some(Repeat::Rate(rate)) => keys.rate = Some(rate),
            Some(Repeat::Each { list, every }) => (keys.each, keys.every) = (Some(list), every),
        }
        if let Some(act) = self.act.clone() {
            keys.action = Some(act.action);
            keys.with = Some(act.with).filter(|with| !with.is_empty());
            (keys.alias, keys.gives, keys.fails_with) = (act.alias, act.gives, act.fails_with);
            keys.may_fail = act.may_fail.then_some(true);
        }
        keys.serialize(serializer)
    }
}

impl TryFrom<StepKeys> for Step {
    type Error = &'static str;

    fn try_from(mut keys: StepKeys) -> Result<Self, Self::Error> {
        let start = match (keys.at, keys.after, keys.once.take()) {
            (None, None, None) => Start::Immediately,
            (Some(at), None, None) => Start::At(at),
            (None, Some(after), None) => Start::After(after),
            (None, None, Some(once)) if once.within.is_none() => {
                return Err("`once` needs `within`: how long to wait at most");
            }
            (None, None, Some(once)) => Start::Once(once),
            _ => return Err("a step starts by `at`, `after` or `once`: only one of them"),
        };
        let repeat = repeat(&mut keys)?;
        let act = match keys.action {
            Some(action) => Some(Act {
                action,
                with: keys.with.unwrap_or_default(),
                alias: keys.alias,
                gives: keys.gives,
                fails_with: keys.fails_with,
                may_fail: keys.may_fail.unwrap_or(false),
            }),
            None if repeat.is_some() => {
                return Err("`every`, `rate` and `each` repeat an action: add `do`");
            }
            None if keys.with.is_some() || keys.alias.is_some() => {
                return Err("`with` and `as` belong to an action: add `do`");
            }
            None if keys.gives.is_some() || keys.fails_with.is_some() => {
                return Err("`gives` and `fails_with` belong to an action: add `do`");
            }
            None if keys.may_fail.is_some() => {
                return Err("`may_fail` belongs to an action: add `do`");
            }
            None if start == Start::Immediately => return Err("a step needs `do`"),
            None => None,
        };
        Ok(Self { start, repeat, act })
    }
}

fn repeat(keys: &mut StepKeys) -> Result<Option<Repeat>, &'static str> {
    let end = match (keys.times, keys.until) {
        (Some(_), Some(_)) => return Err("`every` ends by `times` or `until`: only one of them"),
        (times, until) => (times, until),
    };
    Ok(match (keys.every, keys.rate, keys.each.take(), end) {
        (None, None, None, (None, None)) => None,
        (Some(every), None, None, (Some(times), None)) => Some(Repeat::Times { every, times }),
        (Some(every), None, None, (None, Some(until))) => Some(Repeat::Until { every, until }),
        (Some(_), None, None, _) => return Err("`every` needs `times` or `until`"),
        (None, Some(rate), None, (None, None)) => Some(Repeat::Rate(rate)),
        (every, None, Some(list), (None, None)) => Some(Repeat::Each { list, every }),
        (None, None, None, _) => return Err("`times` and `until` belong to `every`"),
        (_, None, Some(_), _) => return Err("`each` ends with its list: no `times`, no `until`"),
        (_, Some(_), _, _) => {
            return Err("`rate` stands alone: no `every`, `times`, `until`, `each`");
        }
    })
}

#[skip_serializing_none]
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RateKeys {
    per_second: Option<f64>,
    per_minute: Option<f64>,
    per_hour: Option<f64>,
    #[serde(rename = "for")]
    lasting: Span,
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked::<RateKeys, _, _>(deserializer)
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut keys = RateKeys { lasting: self.lasting, ..RateKeys::default() };
        let key = match self.per {
            Per::Second => &mut keys.per_second,
            Per::Minute => &mut keys.per_minute,
            Per::Hour => &mut keys.per_hour,
        };
        *key = Some(self.arrivals);
        keys.serialize(serializer)
    }
}

impl TryFrom<RateKeys> for Rate {
    type Error = &'static str;

    fn try_from(keys: RateKeys) -> Result<Self, Self::Error> {
        let (arrivals, per) = match (keys.per_second, keys.per_minute, keys.per_hour) {
            (Some(arrivals), None, None) => (arrivals, Per::Second),
            (None, Some(arrivals), None) => (arrivals, Per::Minute),
            (None, None, Some(arrivals)) => (arrivals, Per::Hour),
            _ => return Err("a rate is one of `per_second`, `per_minute` or `per_hour`"),
        };
        if !(arrivals.is_finite() && arrivals > 0.0) {
            return Err("a rate must be more than nothing");
        }
        Ok(Self { arrivals, per, lasting: keys.lasting })
    }
}
