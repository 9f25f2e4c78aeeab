//! DynamoDB attribute values to and from plain ones.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::failure::Failure;

pub(super) type Item = HashMap<String, AttributeValue>;

pub(super) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(super) fn number(value: impl std::fmt::Display) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(super) fn read_text(item: &Item, name: &str) -> Result<String, Failure> {
    match item.get(name) {
        Some(AttributeValue::S(text)) => Ok(text.clone()),
        _ => Err(Failure::GiveUp(format!("a stored item has no text attribute {name:?}"))),
    }
}

pub(super) fn read_number<T: std::str::FromStr>(item: &Item, name: &str) -> Result<T, Failure> {
    let digits = match item.get(name) {
        Some(AttributeValue::N(digits)) => digits.parse().ok(),
        _ => None,
    };
    digits.ok_or_else(|| Failure::GiveUp(format!("a stored item has no number {name:?}")))
}
