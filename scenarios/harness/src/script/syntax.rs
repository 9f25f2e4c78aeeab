//! The parts of a script, as written. Which words exist beyond these keys is the system's
//! business; see [`crate::catalog`].

use super::captures::Captures;
use super::span::Span;
use crate::check::Comparison;
use crate::world::Arguments;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;
use std::marker::PhantomData;

/// One scenario: a story in given, when, then.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    pub name: String,
    /// What the scenario tells, in a few sentences.
    pub story: String,
    /// Done first and in order, before the clock of the script starts.
    #[serde(default)]
    pub given: Vec<Act>,
    pub when: Vec<Step>,
    pub then: Vec<Expectation>,
}

/// Something done to the system.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    #[serde(rename = "do")]
    pub action: String,
    #[serde(default)]
    pub with: Arguments,
    /// The name under which later `${name.field}` finds the result.
    #[serde(rename = "as")]
    pub alias: Option<String>,
    /// What the result must be, at once.
    pub gives: Option<Wanted>,
    /// The action must be refused, and the refusal must contain this text.
    pub fails_with: Option<String>,
}

/// Comparisons that must all hold; never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted(pub Vec<Comparison>);

/// One step of `when`: when it starts, and what is done then (nothing when it only waits).
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub start: Start,
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

/// Something seen of the system, compared with what is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub observation: String,
    pub of: Arguments,
    pub wanted: Wanted,
    pub within: Option<Span>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
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
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Eventually => "eventually",
            Self::Always => "always",
            Self::Never => "never",
        })
    }
}

impl Wanted {
    pub fn holds(&self, seen: &Value) -> bool {
        self.0.iter().all(|comparison| comparison.holds(seen))
    }

    pub(crate) fn filled(&self, captures: &Captures) -> Result<Self, String> {
        let comparisons = self.0.iter().map(|one| one.filled(captures));
        Ok(Self(comparisons.collect::<Result<_, _>>()?))
    }
}

impl fmt::Display for Wanted {
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepKeys {
    at: Option<Span>,
    after: Option<Span>,
    once: Option<Condition>,
    #[serde(rename = "do")]
    action: Option<String>,
    with: Option<Arguments>,
    #[serde(rename = "as")]
    alias: Option<String>,
    gives: Option<Wanted>,
    fails_with: Option<String>,
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Checked::<StepKeys, Step>(PhantomData))
    }
}

impl TryFrom<StepKeys> for Step {
    type Error = &'static str;

    fn try_from(keys: StepKeys) -> Result<Self, Self::Error> {
        let start = match (keys.at, keys.after, keys.once) {
            (None, None, None) => Start::Immediately,
            (Some(at), None, None) => Start::At(at),
            (None, Some(after), None) => Start::After(after),
            (None, None, Some(once)) if once.within.is_none() => {
                return Err("`once` needs `within`: how long to wait at most");
            }
            (None, None, Some(once)) => Start::Once(once),
            _ => return Err("a step starts by `at`, `after` or `once`: only one of them"),
        };
        let act = match keys.action {
            Some(action) => Some(Act {
                action,
                with: keys.with.unwrap_or_default(),
                alias: keys.alias,
                gives: keys.gives,
                fails_with: keys.fails_with,
            }),
            None if keys.with.is_some() || keys.alias.is_some() => {
                return Err("`with` and `as` belong to an action: add `do`");
            }
            None if keys.gives.is_some() || keys.fails_with.is_some() => {
                return Err("`gives` and `fails_with` belong to an action: add `do`");
            }
            None if start == Start::Immediately => return Err("a step needs `do`"),
            None => None,
        };
        Ok(Self { start, act })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionKeys {
    see: String,
    #[serde(default)]
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
        deserializer.deserialize_map(Checked::<ConditionKeys, Condition>(PhantomData))
    }
}

impl TryFrom<ConditionKeys> for Condition {
    type Error = &'static str;

    fn try_from(keys: ConditionKeys) -> Result<Self, Self::Error> {
        let wanted = WantedKeys {
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WantedKeys {
    equals: Option<Value>,
    at_least: Option<f64>,
    at_most: Option<f64>,
    contains: Option<Value>,
    in_order: Option<Vec<Value>>,
}

impl<'de> Deserialize<'de> for Wanted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Checked::<WantedKeys, Wanted>(PhantomData))
    }
}

impl TryFrom<WantedKeys> for Wanted {
    type Error = &'static str;

    fn try_from(keys: WantedKeys) -> Result<Self, Self::Error> {
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectationKeys {
    eventually: Option<Condition>,
    always: Option<Condition>,
    never: Option<Condition>,
}

impl<'de> Deserialize<'de> for Expectation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Checked::<ExpectationKeys, Expectation>(PhantomData))
    }
}

impl TryFrom<ExpectationKeys> for Expectation {
    type Error = &'static str;

    fn try_from(keys: ExpectationKeys) -> Result<Self, Self::Error> {
        let (mode, condition) = match (keys.eventually, keys.always, keys.never) {
            (Some(condition), None, None) => (Mode::Eventually, condition),
            (None, Some(condition), None) => (Mode::Always, condition),
            (None, None, Some(condition)) => (Mode::Never, condition),
            _ => return Err("an expectation is one of `eventually`, `always` or `never`"),
        };
        if mode == Mode::Eventually && condition.within.is_none() {
            return Err("`eventually` needs `within`: how long to wait at most");
        }
        Ok(Self { mode, condition })
    }
}

/// Reads the keys of a map and makes the checked value of them *inside* the map. Serde's own
/// `try_from` checks too late: its complaints would name the line where the outer list begins.
struct Checked<Keys, Part>(PhantomData<(Keys, Part)>);

impl<'de, Keys, Part> Visitor<'de> for Checked<Keys, Part>
where
    Keys: Deserialize<'de>,
    Part: TryFrom<Keys, Error = &'static str>,
{
    type Value = Part;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Part, A::Error> {
        let keys = Keys::deserialize(MapAccessDeserializer::new(map))?;
        Part::try_from(keys).map_err(A::Error::custom)
    }
}
