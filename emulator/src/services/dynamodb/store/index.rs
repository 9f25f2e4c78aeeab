//! Secondary indexes: maintained views of a table's items under other keys.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::attribute_value::Item;
use super::super::error::DynamoDbError;
use super::super::key_value::KeyValue;
use super::super::shapes::{OnDemandThroughput, Projection, ProvisionedThroughput, WarmThroughput};
use super::key_schema::{KeyAttribute, KeySchema, PrimaryKey, check_bytes};
use super::options::ThroughputChanges;
use super::table::DELETING;
use super::view::{Position, StoredItem, View};
use crate::kernel::{Context, Passing};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum IndexKind {
    Global,
    Local,
}

/// Which attributes an index holds beside the keys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum IndexProjection {
    All,
    KeysOnly,
    Include(BTreeSet<String>),
}

/// One index. The view is rebuilt from the table's items, so it is not part of the stored state.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SecondaryIndex {
    pub(crate) name: String,
    pub(crate) kind: IndexKind,
    pub(crate) schema: KeySchema,
    pub(crate) projection: IndexProjection,
    /// As given; told by DescribeTable.
    pub(crate) throughput: Option<ProvisionedThroughput>,
    pub(crate) on_demand: Option<OnDemandThroughput>,
    #[serde(default)]
    pub(crate) warm: Option<WarmThroughput>,
    #[serde(default)]
    pub(crate) changes: ThroughputChanges,
    /// A status that passes by itself; otherwise the index is as its table.
    #[serde(default)]
    pub(crate) passing: Option<Passing>,
    #[serde(skip)]
    pub(crate) view: View,
}

impl SecondaryIndex {
    /// `ACTIVE`, or what will pass into it, or into nothing.
    pub(crate) fn status(&self, ctx: &Context<'_>) -> &str {
        self.passing.as_ref().filter(|it| it.lasts(ctx)).map_or("ACTIVE", |it| &*it.status)
    }

    /// Whether it is to go; it is gone as soon as its status has passed.
    pub(crate) fn is_deleted(&self) -> bool {
        self.passing.as_ref().is_some_and(|it| it.status == DELETING)
    }

    /// Where the item lies in this index; `None` when it lacks an index key.
    pub(crate) fn position(&self, item: &Item, key: &PrimaryKey) -> Option<Position> {
        // An index that is added later finds items that it could not have been given.
        if self.empty_key(item).is_some() || self.check_bytes(item).is_err() {
            return None;
        }
        let (partition, sort) = self.schema.parts_of(item)?;
        Some(Position::in_index(partition, sort, key.clone()))
    }

    /// Refuses items whose index keys have another type or are empty.
    pub(crate) fn check(&self, item: &Item) -> Result<(), DynamoDbError> {
        for attribute in self.schema.attributes() {
            let Some(value) = item.get(&attribute.name) else {
                continue;
            };
            let (name, expected) = (&attribute.name, attribute.key_type);
            let key = KeyValue::from_value(value).filter(|key| key.key_type() == expected);
            let Some(key) = key else {
                return Err(DynamoDbError::invalid(format!(
                    "Type mismatch for Index Key {name} Expected: {} Actual: {} IndexName: {}",
                    expected.name(),
                    value.type_name(),
                    self.name
                )));
            };
            if let Some(what) = key.empty_type() {
                return Err(DynamoDbError::EmptyKey(format!(
                    "One or more parameter values are not valid. A value specified for a \
                     secondary index key is not supported. The AttributeValue for a key attribute \
                     cannot contain an empty {what} value. IndexName: {}, IndexKey: {name}",
                    self.name
                )));
            }
        }
        self.check_bytes(item)
    }

    /// Refuses items that are too long on a side of this index's key. Unverified: how the
    /// attributes of a partition key of several count.
    fn check_bytes(&self, item: &Item) -> Result<(), DynamoDbError> {
        let bytes = |attribute: &KeyAttribute| {
            let value = item.get(&attribute.name).and_then(KeyValue::from_value);
            value.map_or(0, |value| value.size())
        };
        let partition = self.schema.partitions().map(bytes).sum();
        check_bytes(partition, self.schema.sorts().map(bytes).sum())
    }

    /// What an item's value for a key of this index is an empty value of, if one is empty.
    pub(crate) fn empty_key(&self, item: &Item) -> Option<&'static str> {
        self.schema.attributes().find_map(|attribute| {
            let key = KeyValue::from_value(item.get(&attribute.name)?);
            key.filter(|key| key.key_type() == attribute.key_type)?.empty_type()
        })
    }

    /// Whether the index holds this attribute of its items.
    pub(crate) fn projects(&self, table: &KeySchema, attribute: &str) -> bool {
        match &self.projection {
            IndexProjection::All => true,
            IndexProjection::KeysOnly => self.schema.has(attribute) || table.has(attribute),
            IndexProjection::Include(names) => {
                names.contains(attribute) || self.schema.has(attribute) || table.has(attribute)
            }
        }
    }

    /// The part of an item that the index holds.
    pub(crate) fn project(&self, table: &KeySchema, item: &Arc<StoredItem>) -> Arc<StoredItem> {
        if self.projection == IndexProjection::All {
            return Arc::clone(item);
        }
        let kept = item.item.iter().filter(|(name, _)| self.projects(table, name));
        let item: Item = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
        Arc::new(StoredItem::new(item))
    }

    pub(crate) fn wire_projection(&self) -> Projection {
        let (projection_type, names) = match &self.projection {
            IndexProjection::All => ("ALL", None),
            IndexProjection::KeysOnly => ("KEYS_ONLY", None),
            IndexProjection::Include(names) => ("INCLUDE", Some(names.iter().cloned().collect())),
        };
        Projection { projection_type: Some(projection_type.to_owned()), non_key_attributes: names }
    }
}
