//! Tags: what they may be, and how they are written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::error::SnsError;

/// Most tags of one topic.
pub(super) const TAGS_MAX: usize = 50;
const KEY_CHARACTERS_MAX: usize = 128;
const VALUE_CHARACTERS_MAX: usize = 256;

/// One tag.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Tag {
    pub key: Option<String>,
    pub value: Option<String>,
}

/// The tags as a map, if each is good by itself.
pub(super) fn checked(tags: Vec<Tag>) -> Result<BTreeMap<String, String>, SnsError> {
    let mut checked = BTreeMap::new();
    for tag in tags {
        let (key, value) = (tag.key.unwrap_or_default(), tag.value.unwrap_or_default());
        if key.is_empty() || key.chars().count() > KEY_CHARACTERS_MAX {
            return Err(SnsError::parameter("Tag keys must have 1 to 128 characters"));
        }
        // Unverified: AWS's words for it.
        if key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) {
            return Err(SnsError::parameter("Tag keys must not begin with aws:"));
        }
        if value.chars().count() > VALUE_CHARACTERS_MAX {
            return Err(SnsError::parameter("Tag values must have at most 256 characters"));
        }
        if checked.insert(key, value).is_some() {
            return Err(SnsError::parameter("Duplicated keys are not allowed."));
        }
    }
    if checked.len() > TAGS_MAX { Err(SnsError::TagLimitExceeded) } else { Ok(checked) }
}
