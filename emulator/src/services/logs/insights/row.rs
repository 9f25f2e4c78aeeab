//! A row on its way through a query: an event with what was made of it, or what `stats` made.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value as Json;

use super::command::Unnest;
use super::record::{Record, walk};
use super::value::Value;

/// A row.
pub(super) struct Row<'g> {
    pub(super) record: Option<Rc<Record<'g>>>,
    made: BTreeMap<String, Value>,
    /// What had been made before `unnest` made several rows of one, which share it.
    before: Option<Rc<Made>>,
}

/// Fields that were made, on top of others.
struct Made {
    made: BTreeMap<String, Value>,
    before: Option<Rc<Made>>,
}

impl<'g> Row<'g> {
    pub(super) fn of(record: Record<'g>) -> Self {
        Self { record: Some(Rc::new(record)), made: BTreeMap::new(), before: None }
    }

    pub(super) fn made() -> Self {
        Self { record: None, made: BTreeMap::new(), before: None }
    }

    pub(super) fn get(&self, name: &str) -> Value {
        if let Some(value) = self.made_as(name) {
            return value.clone();
        }
        let path = path(name);
        self.member(&path).unwrap_or_else(|| match &self.record {
            Some(record) => match record.get(&path) {
                Value::Missing if path != name => record.get(name),
                found => found,
            },
            None => Value::Missing,
        })
    }

    /// A member of a structure that was made: `map.name`, `list[0]`.
    fn member(&self, path: &str) -> Option<Value> {
        let points = path.match_indices('.').map(|(at, _)| at);
        let mut found = points.filter_map(|at| match self.made_as(&path[..at])? {
            Value::Structure(text) => Some((at, text)),
            _ => None,
        });
        let (at, text) = found.next_back()?;
        let json: Json = serde_json::from_str(text).ok()?;
        Some(walk(&json, &path[at + 1..], 0).map_or(Value::Missing, Value::of_json_parsed))
    }

    fn made_as(&self, name: &str) -> Option<&Value> {
        let mut before = self.before.as_deref();
        let mut found = self.made.get(name);
        while let (None, Some(layer)) = (found, before) {
            found = layer.made.get(name);
            before = layer.before.as_deref();
        }
        found
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.made.insert(name.to_owned(), value);
    }

    /// A row for each element of a list, with the element in a field of its own; what is no list
    /// counts as one of one.
    pub(super) fn unnested(self, unnest: &Unnest) -> impl Iterator<Item = Row<'g>> + use<'g> {
        let Unnest { of: name, into } = unnest;
        let value = self.get(name);
        let list = match &value {
            Value::Structure(text) => serde_json::from_str(text).ok(),
            _ => None,
        };
        let elements = match list {
            Some(Json::Array(elements)) => elements,
            _ => Vec::new(),
        };
        let is_list = matches!(&value, Value::Structure(text) if text.starts_with('['));
        let one = (!is_list).then_some(value);
        let before = Rc::new(Made { made: self.made, before: self.before });
        let (record, into) = (self.record, into.clone());
        let elements = elements.into_iter().map(|element| Value::of_json_parsed(&element));
        one.into_iter().chain(elements).map(move |element| Row {
            record: record.clone(),
            made: BTreeMap::from([(into.clone(), element)]),
            before: Some(before.clone()),
        })
    }

    /// When its event was; the beginning of time for what `stats` made.
    pub(super) fn time(&self) -> i64 {
        self.record.as_ref().map_or(i64::MIN, |record| record.position.timestamp)
    }
}

/// A name with points only: `` a[0].`b` `` is `a.0.b`.
fn path(name: &str) -> Cow<'_, str> {
    match name.contains(['[', '`']) {
        false => Cow::Borrowed(name),
        true => Cow::Owned(name.replace('[', ".").replace([']', '`'], "")),
    }
}
