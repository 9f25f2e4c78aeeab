//! Where a state leads to: `Next`, `Retry`, `Catch`, and what it assigns.

use serde_json::Value;

use super::fields::Fields;
use super::{Catcher, QueryLanguage, Retrier};
use crate::template::Template;

/// Retries that AWS allows.
const ATTEMPTS_MAX: u64 = 99_999_999;
/// Seconds of a retrier.
const INTERVAL_MAX: u64 = 99_999_999;
/// Seconds that `MaxDelaySeconds` may say.
const DELAY_MAX: u64 = 31_622_400;
/// Characters of a variable's name.
const VARIABLE_LENGTH_MAX: usize = 80;

/// The next state; nothing, if this one is the last.
pub(super) fn next(fields: &mut Fields<'_>) -> Option<String> {
    let next = fields.text("Next");
    let end = fields.flag("End").unwrap_or(false);
    match (next, end) {
        (Some(_), true) => fields.complain("These fields are mutually exclusive: [Next, End]", ""),
        (None, false) => fields.complain("One of these fields is required: [Next, End]", ""),
        _ => {}
    }
    next.map(str::to_owned)
}

/// `Assign`: an object whose names are variables.
pub(super) fn assignment(fields: &mut Fields<'_>) -> Option<Template> {
    let all = fields.object("Assign")?;
    for name in all.keys() {
        let name = name.strip_suffix(".$").unwrap_or(name);
        let starts = name.starts_with(|it: char| it.is_alphabetic() || it == '_');
        let rest = name.chars().all(|it| it.is_alphanumeric() || it == '_');
        if !starts || !rest || name.chars().count() > VARIABLE_LENGTH_MAX {
            fields.complain("Variable name is not valid", &format!("Assign/{name}"));
        }
        if name == "states" {
            fields.complain("Variable name 'states' is reserved", "Assign/states");
        }
    }
    fields.template("Assign", None)
}

/// A list of objects in a field, each read by `read`.
fn each<T>(
    fields: &mut Fields<'_>,
    field: &'static str,
    read: impl Fn(&mut Fields<'_>) -> Option<T>,
) -> Vec<T> {
    let Some(all) = fields.get(field) else { return Vec::new() };
    let Some(all) = all.as_array() else {
        fields.complain("Expected value of type Array", field);
        return Vec::new();
    };
    let mut list = Vec::new();
    for (index, value) in all.iter().enumerate() {
        let place = format!("{field}[{index}]");
        let Some(members) = value.as_object() else {
            fields.complain("Expected value of type Object", &place);
            continue;
        };
        let mut inner = Fields::new(members, fields.place(&place), fields.language);
        inner.text("Comment");
        let read = read(&mut inner);
        inner.cut_short_if(read.is_none());
        list.extend(read);
        fields.found.extend(inner.finish());
    }
    list
}

/// `ErrorEquals`: names, or `States.ALL` alone.
fn errors(fields: &mut Fields<'_>) -> Vec<String> {
    fields.require(&["ErrorEquals"]);
    let Some(all) = fields.list("ErrorEquals") else { return Vec::new() };
    let names: Vec<String> = all.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if names.len() < all.len() {
        fields.complain("Expected value of type String", "ErrorEquals");
    }
    if names.len() > 1 && names.iter().any(|name| name == "States.ALL") {
        fields.complain("States.ALL must appear alone", "ErrorEquals");
    }
    names
}

/// `States.ALL` belongs into the last one.
fn all_comes_last(fields: &mut Fields<'_>, field: &str, lists: &[&[String]]) {
    let before = lists.len().saturating_sub(1);
    for (index, names) in lists[..before].iter().enumerate() {
        if names.iter().any(|name| name == "States.ALL") {
            let place = format!("{field}[{index}]/ErrorEquals");
            fields.complain("States.ALL must appear in the last element", &place);
        }
    }
}

pub(super) fn retriers(fields: &mut Fields<'_>) -> Vec<Retrier> {
    let all = each(fields, "Retry", |inner| {
        let errors = errors(inner);
        let interval_seconds = inner.whole("IntervalSeconds", 1, INTERVAL_MAX).unwrap_or(1);
        let max_attempts = inner.whole("MaxAttempts", 0, ATTEMPTS_MAX).unwrap_or(3);
        let max_delay_seconds = inner.whole("MaxDelaySeconds", 1, DELAY_MAX);
        let backoff_rate = match inner.get("BackoffRate") {
            None => 2.0,
            Some(value) => value.as_f64().filter(|it| *it >= 1.0).unwrap_or_else(|| {
                inner.complain("Expected a number of at least 1.0", "BackoffRate");
                1.0
            }),
        };
        let full_jitter = match inner.text("JitterStrategy") {
            None | Some("NONE") => false,
            Some("FULL") => true,
            Some(_) => {
                inner.complain("Value must be one of: [FULL, NONE]", "JitterStrategy");
                false
            }
        };
        Some(Retrier {
            errors,
            interval_seconds,
            max_attempts: u32::try_from(max_attempts).unwrap_or(u32::MAX),
            backoff_rate,
            max_delay_seconds,
            full_jitter,
        })
    });
    let lists: Vec<&[String]> = all.iter().map(|it| it.errors.as_slice()).collect();
    all_comes_last(fields, "Retry", &lists);
    all
}

pub(super) fn catchers(fields: &mut Fields<'_>) -> Vec<Catcher> {
    let all = each(fields, "Catch", |inner| {
        let errors = errors(inner);
        let result_path = inner.selection("ResultPath", true);
        let output = inner.template("Output", Some(QueryLanguage::Jsonata));
        let assign = assignment(inner);
        inner.require(&["Next"]);
        let next = inner.text("Next")?.to_owned();
        Some(Catcher { errors, next, result_path, output, assign })
    });
    let lists: Vec<&[String]> = all.iter().map(|it| it.errors.as_slice()).collect();
    all_comes_last(fields, "Catch", &lists);
    all
}
