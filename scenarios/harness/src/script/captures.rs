//! Results kept with `as:` and put back where a script writes `${name.field}`.

use crate::world::Arguments;
use serde_json::Value;
use std::collections::BTreeMap;

/// The number of the repetition, from 1.
pub(crate) const NUMBER: &str = "n";
/// The entry of the list that is gone through.
pub(crate) const EACH: &str = "each";

/// The results so far, by alias.
#[derive(Clone, Debug, Default)]
pub struct Captures(BTreeMap<String, Value>);

impl Captures {
    pub fn keep(&mut self, alias: &str, value: Value) {
        self.0.insert(alias.to_owned(), value);
    }

    /// Adds to the list that repetitions give.
    pub fn push(&mut self, alias: &str, value: Value) {
        match self.0.get_mut(alias) {
            Some(Value::Array(list)) => list.push(value),
            _ => self.keep(alias, Value::Array(vec![value])),
        }
    }

    pub fn forget(&mut self, alias: &str) {
        self.0.remove(alias);
    }

    /// `value` with every `${…}` replaced. A text that is one reference and nothing else becomes
    /// the captured value with its type. The error says which reference found nothing.
    pub fn fill(&self, value: &Value) -> Result<Value, String> {
        Ok(match value {
            Value::String(text) => self.fill_text(text)?,
            Value::Array(entries) => {
                Value::Array(entries.iter().map(|one| self.fill(one)).collect::<Result<_, _>>()?)
            }
            Value::Object(fields) => Value::Object(self.fill_fields(fields)?),
            other => other.clone(),
        })
    }

    pub fn fill_fields(&self, fields: &Arguments) -> Result<Arguments, String> {
        fields.iter().map(|(key, value)| Ok((key.clone(), self.fill(value)?))).collect()
    }

    fn fill_text(&self, text: &str) -> Result<Value, String> {
        let parts = parts(text)?;
        if let [Part::Reference(reference)] = parts.as_slice() {
            return self.find(reference).cloned();
        }
        let mut filled = String::new();
        for part in parts {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Reference(reference) => match self.find(reference)? {
                    Value::String(text) => filled.push_str(text),
                    other => filled.push_str(&other.to_string()),
                },
            }
        }
        Ok(Value::String(filled))
    }

    fn find(&self, reference: &str) -> Result<&Value, String> {
        let mut path = reference.split('.');
        let alias = path.next().unwrap_or_default();
        let found = self.0.get(alias).ok_or_else(|| format!("nothing is captured as `{alias}`"))?;
        path.try_fold(found, |value, field| match value {
            Value::Array(entries) => field.parse().ok().and_then(|at: usize| entries.get(at)),
            other => other.get(field),
        })
        .ok_or_else(|| format!("`${{{reference}}}` is not in what was captured: {found}"))
    }
}

/// The aliases that `value` refers to, or what is wrong with its references.
pub(super) fn aliases(value: &Value) -> Result<Vec<String>, String> {
    let collect = |found: Result<Vec<_>, _>| found.map(|lists: Vec<Vec<_>>| lists.concat());
    match value {
        Value::String(text) => Ok(parts(text)?
            .iter()
            .filter_map(|part| match part {
                Part::Reference(reference) => reference.split('.').next().map(str::to_owned),
                Part::Text(_) => None,
            })
            .collect()),
        Value::Array(entries) => collect(entries.iter().map(aliases).collect()),
        Value::Object(fields) => collect(fields.values().map(aliases).collect()),
        _ => Ok(Vec::new()),
    }
}

/// True if `text` is one `${…}` and nothing else.
pub(super) fn is_reference(text: &str) -> bool {
    matches!(parts(text).as_deref(), Ok([Part::Reference(_)]))
}

enum Part<'a> {
    Text(&'a str),
    Reference(&'a str),
}

fn parts(text: &str) -> Result<Vec<Part<'_>>, String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (reference, behind) =
            after.split_once('}').ok_or_else(|| format!("`${{` without `}}` in `{text}`"))?;
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        parts.push(Part::Reference(reference.trim()));
        rest = behind;
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(Part::Text(rest));
    }
    Ok(parts)
}
