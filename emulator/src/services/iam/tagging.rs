//! Tags: keys ignore case, and keep that in which they were written.
//!
//! Source: IAM user guide "Tags for AWS Identity and Access Management resources".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::IamError;
use super::shapes::Tag;

pub(super) const TAGS_MAX: usize = 50;

/// The tags of one thing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Tags {
    /// Key and value, by the key in small letters.
    by_key: BTreeMap<String, (String, String)>,
}

impl Tags {
    /// The tags of something new.
    ///
    /// # Errors
    /// `InvalidInput`, `LimitExceeded`.
    pub(super) fn new(tags: Option<Vec<Tag>>) -> Result<Self, IamError> {
        let mut all = Self::default();
        all.add(tags.unwrap_or_default())?;
        Ok(all)
    }

    /// Adds tags, or replaces the values of those that are there.
    ///
    /// # Errors
    /// `InvalidInput` for a key that occurs twice or is AWS's (unverified: the second text);
    /// `LimitExceeded`. Nothing is changed then.
    pub(super) fn add(&mut self, tags: Vec<Tag>) -> Result<(), IamError> {
        let mut added = BTreeMap::new();
        for Tag { key, value } in tags {
            let (key, value) = (key.unwrap_or_default(), value.unwrap_or_default());
            let small = key.to_lowercase();
            if small.starts_with("aws:") {
                let text = "Tag keys that start with 'aws:' are reserved for system use";
                return Err(IamError::InvalidInput(text.to_owned()));
            }
            if added.insert(small, (key, value)).is_some() {
                let text = "Duplicate tag keys found. Please note that Tag keys are case \
                            insensitive.";
                return Err(IamError::InvalidInput(text.to_owned()));
            }
        }
        let new = added.keys().filter(|key| !self.by_key.contains_key(*key)).count();
        if self.by_key.len() + new > TAGS_MAX {
            return Err(IamError::TooManyTags);
        }
        self.by_key.extend(added);
        Ok(())
    }

    /// Takes tags out; unknown keys are no error.
    pub(super) fn remove(&mut self, keys: &[String]) {
        for key in keys {
            self.by_key.remove(&key.to_lowercase());
        }
    }

    /// All of them, each by its key in small letters.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Tag)> {
        self.by_key.iter().map(|(small, (key, value))| {
            (small.as_str(), Tag { key: Some(key.clone()), value: Some(value.clone()) })
        })
    }

    /// As answers show them: nothing if there is none.
    pub(super) fn shown(&self) -> Option<Vec<Tag>> {
        (!self.by_key.is_empty()).then(|| self.iter().map(|(_, tag)| tag).collect())
    }
}
