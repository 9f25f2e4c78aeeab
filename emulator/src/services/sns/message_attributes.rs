//! Message attributes: their rules and their size.
//!
//! Source: developer guide "Amazon SNS message attributes"; recordings of 2024-10-09.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_with::skip_serializing_none;

use super::error::SnsError;
use crate::kernel::{DeliveryAttribute, DeliveryValue};
use crate::services::shared::pattern::attribute_value;
use crate::wire::{Blob, Gather as _};

/// One attribute as clients send it.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MessageAttributeValue {
    pub data_type: Option<String>,
    pub string_value: Option<String>,
    pub binary_value: Option<Blob>,
}

/// The attributes of one message, by name.
pub(super) type MessageAttributes = BTreeMap<String, MessageAttributeValue>;

/// Longest attribute name, in bytes.
const NAME_BYTES_MAX: usize = 256;

/// Checks every attribute. `path` is where they stand in the request.
pub(super) fn validate(attributes: &MessageAttributes, path: &str) -> Result<(), SnsError> {
    for (name, value) in attributes {
        if value.data_type.is_none() {
            let member = format!("{path}.{name}.member.dataType");
            return Err(SnsError::MissingMember(member));
        }
        if let Some(problem) = name_problem(name).or_else(|| value_problem(name, value)) {
            return Err(SnsError::ParameterValueInvalid(problem));
        }
    }
    Ok(())
}

/// The bytes that attributes add to a message's size: names, types and values.
pub(super) fn size(attributes: &MessageAttributes) -> usize {
    let value_size = |value: &MessageAttributeValue| {
        value.data_type.as_ref().map_or(0, String::len)
            + value.string_value.as_ref().map_or(0, String::len)
            + value.binary_value.as_ref().map_or(0, |blob| blob.0.len())
    };
    attributes.iter().map(|(name, value)| name.len() + value_size(value)).sum()
}

/// The attributes as filter policies see them.
pub(super) fn for_filters(attributes: &MessageAttributes) -> Value {
    let seen = attributes.iter().filter_map(|(name, value)| {
        let text = value.string_value.as_deref()?;
        let data_type = value.data_type.as_deref().unwrap_or_default();
        Some((name.clone(), attribute_value(data_type, text)?))
    });
    Value::Object(seen.collect())
}

/// The attributes as a raw delivery carries them.
pub(super) fn for_delivery(attributes: &MessageAttributes) -> BTreeMap<String, DeliveryAttribute> {
    let carried = attributes.iter().map(|(name, value)| {
        let data_type = value.data_type.clone().unwrap_or_default();
        let value = match &value.binary_value {
            Some(blob) => DeliveryValue::Binary(blob.clone()),
            None => DeliveryValue::Text(value.string_value.clone().unwrap_or_default()),
        };
        (name.clone(), DeliveryAttribute { data_type, value })
    });
    carried.into_map()
}

fn name_problem(name: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if name.len() >= NAME_BYTES_MAX {
        Some(format!("Length of message attribute name must be less than {NAME_BYTES_MAX} bytes."))
    } else if let Some(bad) = name.chars().find(|c| !allowed(*c)) {
        Some(format!(
            "Invalid non-alphanumeric character '#x{:X}' was found in the message attribute name. \
             Can only include alphanumeric characters, hyphens, underscores, or dots.",
            u32::from(bad)
        ))
    } else if name.starts_with('.') {
        Some("Invalid message attribute name starting with character '.' was found.".to_owned())
    } else if name.ends_with('.') {
        Some("Invalid message attribute name ending with character '.' was found.".to_owned())
    } else if name.contains("..") {
        Some("Message attribute name can not have successive '.' character.".to_owned())
    } else {
        None
    }
}

fn value_problem(name: &str, value: &MessageAttributeValue) -> Option<String> {
    let data_type = value.data_type.as_deref().unwrap_or_default();
    let (text, bytes) = (value.string_value.as_deref(), value.binary_value.as_ref());
    let empty = || {
        Some(format!(
            "The message attribute '{name}' must contain non-empty message attribute value for \
             message attribute type '{data_type}'."
        ))
    };
    let field = |field| {
        Some(format!(
            "The message attribute '{name}' with type '{data_type}' must use field '{field}'."
        ))
    };
    let kind = match data_type.split_once('.') {
        // What follows the dot may be anything but nothing. Recorded on 2023-08-24.
        Some((_, "")) => "",
        Some((kind, _)) => kind,
        None => data_type,
    };
    match kind {
        "Binary" if text.is_some_and(|text| !text.is_empty()) => field("Binary"),
        "Binary" if bytes.is_none_or(|bytes| bytes.0.is_empty()) => empty(),
        "Binary" => None,
        "String" | "Number" if bytes.is_some_and(|bytes| !bytes.0.is_empty()) => field("String"),
        "String" | "Number" if text.is_none_or(str::is_empty) => empty(),
        "Number" if !is_number(text.unwrap_or_default()) => {
            Some(format!("Could not cast message attribute '{name}' value to number."))
        }
        "String" | "Number" => None,
        _ => Some(format!(
            "The message attribute '{name}' has an invalid message attribute type, the set of \
             supported type prefixes is Binary, Number, and String."
        )),
    }
}

fn is_number(text: &str) -> bool {
    text.trim().parse::<f64>().is_ok_and(f64::is_finite)
}
