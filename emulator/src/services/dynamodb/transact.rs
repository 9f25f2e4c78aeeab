//! Doing the actions of a transaction: all of them, or none.

use std::collections::{BTreeMap, BTreeSet};

use super::capacity::{Read, Units};
use super::error::{CancellationReason, DynamoDbError};
use super::item_write::{Decided, Write};
use super::shapes::ItemCollectionMetrics;
use super::state::DynamoDb;
use super::transaction::{self, Planned};
use crate::kernel::Context;

/// What it costs to find that the transaction was done before: reading its items.
pub(super) fn read_units(
    ctx: &Context<'_>,
    db: &DynamoDb,
    planned: Vec<Planned>,
) -> Result<BTreeMap<String, Units>, DynamoDbError> {
    let mut units: BTreeMap<String, Units> = BTreeMap::new();
    for planned in planned {
        let name = planned.table_name.clone();
        let table = db.table(ctx, name.as_deref())?;
        let key = planned.write(table)?.key;
        let bytes = table.get(&key).map_or(0, |stored| stored.size);
        let read = Units::of_table(Read::Transactional.units(bytes));
        units.entry(table.name.clone()).or_default().add(&read);
    }
    Ok(units)
}

/// Decides every action against the tables as they are; any that fails cancels all.
pub(super) fn decide(
    ctx: &Context<'_>,
    db: &DynamoDb,
    planned: Vec<Planned>,
) -> Result<Vec<(String, Decided)>, DynamoDbError> {
    let writes = writes(ctx, db, planned)?;
    let mut seen = BTreeSet::new();
    if !writes.iter().all(|(table, write, _)| seen.insert((table, &write.key))) {
        return Err(DynamoDbError::validation(
            "Transaction request cannot include multiple operations on one item",
        ));
    }
    let (mut reasons, mut decided) = (Vec::new(), Vec::new());
    let mut size = 0;
    for (name, write, inserts) in writes {
        match write.decide(db.table(ctx, Some(&name))?) {
            Ok(done) => {
                size += done.size();
                reasons.push(CancellationReason::None);
                decided.push((name, done));
            }
            Err(DynamoDbError::ConditionalCheckFailed { item }) if inserts => {
                reasons.push(CancellationReason::DuplicateItem { item });
            }
            Err(error) => reasons.push(transaction::reason(error)?),
        }
    }
    if reasons.iter().any(|reason| *reason != CancellationReason::None) {
        return Err(DynamoDbError::TransactionCanceled { reasons });
    }
    transaction::check_size(size)?;
    Ok(decided)
}

/// The actions as writes to their tables. The first whose key or item does not fit its table
/// cancels, before AWS looks at anything else.
fn writes(
    ctx: &Context<'_>,
    db: &DynamoDb,
    planned: Vec<Planned>,
) -> Result<Vec<(String, Write, bool)>, DynamoDbError> {
    for planned in &planned {
        db.table(ctx, planned.table_name.as_deref())?;
    }
    let (count, mut writes, mut unfit) = (planned.len(), Vec::new(), None);
    for (at, planned) in planned.into_iter().enumerate() {
        let table = db.table(ctx, planned.table_name.as_deref())?;
        let inserts = planned.inserts;
        match planned.write(table) {
            Ok(write) => writes.push((table.name.clone(), write, inserts)),
            // An empty key further on concerns the whole request.
            Err(error) => {
                let reason = transaction::reason(error)?;
                unfit.get_or_insert((at, reason));
            }
        }
    }
    let Some((at, reason)) = unfit else { return Ok(writes) };
    let mut reasons = vec![CancellationReason::None; count];
    reasons[at] = reason;
    Err(DynamoDbError::TransactionCanceled { reasons })
}

type Metrics = BTreeMap<String, Vec<ItemCollectionMetrics>>;

/// Does what was decided; tells the units, and the metrics if they are wanted.
pub(super) fn commit(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    decided: Vec<(String, Decided)>,
    wanted: bool,
) -> Result<(BTreeMap<String, Units>, Metrics), DynamoDbError> {
    let mut units: BTreeMap<String, Units> = BTreeMap::new();
    let mut metrics = Metrics::new();
    for (name, done) in decided {
        let table = db.table_mut(ctx, Some(&name))?;
        units.entry(name.clone()).or_default().add(&done.units(table).doubled());
        if let Some(measured) = done.collection(table, wanted) {
            metrics.entry(name).or_default().push(measured);
        }
        done.commit(ctx, table);
    }
    Ok((units, metrics))
}
