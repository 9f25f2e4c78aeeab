//! Members of requests as AWS shows them in its sentences about them: the text of a Java object.

use serde_json::Value;

use super::{Shape, Shapes};

/// Bytes of a text that is shown; what is longer is cut, or not shown.
pub(super) const TEXT_MAX: usize = 64 * 1024;

/// A member's name as Java has it: `TableName` is `tableName`.
pub(super) fn member_name(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}

/// A member of this shape.
pub(super) fn of(shapes: &Shapes, shape: Option<&str>, value: &Value) -> String {
    let mut out = String::new();
    write(shapes, shape, value, &mut out);
    out
}

fn write(shapes: &Shapes, name: Option<&str>, value: &Value, out: &mut String) {
    if out.len() > TEXT_MAX {
        return;
    }
    let shape = name.and_then(|name| shapes.shapes.get(name));
    match (shape, value) {
        (Some(Shape::Structure { members }), Value::Object(_)) => {
            out.push_str(name.unwrap_or_default());
            let members = members.iter().map(|member| {
                let value = value.get(&member.name).unwrap_or(&Value::Null);
                (Some(member_name(&member.name)), member.shape.as_deref(), value)
            });
            all(shapes, ('(', ')'), members, out);
        }
        (_, Value::Object(entries)) => {
            let of = match shape {
                Some(Shape::Map { value, .. }) => Some(value.as_str()),
                _ => None,
            };
            let entries = entries.iter().map(|(name, value)| (Some(name.clone()), of, value));
            all(shapes, ('{', '}'), entries, out);
        }
        (_, Value::Array(entries)) => {
            let of = match shape {
                Some(Shape::List { of, .. }) => Some(of.as_str()),
                _ => None,
            };
            all(shapes, ('[', ']'), entries.iter().map(|entry| (None, of, entry)), out);
        }
        (_, Value::String(text)) => out.push_str(text),
        (_, value) => out.push_str(&value.to_string()),
    }
}

fn all<'v>(
    shapes: &Shapes,
    (open, close): (char, char),
    members: impl Iterator<Item = (Option<String>, Option<&'v str>, &'v Value)>,
    out: &mut String,
) {
    out.push(open);
    for (number, (name, shape, value)) in members.enumerate() {
        if number > 0 {
            out.push_str(", ");
        }
        if let Some(name) = name {
            out.push_str(&name);
            out.push('=');
        }
        write(shapes, shape, value, out);
    }
    out.push(close);
}
