//! A compiled event pattern, and what it says about an event.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::PatternError;
use super::compile::{Branch, Condition, Parts, compile};
use super::complexity;
use super::condition::Dialect;
use super::event::{Combinations, Event};
use super::matcher::Matcher;
use crate::kernel::Mismatch;
use crate::wire::Gather as _;

/// An EventBridge event pattern, parsed once. In state it is its text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EventPattern {
    text: String,
    pub(super) branches: Vec<Conditions>,
}

/// What must hold at each path, all of it; by path, name by name ([`Combinations`] wants it so).
pub(super) type Conditions = Vec<(Arc<str>, Arc<Condition>)>;

/// Exact values at one path, one of which an event must have to match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    pub path: String,
    pub values: BTreeSet<String>,
}

impl EventPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// AWS's words and place.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let parts = compile(text, Dialect::EventPattern)?;
        complexity::check(&parts)?;
        Ok(Self::of(text, &parts))
    }

    /// The pattern that was read from `text`.
    pub(super) fn of(text: &str, parts: &Parts) -> Self {
        let in_order = |branch: Branch| {
            let mut conditions: Conditions = branch.into_iter().collect();
            conditions.sort_by(|(one, _), (other, _)| one.split('.').cmp(other.split('.')));
            conditions
        };
        Self { text: text.to_owned(), branches: parts.spread().into_iter().map(in_order).collect() }
    }

    /// The pattern as it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the pattern matches the event.
    pub fn matches(&self, event: &Value) -> bool {
        self.matches_event(&Event::new(event))
    }

    /// The same for an event that is taken apart already.
    pub fn matches_event(&self, event: &Event<'_>) -> bool {
        self.branches.iter().any(|branch| branch_matches(branch, event).is_ok())
    }

    /// Why the pattern does not match, once for each of its branches; empty if it does.
    pub fn mismatches(&self, event: &Event<'_>) -> Vec<Mismatch> {
        let mut reasons = Vec::new();
        for branch in &self.branches {
            match branch_matches(branch, event) {
                Ok(()) => return Vec::new(),
                Err((path, condition)) => reasons.push(mismatch(path, condition, event)),
            }
        }
        reasons
    }

    /// Every path by which an index can find this pattern: exact values in every branch.
    pub fn anchors(&self) -> Vec<Anchor> {
        let Some((first, others)) = self.branches.split_first() else {
            return Vec::new();
        };
        let mut anchors = exact_values(first);
        for branch in others {
            let mut exact = exact_values(branch);
            anchors.retain(|path, _| exact.contains_key(path));
            for (path, values) in &mut anchors {
                values.append(exact.get_mut(path).expect("retained because it is there"));
            }
        }
        anchors.into_iter().map(|(path, values)| Anchor { path, values }).collect()
    }
}

impl TryFrom<String> for EventPattern {
    type Error = PatternError;

    fn try_from(text: String) -> Result<Self, PatternError> {
        Self::parse(&text)
    }
}

impl From<EventPattern> for String {
    fn from(pattern: EventPattern) -> Self {
        pattern.text
    }
}

/// How an index writes a value, `None` for what only a condition can compare.
pub(super) fn anchor_value(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(format!("\"{text}")),
        Value::Number(number) => number.as_f64().map(number_anchor),
        Value::Bool(_) | Value::Null => Some(value.to_string()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

fn number_anchor(number: f64) -> String {
    // Zero and minus zero are equal but print differently.
    (number + 0.0).to_string()
}

fn exact_values(branch: &Conditions) -> BTreeMap<String, BTreeSet<String>> {
    let exact = |matcher: &Matcher| match matcher {
        Matcher::Text { text, address: None } => Some(format!("\"{text}")),
        Matcher::Number(number) => Some(number_anchor(*number)),
        Matcher::Literal(value) => anchor_value(value),
        _ => None,
    };
    branch
        .iter()
        .filter_map(|(path, condition)| {
            let values: Option<BTreeSet<_>> = condition.matchers.iter().map(exact).collect();
            values.map(|values| (path.to_string(), values))
        })
        .into_map()
}

/// Checks each path, keeping every combination of array elements that is still possible; the
/// error is the first path that leaves none.
fn branch_matches<'b>(
    branch: &'b Conditions,
    event: &Event<'_>,
) -> Result<(), (&'b str, &'b Condition)> {
    let mut found = Combinations::new();
    for (position, (path, condition)) in branch.iter().enumerate() {
        let leaves = event.leaves(path);
        if leaves.is_empty() {
            if condition.matchers.contains(&Matcher::Absent) {
                continue;
            }
            return Err((path, condition));
        }
        let matching = leaves
            .into_iter()
            .filter(|leaf| condition.matchers.iter().any(|matcher| matcher.matches(leaf.value)));
        let next = branch.get(position + 1).map(|(path, _)| &**path);
        found = found.with(path, matching.map(|leaf| leaf.within), next);
        if found.is_empty() {
            return Err((path, condition));
        }
    }
    Ok(())
}

fn mismatch(path: &str, condition: &Condition, event: &Event<'_>) -> Mismatch {
    let wanted = &condition.written;
    let values: Vec<_> = event.leaves(path).iter().map(|leaf| leaf.value.to_string()).collect();
    let reason = match values.as_slice() {
        [] => format!("{path} is absent, wanted {wanted}"),
        [value] => format!("{path} is {value}, wanted {wanted}"),
        several => {
            let values = several.join(", ");
            format!("{path} is [{values}], wanted {wanted} in the element that the rest matches")
        }
    };
    Mismatch { field: Some(path.to_owned()), values, wanted: Some(wanted.clone()), reason }
}
