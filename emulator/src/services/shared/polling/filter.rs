//! Filter criteria: which records of a source are passed on.
//!
//! Source: Lambda developer guide, "Control which events Lambda sends to your function", "Properly
//! filtering Amazon SQS messages"; EventBridge user guide, "Event filtering in Pipes".

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::services::shared::pattern::{EventPattern, PatternError};

/// The member of a queue's records that holds what was sent.
const BODY: &str = "body";

/// One pattern.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Filter {
    pattern: EventPattern,
    body: Body,
}

/// What the pattern says of a message's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Body {
    /// Nothing: any will do.
    Any,
    /// Members of it, so only JSON matches.
    Json,
    /// What its text is, so JSON does not match.
    Text,
}

impl Filter {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it, in AWS's words.
    pub(crate) fn parse(text: &str) -> Result<Self, PatternError> {
        let pattern = EventPattern::parse(text)?;
        let written: Value = serde_json::from_str(text).unwrap_or_default();
        let body = match written.get(BODY) {
            None => Body::Any,
            Some(Value::Object(_)) => Body::Json,
            Some(_) => Body::Text,
        };
        Ok(Self { pattern, body })
    }

    pub(crate) fn as_str(&self) -> &str {
        self.pattern.as_str()
    }

    /// Whether a record matches.
    pub(super) fn matches(&self, event: &Value) -> bool {
        let parsed = event.get(BODY).and_then(Value::as_str).and_then(parsed);
        match (self.body, parsed) {
            (Body::Any, _) | (Body::Text, None) => self.pattern.matches(event),
            (Body::Json, Some(body)) => {
                let mut event = event.clone();
                event[BODY] = body;
                self.pattern.matches(&event)
            }
            (Body::Json, None) => event.get(BODY).is_none() && self.pattern.matches(event),
            (Body::Text, Some(_)) => false,
        }
    }
}

/// The JSON that a body is. A lone number or word is text.
fn parsed(body: &str) -> Option<Value> {
    let value = serde_json::from_str(body).ok()?;
    matches!(value, Value::Object(_) | Value::Array(_)).then_some(value)
}

impl TryFrom<String> for Filter {
    type Error = PatternError;

    fn try_from(text: String) -> Result<Self, PatternError> {
        Self::parse(&text)
    }
}

impl From<Filter> for String {
    fn from(filter: Filter) -> Self {
        filter.as_str().to_owned()
    }
}
