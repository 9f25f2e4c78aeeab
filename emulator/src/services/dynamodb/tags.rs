//! Tags of tables.
//!
//! Source: API reference "TagResource". Unverified: the texts.

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
/// Validation: a key is missing, twice there or reserved, or something is too long.
pub(super) fn checked(tags: Vec<Tag>) -> Result<BTreeMap<String, String>, DynamoDbError> {
    let mut out = BTreeMap::new();
    for (at, tag) in tags.into_iter().enumerate() {
        let member = |name: &str| format!("tags.{}.member.{name}", at + 1);
        let missing =
            |name| DynamoDbError::constraint(None, &member(name), "Member must not be null");
        let key = tag.key.ok_or_else(|| missing("key"))?;
        let value = tag.value.ok_or_else(|| missing("value"))?;
        for (name, text, min, max) in [("key", &key, 1, KEY_MAX), ("value", &value, 0, VALUE_MAX)] {
            let bound = match text.chars().count() {
                count if count < min => "Member must have length greater than or equal to 1",
                count if count > KEY_MAX && name == "key" => {
                    "Member must have length less than or equal to 128"
                }
                count if count > max => "Member must have length less than or equal to 256",
                _ => continue,
            };
            return Err(DynamoDbError::constraint(Some(text), &member(name), bound));
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(DynamoDbError::validation("aws: prefixed tag key names are not allowed"));
        }
        if out.insert(key.clone(), value).is_some() {
            return Err(DynamoDbError::invalid(format!("Duplicate tag key found: {key}")));
        }
    }
    if out.len() > TAGS_MAX {
        return Err(too_many());
    }
    Ok(out)
}

pub(super) fn too_many() -> DynamoDbError {
    DynamoDbError::LimitExceeded(format!("Too many tags: a resource may have {TAGS_MAX}"))
}
