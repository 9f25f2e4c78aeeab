//! One message as patterns look at it: read as JSON, or taken apart at blanks, once.

use std::cell::OnceCell;

use serde_json::Value;

/// A message, and what was made of it so far.
pub(in crate::services::logs) struct Event<'m> {
    pub(in crate::services::logs) message: &'m str,
    json: OnceCell<Option<Value>>,
    fields: OnceCell<Vec<&'m str>>,
}

impl<'m> Event<'m> {
    pub(in crate::services::logs) fn of(message: &'m str) -> Self {
        Self { message, json: OnceCell::new(), fields: OnceCell::new() }
    }

    /// The message as a JSON object or list, if it is one.
    pub(super) fn json(&self) -> Option<&Value> {
        let read = || {
            let message = self.message.trim();
            let may_be = message.starts_with(['{', '[']);
            may_be.then(|| serde_json::from_str(message).ok()).flatten()
        };
        self.json.get_or_init(read).as_ref()
    }

    /// What stands between blanks; what stands in quotes or brackets is one field, without them.
    pub(super) fn fields(&self) -> &[&'m str] {
        self.fields.get_or_init(|| split(self.message))
    }
}

fn split(message: &str) -> Vec<&str> {
    let mut fields = Vec::new();
    let mut rest = message.trim_start();
    while !rest.is_empty() {
        let close = match rest.as_bytes()[0] {
            b'"' => Some('"'),
            b'[' => Some(']'),
            _ => None,
        };
        let enclosed = close.and_then(|close| rest[1..].split_once(close));
        let (field, after) = match enclosed {
            Some(both) => both,
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        fields.push(field);
        rest = after.trim_start();
    }
    fields
}
