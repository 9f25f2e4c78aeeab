//! An event as patterns see it: leaf values under dotted paths.
//!
//! `{"a": {"b": 1}}` and `{"a.b": 1}` are the same here, as on AWS. A leaf inside arrays remembers
//! which element of which array it belongs to.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::wire::Gather as _;

/// An event, taken apart once for many patterns.
#[derive(Debug)]
pub struct Event<'v> {
    fields: BTreeMap<String, Vec<Leaf<'v>>>,
    arrays: u32,
}

/// A value that is neither object nor array, and which array elements it lies in.
#[derive(Debug)]
pub(super) struct Leaf<'v> {
    pub(super) value: &'v Value,
    pub(super) within: ArrayElements,
}

/// The element (by position) of each array, by number, that a leaf lies in.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ArrayElements(Vec<(u32, u32)>);

impl<'v> Event<'v> {
    /// Takes `value` apart. Empty objects and arrays leave nothing.
    pub fn new(value: &'v Value) -> Self {
        let mut event = Self { fields: BTreeMap::new(), arrays: 0 };
        event.add(String::new(), value, &ArrayElements::default());
        event
    }

    pub(super) fn leaves(&self, path: &str) -> &[Leaf<'v>] {
        self.fields.get(path).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, path: String, value: &'v Value, within: &ArrayElements) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    let path =
                        if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    self.add(path, value, within);
                }
            }
            Value::Array(elements) => {
                let array = self.arrays;
                self.arrays += 1;
                for (position, element) in (0..).zip(elements) {
                    let mut within = within.clone();
                    within.0.push((array, position));
                    self.add(path.clone(), element, &within);
                }
            }
            leaf => {
                let leaf = Leaf { value: leaf, within: within.clone() };
                self.fields.entry(path).or_default().push(leaf);
            }
        }
    }
}

impl ArrayElements {
    /// Both at once, unless they are different elements of one array.
    pub(super) fn with(&self, other: &Self) -> Option<Self> {
        let mut both = self.0.iter().copied().into_map();
        for &(array, position) in &other.0 {
            if *both.entry(array).or_insert(position) != position {
                return None;
            }
        }
        Some(Self(both.into_iter().collect()))
    }
}
