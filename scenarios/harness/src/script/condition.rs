//! What a script wants to see: conditions, and what `then` expects of them.

use super::captures::Captures;
use super::checked::checked;
use super::span::Span;
use crate::check::Comparison;
use crate::world::Arguments;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_with::skip_serializing_none;
use std::fmt;

/// Comparisons that must all hold; never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparisons(pub Vec<Comparison>);

/// Something seen of the system, compared with what is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub observation: String,
    pub of: Arguments,
    pub wanted: Comparisons,
    pub within: Option<Span>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// A list; the condition must hold for each of its entries, which it calls `${each}`.
    pub each: Option<Value>,
    pub mode: Mode,
    pub condition: Condition,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// Holds at some moment between the last step and the deadline.
    Eventually,
    /// Holds whenever it is looked at, from the first step to the deadline.
    Always,
    /// Holds at no moment, from the first step to the deadline.
    Never,
    /// Holds at least once, at some moment from the first step to the deadline.
    Sometimes,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Eventually => "eventually",
            Self::Always => "always",
            Self::Never => "never",
            Self::Sometimes => "sometimes",
        })
    }
}

impl Comparisons {
    pub fn holds(&self, seen: &Value) -> bool {
        self.0.iter().all(|comparison| comparison.holds(seen))
    }

    pub(crate) fn filled(&self, captures: &Captures) -> Result<Self, String> {
        let comparisons = self.0.iter().map(|one| one.filled(captures));
        Ok(Self(comparisons.collect::<Result<_, _>>()?))
    }
}

impl fmt::Display for Comparisons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let comparisons: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&comparisons.join(" and "))
    }
}

impl Condition {
    /// The same condition with captures filled in; an error names the missing capture.
    pub fn filled(&self, captures: &Captures) -> Result<Self, String> {
        Ok(Self {
            observation: self.observation.clone(),
            of: captures.fill_fields(&self.of)?,
            wanted: self.wanted.filled(captures)?,
            within: self.within,
        })
    }
}

#[skip_serializing_none]
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConditionKeys {
    see: String,
    #[serde(default, skip_serializing_if = "Arguments::is_empty")]
    of: Arguments,
    equals: Option<Value>,
    at_least: Option<f64>,
    at_most: Option<f64>,
    contains: Option<Value>,
    in_order: Option<Vec<Value>>,
    within: Option<Span>,
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked::<ConditionKeys, _, _>(deserializer)
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ComparisonKeys { equals, at_least, at_most, contains, in_order } =
            (&self.wanted).into();
        let (see, of, within) = (self.observation.clone(), self.of.clone(), self.within);
        ConditionKeys { see, of, equals, at_least, at_most, contains, in_order, within }
            .serialize(serializer)
    }
}

impl TryFrom<ConditionKeys> for Condition {
    type Error = &'static str;

    fn try_from(keys: ConditionKeys) -> Result<Self, Self::Error> {
        let wanted = ComparisonKeys {
            equals: keys.equals,
            at_least: keys.at_least,
            at_most: keys.at_most,
            contains: keys.contains,
            in_order: keys.in_order,
        };
        let wanted = wanted.try_into()?;
        Ok(Self { observation: keys.see, of: keys.of, wanted, within: keys.within })
    }
}

#[skip_serializing_none]
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ComparisonKeys {
    equals: Option<Value>,
    at_least: Option<f64>,
    at_most: Option<f64>,
    contains: Option<Value>,
    in_order: Option<Vec<Value>>,
}

impl<'de> Deserialize<'de> for Comparisons {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked::<ComparisonKeys, _, _>(deserializer)
    }
}

impl Serialize for Comparisons {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ComparisonKeys::from(self).serialize(serializer)
    }
}

impl From<&Comparisons> for ComparisonKeys {
    fn from(wanted: &Comparisons) -> Self {
        let mut keys = Self::default();
        for comparison in wanted.0.iter().cloned() {
            match comparison {
                Comparison::Equals(value) => keys.equals = Some(value),
                Comparison::AtLeast(least) => keys.at_least = Some(least),
                Comparison::AtMost(most) => keys.at_most = Some(most),
                Comparison::Contains(value) => keys.contains = Some(value),
                Comparison::InOrder(values) => keys.in_order = Some(values),
            }
        }
        keys
    }
}

impl TryFrom<ComparisonKeys> for Comparisons {
    type Error = &'static str;

    fn try_from(keys: ComparisonKeys) -> Result<Self, Self::Error> {
        let comparisons = [
            keys.equals.map(Comparison::Equals),
            keys.at_least.map(Comparison::AtLeast),
            keys.at_most.map(Comparison::AtMost),
            keys.contains.map(Comparison::Contains),
            keys.in_order.map(Comparison::InOrder),
        ];
        let comparisons: Vec<_> = comparisons.into_iter().flatten().collect();
        if comparisons.is_empty() {
            return Err("nothing to compare with: add `equals`, `at_least`, `at_most`, \
                        `contains` or `in_order`");
        }
        Ok(Self(comparisons))
    }
}

#[skip_serializing_none]
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectationKeys {
    each: Option<Value>,
    eventually: Option<Condition>,
    always: Option<Condition>,
    never: Option<Condition>,
    sometimes: Option<Condition>,
}

impl<'de> Deserialize<'de> for Expectation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked::<ExpectationKeys, _, _>(deserializer)
    }
}

impl Serialize for Expectation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut keys = ExpectationKeys { each: self.each.clone(), ..ExpectationKeys::default() };
        let key = match self.mode {
            Mode::Eventually => &mut keys.eventually,
            Mode::Always => &mut keys.always,
            Mode::Never => &mut keys.never,
            Mode::Sometimes => &mut keys.sometimes,
        };
        *key = Some(self.condition.clone());
        keys.serialize(serializer)
    }
}

impl TryFrom<ExpectationKeys> for Expectation {
    type Error = &'static str;

    fn try_from(keys: ExpectationKeys) -> Result<Self, Self::Error> {
        let modes = [
            (Mode::Eventually, keys.eventually),
            (Mode::Always, keys.always),
            (Mode::Never, keys.never),
            (Mode::Sometimes, keys.sometimes),
        ];
        let mut said = modes.into_iter().filter_map(|(mode, condition)| Some((mode, condition?)));
        let (Some((mode, condition)), None) = (said.next(), said.next()) else {
            return Err("an expectation is one of `eventually`, `always`, `never` or `sometimes`");
        };
        if mode == Mode::Eventually && condition.within.is_none() {
            return Err("`eventually` needs `within`: how long to wait at most");
        }
        Ok(Self { each: keys.each, mode, condition })
    }
}
