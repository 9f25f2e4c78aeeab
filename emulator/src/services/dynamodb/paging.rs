//! Reads entries in order until the page is full: by `Limit`, or by 1 MB before filters.

use std::sync::Arc;

use super::attribute_value::Item;
use super::capacity::{Read, Units};
use super::error::DynamoDbError;
use super::expression::{Condition, KeyCondition, Projection, holds};
use super::selection::Selection;
use super::shown_item::ShownItem;
use super::store::{
    IndexKind, KeySchema, Position, PrimaryKey, SecondaryIndex, SortPosition, StoredItem, Table,
    View,
};
use crate::kernel::Context;

/// Bytes that one page of Query or Scan reads.
const PAGE_BYTES_MAX: usize = 1024 * 1024;

/// A page.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) items: Vec<ShownItem>,
    /// Entries read, before the filter.
    pub(super) scanned: i32,
    /// Entries that passed the filter.
    pub(super) count: i32,
    /// Bytes of the entries read.
    pub(super) bytes: usize,
    /// Bytes of each item that was fetched from the table, as its local index lacks parts of it.
    pub(super) fetched: Vec<usize>,
    /// The last entry read, unless nothing follows for sure.
    pub(super) last: Option<Arc<StoredItem>>,
}

/// What to keep of each entry.
pub(super) struct Sieve<'s> {
    pub(super) limit: Option<usize>,
    pub(super) filter: Option<&'s Condition>,
    pub(super) projection: Option<&'s Projection>,
    pub(super) count_only: bool,
}

/// An entry, and how large it is in its index where the rest of the item was fetched.
pub(super) struct Entry {
    item: Arc<StoredItem>,
    in_index: Option<usize>,
}

/// Fills a page from `entries`.
pub(super) fn fill(entries: impl Iterator<Item = Entry>, sieve: &Sieve<'_>) -> Page {
    let mut page = Page::default();
    let mut read = 0;
    for Entry { item: entry, in_index } in entries {
        page.scanned += 1;
        page.bytes += in_index.unwrap_or(entry.size);
        read += entry.size;
        if in_index.is_some() {
            page.fetched.push(entry.size);
        }
        if sieve.filter.is_none_or(|filter| holds(filter, &entry.item)) {
            page.count += 1;
            if !sieve.count_only {
                page.items.push(match sieve.projection {
                    Some(projection) => projection.apply(&entry.item).into(),
                    None => ShownItem::shared(&entry),
                });
            }
        }
        let at_limit = sieve.limit.is_some_and(|limit| page.scanned as usize >= limit);
        if at_limit || read >= PAGE_BYTES_MAX {
            page.last = Some(entry);
            break;
        }
    }
    page
}

/// Where Query and Scan read: a table or one of its indexes.
#[derive(Clone, Copy)]
pub(super) struct Source<'t> {
    pub(super) table: &'t Table,
    pub(super) index: Option<&'t SecondaryIndex>,
}

impl<'t> Source<'t> {
    /// The table, or the index of this name.
    ///
    /// # Errors
    /// Validation: no such index, or a consistent read of a global one.
    pub(super) fn new(
        ctx: &Context<'_>,
        table: &'t Table,
        index: Option<&str>,
        consistent: Option<bool>,
    ) -> Result<Self, DynamoDbError> {
        let index = index.map(|name| table.index(ctx, name)).transpose()?;
        let global = index.is_some_and(|index| index.kind == IndexKind::Global);
        if global && consistent == Some(true) {
            return Err(DynamoDbError::validation(
                "Consistent reads are not supported on global secondary indexes",
            ));
        }
        Ok(Self { table, index })
    }

    pub(super) fn view(self) -> &'t View {
        self.index.map_or(&self.table.view, |index| &index.view)
    }

    /// Units read from this source for a page; items fetched from the table cost one by one.
    pub(super) fn units(self, read: Read, page: &Page) -> Units {
        let units = read.units(page.bytes);
        match self.index {
            Some(index) => {
                let mut units = Units::of_index(index.kind, &index.name, units);
                // From 0.0 on: the sum of nothing is -0.0.
                units.table = page.fetched.iter().fold(0.0, |sum, it| sum + read.units(*it));
                units
            }
            None => Units::of_table(units),
        }
    }

    /// Entries as the selection wants them.
    pub(super) fn entries<'e>(
        self,
        entries: impl Iterator<Item = &'e Arc<StoredItem>>,
        selection: Selection,
    ) -> impl Iterator<Item = Entry>
    where
        't: 'e,
    {
        entries.map(move |entry| match selection.from_table {
            true => Entry { item: self.whole(entry), in_index: Some(entry.size) },
            false => Entry { item: Arc::clone(entry), in_index: None },
        })
    }

    /// Where an ExclusiveStartKey points within what a query reads.
    ///
    /// # Errors
    /// Validation: like [`Source::position`], or it lies in another partition or outside the range.
    pub(super) fn position_within(
        self,
        start: &Item,
        key: &KeyCondition,
    ) -> Result<SortPosition, DynamoDbError> {
        let position = self.position(start)?;
        if *position.partition() != key.partition {
            return Err(DynamoDbError::validation(
                "The provided starting key is outside query boundaries based on provided \
                 conditions",
            ));
        }
        if !key.sort.as_ref().is_none_or(|range| range.allows(position.sort())) {
            return Err(DynamoDbError::validation(
                "The provided starting key does not match the range key predicate",
            ));
        }
        Ok(position.into_sort_position())
    }

    pub(super) fn schema(self) -> &'t KeySchema {
        self.index.map_or(&self.table.schema, |index| &index.schema)
    }

    /// The LastEvaluatedKey of an entry: the keys of the index and of the table.
    pub(super) fn key_item(self, entry: &Item) -> Item {
        let mut key = self.table.schema.pick(entry);
        if let Some(index) = self.index {
            key.extend(index.schema.pick(entry));
        }
        key
    }

    /// Where an ExclusiveStartKey points.
    ///
    /// # Errors
    /// Validation: the key has other attributes or types than a LastEvaluatedKey of this source.
    pub(super) fn position(self, key: &Item) -> Result<Position, DynamoDbError> {
        let invalid = || DynamoDbError::validation("The provided starting key is invalid");
        let mut expected: Vec<&str> =
            self.table.schema.attributes().map(|attribute| attribute.name.as_str()).collect();
        expected.extend(self.schema().attributes().map(|attribute| attribute.name.as_str()));
        expected.sort_unstable();
        expected.dedup();
        if !key.keys().map(String::as_str).eq(expected) {
            return Err(invalid());
        }
        let (partition, sort) = self.table.schema.values_of(key).ok_or_else(invalid)?;
        let primary = PrimaryKey { partition, sort };
        match self.index {
            None => Ok(Position::in_table(&primary)),
            Some(index) => index.position(key, &primary).ok_or_else(invalid),
        }
    }

    /// The entry with all of its attributes, also those that the index does not hold.
    fn whole(self, entry: &Arc<StoredItem>) -> Arc<StoredItem> {
        let key = self.table.schema.values_of(&entry.item);
        let key = key.map(|(partition, sort)| PrimaryKey { partition, sort });
        let stored = key.and_then(|key| self.table.get(&key));
        Arc::clone(stored.unwrap_or(entry))
    }
}

/// A Limit that was checked with the rest of the request.
pub(super) fn limit(given: Option<i32>) -> Option<usize> {
    given.and_then(|limit| usize::try_from(limit).ok())
}
