//! Tags of functions.

use std::collections::BTreeMap;

use super::error::LambdaError;
use crate::services::shared::constraint::Constraints;

/// Source: developer guide "Using tags on Lambda functions".
const TAGS_MAX: usize = 50;
const KEY_CHARACTERS: (usize, usize) = (1, 128);
const VALUE_CHARACTERS: (usize, usize) = (0, 256);

/// # Errors
/// `ValidationException`, `InvalidParameterValueException`.
// Unverified: the text.
pub(super) fn check(tags: &BTreeMap<String, String>) -> Result<(), LambdaError> {
    let mut it = Constraints::default();
    for (key, value) in tags.iter().take(TAGS_MAX) {
        it.length("tags.key", Some(key), KEY_CHARACTERS);
        it.length("tags.value", Some(value), VALUE_CHARACTERS);
    }
    it.done()?;
    if tags.keys().any(|key| key.starts_with("aws:")) {
        return Err(LambdaError::parameter(
            "Tag keys that begin with aws: are reserved: they can't be set.",
        ));
    }
    match tags.len() <= TAGS_MAX {
        true => Ok(()),
        false => Err(LambdaError::parameter("Number of tags exceeds resource tag limit.")),
    }
}
