//! An attribute value as a client sends it, and the checks that make it an `AttributeValue`.
//!
//! Wire structs of requests hold this type, so that a bad value is answered with AWS's validation
//! error and not with a broken-JSON one.

use super::attribute_value::{AttributeValue, Item};
use super::number::{Number, NumberError};
use crate::wire::{Blob, Gather as _};
use std::collections::{BTreeMap, BTreeSet};

/// How many lists and maps may stand around a value: AWS's 32 levels count the value itself.
pub(crate) const NESTING_MAX: usize = 31;

/// Bytes of an attribute's name, in an item or in a map.
const NAME_BYTES_MAX: usize = 65_535;

/// What a client sent as a value: any members, unchecked.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum RawValue {
    #[default]
    Empty,
    One(RawMember),
    /// More than there may be.
    Several(Vec<RawMember>),
}

/// One member of a [`RawValue`], by the name of its type.
#[derive(Clone, Debug, PartialEq)]
pub enum RawMember {
    S(String),
    N(String),
    B(Blob),
    Ss(Vec<String>),
    Ns(Vec<String>),
    Bs(Vec<Blob>),
    M(RawItem),
    L(Vec<RawValue>),
    Null(bool),
    Bool(bool),
}

/// What a client sent as an item or a key.
pub type RawItem = BTreeMap<String, RawValue>;

/// Why a value is refused. The texts are AWS's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    #[error(
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
    )]
    NoType,
    #[error(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the \
         supported datatypes"
    )]
    SeveralTypes,
    #[error(
        "One or more parameter values were invalid: Null attribute value types must have the value \
         of true"
    )]
    NullNotTrue,
    #[error("One or more parameter values were invalid: An string set  may not be empty")]
    EmptyStringSet,
    #[error("One or more parameter values were invalid: An number set  may not be empty")]
    EmptyNumberSet,
    #[error("One or more parameter values were invalid: Binary sets should not be empty")]
    EmptyBinarySet,
    #[error("One or more parameter values were invalid: Input collection {0} contains duplicates.")]
    Duplicates(String),
    #[error(
        "One or more parameter values were invalid: Input collection {0}of type BS contains \
         duplicates."
    )]
    BinaryDuplicates(String),
    #[error("Input collection contains duplicates")]
    NumberDuplicates,
    #[error(
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels \
         beyond supported limit"
    )]
    TooDeep,
    /// Unverified: the text.
    #[error("Empty attribute name")]
    EmptyName,
    #[error("Attribute name is too large, must be less than 65536 bytes")]
    NameTooLong,
    #[error(transparent)]
    Number(#[from] NumberError),
}

impl TryFrom<RawValue> for AttributeValue {
    type Error = ValueError;

    fn try_from(raw: RawValue) -> Result<Self, ValueError> {
        check_value(raw, 0)
    }
}

/// Checks every value of an item or a key.
pub(crate) fn check_item(raw: RawItem) -> Result<Item, ValueError> {
    check_members(raw, 0)
}

fn check_members(raw: RawItem, depth: usize) -> Result<Item, ValueError> {
    let mut item = Item::with_capacity(raw.len());
    for (name, value) in raw {
        check_name(&name)?;
        item.insert(name, check_value(value, depth)?);
    }
    Ok(item)
}

/// Refuses what no attribute can be called.
///
/// Source: Developer Guide, "Naming rules"; the bound and its text from AWS's answers of September
/// 2026, in users' reports.
pub(crate) fn check_name(name: &str) -> Result<(), ValueError> {
    match name.len() {
        0 => Err(ValueError::EmptyName),
        1..=NAME_BYTES_MAX => Ok(()),
        _ => Err(ValueError::NameTooLong),
    }
}

fn check_value(raw: RawValue, depth: usize) -> Result<AttributeValue, ValueError> {
    let member = match raw {
        RawValue::One(member) => member,
        RawValue::Empty => return Err(ValueError::NoType),
        RawValue::Several(_) => return Err(ValueError::SeveralTypes),
    };
    Ok(match member {
        RawMember::S(text) => AttributeValue::S(text),
        RawMember::N(text) => AttributeValue::N(text.parse()?),
        RawMember::B(blob) => AttributeValue::B(blob),
        RawMember::Ss(list) => string_set(list)?,
        RawMember::Ns(list) => number_set(list)?,
        RawMember::Bs(list) => binary_set(list)?,
        RawMember::M(map) => AttributeValue::M(check_members(map, deeper(depth)?)?),
        RawMember::L(list) => check_list(list, depth)?,
        RawMember::Null(true) => AttributeValue::Null(true),
        RawMember::Null(false) => return Err(ValueError::NullNotTrue),
        RawMember::Bool(bool) => AttributeValue::Bool(bool),
    })
}

