//! What a path finds.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Path, Step};

/// Values that a path may look at.
const WORK_MAX: usize = 1_000_000;

/// What a path found.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// A path to one place.
    One(Value),
    /// A path with wildcards, slices or filters: any number of values.
    Many(Vec<Value>),
}

/// Why a path found nothing. The words are those of the Java library, which AWS passes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// `No results for path: $['a']`
    Missing(String),
    TooMuchWork,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing(words) => f.write_str(words),
            Self::TooMuchWork => f.write_str("The path looks at too many values"),
        }
    }
}

/// How much may still be looked at.
pub(super) struct Work(usize);

impl Work {
    fn charge(&mut self, count: usize) -> Result<(), Problem> {
        self.0 = self.0.checked_sub(count).ok_or(Problem::TooMuchWork)?;
        Ok(())
    }
}

impl Found {
    /// One value: a list, if the path may find several.
    #[must_use]
    pub fn into_value(self) -> Value {
        match self {
            Self::One(value) => value,
            Self::Many(values) => Value::Array(values),
        }
    }

    pub(super) fn into_first(self) -> Option<Value> {
        match self {
            Self::One(value) => Some(value),
            Self::Many(values) => values.into_iter().next(),
        }
    }
}

impl Path {
    /// What the path finds in `document`, which its root stands for.
    ///
    /// # Errors
    ///
    /// A path to one place finds nothing there.
    pub fn find(&self, document: &Value) -> Result<Found, Problem> {
        walk(&self.steps, document, document, &mut Work(WORK_MAX))
    }
}

pub(super) fn walk(
    steps: &[Step],
    from: &Value,
    whole: &Value,
    work: &mut Work,
) -> Result<Found, Problem> {
    let mut values = vec![from];
    // A path that may find several values may find none.
    let many =
        steps.iter().any(|it| !matches!(it, Step::Member(_) | Step::Index(_) | Step::Length));
    let mut length = None;
    for (index, step) in steps.iter().enumerate() {
        work.charge(values.len())?;
        if matches!(step, Step::Length) {
            length = Some(sizes(&values, many));
            continue;
        }
        let mut next = Vec::new();
        for value in values {
            take(step, value, whole, work, &mut next)?;
        }
        values = next;
        if values.is_empty() && !many {
            return Err(missing(steps, index, from));
        }
    }
    if let Some(length) = length {
        return Ok(length);
    }
    if many {
        return Ok(Found::Many(values.into_iter().cloned().collect()));
    }
    Ok(Found::One(values.first().map_or(Value::Null, |it| (*it).clone())))
}

fn sizes(values: &[&Value], many: bool) -> Found {
    let size = |value: &Value| match value {
        Value::Array(items) => Value::from(items.len()),
        Value::Object(members) => Value::from(members.len()),
        Value::String(text) => Value::from(text.chars().count()),
        _ => Value::Null,
    };
    match values {
        [one] if !many => Found::One(size(one)),
        _ => Found::One(Value::from(values.len())),
    }
}

fn take<'v>(
    step: &Step,
    value: &'v Value,
    whole: &Value,
    work: &mut Work,
    next: &mut Vec<&'v Value>,
) -> Result<(), Problem> {
    match step {
        Step::Member(name) => next.extend(value.get(name)),
        Step::Members(names) => next.extend(names.iter().filter_map(|name| value.get(name))),
        Step::Index(index) => next.extend(item(value, *index)),
        Step::Indices(all) => next.extend(all.iter().filter_map(|index| item(value, *index))),
        Step::Slice(start, end) => {
            let items = value.as_array().map_or(&[][..], Vec::as_slice);
            let place = |at: i64| {
                let length = items.len() as i64;
                (if at < 0 { length.saturating_add(at) } else { at }).clamp(0, length) as usize
            };
            let (start, end) = (start.map_or(0, place), end.map_or(items.len(), place));
            next.extend(items.get(start..end).unwrap_or_default());
        }
        Step::Every => next.extend(children(value)),
        Step::Descend => {
            let mut open = vec![value];
            while let Some(value) = open.pop() {
                work.charge(1)?;
                next.push(value);
                let below: Vec<&Value> = children(value).collect();
                open.extend(below.into_iter().rev());
            }
        }
        Step::Matching(filter) => {
            // Jayway asks an object itself, and a list's items.
            let one = std::slice::from_ref(value);
            let candidates = value.as_array().map_or(one, Vec::as_slice);
            for candidate in candidates {
                work.charge(1)?;
                if filter.accepts(candidate, whole, work)? {
                    next.push(candidate);
                }
            }
        }
        Step::Length => {}
    }
    Ok(())
}

fn children(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Array(items) => Box::new(items.iter()),
        Value::Object(members) => Box::new(members.values()),
        _ => Box::new(std::iter::empty()),
    }
}

fn item(value: &Value, index: i64) -> Option<&Value> {
    let items = value.as_array()?;
    let index = if index < 0 { items.len() as i64 + index } else { index };
    items.get(usize::try_from(index).ok()?)
}

/// The last step that finds nothing has no results; one before is missing.
fn missing(steps: &[Step], index: usize, from: &Value) -> Problem {
    let shown = normal(&steps[..=index]);
    if index + 1 == steps.len() {
        return Problem::Missing(format!("No results for path: {shown}"));
    }
    let mut parent = from;
    for step in &steps[..index] {
        let below = match step {
            Step::Member(name) => parent.get(name),
            Step::Index(index) => item(parent, *index),
            _ => None,
        };
        parent = below.unwrap_or(&Value::Null);
    }
    match parent {
        Value::Object(_) | Value::Array(_) => {
            Problem::Missing(format!("Missing property in path {shown}"))
        }
        _ => Problem::Missing(format!("No results for path: {}", normal(steps))),
    }
}

/// `$['a'][0]`
fn normal(steps: &[Step]) -> String {
    let mut text = String::from("$");
    for step in steps {
        let _ = match step {
            Step::Member(name) => write!(text, "['{name}']"),
            Step::Index(index) => write!(text, "[{index}]"),
            Step::Length => write!(text, ".length()"),
            _ => write!(text, "[*]"),
        };
    }
    text
}
