//! A filter pattern: read once, asked about every event.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::fields::Fields;
use super::json::Conditions;
use super::words::Words;

/// Why a text is no filter pattern, in AWS's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterPatternError {
    #[error("Invalid filter pattern")]
    Invalid,
    #[error("Invalid character(s) in term '{0}'")]
    Characters(String),
    #[error("If a filter pattern starts with '{0}' it must end with '{1}'")]
    Unclosed(char, char),
    /// Unverified: the text.
    #[error("Only {0} regular expressions are allowed in one filter pattern")]
    TooManyExpressions(usize),
}

/// A filter pattern, and its text.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FilterPattern {
    text: Arc<str>,
    kind: Arc<Kind>,
}

#[derive(Debug)]
enum Kind {
    Words(Words),
    Fields(Fields),
    Json(Conditions),
}

impl FilterPattern {
    /// Reads a pattern; an empty one matches every event.
    ///
    /// # Errors
    /// [`FilterPatternError`] with AWS's words.
    pub fn parse(text: &str) -> Result<Self, FilterPatternError> {
        let trimmed = text.trim();
        let kind = match trimmed.chars().next() {
            Some('{') => Kind::Json(Conditions::parse(inside(trimmed, '{', '}')?)?),
            Some('[') => Kind::Fields(Fields::parse(inside(trimmed, '[', ']')?)?),
            _ => Kind::Words(Words::parse(trimmed)?),
        };
        Ok(Self { text: text.into(), kind: Arc::new(kind) })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a message matches.
    pub fn matches_text(&self, message: &str) -> bool {
        self.matches(&Event::of(message))
    }

    pub(in crate::services::logs) fn matches(&self, event: &Event<'_>) -> bool {
        match &*self.kind {
            Kind::Words(words) => words.matches(event),
            Kind::Fields(fields) => fields.matches(event),
            Kind::Json(conditions) => conditions.matches(event),
        }
    }

    /// What the pattern takes out of an event that matches: by `$name`, or by `$.path`.
    pub(in crate::services::logs) fn extracted(
        &self,
        event: &Event<'_>,
    ) -> BTreeMap<String, String> {
        match &*self.kind {
            Kind::Words(_) => BTreeMap::new(),
            Kind::Fields(fields) => fields.extracted(event),
            Kind::Json(conditions) => conditions.extracted(event),
        }
    }

    /// The value that `selector` (`$name`, `$.path`) has in an event that matches.
    pub(in crate::services::logs) fn select(
        &self,
        event: &Event<'_>,
        selector: &str,
    ) -> Option<String> {
        match &*self.kind {
            Kind::Words(_) => None,
            Kind::Fields(fields) => fields.select(event, selector),
            Kind::Json(_) => super::selector::Selector::parse(selector).ok()?.text(event),
        }
    }

    /// Whether the fields that it names go along with events to subscribers.
    pub(in crate::services::logs) fn names_fields(&self) -> bool {
        matches!(&*self.kind, Kind::Fields(_))
    }
}

impl PartialEq for FilterPattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl TryFrom<String> for FilterPattern {
    type Error = FilterPatternError;

    fn try_from(text: String) -> Result<Self, FilterPatternError> {
        Self::parse(&text)
    }
}

impl From<FilterPattern> for String {
    fn from(pattern: FilterPattern) -> Self {
        pattern.as_str().to_owned()
    }
}

fn inside(text: &str, open: char, close: char) -> Result<&str, FilterPatternError> {
    let inside = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    inside.ok_or(FilterPatternError::Unclosed(open, close))
}
