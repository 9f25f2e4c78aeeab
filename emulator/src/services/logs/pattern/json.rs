//! Patterns on JSON: `{ $.status = 4* && ($.latency > 100 || $.error NOT EXISTS) }`.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::cursor::Cursor;
use super::event::Event;
use super::filter_pattern::FilterPatternError;
use super::selector::{Selector, text};
use super::value::{Comparison, Value};

/// A condition on a message.
#[derive(Debug)]
pub(super) enum Conditions {
    All(Vec<Conditions>),
    Any(Vec<Conditions>),
    Compare(Selector, Comparison, Value),
    Is(Selector, Json),
    Exists(Selector),
    NotExists(Selector),
}

/// Parentheses inside of one another; ours.
const DEPTH_MAX: usize = 32;

impl Conditions {
    /// Reads what stands between the braces.
    pub(super) fn parse(text: &str) -> Result<Self, FilterPatternError> {
        let mut cursor = Cursor::new(text);
        let conditions = any(&mut cursor, 0)?;
        match cursor.peek() {
            None => Ok(conditions),
            Some(_) => Err(FilterPatternError::Invalid),
        }
    }

    pub(super) fn matches(&self, event: &Event<'_>) -> bool {
        match self {
            Self::All(all) => all.iter().all(|it| it.matches(event)),
            Self::Any(any) => any.iter().any(|it| it.matches(event)),
            Self::Compare(selector, comparison, value) => {
                selector.values(event).into_iter().any(|it| compare(value, *comparison, it))
            }
            Self::Is(selector, wanted) => {
                selector.values(event).into_iter().any(|value| value == wanted)
            }
            Self::Exists(selector) => !selector.values(event).is_empty(),
            Self::NotExists(selector) => {
                event.json().is_some() && selector.values(event).is_empty()
            }
        }
    }

    /// The values of the selectors that it names.
    pub(super) fn extracted(&self, event: &Event<'_>) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        self.collect(event, &mut found);
        found
    }

    fn collect(&self, event: &Event<'_>, found: &mut BTreeMap<String, String>) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().for_each(|part| part.collect(event, found));
            }
            Self::Compare(selector, ..)
            | Self::Is(selector, _)
            | Self::Exists(selector)
            | Self::NotExists(selector) => {
                if let Some(text) = selector.text(event) {
                    found.insert(selector.text.clone(), text);
                }
            }
        }
    }
}

/// Unverified: a number in quotes is compared with a JSON number by its text, and a bare number
/// with a JSON text that is written alike. What is not there differs from nothing.
fn compare(value: &Value, comparison: Comparison, found: &Json) -> bool {
    match found {
        Json::String(text) => match value {
            Value::Number(..)
                if !matches!(comparison, Comparison::Equal | Comparison::NotEqual) =>
            {
                false
            }
            _ => value.compare(comparison, text),
        },
        other => text(other).is_some_and(|text| value.compare(comparison, &text)),
    }
}

fn any(cursor: &mut Cursor<'_>, depth: usize) -> Result<Conditions, FilterPatternError> {
    let mut parts = vec![all(cursor, depth)?];
    while cursor.take("||") {
        parts.push(all(cursor, depth)?);
    }
    Ok(if parts.len() == 1 { parts.remove(0) } else { Conditions::Any(parts) })
}

fn all(cursor: &mut Cursor<'_>, depth: usize) -> Result<Conditions, FilterPatternError> {
    let mut parts = vec![one(cursor, depth)?];
    while cursor.take("&&") {
        parts.push(one(cursor, depth)?);
    }
    Ok(if parts.len() == 1 { parts.remove(0) } else { Conditions::All(parts) })
}

fn one(cursor: &mut Cursor<'_>, depth: usize) -> Result<Conditions, FilterPatternError> {
    if cursor.take("(") {
        if depth == DEPTH_MAX {
            return Err(FilterPatternError::Invalid);
        }
        let inside = any(cursor, depth + 1)?;
        return match cursor.take(")") {
            true => Ok(inside),
            false => Err(FilterPatternError::Invalid),
        };
    }
    let selector = Selector::read(cursor)?;
    if cursor.take_word("NOT") {
        return match cursor.take_word("EXISTS") {
            true => Ok(Conditions::NotExists(selector)),
            false => Err(FilterPatternError::Invalid),
        };
    }
    if cursor.take_word("EXISTS") {
        return Ok(Conditions::Exists(selector));
    }
    if cursor.take_word("IS") {
        let words =
            [("TRUE", Json::Bool(true)), ("FALSE", Json::Bool(false)), ("NULL", Json::Null)];
        let found = words.into_iter().find(|(word, _)| cursor.take_word(word));
        let (_, wanted) = found.ok_or(FilterPatternError::Invalid)?;
        return Ok(Conditions::Is(selector, wanted));
    }
    let comparison = Comparison::parse(cursor).ok_or(FilterPatternError::Invalid)?;
    let value = Value::parse(cursor)?;
    match value.suits(comparison) {
        true => Ok(Conditions::Compare(selector, comparison, value)),
        false => Err(FilterPatternError::Invalid),
    }
}
