//! One change of one item, as a stream keeps it. Images are shared with the table.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::attribute_value::{Item, item_size};
use super::super::store::StoredItem;
use crate::wire::Timestamp;

/// Which images a stream keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ViewType {
    KeysOnly,
    NewImage,
    OldImage,
    NewAndOldImages,
}

impl ViewType {
    const WORDS: [(Self, &str); 4] = [
        (Self::NewImage, "NEW_IMAGE"),
        (Self::OldImage, "OLD_IMAGE"),
        (Self::NewAndOldImages, "NEW_AND_OLD_IMAGES"),
        (Self::KeysOnly, "KEYS_ONLY"),
    ];

    /// AWS's word.
    pub(crate) fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(view, _)| *view == self).map_or("", |(_, word)| word)
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, text)| *text == word).map(|(view, _)| *view)
    }

    fn has_new(self) -> bool {
        matches!(self, Self::NewImage | Self::NewAndOldImages)
    }

    fn has_old(self) -> bool {
        matches!(self, Self::OldImage | Self::NewAndOldImages)
    }
}

/// A write as the table saw it: the item before and after.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) keys: Item,
    pub(crate) old: Option<Arc<StoredItem>>,
    pub(crate) new: Option<Arc<StoredItem>>,
    /// The item had expired, and nobody but the service deleted it.
    pub(crate) expired: bool,
}

/// What happened to the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum EventName {
    Insert,
    Modify,
    Remove,
}

impl EventName {
    /// AWS's word.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Insert => "INSERT",
            Self::Modify => "MODIFY",
            Self::Remove => "REMOVE",
        }
    }
}

/// A record of a stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) at: Timestamp,
    pub(super) name: EventName,
    pub(super) keys: Item,
    #[serde(with = "image", default)]
    pub(super) old: Option<Arc<StoredItem>>,
    #[serde(with = "image", default)]
    pub(super) new: Option<Arc<StoredItem>>,
    /// The service deleted it, as it had expired.
    #[serde(default)]
    pub(super) expired: bool,
}

impl Record {
    /// The record of a change; `None` for one that changes nothing.
    pub(super) fn new(at: Timestamp, view: ViewType, change: Change) -> Option<Self> {
        let Change { keys, old, new, expired } = change;
        let name = match (&old, &new) {
            (None, None) => return None,
            (None, Some(_)) => EventName::Insert,
            (Some(_), None) => EventName::Remove,
            (Some(old), Some(new)) if old.item == new.item => return None,
            (Some(_), Some(_)) => EventName::Modify,
        };
        let (old, new) = (old.filter(|_| view.has_old()), new.filter(|_| view.has_new()));
        Some(Self { at, name, keys, old, new, expired })
    }

    /// Bytes of the keys and of the images.
    pub(super) fn size(&self) -> usize {
        let images = [&self.old, &self.new].into_iter().flatten();
        item_size(&self.keys) + images.map(|image| image.size).sum::<usize>()
    }
}

/// An image in state: the item alone.
pub(crate) mod image {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Item, StoredItem};

    pub(crate) fn serialize<S: Serializer>(
        image: &Option<Arc<StoredItem>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        image.as_ref().map(|image| &image.item).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Arc<StoredItem>>, D::Error> {
        let item = Option::<Item>::deserialize(deserializer)?;
        Ok(item.map(|item| Arc::new(StoredItem::new(item))))
    }
}
