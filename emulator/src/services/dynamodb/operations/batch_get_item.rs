//! BatchGetItem: reads up to 100 items by their keys.
//!
//! Limits: 1 to 100 keys, 16 MB; keys beyond 16 MB come back as UnprocessedKeys.
//! Errors: `ValidationException`, `ResourceNotFoundException`.
//! Source: API reference "BatchGetItem".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::activity::Counted;
use crate::services::dynamodb::batch;
use crate::services::dynamodb::capacity::{Read, Told, Units, Usage, tell_all};
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::item_read::read_item;
use crate::services::dynamodb::raw_value::RawItem;
use crate::services::dynamodb::shapes::ConsumedCapacity;
use crate::services::dynamodb::shown_item::ShownItem;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::validation::{self, Constraints};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub request_items: Option<BTreeMap<String, KeysAndAttributes>>,
    pub return_consumed_capacity: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub consumed_capacity: Option<Vec<ConsumedCapacity>>,
    pub responses: Option<BTreeMap<String, Vec<ShownItem>>>,
    pub unprocessed_keys: Option<BTreeMap<String, KeysAndAttributes>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct KeysAndAttributes {
    pub attributes_to_get: Option<Vec<String>>,
    pub consistent_read: Option<bool>,
    pub expression_attribute_names: Option<BTreeMap<String, String>>,
    pub keys: Option<Vec<RawItem>>,
    pub projection_expression: Option<String>,
}

/// Bytes of all items read.
const BYTES_MAX: usize = 16 * 1024 * 1024;

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    let mut check = Constraints::default();
    validation::told(&mut check, request.return_consumed_capacity.as_deref());
    check.done()?;
    let told = Told::parse(request.return_consumed_capacity.as_deref())?;
    let wanted = request.request_items.unwrap_or_default();
    let count = batch::check_keys(&wanted)?;
    // The parameters of all tables are in order before any of them is looked for.
    let mut projections = Vec::new();
    for wanted in wanted.values() {
        projections.push(batch::projection(wanted)?);
    }
    let mut units: BTreeMap<String, Units> = BTreeMap::new();
    let (mut responses, mut unprocessed) = (BTreeMap::new(), BTreeMap::new());
    let (mut size, mut left_in_all) = (0, 0);
    let mut throttles = Vec::new();
    for ((name, mut wanted), projection) in wanted.into_iter().zip(projections) {
        let table = db.table(ctx, Some(&name))?;
        let read = Read::new(wanted.consistent_read);
        let mut items: Vec<ShownItem> = Vec::new();
        let mut left: Vec<RawItem> = Vec::new();
        let mut throttled = 0;
        for key in wanted.keys.take().unwrap_or_default() {
            let is_throttled = size < BYTES_MAX && ctx.entry_fault().is_some();
            if size >= BYTES_MAX || is_throttled {
                throttled += usize::from(is_throttled);
                left.push(key);
                continue;
            }
            let (item, bytes) = read_item(table, Some(key), projection.as_ref())?;
            size += bytes;
            let used = Units::of_table(read.units(bytes));
            units.entry(table.name.clone()).or_default().add(&used);
            items.extend(item);
        }
        responses.insert(name.clone(), items);
        left_in_all += left.len();
        throttles.push((name.clone(), throttled));
        if !left.is_empty() {
            unprocessed.insert(name, KeysAndAttributes { keys: Some(left), ..wanted });
        }
    }
    if left_in_all == count {
        let tables = batch::arns(ctx, db, unprocessed.keys());
        let reason = "TableReadProvisionedThroughputExceeded";
        return Err(DynamoDbError::ThroughputExceeded { reason, tables });
    }
    for (name, times) in throttles {
        db.count(ctx, &name, Counted::ReadThrottle, times);
    }
    db.answered_all(ctx, "BatchGetItem", Usage::Read, &units);
    Ok(Response {
        consumed_capacity: tell_all(&units, told),
        responses: Some(responses),
        unprocessed_keys: Some(unprocessed),
    })
}