fn deeper(depth: usize) -> Result<usize, ValueError> {
    if depth < NESTING_MAX { Ok(depth + 1) } else { Err(ValueError::TooDeep) }
}

fn check_list(list: Vec<RawValue>, depth: usize) -> Result<AttributeValue, ValueError> {
    let depth = deeper(depth)?;
    let values = list.into_iter().map(|value| check_value(value, depth));
    Ok(AttributeValue::L(values.collect::<Result<_, _>>()?))
}

fn string_set(list: Vec<String>) -> Result<AttributeValue, ValueError> {
    if list.is_empty() {
        return Err(ValueError::EmptyStringSet);
    }
    let set = list.iter().cloned().into_set();
    if set.len() < list.len() {
        return Err(ValueError::Duplicates(bracketed(&list, Clone::clone)));
    }
    Ok(AttributeValue::SS(set))
}

fn number_set(list: Vec<String>) -> Result<AttributeValue, ValueError> {
    if list.is_empty() {
        return Err(ValueError::EmptyNumberSet);
    }
    let set: BTreeSet<Number> = list.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
    if set.len() < list.len() {
        return Err(ValueError::NumberDuplicates);
    }
    Ok(AttributeValue::NS(set))
}

fn binary_set(list: Vec<Blob>) -> Result<AttributeValue, ValueError> {
    if list.is_empty() {
        return Err(ValueError::EmptyBinarySet);
    }
    let set = list.iter().cloned().into_set();
    if set.len() < list.len() {
        return Err(ValueError::BinaryDuplicates(bracketed(&list, Blob::to_base64)));
    }
    Ok(AttributeValue::BS(set))
}

fn bracketed<T>(list: &[T], text: impl Fn(&T) -> String) -> String {
    let texts: Vec<String> = list.iter().map(text).collect();
    format!("[{}]", texts.join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn nested(levels: usize) -> Value {
        (0..levels).fold(json!({"S": "x"}), |inner, _| json!({"L": [inner]}))
    }

    fn check(value: Value) -> Result<AttributeValue, String> {
        let raw: RawValue = serde_json::from_value(value).unwrap();
        AttributeValue::try_from(raw).map_err(|error| error.to_string())
    }

    #[test]
    fn values_are_read_and_written_as_they_are() {
        for value in [
            json!({}),
            json!({"S": "a"}),
            json!({"N": "1", "S": "a", "BOOL": true}),
            json!({"M": {"x": {"L": [{"NULL": true}, {"BS": ["AQ=="]}, {"NS": ["1"]}]}}}),
            json!({"SS": [], "B": ""}),
        ] {
            let raw: RawValue = serde_json::from_value(value.clone()).unwrap();
            assert_eq!(serde_json::to_value(&raw).unwrap(), value);
        }
        for text in [r#"{"S":"a","S":"b"}"#, r#"{"S":null,"S":"b"}"#, r#"{"S":1}"#, "[]", "1"] {
            assert!(serde_json::from_str::<RawValue>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn bad_values_are_refused_with_aws_texts() {
        for (value, part) in [
            (json!({}), "Supplied AttributeValue is empty"),
            (json!({"X": 1}), "Supplied AttributeValue is empty"),
            (json!({"S": null}), "Supplied AttributeValue is empty"),
            (json!({"S": "a", "N": "1"}), "more than one datatypes set"),
            (json!({"NULL": false}), "must have the value of true"),
            (json!({"SS": []}), "An string set  may not be empty"),
            (json!({"NS": []}), "An number set  may not be empty"),
            (json!({"BS": []}), "Binary sets should not be empty"),
            (json!({"SS": ["a", "a"]}), "Input collection [a, a] contains duplicates."),
            (json!({"NS": ["1", "1.0"]}), "Input collection contains duplicates"),
            (
                json!({"BS": ["AQ==", "AQ=="]}),
                "Input collection [AQ==, AQ==]of type BS contains duplicates.",
            ),
            (json!({"N": "x"}), "cannot be converted to a numeric value: x"),
            (json!({"M": {"a": {"L": [{}]}}}), "Supplied AttributeValue is empty"),
            (nested(32), "Nesting Levels have exceeded supported limits"),
        ] {
            let error = check(value.clone()).unwrap_err();
            assert!(error.contains(part), "{value}: {error}");
        }
        assert!(check(nested(31)).is_ok());
        assert!(check(json!({"SS": [""]})).is_ok());
    }
}
