//! Tags of tables.
//!
//! Source: API reference "TagResource"; texts as AWS answered in October 2026.

use std::collections::BTreeMap;

use super::error::DynamoDbError;
use super::shapes::Tag;

/// Tags of a table.
pub(super) const TAGS_MAX: usize = 50;
/// Characters of a tag's key and of its value.
const KEY_MAX: usize = 128;
const VALUE_MAX: usize = 256;

/// The tags by key.
///
/// # Errors
/// Validation: a key is missing, twice there or reserved, something is too long, or they are too
/// many.
pub(super) fn checked(tags: Vec<Tag>) -> Result<BTreeMap<String, String>, DynamoDbError> {
    let mut out = BTreeMap::new();
    for tag in tags {
        check_key(tag.key.as_deref())?;
        if tag.value.as_ref().is_none_or(|value| value.chars().count() > VALUE_MAX) {
            return Err(DynamoDbError::validation(format!(
                "The Tag Value provided is invalid, Value: {}",
                tag.value.as_deref().unwrap_or("null")
            )));
        }
        let key = tag.key.unwrap_or_default();
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(DynamoDbError::validation(format!(
                "Tag Key cannot be prefixed with aws:, Key: {key}"
            )));
        }
        if out.contains_key(&key) {
            return Err(DynamoDbError::validation(format!(
                "Duplicate Tag Keys provided as input: Duplicate Tag Key found {key}"
            )));
        }
        out.insert(key, tag.value.unwrap_or_default());
    }
    if out.len() > TAGS_MAX {
        return Err(too_many());
    }
    Ok(out)
}

/// The keys of tags that are to go.
///
/// # Errors
/// Validation: there is none, one is too long or empty, or they are too many.
pub(super) fn check_keys(keys: &[String]) -> Result<(), DynamoDbError> {
    if keys.is_empty() {
        return Err(DynamoDbError::validation(
            "Atleast one Tag Key needs to be provided as Input.",
        ));
    }
    keys.iter().try_for_each(|key| check_key(Some(key)))?;
    if keys.len() > TAGS_MAX { Err(too_many()) } else { Ok(()) }
}

fn check_key(key: Option<&str>) -> Result<(), DynamoDbError> {
    match key {
        Some(key) if (1..=KEY_MAX).contains(&key.chars().count()) => Ok(()),
        key => Err(DynamoDbError::validation(format!(
            "The Tag Key provided is invalid, Key: {}",
            key.unwrap_or("null")
        ))),
    }
}

pub(super) fn too_many() -> DynamoDbError {
    DynamoDbError::validation(
        "Number of Tags exceed the current limit for the provided ResourceArn",
    )
}
