//! One write of one item: planned, decided against the table as it is, then done.
//!
//! PutItem, UpdateItem, DeleteItem and the actions of batches and transactions all come through
//! here. Deciding changes nothing, so a transaction can decide all its writes before it does any.

use std::sync::Arc;

use super::attribute_value::Item;
use super::capacity::{Told, Units};
use super::collection_metrics;
use super::error::DynamoDbError;
use super::expression::{Condition, DocumentPath, Update, apply, holds};
use super::raw_value::{NESTING_MAX, ValueError};
use super::replication;
use super::shapes::{ConsumedCapacity, ItemCollectionMetrics};
use super::store::{PrimaryKey, StoredItem, Table};
use super::streaming;
use super::time_to_live;
use crate::kernel::Context;

/// What to do to the item.
#[derive(Clone, Debug)]
pub(super) enum Action {
    Put(Item),
    Update(Option<Update>),
    Delete,
    /// Only the condition counts.
    Check,
}

/// A write whose parameters are valid.
#[derive(Clone, Debug)]
pub(super) struct Write {
    pub(super) key: PrimaryKey,
    /// The key's attributes, for an item that may have to be made.
    key_item: Item,
    action: Action,
    condition: Option<Condition>,
    /// Return the item when the condition fails.
    return_old_on_failure: bool,
}

/// What a write will do, with the condition met.
#[derive(Clone, Debug)]
pub(super) struct Decided {
    key: PrimaryKey,
    pub(super) old: Option<Arc<StoredItem>>,
    /// The item afterwards; `None` when there is none.
    pub(super) new: Option<Arc<StoredItem>>,
    writes: bool,
}

impl Write {
    pub(super) fn put(table: &Table, item: Item) -> Result<Self, DynamoDbError> {
        let key = table.check_item(&item)?;
        Ok(Self::new(key, Item::new(), Action::Put(item)))
    }

    /// A write of the item with this key.
    pub(super) fn at_key(
        table: &Table,
        key_item: Item,
        action: Action,
    ) -> Result<Self, DynamoDbError> {
        let key = table.schema.key_of_key(&key_item)?;
        if let Action::Update(Some(update)) = &action
            && let Some(name) = update.attributes().find(|name| table.schema.has(name))
        {
            return Err(DynamoDbError::invalid(format!(
                "Cannot update attribute {name}. This attribute is part of the key"
            )));
        }
        Ok(Self::new(key, key_item, action))
    }

    /// The same write under a condition; `on_failure` is ReturnValuesOnConditionCheckFailure.
    pub(super) fn when(
        self,
        condition: Option<Condition>,
        on_failure: Option<&str>,
    ) -> Result<Self, DynamoDbError> {
        let return_old_on_failure = returns_old(on_failure)?;
        Ok(Self { condition, return_old_on_failure, ..self })
    }

    fn new(key: PrimaryKey, key_item: Item, action: Action) -> Self {
        Self { key, key_item, action, condition: None, return_old_on_failure: false }
    }

    /// What the write will do to `table`.
    ///
    /// # Errors
    /// The condition does not hold; the update can't be done; the outcome is no valid item.
    pub(super) fn decide(self, table: &Table) -> Result<Decided, DynamoDbError> {
        let old = table.get(&self.key).cloned();
        let nothing = Item::new();
        let current = old.as_ref().map_or(&nothing, |stored| &stored.item);
        if let Some(condition) = &self.condition
            && !holds(condition, current)
        {
            let shown = old.as_ref().filter(|_| self.return_old_on_failure);
            return Err(DynamoDbError::ConditionalCheckFailed {
                item: shown.map(|stored| stored.item.clone()),
            });
        }
        let writes = !matches!(self.action, Action::Check);
        let stored = |item| Some(Arc::new(StoredItem::new(item)));
        let new = match self.action {
            Action::Put(item) => stored(item),
            Action::Delete => None,
            Action::Check => old.clone(),
            Action::Update(update) => {
                stored(updated(table, update.as_ref(), old.as_deref(), self.key_item)?)
            }
        };
        Ok(Decided { key: self.key, old, new, writes })
    }
}

/// The item after the update; one that was not there begins as its key.
fn updated(
    table: &Table,
    update: Option<&Update>,
    old: Option<&StoredItem>,
    key_item: Item,
) -> Result<Item, DynamoDbError> {
    let before = old.map_or(key_item, |stored| stored.item.clone());
    let Some(update) = update else {
        return Ok(before);
    };
    let after = apply(update, &before)?;
    if after.values().any(|value| value.depth() > NESTING_MAX) {
        return Err(ValueError::TooDeep.into());
    }
    if let Some(what) = table.indexes.values().find_map(|index| index.empty_key(&after)) {
        return Err(DynamoDbError::EmptyKey(format!(
            "One or more parameter values are not valid. The update expression attempted to update \
             a secondary index key to a value that is not supported. The AttributeValue for a key \
             attribute cannot contain an empty {what} value."
        )));
    }
    table.check_item(&after).map_err(|error| match error {
        DynamoDbError::ItemTooLarge => {
            DynamoDbError::validation("Item size to update has exceeded the maximum allowed size")
        }
        other => other,
    })?;
    Ok(after)
}

impl Decided {
    /// The units that it takes. The table is as it was before.
    pub(super) fn units(&self, table: &Table) -> Units {
        Units::of_write(table, &self.key, self.old.as_ref(), self.new.as_ref())
    }

    /// The same as it is told, if it is.
    pub(super) fn tell(&self, told: Told, table: &Table) -> Option<ConsumedCapacity> {
        if told == Told::Nothing { None } else { self.units(table).tell(told, &table.name) }
    }

    /// The metrics of the item's collection, if wanted.
    pub(super) fn collection(&self, table: &Table, wanted: bool) -> Option<ItemCollectionMetrics> {
        let stored = self.new.as_ref().or(self.old.as_ref())?;
        if wanted { collection_metrics::measure(table, &stored.item) } else { None }
    }

    /// Bytes that count against the limit of a transaction.
    pub(super) fn size(&self) -> usize {
        self.new.as_ref().or(self.old.as_ref()).map_or(0, |stored| stored.size)
    }

    /// Does it.
    pub(super) fn commit(self, ctx: &mut Context<'_>, table: &mut Table) {
        if self.writes {
            table.replace(ctx.now(), &self.key, self.new);
            streaming::wake(ctx, table);
            replication::tell(ctx, table, &self.key);
            if table.options.time_to_live.attribute.is_some() {
                time_to_live::wake(ctx, table);
            }
        }
    }
}

/// A condition that the item is there, which a statement that updates has.
pub(super) fn exists(table: &Table) -> Condition {
    Condition::AttributeExists(DocumentPath::of(&table.schema.partition.name))
}

fn returns_old(text: Option<&str>) -> Result<bool, DynamoDbError> {
    match text {
        None | Some("NONE") => Ok(false),
        Some("ALL_OLD") => Ok(true),
        Some(other) => Err(DynamoDbError::constraint(
            Some(other),
            "returnValuesOnConditionCheckFailure",
            "Member must satisfy enum value set: [ALL_OLD, NONE]",
        )),
    }
}

pub(super) fn missing(member: &str) -> DynamoDbError {
    DynamoDbError::constraint(None, member, "Member must not be null")
}
