//! Paths into answers: `Messages[0].Body.Token`, `Attributes["a.b"]`.
//!
//! A path may go on inside a text that holds JSON.

use serde_json::Value;

/// The value at `path`; the whole for an empty path.
pub(crate) fn find(value: &Value, path: &str) -> Option<Value> {
    let mut at = value.clone();
    for key in keys(path) {
        if let Value::String(text) = &at {
            at = serde_json::from_str(text).ok()?;
        }
        at = match (&at, key) {
            (Value::Object(members), Key::Name(name)) => members.get(&name)?.clone(),
            (Value::Array(items), Key::Index(index)) => {
                // Negative numbers count from the end.
                let index = if index < 0 { items.len() as i64 + index } else { index };
                items.get(usize::try_from(index).ok()?)?.clone()
            }
            _ => return None,
        };
    }
    Some(at)
}

enum Key {
    Name(String),
    Index(i64),
}

fn keys(path: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix("[\"") {
            let (name, after) = quoted.split_once("\"]").expect("a quoted name ends");
            keys.push(Key::Name(name.to_owned()));
            rest = after;
        } else if let Some(index) = rest.strip_prefix('[') {
            let (index, after) = index.split_once(']').expect("an index ends");
            keys.push(Key::Index(index.parse().expect("an index is a number")));
            rest = after;
        } else {
            rest = rest.strip_prefix('.').unwrap_or(rest);
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            keys.push(Key::Name(rest[..end].to_owned()));
            rest = &rest[end..];
        }
    }
    keys
}
