//! An event on its way through a pipe, and what paths find in it.
//!
//! Source: user guide, "Amazon EventBridge Pipes input transformation", "Implicit body data
//! parsing".

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::services::shared::json_text;

/// One event: JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Event {
    pub(super) text: Arc<str>,
    /// It came from the source, so its body is looked into.
    pub(super) is_of_source: bool,
}

impl Event {
    /// The event with its body as the JSON that it is, if it is some.
    pub(super) fn decoded(&self) -> String {
        if !self.is_of_source {
            return self.text.to_string();
        }
        let body = json_text::find(&self.text, "$.body");
        let body = body.and_then(|text| serde_json::from_str::<String>(&text).ok());
        let is_json = |text: &String| {
            text.trim_start().starts_with(['{', '['])
                && serde_json::from_str::<&RawValue>(text).is_ok()
        };
        match body.filter(is_json) {
            None => self.text.to_string(),
            Some(body) => with_body(&self.text, &body),
        }
    }

    /// What a path finds, as JSON.
    pub(super) fn find(&self, path: &str) -> Option<String> {
        json_text::find(&self.decoded(), path)
    }

    /// A parameter of a target: itself, or what the path that it is finds, as plain text.
    pub(super) fn parameter(&self, text: &str) -> String {
        if !is_path(text) {
            return text.to_owned();
        }
        let found = self.find(text).unwrap_or_default();
        serde_json::from_str::<String>(&found).unwrap_or(found)
    }
}

/// Whether a parameter is a path into the event.
pub(super) fn is_path(text: &str) -> bool {
    text.starts_with("$.") && json_text::is_path(text)
}

/// The members of `event` with another body, in their order.
fn with_body(event: &str, body: &str) -> String {
    let Ok(members) = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(event)
    else {
        return event.to_owned();
    };
    let members = members.into_iter().map(|(name, value)| {
        let value = if name == "body" { body.to_owned() } else { value.to_string() };
        format!("{}:{value}", serde_json::Value::from(name))
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}
