//! Comparing what was seen with what a script wants. Pure functions over JSON values.

use crate::script::Captures;
use serde_json::Value;
use std::fmt;

/// One comparison of a condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Comparison {
    Equals(Value),
    /// A number, or the length of a list.
    AtLeast(f64),
    /// A number, or the length of a list.
    AtMost(f64),
    /// A part of a text, an entry of a list, or some fields of a map.
    Contains(Value),
    /// These entries of a list in this order; others may stand between them.
    InOrder(Vec<Value>),
}

impl Comparison {
    /// True if `seen` is as wanted. A value of the wrong kind is simply not as wanted.
    pub fn holds(&self, seen: &Value) -> bool {
        match self {
            Self::Equals(wanted) => equal(seen, wanted),
            Self::AtLeast(least) => size(seen).is_some_and(|size| size >= *least),
            Self::AtMost(most) => size(seen).is_some_and(|size| size <= *most),
            Self::Contains(wanted) => match (seen, wanted) {
                (Value::Array(entries), _) => entries.iter().any(|entry| covers(entry, wanted)),
                _ => covers(seen, wanted),
            },
            Self::InOrder(wanted) => {
                let Value::Array(entries) = seen else {
                    return false;
                };
                let mut entries = entries.iter();
                wanted.iter().all(|wanted| entries.any(|entry| covers(entry, wanted)))
            }
        }
    }

    /// The same comparison with captures filled in; an error names the missing capture.
    pub(crate) fn filled(&self, captures: &Captures) -> Result<Self, String> {
        Ok(match self {
            Self::Equals(wanted) => Self::Equals(captures.fill(wanted)?),
            Self::Contains(wanted) => Self::Contains(captures.fill(wanted)?),
            Self::InOrder(wanted) => {
                let wanted: Result<_, _> = wanted.iter().map(|one| captures.fill(one)).collect();
                Self::InOrder(wanted?)
            }
            Self::AtLeast(_) | Self::AtMost(_) => self.clone(),
        })
    }

    /// The values a script wrote, for checking the captures they name.
    pub(crate) fn values(&self) -> &[Value] {
        match self {
            Self::Equals(wanted) | Self::Contains(wanted) => std::slice::from_ref(wanted),
            Self::InOrder(wanted) => wanted,
            Self::AtLeast(_) | Self::AtMost(_) => &[],
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equals(wanted) => write!(f, "equals {}", plain(wanted)),
            Self::AtLeast(least) => write!(f, "is at least {least}"),
            Self::AtMost(most) => write!(f, "is at most {most}"),
            Self::Contains(wanted) => write!(f, "contains {}", plain(wanted)),
            Self::InOrder(wanted) => {
                let wanted: Vec<_> = wanted.iter().map(plain).collect();
                write!(f, "has in order {}", wanted.join(", "))
            }
        }
    }
}

/// A value as a reader wants it: text without quotes, maps as `key=value`.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(entries) => {
            format!("[{}]", entries.iter().map(plain).collect::<Vec<_>>().join(", "))
        }
        Value::Object(fields) => plain_fields(fields),
        other => other.to_string(),
    }
}

/// `key=value key=value`, in the order of the keys.
pub(crate) fn plain_fields(fields: &serde_json::Map<String, Value>) -> String {
    let pair = |(key, value): (&String, &Value)| match value {
        Value::Object(_) => format!("{key}=({})", plain(value)),
        _ => format!("{key}={}", plain(value)),
    };
    fields.iter().map(pair).collect::<Vec<_>>().join(" ")
}

fn size(seen: &Value) -> Option<f64> {
    match seen {
        Value::Array(entries) => Some(entries.len() as f64),
        other => other.as_f64(),
    }
}

/// Equality that does not tell 3 from 3.0.
fn equal(seen: &Value, wanted: &Value) -> bool {
    match (seen, wanted) {
        (Value::Number(seen), Value::Number(wanted)) => {
            seen == wanted || seen.as_f64() == wanted.as_f64()
        }
        (Value::Array(seen), Value::Array(wanted)) => {
            seen.len() == wanted.len() && seen.iter().zip(wanted).all(|(s, w)| equal(s, w))
        }
        (Value::Object(seen), Value::Object(wanted)) => {
            let same = |(key, wanted)| seen.get(key).is_some_and(|seen| equal(seen, wanted));
            seen.len() == wanted.len() && wanted.iter().all(same)
        }
        _ => seen == wanted,
    }
}

/// True if `wanted` is `seen` or a part of it.
fn covers(seen: &Value, wanted: &Value) -> bool {
    match (seen, wanted) {
        (Value::String(seen), Value::String(wanted)) => seen.contains(wanted.as_str()),
        (Value::Object(seen), Value::Object(wanted)) => wanted
            .iter()
            .all(|(key, wanted)| seen.get(key).is_some_and(|seen| covers(seen, wanted))),
        _ => equal(seen, wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::Comparison;
    use serde_json::{Value, json};

    fn check(seen: Value, comparison: Comparison, wanted: bool) {
        assert_eq!(comparison.holds(&seen), wanted, "{seen} {comparison}");
    }

    #[test]
    fn numbers_and_lengths() {
        check(json!(3), Comparison::AtLeast(3.0), true);
        check(json!(2.5), Comparison::AtLeast(3.0), false);
        check(json!([1, 2]), Comparison::AtMost(2.0), true);
        check(json!([1, 2, 3]), Comparison::AtMost(2.0), false);
        check(json!("3"), Comparison::AtLeast(1.0), false);
        check(json!(3), Comparison::Equals(json!(3.0)), true);
        check(json!([3, {"a": 1}]), Comparison::Equals(json!([3.0, {"a": 1.0}])), true);
        check(json!({"a": 1, "b": 2}), Comparison::Equals(json!({"a": 1})), false);
    }

    #[test]
    fn parts() {
        check(json!("card declined"), Comparison::Contains(json!("declined")), true);
        check(json!(["a", "b"]), Comparison::Contains(json!("b")), true);
        check(
            json!([{"to": "ann", "text": "hi"}]),
            Comparison::Contains(json!({"to": "ann"})),
            true,
        );
        check(json!([{"to": "ann"}]), Comparison::Contains(json!({"to": "bob"})), false);
        check(json!({"a": {"b": 1, "c": 2}}), Comparison::Contains(json!({"a": {"b": 1}})), true);
        check(Value::Null, Comparison::Contains(json!("x")), false);
    }

    #[test]
    fn order() {
        let wanted = || Comparison::InOrder(vec![json!("placed"), json!("delivered")]);
        check(json!(["placed", "confirmed", "delivered"]), wanted(), true);
        check(json!(["delivered", "placed"]), wanted(), false);
        check(json!(["placed"]), wanted(), false);
        check(json!("placed delivered"), wanted(), false);
    }
}
