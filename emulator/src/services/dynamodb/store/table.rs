//! A table: its definition, its items and its indexes.
//!
//! Items enter and leave through [`Table::replace`] and nowhere else, so indexes can't lag behind.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde::ser::SerializeSeq;
use serde::{Deserialize, Serialize, Serializer};

use super::super::attribute_value::{AttributeValue, Item, item_size};
use super::super::error::DynamoDbError;
use super::super::shapes::{AttributeDefinition, OnDemandThroughput, ProvisionedThroughput};
use super::super::streams::{Change, Stream};
use super::index::SecondaryIndex;
use super::key_schema::{KeySchema, PrimaryKey};
use super::options::{TableOptions, Undo};
use super::view::{Position, StoredItem, View};
use crate::kernel::{Context, Passing};
use crate::wire::{Gather as _, Timestamp};

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
    pub(crate) options: TableOptions,
    #[serde(rename = "items", serialize_with = "write_items")]
    pub(crate) view: View,
    /// When items expire, in seconds since 1970, and their keys.
    #[serde(skip)]
    pub(crate) expiring: BTreeSet<(i64, PrimaryKey)>,
}

impl Table {
    /// A table without items and indexes that is ready; the rest is filled in by whoever makes it.
    pub(crate) fn new(
        name: String,
        created: Timestamp,
        schema: KeySchema,
        definitions: Vec<AttributeDefinition>,
    ) -> Self {
        Self {
            name,
            arn: String::new(),
            id: String::new(),
            created,
            schema,
            definitions,
            settings: TableSettings::default(),
            indexes: BTreeMap::new(),
            stream: None,
            passing: None,
            latest_stream: None,
            options: TableOptions::default(),
            view: View::default(),
            expiring: BTreeSet::new(),
        }
    }

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
        self.expiring.clear();
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
            return Err(DynamoDbError::ItemTooLarge);
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
        self.replace_as(now, key, item, false);
    }

    /// Removes an item that has expired.
    pub(crate) fn expire(&mut self, now: Timestamp, key: &PrimaryKey) {
        self.replace_as(now, key, None, true);
    }

    fn replace_as(
        &mut self,
        now: Timestamp,
        key: &PrimaryKey,
        item: Option<Arc<StoredItem>>,
        expired: bool,
    ) {
        let position = Position::in_table(key);
        let old = self.view.remove(&position);
        self.write_down(now, old.as_ref(), item.as_ref(), expired);
        if let Some(old) = old {
            if let Some(at) = self.expiry(&old.item) {
                self.expiring.remove(&(at, key.clone()));
            }
            for index in self.indexes.values_mut() {
                if let Some(position) = index.position(&old.item, key) {
                    index.view.remove(&position);
                }
            }
        }
        if let Some(item) = item {
            if let Some(at) = self.expiry(&item.item) {
                self.expiring.insert((at, key.clone()));
            }
            for index in self.indexes.values_mut() {
                if let Some(position) = index.position(&item.item, key) {
                    let part = index.project(&self.schema, &item);
                    index.view.insert(position, part);
                }
            }
            self.view.insert(position, item);
        }
    }

    /// Tells the stream and the log of changes that `new` takes the place of `old`.
    fn write_down(
        &mut self,
        now: Timestamp,
        old: Option<&Arc<StoredItem>>,
        new: Option<&Arc<StoredItem>>,
        expired: bool,
    ) {
        let Some(some) = new.or(old) else { return };
        if self.stream.is_none() && !self.options.recovery.is_enabled() {
            return;
        }
        let keys = self.schema.pick(&some.item);
        if self.options.recovery.is_enabled() {
            let undo = Undo { at: now, keys: keys.clone(), old: old.cloned() };
            self.options.recovery.push(now, undo);
        }
        if let Some(stream) = &mut self.stream {
            stream.push(now, Change { keys, old: old.cloned(), new: new.cloned(), expired });
        }
    }

    /// When an item expires, in seconds since 1970, if the table lets items expire.
    fn expiry(&self, item: &Item) -> Option<i64> {
        let name = self.options.time_to_live.attribute.as_ref()?;
        match item.get(name)? {
            AttributeValue::N(number) => number.whole(),
            _ => None,
        }
    }

    /// Lets items expire by this attribute, or by none.
    pub(crate) fn expire_by(&mut self, attribute: Option<String>) {
        self.options.time_to_live.attribute = attribute;
        let expiring = self.view.items().filter_map(|stored| {
            let (partition, sort) = self.schema.values_of(&stored.item)?;
            Some((self.expiry(&stored.item)?, PrimaryKey { partition, sort }))
        });
        self.expiring = expiring.into_set();
    }

    /// Fills the index of this name with the items that there are.
    pub(crate) fn backfill(&mut self, name: &str) {
        let Some(index) = self.indexes.get_mut(name) else { return };
        index.view = View::default();
        for stored in self.view.items() {
            let key = self.schema.values_of(&stored.item);
            let key = key.map(|(partition, sort)| PrimaryKey { partition, sort });
            if let Some(position) = key.and_then(|key| index.position(&stored.item, &key)) {
                index.view.insert(position, index.project(&self.schema, stored));
            }
        }
    }

    /// The index of this name.
    ///
    /// # Errors
    /// Validation: there is none, or it is not filled yet.
    pub(crate) fn index(
        &self,
        ctx: &Context<'_>,
        name: &str,
    ) -> Result<&SecondaryIndex, DynamoDbError> {
        let index = self.indexes.get(name).filter(|index| !index.is_deleted());
        let index = index.ok_or_else(|| {
            DynamoDbError::validation(format!(
                "The table does not have the specified index: {name}"
            ))
        })?;
        if index.status(ctx) == CREATING {
            return Err(DynamoDbError::validation(format!(
                "Cannot read from backfilling global secondary index: {name}"
            )));
        }
        Ok(index)
    }

    /// Forgets the indexes that were deleted and whose status has passed.
    pub(crate) fn forget_deleted_indexes(&mut self, ctx: &Context<'_>) {
        let before = self.indexes.len();
        self.indexes.retain(|_, index| !index.is_deleted() || index.status(ctx) == DELETING);
        if self.indexes.len() < before {
            self.forget_unused_definitions();
        }
    }

    /// Forgets the definitions of attributes that no key uses any longer.
    pub(crate) fn forget_unused_definitions(&mut self) {
        let (schema, indexes) = (&self.schema, &self.indexes);
        self.definitions.retain(|definition| {
            let name = definition.attribute_name.as_deref().unwrap_or_default();
            schema.has(name) || indexes.values().any(|index| index.schema.has(name))
        });
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
    #[serde(default)]
    options: TableOptions,
    items: Vec<Item>,
}

impl From<Stored> for Table {
    fn from(stored: Stored) -> Self {
        let mut table = Self {
            arn: stored.arn,
            id: stored.id,
            settings: stored.settings,
            indexes: stored.indexes,
            passing: stored.passing,
            latest_stream: stored.latest_stream,
            ..Self::new(stored.name, stored.created, stored.schema, stored.definitions)
        };
        for item in stored.items {
            if let Ok(key) = table.schema.key_of_item(&item) {
                let created = table.created;
                table.replace(created, &key, Some(Arc::new(StoredItem::new(item))));
            }
        }
        table.stream = stored.stream;
        table.options = stored.options;
        table.expire_by(table.options.time_to_live.attribute.clone());
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
