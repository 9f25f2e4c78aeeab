//! An item: attributes by name, in the order of their names, in as little room as it needs.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};

use super::attribute_value::AttributeValue;

/// An item, or a map within one. Like a `BTreeMap`, but one block of memory, as items have few
/// attributes and there are many items.
#[derive(Clone, Default, PartialEq)]
pub struct Item(Vec<(String, AttributeValue)>);

impl Item {
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn with_capacity(attributes: usize) -> Self {
        Self(Vec::with_capacity(attributes))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn get(&self, name: &str) -> Option<&AttributeValue> {
        self.get_key_value(name).map(|(_, value)| value)
    }

    pub fn get_key_value(&self, name: &str) -> Option<(&String, &AttributeValue)> {
        let at = self.place(name).ok()?;
        let (name, value) = &self.0[at];
        Some((name, value))
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut AttributeValue> {
        let at = self.place(name).ok()?;
        Some(&mut self.0[at].1)
    }

    pub fn contains_key(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    /// Puts a value; returns the one that was there.
    pub fn insert(&mut self, name: String, value: AttributeValue) -> Option<AttributeValue> {
        // Most come in their order.
        if self.0.last().is_none_or(|(last, _)| *last < name) {
            self.0.push((name, value));
            return None;
        }
        match self.place(&name) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (name, value));
                None
            }
        }
    }

    pub fn remove(&mut self, name: &str) -> Option<AttributeValue> {
        let at = self.place(name).ok()?;
        Some(self.0.remove(at).1)
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&String, &AttributeValue)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    pub fn keys(&self) -> impl ExactSizeIterator<Item = &String> {
        self.0.iter().map(|(name, _)| name)
    }

    pub fn values(&self) -> impl ExactSizeIterator<Item = &AttributeValue> {
        self.0.iter().map(|(_, value)| value)
    }

    /// Gives back the room that is not needed, also in what is inside.
    pub(crate) fn shrink(&mut self) {
        self.0.shrink_to_fit();
        for (name, value) in &mut self.0 {
            name.shrink_to_fit();
            value.shrink();
        }
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(name))
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl IntoIterator for Item {
    type Item = (String, AttributeValue);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Extend<(String, AttributeValue)> for Item {
    fn extend<I: IntoIterator<Item = (String, AttributeValue)>>(&mut self, attributes: I) {
        for (name, value) in attributes {
            self.insert(name, value);
        }
    }
}

impl FromIterator<(String, AttributeValue)> for Item {
    fn from_iter<I: IntoIterator<Item = (String, AttributeValue)>>(attributes: I) -> Self {
        let attributes = attributes.into_iter();
        let mut item = Self(Vec::with_capacity(attributes.size_hint().0));
        item.extend(attributes);
        item
    }
}

impl<const COUNT: usize> From<[(String, AttributeValue); COUNT]> for Item {
    fn from(attributes: [(String, AttributeValue); COUNT]) -> Self {
        attributes.into_iter().collect()
    }
}

impl From<Item> for BTreeMap<String, AttributeValue> {
    fn from(item: Item) -> Self {
        item.0.into_iter().collect()
    }
}

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Attributes)
    }
}

struct Attributes;

impl<'de> Visitor<'de> for Attributes {
    type Value = Item;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Item, A::Error> {
        let mut item = Item::new();
        while let Some((name, value)) = map.next_entry()? {
            item.insert(name, value);
        }
        Ok(item)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(value: u32) -> AttributeValue {
        AttributeValue::N(value.into())
    }

    proptest! {
        /// It does what a `BTreeMap` does.
        #[test]
        fn an_item_is_a_map(steps in proptest::collection::vec((0..4u8, "[a-d]{0,2}"), 0..40)) {
            let (mut item, mut map) = (Item::new(), BTreeMap::new());
            for (at, (kind, name)) in (0u32..).zip(steps) {
                match kind {
                    0 => prop_assert_eq!(item.remove(&name), map.remove(&name)),
                    1 => prop_assert_eq!(item.get(&name), map.get(&name)),
                    _ => {
                        let old = item.insert(name.clone(), number(at));
                        prop_assert_eq!(old, map.insert(name, number(at)));
                    }
                }
                item.shrink();
                prop_assert!(item.iter().eq(&map) && item.len() == map.len());
            }
            let text = serde_json::to_string(&item).unwrap();
            prop_assert_eq!(&text, &serde_json::to_string(&map).unwrap());
            prop_assert_eq!(serde_json::from_str::<Item>(&text).unwrap(), item);
        }
    }
}
