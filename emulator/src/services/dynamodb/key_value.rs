//! Values of key attributes: ordered, and of one of three types.

use serde::{Deserialize, Serialize};

use super::attribute_value::AttributeValue;
use super::number::Number;
use crate::wire::Blob;

/// The type of a key attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum KeyType {
    S,
    N,
    B,
}

impl KeyType {
    /// Reads the type's name on the wire.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "S" => Self::S,
            "N" => Self::N,
            "B" => Self::B,
            _ => return None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::N => "N",
            Self::B => "B",
        }
    }
}

/// One side of a key: the partition's or the sort key's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyPart {
    /// A key without a sort key.
    None,
    One(KeyValue),
    /// Of a global index with several attributes on this side, in their order.
    Several(Vec<Element>),
}

/// A value in a [`KeyPart::Several`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Element {
    Value(KeyValue),
    /// Behind every value; exists in searches only.
    End,
}

impl KeyPart {
    /// Where Scan meets the part's partition among the others.
    pub(crate) fn hash(&self) -> u32 {
        match self {
            Self::None => 0,
            Self::One(value) => value.hash(),
            Self::Several(elements) => {
                let mut hasher = crc32fast::Hasher::new();
                for element in elements {
                    let Element::Value(value) = element else { continue };
                    hasher.update(&value.hash().to_be_bytes());
                }
                hasher.finalize()
            }
        }
    }
}

/// A key attribute's value. The order is the one in which Query returns items.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum KeyValue {
    S(String),
    N(Number),
    B(Blob),
}

impl KeyValue {
    /// What it is an empty value of, which no key may be.
    pub(crate) fn empty_type(&self) -> Option<&'static str> {
        match self {
            Self::S(text) if text.is_empty() => Some("string"),
            Self::B(blob) if blob.0.is_empty() => Some("binary"),
            _ => None,
        }
    }

    /// The value as a key; `None` for types that can't be keys.
    pub(crate) fn from_value(value: &AttributeValue) -> Option<Self> {
        Some(match value {
            AttributeValue::S(text) => Self::S(text.clone()),
            AttributeValue::N(number) => Self::N(*number),
            AttributeValue::B(blob) => Self::B(blob.clone()),
            _ => return None,
        })
    }

    /// The other way.
    pub(crate) fn to_value(&self) -> AttributeValue {
        match self {
            Self::S(text) => AttributeValue::S(text.clone()),
            Self::N(number) => AttributeValue::N(*number),
            Self::B(blob) => AttributeValue::B(blob.clone()),
        }
    }

    pub(crate) fn key_type(&self) -> KeyType {
        match self {
            Self::S(_) => KeyType::S,
            Self::N(_) => KeyType::N,
            Self::B(_) => KeyType::B,
        }
    }

    /// Bytes that count against the limit of a key's size.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::S(text) => text.len(),
            Self::N(number) => number.size(),
            Self::B(blob) => blob.0.len(),
        }
    }

    /// Where Scan meets the value's partition among the others.
    pub(crate) fn hash(&self) -> u32 {
        match self {
            Self::S(text) => crc32fast::hash(text.as_bytes()),
            Self::N(number) => crc32fast::hash(number.to_string().as_bytes()),
            Self::B(blob) => crc32fast::hash(&blob.0),
        }
    }

    pub(crate) fn starts_with(&self, prefix: &Self) -> bool {
        match (self, prefix) {
            (Self::S(text), Self::S(prefix)) => text.starts_with(prefix),
            (Self::B(blob), Self::B(prefix)) => blob.0.starts_with(&prefix.0),
            _ => false,
        }
    }

    /// The least value after all that start with this one; `None` when there is no such value.
    pub(crate) fn prefix_end(&self) -> Option<Self> {
        match self {
            Self::S(text) => {
                let mut end = text.clone();
                while let Some(last) = end.pop() {
                    // The code points between char::MIN and char::MAX, without the surrogates.
                    if let Some(next) = (last..=char::MAX).nth(1) {
                        end.push(next);
                        return Some(Self::S(end));
                    }
                }
                None
            }
            Self::B(blob) => {
                let mut end = blob.0.clone();
                while let Some(last) = end.pop() {
                    if last < u8::MAX {
                        end.push(last + 1);
                        return Some(Self::B(Blob(end)));
                    }
                }
                None
            }
            Self::N(_) => None,
        }
    }
}
