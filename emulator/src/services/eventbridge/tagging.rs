//! Tags: what they may be, and how they are written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::constraint;
use super::error::EventsError;

/// Most tags of one resource.
pub(super) const TAGS_MAX: usize = 50;

/// One tag.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Tag {
    pub key: Option<String>,
    pub value: Option<String>,
}

/// The tags as a map, if each is good by itself.
pub(super) fn checked(tags: Vec<Tag>) -> Result<BTreeMap<String, String>, EventsError> {
    let mut checked = BTreeMap::new();
    for tag in tags {
        let key = constraint::required("tags.1.member.key", tag.key)?;
        let value = constraint::required("tags.1.member.value", tag.value)?;
        // Unverified: the words of both.
        if key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) {
            let text = format!("Tag key {key} is reserved: it must not begin with aws:");
            return Err(EventsError::Validation(text));
        }
        if checked.contains_key(&key) {
            return Err(EventsError::Validation(format!("Duplicate tag key: {key}")));
        }
        checked.insert(key, value);
    }
    if checked.len() > TAGS_MAX { Err(EventsError::LimitExceeded) } else { Ok(checked) }
}
