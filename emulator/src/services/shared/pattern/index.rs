//! Finds the patterns that can match an event without walking all of them.
//!
//! Each pattern hangs under exact values at one path, the path where it has least company; the
//! patterns without exact values are tried for every event.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::event_pattern::{Anchor, EventPattern, anchor_value};

/// The names of patterns by exact values. Holds no pattern itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PatternIndex {
    /// Path, value, names.
    anchored: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    scanned: BTreeSet<String>,
}

impl PatternIndex {
    /// Adds `pattern` as `name`; remove the old pattern of that name first.
    pub fn insert(&mut self, name: &str, pattern: &EventPattern) {
        let anchors = pattern.anchors();
        let Some(anchor) = anchors.iter().min_by_key(|anchor| self.company(anchor)) else {
            self.scanned.insert(name.to_owned());
            return;
        };
        let values = self.anchored.entry(anchor.path.clone()).or_default();
        for value in &anchor.values {
            values.entry(value.clone()).or_default().insert(name.to_owned());
        }
    }

    /// Removes `name`, whose pattern was `pattern`.
    pub fn remove(&mut self, name: &str, pattern: &EventPattern) {
        self.scanned.remove(name);
        for anchor in pattern.anchors() {
            let Some(values) = self.anchored.get_mut(&anchor.path) else {
                continue;
            };
            for value in &anchor.values {
                if let Some(names) = values.get_mut(value) {
                    names.remove(name);
                }
            }
            values.retain(|_, names| !names.is_empty());
        }
        self.anchored.retain(|_, values| !values.is_empty());
    }

    /// The names of all patterns that may match `event`, in order. No pattern that matches is
    /// left out.
    pub fn candidates(&self, event: &Event<'_>) -> BTreeSet<&str> {
        let mut found: BTreeSet<&str> = self.scanned.iter().map(String::as_str).collect();
        for (path, values) in &self.anchored {
            for leaf in event.leaves(path) {
                let names = anchor_value(leaf.value).and_then(|value| values.get(&value));
                found.extend(names.into_iter().flatten().map(String::as_str));
            }
        }
        found
    }

    /// How many patterns share this anchor's fullest value; a new path costs a little too.
    fn company(&self, anchor: &Anchor) -> usize {
        let Some(values) = self.anchored.get(&anchor.path) else {
            return 1;
        };
        let shared = |value| values.get(value).map_or(0, BTreeSet::len);
        anchor.values.iter().map(shared).max().unwrap_or_default()
    }
}
