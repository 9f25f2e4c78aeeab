//! A value as a tree, on its way to a protocol's writer.

use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};

use crate::wire::primitives::{Blob, TIMESTAMP};

/// What a value is made of.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::wire) enum Tree {
    Null,
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    Text(String),
    /// Seconds since 1970.
    Timestamp(f64),
    Blob(Blob),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
    Structure(Vec<(&'static str, Tree)>),
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Signed(value) => serializer.serialize_i64(*value),
            Self::Unsigned(value) => serializer.serialize_u64(*value),
            // JSON has no form for the others but a text; Smithy says which.
            Self::Float(value) if !value.is_finite() && serializer.is_human_readable() => {
                serializer.serialize_str(match *value {
                    f64::INFINITY => "Infinity",
                    f64::NEG_INFINITY => "-Infinity",
                    _ => "NaN",
                })
            }
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Timestamp(seconds) => serializer.serialize_newtype_struct(TIMESTAMP, seconds),
            Self::Blob(blob) => blob.serialize(serializer),
            Self::List(list) => serializer.collect_seq(list),
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
            Self::Structure(members) => {
                let mut structure = serializer.serialize_struct("", members.len())?;
                for (name, value) in members {
                    structure.serialize_field(name, value)?;
                }
                structure.end()
            }
        }
    }
}
