//! A subscription's filter policy: the pattern language with SNS's own limits.
//!
//! Knows message attributes and bodies as JSON; not topics or subscriptions.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::compile::compile;
use super::condition::Dialect;
use super::event::Event;
use super::event_pattern::EventPattern;
use super::tokens::check_json;
use crate::kernel::Mismatch;
use crate::services::shared::json_text::compact;
use crate::wire::Gather as _;

/// Source: "Filter policy constraints".
const KEYS_MAX: usize = 5;
/// Source: "Filter policy constraints": values multiplied, each key's weighed with its depth.
const COMBINATIONS_MAX: usize = 150;

/// What a filter policy looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FilterPolicyScope {
    #[default]
    MessageAttributes,
    MessageBody,
}

impl FilterPolicyScope {
    /// The word that names it in a request.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MessageAttributes => "MessageAttributes",
            Self::MessageBody => "MessageBody",
        }
    }

    /// The scope that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::MessageAttributes, Self::MessageBody].into_iter().find(|s| s.as_str() == word)
    }
}

/// A refused filter policy. SNS begins its sentence with `Invalid parameter: `.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterPolicyError {
    /// Holds the engine's words.
    #[error("FilterPolicy: {0}")]
    Pattern(String),
    #[error("FilterPolicy: Filter policy can not have more than {KEYS_MAX} keys")]
    TooManyKeys,
    #[error("FilterPolicy: Filter policy is too complex")]
    TooComplex,
    #[error("Filter policy scope MessageAttributes does not support nested filter policy")]
    Nested,
}

/// A parsed filter policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct FilterPolicy {
    pattern: EventPattern,
    scope: FilterPolicyScope,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    text: String,
    scope: FilterPolicyScope,
}

impl FilterPolicy {
    /// Reads a filter policy.
    ///
    /// # Errors
    /// The first of SNS's rules that it breaks.
    pub fn parse(text: &str, scope: FilterPolicyScope) -> Result<Self, FilterPolicyError> {
        check_json(text).map_err(FilterPolicyError::Pattern)?;
        // SNS writes the policy anew before it reads it, so what it says of places holds without
        // blanks. Recorded on 2024-05-15.
        let parts = compile(&compact(text), Dialect::FilterPolicy)
            .map_err(|error| FilterPolicyError::Pattern(error.reason))?;
        let conditions = parts.conditions();
        let nested = conditions.iter().any(|(_, condition)| condition.depth > 1);
        if scope == FilterPolicyScope::MessageAttributes && nested {
            return Err(FilterPolicyError::Nested);
        }
        let keys = conditions.into_iter().map(|(path, _)| path).into_set();
        if keys.len() > KEYS_MAX {
            return Err(FilterPolicyError::TooManyKeys);
        }
        let pattern = EventPattern::of(text, &parts);
        let combinations: usize = pattern
            .branches
            .iter()
            .map(|branch| {
                branch.iter().fold(1_usize, |product, (_, condition)| {
                    product.saturating_mul(condition.values * condition.depth)
                })
            })
            .fold(0, usize::saturating_add);
        if combinations > COMBINATIONS_MAX {
            return Err(FilterPolicyError::TooComplex);
        }
        Ok(Self { pattern, scope })
    }

    /// The policy as it was given.
    pub fn as_str(&self) -> &str {
        self.pattern.as_str()
    }

    pub fn scope(&self) -> FilterPolicyScope {
        self.scope
    }

    /// Whether a message passes. `attributes` is the message's attributes as one JSON object
    /// (see [`attribute_value`]), `body` its text.
    pub fn matches(&self, attributes: &Value, body: &str) -> bool {
        match self.scope {
            FilterPolicyScope::MessageAttributes => self.pattern.matches(attributes),
            FilterPolicyScope::MessageBody => match serde_json::from_str(body) {
                Ok(body @ Value::Object(_)) => self.pattern.matches(&body),
                _ => false,
            },
        }
    }

    /// Why a message does not pass; empty if it does.
    pub fn mismatches(&self, attributes: &Value, body: &str) -> Vec<Mismatch> {
        match self.scope {
            FilterPolicyScope::MessageAttributes => {
                self.pattern.mismatches(&Event::new(attributes))
            }
            FilterPolicyScope::MessageBody => match serde_json::from_str(body) {
                Ok(body @ Value::Object(_)) => self.pattern.mismatches(&Event::new(&body)),
                _ => vec![Mismatch::because("the message is not a JSON object")],
            },
        }
    }
}

/// A message attribute as filter policies see it; `None` for what they do not see.
pub fn attribute_value(data_type: &str, text: &str) -> Option<Value> {
    match data_type {
        "Number" => serde_json::from_str(text).ok().filter(Value::is_number),
        "String.Array" => serde_json::from_str(text).ok().filter(Value::is_array),
        "Binary" => None,
        _ if data_type.starts_with("Binary.") => None,
        _ if data_type.starts_with("Number.") => attribute_value("Number", text),
        _ => Some(Value::String(text.to_owned())),
    }
}

impl TryFrom<Stored> for FilterPolicy {
    type Error = FilterPolicyError;

    fn try_from(stored: Stored) -> Result<Self, FilterPolicyError> {
        Self::parse(&stored.text, stored.scope)
    }
}

impl From<FilterPolicy> for Stored {
    fn from(policy: FilterPolicy) -> Self {
        Self { scope: policy.scope, text: policy.pattern.into() }
    }
}
