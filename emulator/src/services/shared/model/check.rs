//! A request's members against the constraints.
//!
//! Source: answers of AWS. Unverified: the order of several errors, which is that of the model's
//! members here.

use serde_json::Value;

use super::java_text::{self, member_name};
use super::{Bounds, Constraints, Shape, Shapes};

/// Shown of a text that the model calls sensitive.
const REDACTED: &str = "***Sensitive Data Redacted***";

impl Shapes {
    /// Checks the members of a request of this shape.
    pub(super) fn check(&self, check: &mut Constraints, shape: &str, request: &Value) {
        self.walk(check, "", shape, request);
    }

    fn walk(&self, check: &mut Constraints, path: &str, shape: &str, value: &Value) {
        match (self.shapes.get(shape), value) {
            (Some(Shape::Structure { members }), value) => {
                for member in members {
                    let name = member_name(&member.name);
                    let path = if path.is_empty() { name } else { format!("{path}.{name}") };
                    let given = value.get(&member.name).filter(|value| !value.is_null());
                    if member.required {
                        check.required(&path, given);
                    }
                    if let (Some(given), Some(shape)) = (given, &member.shape) {
                        self.walk(check, &path, shape, given);
                    }
                }
            }
            (Some(Shape::List { of, bounds }), Value::Array(entries)) => {
                let shown = || java_text::of(self, Some(shape), value);
                bounds.count(check, path, shown, entries.len());
                self.entries(check, path, of, (entries, value, shape));
            }
            (Some(Shape::Map { key, value: of, bounds }), Value::Object(entries)) => {
                let shown = || java_text::of(self, Some(shape), value);
                bounds.count(check, path, shown, entries.len());
                let keys = entries.keys().find_map(|name| self.all(key, &name.as_str().into()));
                if let Some(all) = keys {
                    check.quoted(path, shown(), format!("Map keys must satisfy constraint: {all}"));
                }
                let values = entries.values().find_map(|entry| self.all(of, entry));
                if let Some(all) = values {
                    let constraint = format!("Map value must satisfy constraint: {all}");
                    check.quoted(path, shown(), constraint);
                }
                for (name, entry) in entries.iter().filter(|_| !self.is_scalar(of)) {
                    self.walk(check, &format!("{path}.{name}.member"), of, entry);
                }
            }
            (Some(scalar), value) => self.scalar(check, path, scalar, value),
            (None, _) => {}
        }
    }

    /// The entries of a list: structures each by itself, scalars as one.
    fn entries(
        &self,
        check: &mut Constraints,
        path: &str,
        of: &str,
        (entries, list, shape): (&[Value], &Value, &str),
    ) {
        if self.is_scalar(of) {
            if let Some(all) = entries.iter().find_map(|entry| self.all(of, entry)) {
                let constraint = format!("Member must satisfy constraint: {all}");
                check.quoted(path, java_text::of(self, Some(shape), list), constraint);
            }
            return;
        }
        for (number, entry) in (1..).zip(entries) {
            self.walk(check, &format!("{path}.{number}.member"), of, entry);
        }
    }

    fn is_scalar(&self, shape: &str) -> bool {
        !matches!(
            self.shapes.get(shape),
            Some(Shape::Structure { .. } | Shape::List { .. } | Shape::Map { .. })
        )
    }

    fn scalar(&self, check: &mut Constraints, path: &str, shape: &Shape, value: &Value) {
        match (shape, value) {
            (Shape::Words(words), Value::String(text)) => {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                check.one_of(path, Some(text), &words);
            }
            (Shape::Text { bounds, pattern, sensitive }, Value::String(text)) => {
                let shown = match text.len() {
                    _ if *sensitive => format!(" '{REDACTED}'"),
                    0..=java_text::TEXT_MAX => format!(" '{text}'"),
                    _ => String::new(),
                };
                if let Some(pattern) = pattern.as_ref().filter(|pattern| !pattern.takes(text)) {
                    check.broken(path, &shown, pattern.constraint());
                }
                if let Some(constraint) = bounds.of_length(text.chars().count()) {
                    check.broken(path, &shown, constraint);
                }
            }
            (Shape::Number { bounds }, Value::Number(number)) => {
                if let Some(constraint) = bounds.of_number(number.as_f64().unwrap_or_default()) {
                    check.quoted(path, number, constraint);
                }
            }
            _ => {}
        }
    }

    /// All constraints of a shape in brackets, as AWS tells them of an entry, if the entry breaks
    /// one of them.
    fn all(&self, shape: &str, entry: &Value) -> Option<String> {
        let shape = self.shapes.get(shape)?;
        let mut broken = Constraints::default();
        self.scalar(&mut broken, "", shape, entry);
        broken.done().err()?;
        let all = match shape {
            Shape::Words(words) => {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                vec![Constraints::words(&words)]
            }
            Shape::Text { bounds, pattern, .. } => {
                let pattern = pattern.as_ref().map(|pattern| pattern.constraint());
                bounds.both("length").into_iter().chain(pattern).collect()
            }
            Shape::Number { bounds } => bounds.both("value"),
            _ => return None,
        };
        Some(format!("[{}]", all.join(", ")))
    }
}

impl Bounds {
    fn count(
        self,
        check: &mut Constraints,
        path: &str,
        shown: impl FnOnce() -> String,
        count: usize,
    ) {
        if let Some(constraint) = self.of_length(count) {
            check.quoted(path, shown(), constraint);
        }
    }

    fn of_length(self, count: usize) -> Option<String> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        match (self.min, self.max) {
            (Some(min), _) if count < min => Some(least("length", min)),
            (_, Some(max)) if count > max => Some(most("length", max)),
            _ => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "bounds of the model are small")]
    fn of_number(self, number: f64) -> Option<String> {
        match (self.min, self.max) {
            (Some(min), _) if number < min as f64 => Some(least("value", min)),
            (_, Some(max)) if number > max as f64 => Some(most("value", max)),
            _ => None,
        }
    }

    /// Both bounds, the upper first.
    fn both(self, what: &str) -> Vec<String> {
        let max = self.max.map(|max| most(what, max));
        max.into_iter().chain(self.min.map(|min| least(what, min))).collect()
    }
}

fn least(what: &str, min: i64) -> String {
    format!("Member must have {what} greater than or equal to {min}")
}

fn most(what: &str, max: i64) -> String {
    format!("Member must have {what} less than or equal to {max}")
}
