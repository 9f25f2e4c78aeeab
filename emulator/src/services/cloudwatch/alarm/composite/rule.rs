//! What a composite alarm watches for: its rule as a tree, and whether it holds.
//!
//! Knows the states of alarms by their names only.
//!
//! Source: API reference "PutCompositeAlarm"; user guide "Composite alarms".

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::grammar;
use crate::services::cloudwatch::alarm::StateValue;

/// A rule, read once. In state it is its text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(in crate::services::cloudwatch) struct AlarmRule {
    text: String,
    holds: Expression,
}

/// A part of a rule.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    Always(bool),
    /// The alarm, named or by ARN, has the state.
    Is(StateValue, String),
    Not(Box<Expression>),
    All(Vec<Expression>),
    Any(Vec<Expression>),
    AtLeast(AtLeast),
}

/// `AT_LEAST(2, NOT OK, (a, b, c))`
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AtLeast {
    pub(super) wanted: Wanted,
    /// `NOT` before the state.
    pub(super) other_than: bool,
    pub(super) state: StateValue,
    pub(super) alarms: Vec<String>,
}

/// How many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Wanted {
    Number(u32),
    Percent(u32),
}

impl AlarmRule {
    /// Reads a rule.
    ///
    /// # Errors
    /// What is wrong, in AWS's words, and at which character.
    pub(in crate::services::cloudwatch) fn parse(text: &str) -> Result<Self, String> {
        grammar::parse(text).map(|holds| Self { text: text.to_owned(), holds })
    }

    /// The alarms as the rule names them, by name or ARN.
    pub(in crate::services::cloudwatch) fn references(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        self.holds.collect(&mut found);
        found
    }

    /// Whether the rule holds, by the states of the alarms that it names. One that is not there has
    /// no state.
    pub(in crate::services::cloudwatch) fn holds(
        &self,
        state_of: &dyn Fn(&str) -> Option<StateValue>,
    ) -> bool {
        self.holds.is_true(state_of)
    }
}

impl TryFrom<String> for AlarmRule {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<AlarmRule> for String {
    fn from(rule: AlarmRule) -> Self {
        rule.text
    }
}

impl Expression {
    fn collect<'a>(&'a self, found: &mut BTreeSet<&'a str>) {
        match self {
            Self::Always(_) => {}
            Self::Is(_, alarm) => drop(found.insert(alarm)),
            Self::Not(inner) => inner.collect(found),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|it| it.collect(found)),
            Self::AtLeast(it) => found.extend(it.alarms.iter().map(String::as_str)),
        }
    }

    /// As deep as the text that was read, which has a bound.
    fn is_true(&self, state_of: &dyn Fn(&str) -> Option<StateValue>) -> bool {
        match self {
            Self::Always(value) => *value,
            Self::Is(state, alarm) => state_of(alarm) == Some(*state),
            Self::Not(inner) => !inner.is_true(state_of),
            Self::All(parts) => parts.iter().all(|it| it.is_true(state_of)),
            Self::Any(parts) => parts.iter().any(|it| it.is_true(state_of)),
            Self::AtLeast(AtLeast { wanted, other_than, state, alarms }) => {
                let counts = |alarm: &&String| (state_of(alarm) == Some(*state)) != *other_than;
                let needed = match wanted {
                    Wanted::Number(number) => *number as usize,
                    // Source: user guide: rounded up.
                    Wanted::Percent(percent) => (alarms.len() * *percent as usize).div_ceil(100),
                };
                alarms.iter().filter(counts).count() >= needed
            }
        }
    }
}
