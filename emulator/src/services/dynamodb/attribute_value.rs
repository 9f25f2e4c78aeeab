//! An attribute's value: the ten types, their sizes and how AWS compares them.
//!
//! A value of this type is valid; [`super::raw_value`] reads and checks what clients send. Knows
//! nothing of tables or expressions.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::number::Number;
use crate::wire::Blob;

pub use super::item::Item;

/// A valid attribute value, on the wire a map of one member: `{"S": "text"}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum AttributeValue {
    S(String),
    N(Number),
    B(Blob),
    SS(BTreeSet<String>),
    NS(BTreeSet<Number>),
    BS(BTreeSet<Blob>),
    M(Item),
    L(Vec<AttributeValue>),
    #[serde(rename = "NULL")]
    Null(bool),
    #[serde(rename = "BOOL")]
    Bool(bool),
}

impl AttributeValue {
    /// The type's name on the wire: `SS`.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::S(_) => "S",
            Self::N(_) => "N",
            Self::B(_) => "B",
            Self::SS(_) => "SS",
            Self::NS(_) => "NS",
            Self::BS(_) => "BS",
            Self::M(_) => "M",
            Self::L(_) => "L",
            Self::Null(_) => "NULL",
            Self::Bool(_) => "BOOL",
        }
    }

    /// The type's name in AWS's messages about ADD and DELETE: `STRING_SET`.
    pub(crate) fn long_type_name(&self) -> &'static str {
        match self {
            Self::S(_) => "STRING",
            Self::N(_) => "NUMBER",
            Self::B(_) => "BINARY",
            Self::SS(_) => "STRING_SET",
            Self::NS(_) => "NUMBER_SET",
            Self::BS(_) => "BINARY_SET",
            Self::M(_) => "MAP",
            Self::L(_) => "LIST",
            Self::Null(_) => "NULL",
            Self::Bool(_) => "BOOLEAN",
        }
    }

    /// The value's bytes by AWS's rules for item sizes.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::S(text) => text.len(),
            Self::N(number) => number.size(),
            Self::B(blob) => blob.0.len(),
            Self::SS(set) => set.iter().map(String::len).sum(),
            Self::NS(set) => set.iter().map(|number| number.size()).sum(),
            Self::BS(set) => set.iter().map(|blob| blob.0.len()).sum(),
            // Three bytes for the container, and one for each member.
            Self::M(map) => 3 + map.len() + item_size(map),
            Self::L(list) => 3 + list.iter().map(|value| 1 + value.size()).sum::<usize>(),
            Self::Null(_) | Self::Bool(_) => 1,
        }
    }

    /// Gives back the room that is not needed.
    pub(crate) fn shrink(&mut self) {
        match self {
            Self::S(text) => text.shrink_to_fit(),
            Self::B(blob) => blob.0.shrink_to_fit(),
            Self::M(map) => map.shrink(),
            Self::L(list) => {
                list.shrink_to_fit();
                list.iter_mut().for_each(Self::shrink);
            }
            _ => {}
        }
    }

    /// How deep lists and maps nest in the value; zero for the other types.
    pub(crate) fn depth(&self) -> usize {
        match self {
            Self::M(map) => 1 + map.values().map(Self::depth).max().unwrap_or(0),
            Self::L(list) => 1 + list.iter().map(Self::depth).max().unwrap_or(0),
            _ => 0,
        }
    }

    /// How two values of one ordered type (string, number, binary) compare; else `None`.
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::S(left), Self::S(right)) => Some(left.cmp(right)),
            (Self::N(left), Self::N(right)) => Some(left.cmp(right)),
            (Self::B(left), Self::B(right)) => Some(left.cmp(right)),
            _ => None,
        }
    }
}

/// An item's bytes: names (UTF-8) and values.
pub(crate) fn item_size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value.size()).sum()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_travel_as_one_member_maps() {
        for value in [
            json!({"S": ""}),
            json!({"N": "1.5"}),
            json!({"B": "c2t5"}),
            json!({"SS": ["a", "b"]}),
            json!({"NS": ["-1", "2"]}),
            json!({"BS": ["AQ==", "Ag=="]}),
            json!({"M": {"x": {"L": [{"NULL": true}, {"BOOL": false}]}}}),
        ] {
            let read: AttributeValue = serde_json::from_value(value.clone()).unwrap();
            assert_eq!(serde_json::to_value(&read).unwrap(), value);
        }
    }

    #[test]
    fn sizes_follow_aws() {
        for (value, size) in [
            (json!({"S": "äb"}), 3),
            (json!({"N": "123"}), 3),
            (json!({"B": "c2t5"}), 3),
            (json!({"BOOL": true}), 1),
            (json!({"NULL": true}), 1),
            (json!({"SS": ["a", "bc"]}), 3),
            (json!({"L": []}), 3),
            (json!({"L": [{"S": "ab"}]}), 6),
            (json!({"M": {"k": {"S": "ab"}}}), 7),
        ] {
            let read: AttributeValue = serde_json::from_value(value.clone()).unwrap();
            assert_eq!(read.size(), size, "{value}");
        }
    }

    #[test]
    fn sets_and_numbers_are_equal_by_value() {
        let read = |value| serde_json::from_value::<AttributeValue>(value).unwrap();
        assert_eq!(read(json!({"N": "1.0"})), read(json!({"N": "1"})));
        assert_eq!(read(json!({"SS": ["a", "b"]})), read(json!({"SS": ["b", "a"]})));
    }
}
