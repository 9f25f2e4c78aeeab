//! TransactWriteItems: up to 100 writes and checks, all or none.
//!
//! Limits: 1 to 100 actions, no item twice, 4 MB; a token counts for 10 minutes.
//! Errors: `TransactionCanceledException`, `IdempotentParameterMismatchException`,
//! `ValidationException`, `ResourceNotFoundException`.
//! Source: API reference "TransactWriteItems"; recordings of 2025-10-08.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::capacity::{Read, Told, Units, Usage, tell_transaction};
use crate::services::dynamodb::collection_metrics;
use crate::services::dynamodb::error::{CancellationReason, DynamoDbError};
use crate::services::dynamodb::item_write::Decided;
use crate::services::dynamodb::shapes::{ConsumedCapacity, ItemCollectionMetrics};
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::transaction;
use crate::services::dynamodb::transaction::{Planned, TransactWriteItem};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub client_request_token: Option<String>,
    pub return_consumed_capacity: Option<String>,
    pub return_item_collection_metrics: Option<String>,
    pub transact_items: Option<Vec<TransactWriteItem>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub consumed_capacity: Option<Vec<ConsumedCapacity>>,
    pub item_collection_metrics: Option<BTreeMap<String, Vec<ItemCollectionMetrics>>>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    let told = Told::parse(request.return_consumed_capacity.as_deref())?;
    let wanted = collection_metrics::wanted(request.return_item_collection_metrics.as_deref())?;
    let items = request.transact_items.unwrap_or_default();
    transaction::check_count(items.len())?;
    let token = request.client_request_token;
    let digest = transaction::digest(&items);
    let repeated = transaction::is_repeated(ctx, db, token.as_deref(), &digest)?;
    let planned: Vec<Planned> =
        items.into_iter().map(transaction::plan).collect::<Result<_, _>>()?;
    if repeated {
        let units = read_units(ctx, db, planned)?;
        let consumed_capacity = tell_transaction(&units, told, Usage::Read);
        return Ok(Response { consumed_capacity, ..Response::default() });
    }
    let decided = decide(ctx, db, planned)?;
    let mut units: BTreeMap<String, Units> = BTreeMap::new();
    let mut metrics: BTreeMap<String, Vec<ItemCollectionMetrics>> = BTreeMap::new();
    for (name, done) in decided {
        let table = db.table_mut(ctx, Some(&name))?;
        units.entry(table.name.clone()).or_default().add(&done.units.doubled());
        if let Some(measured) = done.collection(table, wanted) {
            metrics.entry(name).or_default().push(measured);
        }
        done.commit(ctx.now(), table);
    }
    if let Some(token) = token {
        db.tokens.insert(ctx.now(), token, digest);
    }
    db.answered_all(ctx, "TransactWriteItems", Usage::Write, &units);
    Ok(Response {
        consumed_capacity: tell_transaction(&units, told, Usage::Write),
        item_collection_metrics: (!metrics.is_empty()).then_some(metrics),
    })
}

/// What it costs to find that the transaction was done before: reading its items.
fn read_units(
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
fn decide(
    ctx: &Context<'_>,
    db: &DynamoDb,
    planned: Vec<Planned>,
) -> Result<Vec<(String, Decided)>, DynamoDbError> {
    let (mut reasons, mut decided) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    let mut size = 0;
    for planned in planned {
        let name = planned.table_name.clone();
        let table = db.table(ctx, name.as_deref())?;
        let write = match planned.write(table) {
            Ok(write) => write,
            Err(error) => {
                reasons.push(transaction::reason(error)?);
                continue;
            }
        };
        if !seen.insert((table.name.clone(), write.key.clone())) {
            return Err(DynamoDbError::validation(
                "Transaction request cannot include multiple operations on one item",
            ));
        }
        match write.decide(table) {
            Ok(done) => {
                size += done.size();
                reasons.push(CancellationReason::None);
                decided.push((table.name.clone(), done));
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
