//! Tags of groups, destinations and parts of deliveries.

use std::collections::BTreeMap;

use super::error::LogsError;

pub(super) const TAGS_MAX: usize = 50;

/// Adds tags to those that a resource has.
///
/// # Errors
/// `TooManyTagsException`, and then none is added.
pub(super) fn add(
    held: &mut BTreeMap<String, String>,
    tags: BTreeMap<String, String>,
) -> Result<(), LogsError> {
    let added = tags.keys().filter(|key| !held.contains_key(*key)).count();
    if held.len() + added > TAGS_MAX {
        return Err(LogsError::TooManyTags);
    }
    held.extend(tags);
    Ok(())
}
