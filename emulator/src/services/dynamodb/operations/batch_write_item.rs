//! BatchWriteItem: up to 25 puts and deletes, each for itself, none with a condition.
//!
//! Limits: 1 to 25 requests; no item twice. Requests stay unprocessed only where a fault rule says
//! so.
//! Errors: `ValidationException` and `ResourceNotFoundException`, before anything is written.
//! Source: API reference "BatchWriteItem"; recordings of 2025-10-08.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::activity::Counted;
use crate::services::dynamodb::batch;
use crate::services::dynamodb::capacity::{Told, Units, Usage, tell_all};
use crate::services::dynamodb::collection_metrics;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::raw_value::RawItem;
use crate::services::dynamodb::shapes::{ConsumedCapacity, ItemCollectionMetrics};
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::validation::{self, Constraints};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub request_items: Option<BTreeMap<String, Vec<WriteRequest>>>,
    pub return_consumed_capacity: Option<String>,
    pub return_item_collection_metrics: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub consumed_capacity: Option<Vec<ConsumedCapacity>>,
    pub item_collection_metrics: Option<BTreeMap<String, Vec<ItemCollectionMetrics>>>,
    pub unprocessed_items: Option<BTreeMap<String, Vec<WriteRequest>>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct WriteRequest {
    pub delete_request: Option<DeleteRequest>,
    pub put_request: Option<PutRequest>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PutRequest {
    pub item: Option<RawItem>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DeleteRequest {
    pub key: Option<RawItem>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    let mut check = Constraints::default();
    validation::told(&mut check, request.return_consumed_capacity.as_deref());
    let metrics = request.return_item_collection_metrics.as_deref();
    check.one_of("returnItemCollectionMetrics", metrics, &["SIZE", "NONE"]);
    check.done()?;
    let told = Told::parse(request.return_consumed_capacity.as_deref())?;
    let wanted = collection_metrics::wanted(metrics)?;
    let requests = request.request_items.unwrap_or_default();
    let count = batch::check_requests(&requests)?;
    let writes = batch::writes(ctx, db, requests)?;
    let mut units: BTreeMap<String, Units> = BTreeMap::new();
    let mut metrics: BTreeMap<String, Vec<ItemCollectionMetrics>> = BTreeMap::new();
    let mut unprocessed: BTreeMap<String, Vec<WriteRequest>> = BTreeMap::new();
    for (name, write, asked) in writes {
        if ctx.entry_fault().is_some() {
            unprocessed.entry(name).or_default().push(asked);
            continue;
        }
        let table = db.table_mut(ctx, Some(&name))?;
        let done = write.decide(table)?;
        units.entry(table.name.clone()).or_default().add(&done.units(table));
        if let Some(measured) = done.collection(table, wanted) {
            metrics.entry(name).or_default().push(measured);
        }
        done.commit(ctx, table);
    }
    if unprocessed.values().map(Vec::len).sum::<usize>() == count {
        let tables = batch::arns(ctx, db, unprocessed.keys());
        let reason = "TableWriteProvisionedThroughputExceeded";
        return Err(DynamoDbError::ThroughputExceeded { reason, tables });
    }
    for (name, left) in &unprocessed {
        db.count(ctx, name, Counted::WriteThrottle, left.len());
    }
    db.answered_all(ctx, "BatchWriteItem", Usage::Write, &units);
    Ok(Response {
        consumed_capacity: tell_all(&units, told),
        item_collection_metrics: (!metrics.is_empty()).then_some(metrics),
        unprocessed_items: Some(unprocessed),
    })
}
