//! Items in answers: those of a table are shared with it, so nothing is copied to be written.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::attribute_value::Item;
use super::store::StoredItem;

/// An item that is told.
#[derive(Clone, Debug)]
pub enum ShownItem {
    /// As it lies in a table or an index.
    Shared(SharedItem),
    /// A part of one.
    Own(Item),
}

/// A table's item.
#[derive(Clone, Debug)]
pub struct SharedItem(Arc<StoredItem>);

impl ShownItem {
    pub(super) fn shared(stored: &Arc<StoredItem>) -> Self {
        Self::Shared(SharedItem(Arc::clone(stored)))
    }

    /// Its attributes.
    pub fn attributes(&self) -> &Item {
        match self {
            Self::Shared(SharedItem(stored)) => &stored.item,
            Self::Own(item) => item,
        }
    }

    /// The item for somebody who changes it.
    pub(super) fn into_item(self) -> Item {
        match self {
            Self::Shared(SharedItem(stored)) => stored.item.clone(),
            Self::Own(item) => item,
        }
    }
}

impl PartialEq for ShownItem {
    fn eq(&self, other: &Self) -> bool {
        self.attributes() == other.attributes()
    }
}

impl From<Item> for ShownItem {
    fn from(item: Item) -> Self {
        Self::Own(item)
    }
}

impl Serialize for ShownItem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.attributes().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ShownItem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Item::deserialize(deserializer).map(Self::Own)
    }
}
