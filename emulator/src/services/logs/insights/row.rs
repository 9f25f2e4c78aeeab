//! A row on its way through a query: an event with what was made of it, or what `stats` made.

use std::collections::BTreeMap;

use super::record::Record;
use super::value::Value;

/// A row.
pub(super) struct Row<'g> {
    pub(super) record: Option<Record<'g>>,
    made: BTreeMap<String, Value>,
}

impl<'g> Row<'g> {
    pub(super) fn of(record: Record<'g>) -> Self {
        Self { record: Some(record), made: BTreeMap::new() }
    }

    pub(super) fn made() -> Self {
        Self { record: None, made: BTreeMap::new() }
    }

    pub(super) fn get(&self, name: &str) -> Value {
        match (self.made.get(name), &self.record) {
            (Some(value), _) => value.clone(),
            (None, Some(record)) => record.get(name),
            (None, None) => Value::Missing,
        }
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.made.insert(name.to_owned(), value);
    }

    /// When its event was; the beginning of time for what `stats` made.
    pub(super) fn time(&self) -> i64 {
        self.record.as_ref().map_or(i64::MIN, |record| record.position.timestamp)
    }
}
