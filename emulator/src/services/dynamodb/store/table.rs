//! A table: its definition, its items and its indexes.
//!
//! Items enter and leave through [`Table::replace`] and nowhere else, so indexes can't lag behind.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::ser::SerializeSeq;
use serde::{Deserialize, Serialize, Serializer};

use super::super::attribute_value::{Item, item_size};
use super::super::error::DynamoDbError;
use super::super::shapes::{AttributeDefinition, OnDemandThroughput, ProvisionedThroughput};
use super::super::streams::{Change, Stream};
use super::index::SecondaryIndex;
use super::key_schema::{KeySchema, PrimaryKey};
use super::view::{Position, StoredItem, View};
use crate::kernel::{Context, Passing};
use crate::wire::Timestamp;

/// Bytes of an item, names and values.
const ITEM_BYTES_MAX: usize = 400 * 1024;

/// The states of a table that pass by themselves, and how long each lasts where it is timed.
///
/// Unverified: the times; AWS says only that a table takes some seconds.
pub(crate) const CREATING: &str = "CREATING";
pub(crate) const UPDATING: &str = "UPDATING";
pub(crate) const DELETING: &str = "DELETING";
pub(crate) const PASSING_TIME: Duration = Duration::from_secs(10);

/// What CreateTable says beside keys and indexes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct TableSettings {
    /// `BillingMode` is `PAY_PER_REQUEST`, not `PROVISIONED`.
    pub(crate) pay_per_request: bool,
    pub(crate) throughput: Option<ProvisionedThroughput>,
    pub(crate) on_demand: Option<OnDemandThroughput>,
    pub(crate) deletion_protection: bool,
    pub(crate) table_class: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    pub(crate) schema: KeySchema,
    pub(crate) definitions: Vec<AttributeDefinition>,
    pub(crate) settings: TableSettings,
    pub(crate) indexes: BTreeMap<String, SecondaryIndex>,
    /// What changes, while somebody wants to know.
    pub(crate) stream: Option<Stream>,
    /// A status that passes by itself; otherwise the table is ACTIVE.
    pub(crate) passing: Option<Passing>,
    /// ARN and label of the last stream. Unverified: that they are told after it was disabled too.
    pub(crate) latest_stream: Option<(String, String)>,
    #[serde(rename = "items", serialize_with = "write_items")]
    pub(crate) view: View,
}

impl Table {
    /// `ACTIVE`, or what will pass into it.
    pub(crate) fn status(&self, ctx: &Context<'_>) -> &str {
        self.passing.as_ref().filter(|it| it.lasts(ctx)).map_or("ACTIVE", |it| &*it.status)
    }

    /// Whether its items can be read and written.
    pub(crate) fn is_usable(&self, ctx: &Context<'_>) -> bool {
        !self.is_deleted() && self.status(ctx) != CREATING
    }

    /// Whether DeleteTable was called for it; it is gone as soon as its status has passed.
    pub(crate) fn is_deleted(&self) -> bool {
        self.passing.as_ref().is_some_and(|it| it.status == DELETING)
    }

    /// # Errors
    /// `TableBusy` while a change of the table is under way.
    pub(crate) fn check_not_busy(&self, ctx: &Context<'_>) -> Result<(), DynamoDbError> {
        let what = match self.status(ctx) {
            CREATING => "created",
            UPDATING => "updated",
            DELETING => "deleted",
            _ => return Ok(()),
        };
        Err(DynamoDbError::TableBusy(what, self.name.clone()))
    }

    /// Forgets all items at once.
    pub(crate) fn empty(&mut self) {
        self.view = View::default();
        self.indexes.values_mut().for_each(|index| index.view = View::default());
    }

    pub(crate) fn get(&self, key: &PrimaryKey) -> Option<&Arc<StoredItem>> {
        self.view.get(&Position::in_table(key))
    }

    /// Checks an item that is to be put; returns its key.
    ///
    /// # Errors
    /// Validation: a bad key or index key, or too many bytes.
    pub(crate) fn check_item(&self, item: &Item) -> Result<PrimaryKey, DynamoDbError> {
        let key = self.schema.key_of_item(item)?;
        self.indexes.values().try_for_each(|index| index.check(item))?;
        if item_size(item) > ITEM_BYTES_MAX {
            return Err(DynamoDbError::validation(
                "Item size has exceeded the maximum allowed size",
            ));
        }
        Ok(key)
    }

    /// Puts the item at `key`, or removes what is there. The item has been checked.
    pub(crate) fn replace(
        &mut self,
        now: Timestamp,
        key: &PrimaryKey,
        item: Option<Arc<StoredItem>>,
    ) {
        let position = Position::in_table(key);
        let old = self.view.remove(&position);
        if let Some(stream) = &mut self.stream
            && let Some(some) = item.as_ref().or(old.as_ref())
        {
            let keys = self.schema.pick(&some.item);
            stream.push(now, Change { keys, old: old.clone(), new: item.clone() });
        }
        if let Some(old) = old {
            for index in self.indexes.values_mut() {
                if let Some(position) = index.position(&old.item, key) {
                    index.view.remove(&position);
                }
            }
        }
        if let Some(item) = item {
            for index in self.indexes.values_mut() {
                if let Some(position) = index.position(&item.item, key) {
                    let part = index.project(&self.schema, &item);
                    index.view.insert(position, part);
                }
            }
            self.view.insert(position, item);
        }
    }

    /// The index of this name.
    ///
    /// # Errors
    /// Validation: there is none.
    pub(crate) fn index(&self, name: &str) -> Result<&SecondaryIndex, DynamoDbError> {
        self.indexes.get(name).ok_or_else(|| {
            DynamoDbError::validation(format!(
                "The table does not have the specified index: {name}"
            ))
        })
    }
}

/// A table as it is stored: items in a list, no views.
#[derive(Deserialize)]
struct Stored {
    name: String,
    arn: String,
    id: String,
    created: Timestamp,
    schema: KeySchema,
    definitions: Vec<AttributeDefinition>,
    settings: TableSettings,
    indexes: BTreeMap<String, SecondaryIndex>,
    stream: Option<Stream>,
    passing: Option<Passing>,
    latest_stream: Option<(String, String)>,
    items: Vec<Item>,
}

impl From<Stored> for Table {
    fn from(stored: Stored) -> Self {
        let mut table = Self {
            name: stored.name,
            arn: stored.arn,
            id: stored.id,
            created: stored.created,
            schema: stored.schema,
            definitions: stored.definitions,
            settings: stored.settings,
            indexes: stored.indexes,
            stream: None,
            passing: stored.passing,
            latest_stream: stored.latest_stream,
            view: View::default(),
        };
        for item in stored.items {
            if let Ok(key) = table.schema.key_of_item(&item) {
                let created = table.created;
                table.replace(created, &key, Some(Arc::new(StoredItem::new(item))));
            }
        }
        table.stream = stored.stream;
        table
    }
}

fn write_items<S: Serializer>(view: &View, serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(view.count))?;
    for stored in view.items() {
        list.serialize_element(&stored.item)?;
    }
    list.end()
}
