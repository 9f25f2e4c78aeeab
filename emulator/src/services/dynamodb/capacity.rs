//! Read and write units, by AWS's rules, and how they are told.
//!
//! Source: Developer Guide, "DynamoDB read and write operations".

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::DynamoDbError;
use super::shapes::{Capacity, ConsumedCapacity};
use super::store::{IndexKind, PrimaryKey, StoredItem, Table};
use crate::wire::Gather as _;

const READ_UNIT_BYTES: usize = 4096;
const WRITE_UNIT_BYTES: usize = 1024;

/// What ReturnConsumedCapacity asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Nothing,
    Total,
    Indexes,
}

impl Told {
    pub(super) fn parse(text: Option<&str>) -> Result<Self, DynamoDbError> {
        match text {
            None | Some("NONE") => Ok(Self::Nothing),
            Some("TOTAL") => Ok(Self::Total),
            Some("INDEXES") => Ok(Self::Indexes),
            Some(other) => Err(DynamoDbError::constraint(
                Some(other),
                "returnConsumedCapacity",
                "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]",
            )),
        }
    }
}

/// How strong a read is; it sets the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Read {
    Eventual,
    Consistent,
    Transactional,
}

impl Read {
    pub(super) fn new(consistent: Option<bool>) -> Self {
        if consistent == Some(true) { Self::Consistent } else { Self::Eventual }
    }

    /// Units for reading `bytes` in one go; at least one page of 4 KB.
    pub(super) fn units(self, bytes: usize) -> f64 {
        let pages = bytes.div_ceil(READ_UNIT_BYTES).max(1) as f64;
        match self {
            Self::Eventual => pages * 0.5,
            Self::Consistent => pages,
            Self::Transactional => pages * 2.0,
        }
    }
}

/// Units used on a table and on its indexes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Units {
    pub(super) table: f64,
    global: BTreeMap<String, f64>,
    local: BTreeMap<String, f64>,
}

impl Units {
    pub(super) fn of_table(units: f64) -> Self {
        Self { table: units, ..Self::default() }
    }

    pub(super) fn of_index(kind: IndexKind, name: &str, units: f64) -> Self {
        let mut out = Self::default();
        out.add_index(kind, name, units);
        out
    }

    /// Units for writing `new` over `old`, in the table and in each index whose entry changes.
    pub(super) fn of_write(
        table: &Table,
        key: &PrimaryKey,
        old: Option<&Arc<StoredItem>>,
        new: Option<&Arc<StoredItem>>,
    ) -> Self {
        let size = |item: Option<&Arc<StoredItem>>| item.map_or(0, |item| item.size);
        let units = |bytes: usize| bytes.div_ceil(WRITE_UNIT_BYTES).max(1) as f64;
        let mut out = Self::of_table(units(size(old).max(size(new))));
        for index in table.indexes.values() {
            let entry = |item: Option<&Arc<StoredItem>>| {
                let item = item?;
                let position = index.position(&item.item, key)?;
                Some((position, index.project(&table.schema, item)))
            };
            let used = match (entry(old), entry(new)) {
                (None, None) => continue,
                (Some(old), Some(new)) if old == new => continue,
                (Some((before, old)), Some((after, new))) if before == after => {
                    units(old.size.max(new.size))
                }
                (old, new) => {
                    old.iter().chain(&new).fold(0.0, |sum, (_, item)| sum + units(item.size))
                }
            };
            out.add_index(index.kind, &index.name, used);
        }
        out
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.table += other.table;
        for (name, units) in &other.global {
            self.add_index(IndexKind::Global, name, *units);
        }
        for (name, units) in &other.local {
            self.add_index(IndexKind::Local, name, *units);
        }
    }

    /// Transactions cost twice.
    pub(super) fn doubled(&self) -> Self {
        let mut out = self.clone();
        out.add(self);
        out
    }

    /// Those of the table, with its local indexes.
    pub(super) fn of_table_and_local(&self) -> f64 {
        self.table + self.local.values().sum::<f64>()
    }

    /// Those of each global secondary index, by name.
    pub(super) fn of_global(&self) -> impl Iterator<Item = (&str, f64)> {
        self.global.iter().map(|(name, units)| (name.as_str(), *units))
    }

    /// Those of the table and of its indexes.
    pub(super) fn total(&self) -> f64 {
        self.table + self.global.values().sum::<f64>() + self.local.values().sum::<f64>()
    }

    /// The wire form, if it was asked for.
    pub(super) fn tell(&self, told: Told, table: &str) -> Option<ConsumedCapacity> {
        let brief = ConsumedCapacity {
            table_name: Some(table.to_owned()),
            capacity_units: Some(self.total()),
            ..ConsumedCapacity::default()
        };
        match told {
            Told::Nothing => None,
            Told::Total => Some(brief),
            Told::Indexes => Some(ConsumedCapacity {
                table: Some(capacity(self.table)),
                global_secondary_indexes: capacities(&self.global),
                local_secondary_indexes: capacities(&self.local),
                ..brief
            }),
        }
    }

    fn add_index(&mut self, kind: IndexKind, name: &str, units: f64) {
        let map = match kind {
            IndexKind::Global => &mut self.global,
            IndexKind::Local => &mut self.local,
        };
        *map.entry(name.to_owned()).or_default() += units;
    }
}

/// Units by table, as batches tell them.
pub(super) fn tell_all(
    units: &BTreeMap<String, Units>,
    told: Told,
) -> Option<Vec<ConsumedCapacity>> {
    let told = units.iter().filter_map(|(table, units)| units.tell(told, table));
    let list: Vec<ConsumedCapacity> = told.collect();
    (!list.is_empty()).then_some(list)
}

/// Units by table, as transactions tell them: also as what they were used for.
pub(super) fn tell_transaction(
    units: &BTreeMap<String, Units>,
    told: Told,
    usage: Usage,
) -> Option<Vec<ConsumedCapacity>> {
    let mut list = tell_all(units, told)?;
    for consumed in &mut list {
        match usage {
            Usage::Read => consumed.read_capacity_units = consumed.capacity_units,
            Usage::Write => consumed.write_capacity_units = consumed.capacity_units,
        }
        let parts = [&mut consumed.global_secondary_indexes, &mut consumed.local_secondary_indexes];
        let indexes = parts.into_iter().flatten().flat_map(BTreeMap::values_mut);
        for part in consumed.table.iter_mut().chain(indexes) {
            match usage {
                Usage::Read => part.read_capacity_units = part.capacity_units,
                Usage::Write => part.write_capacity_units = part.capacity_units,
            }
        }
    }
    Some(list)
}

/// What a transaction's units were used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Usage {
    Read,
    Write,
}

fn capacity(units: f64) -> Capacity {
    Capacity { capacity_units: Some(units), ..Capacity::default() }
}

fn capacities(units: &BTreeMap<String, f64>) -> Option<BTreeMap<String, Capacity>> {
    let map = units.iter().map(|(name, units)| (name.clone(), capacity(*units)));
    (!units.is_empty()).then(|| map.into_map())
}
