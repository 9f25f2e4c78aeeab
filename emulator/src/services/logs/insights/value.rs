//! What a field holds. Types are loose: a text that reads as a number is one where one is wanted.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::wire::Timestamp;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Missing,
    Bool(bool),
    Number(f64),
    /// Milliseconds since 1970, shown as a date.
    Time(i64),
    Text(String),
    /// A map or a list of `jsonParse`, as JSON.
    Structure(Rc<str>),
}

impl Value {
    /// What a member of a structure is.
    pub(super) fn of_json_parsed(value: &serde_json::Value) -> Self {
        match value {
            serde_json::Value::Object(_) | serde_json::Value::Array(_) => {
                Self::Structure(value.to_string().into())
            }
            scalar => Self::of_json(scalar),
        }
    }

    /// What a field of an event is: there, maps and lists are texts.
    pub(super) fn of_json(value: &serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Missing,
            serde_json::Value::Bool(is) => Self::Bool(*is),
            serde_json::Value::Number(number) => {
                number.as_f64().map_or(Self::Missing, Self::Number)
            }
            serde_json::Value::String(text) => Self::Text(text.clone()),
            other => Self::Text(other.to_string()),
        }
    }

    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    /// The number that it is or reads as.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Time(millis) => Some(*millis as f64),
            Self::Text(text) => text.trim().parse().ok().filter(|it: &f64| it.is_finite()),
            Self::Bool(_) | Self::Missing | Self::Structure(_) => None,
        }
    }

    /// As answers show it; nothing for what is missing.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Missing => None,
            Self::Bool(is) => Some(if *is { "1" } else { "0" }.to_owned()),
            Self::Number(number) => Some(number_text(*number)),
            Self::Time(millis) => Some(time_text(*millis)),
            Self::Text(text) => Some(text.clone()),
            Self::Structure(text) => Some((**text).to_owned()),
        }
    }

    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Bool(is) => *is,
            Self::Number(number) => *number != 0.0,
            Self::Text(text) => text == "true" || text == "1",
            Self::Time(_) | Self::Structure(_) => true,
            Self::Missing => false,
        }
    }

    /// The order of two values that are there: as numbers if both are, else as texts.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        if let (Some(one), Some(other)) = (self.number(), other.number()) {
            return one.partial_cmp(&other);
        }
        if let (Self::Bool(one), Self::Text(text)) | (Self::Text(text), Self::Bool(one)) =
            (self, other)
        {
            let same = text == if *one { "true" } else { "false" };
            if same {
                return Some(Ordering::Equal);
            }
        }
        Some(self.text()?.cmp(&other.text()?))
    }

    /// The order for sorting: what is missing comes first, numbers before texts.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let kind = |value: &Self| match value.number() {
            _ if value.is_missing() => 0,
            Some(_) => 1,
            None => 2,
        };
        kind(self).cmp(&kind(other)).then_with(|| self.compare(other).unwrap_or(Ordering::Equal))
    }
}

/// Digits after which a number is written with an exponent or loses some.
const EXACT_MAX: f64 = 1e15;

fn number_text(number: f64) -> String {
    match number.fract() == 0.0 && number.abs() < EXACT_MAX {
        true => format!("{}", number as i64),
        false => format!("{number}"),
    }
}

/// `2026-01-01 00:00:00.000`.
fn time_text(millis: i64) -> String {
    let text = Timestamp::from_millis(millis).iso_millis();
    text.replace('T', " ").trim_end_matches('Z').to_owned()
}
