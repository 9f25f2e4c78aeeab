//! Constraints of AWS's model on members of requests, as data: all that a request breaks is told
//! at once, before any table is looked at.
//!
//! For requests that are not sent often; those for items check their few members themselves.
//! Source: the model of 2012-08-10. Unverified: the order of several errors.

use serde::Serialize;
use serde_json::Value;

use super::error::DynamoDbError;
use super::java_text;
use super::validation::{self, Constraints};

/// What a member may be.
#[derive(Debug)]
pub(super) enum Shape {
    /// Anything: it has no constraint, or is checked elsewhere.
    Any,
    /// A name of a table or an index.
    Name,
    /// A name of a table, or its ARN.
    Table,
    /// A text of so many characters.
    Text(usize, usize),
    Word(&'static [&'static str]),
    Number(i64, i64),
    /// Of so many entries.
    List(&'static Shape, usize, usize),
    /// With the name of its class and its members, in the order in which they are checked.
    Object(&'static str, &'static [Member]),
}

/// A member's name, whether it must be there, and what it may be.
pub(super) type Member = (&'static str, bool, &'static Shape);

/// No bound.
pub(super) const MANY: usize = usize::MAX;

/// # Errors
/// Validation: every constraint that the request breaks.
pub(super) fn check<R: Serialize>(
    members: &'static [Member],
    request: &R,
) -> Result<(), DynamoDbError> {
    let value = serde_json::to_value(request).expect("wire structs have a form in JSON");
    let mut check = Constraints::default();
    object(&mut check, "", members, &value);
    Ok(check.done()?)
}

fn object(check: &mut Constraints, path: &str, members: &'static [Member], value: &Value) {
    for (name, required, shape) in members {
        let name_of_path = java_text::member_name(name);
        let path = if path.is_empty() { name_of_path } else { format!("{path}.{name_of_path}") };
        match value.get(name) {
            Some(member) if !member.is_null() => walk(check, &path, shape, member),
            _ if *required => check.required::<()>(&path, None),
            _ => {}
        }
    }
}

fn walk(check: &mut Constraints, path: &str, shape: &'static Shape, value: &Value) {
    match (shape, value) {
        (Shape::Name, Value::String(text)) => validation::name(check, path, text),
        (Shape::Table, Value::String(text)) => validation::table_name(check, path, text),
        (Shape::Text(min, max), Value::String(text)) => {
            check.length(path, Some(text), (*min, *max));
        }
        (Shape::Word(words), Value::String(text)) => check.one_of(path, Some(text), words),
        (Shape::Number(min, max), Value::Number(number)) => {
            number_in(check, path, number.as_i64().unwrap_or_default(), (*min, *max));
        }
        (Shape::List(of, min, max), Value::Array(entries)) => {
            let shown = format!(" '{}'", java_text::of(shape, value));
            check.count(path, shown, entries.len(), (*min, *max));
            for (at, entry) in entries.iter().enumerate() {
                walk(check, &format!("{path}.{}.member", at + 1), of, entry);
            }
        }
        (Shape::Object(_, members), value) => object(check, path, members, value),
        _ => {}
    }
}

fn number_in(check: &mut Constraints, path: &str, number: i64, (min, max): (i64, i64)) {
    let (word, bound) = match number {
        _ if number < min => ("greater", min),
        _ if number > max => ("less", max),
        _ => return,
    };
    let constraint = format!("Member must have value {word} than or equal to {bound}");
    check.broken(path, format_args!(" '{number}'"), constraint);
}
