//! TransactGetItems: reads up to 100 items as of one moment.
//!
//! Limits: 1 to 100 items, 4 MB.
//! Errors: `ValidationException`, `ResourceNotFoundException`.
//! Source: API reference "TransactGetItems"; recordings of 2026-01-08.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::attribute_value::Item;
use crate::services::dynamodb::capacity::{Read, Told, Units, Usage, tell_transaction};
use crate::services::dynamodb::error::{CancellationReason, DynamoDbError};
use crate::services::dynamodb::expression::Projection;
use crate::services::dynamodb::expressions;
use crate::services::dynamodb::item_write::missing;
use crate::services::dynamodb::raw_value::{RawItem, check_item};
use crate::services::dynamodb::shapes::ConsumedCapacity;
use crate::services::dynamodb::shown_item::ShownItem;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::store::{PrimaryKey, Table};
use crate::services::dynamodb::transaction;
use crate::services::dynamodb::validation::{self, Constraints};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub return_consumed_capacity: Option<String>,
    pub transact_items: Option<Vec<TransactGetItem>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub consumed_capacity: Option<Vec<ConsumedCapacity>>,
    pub responses: Option<Vec<ItemResponse>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TransactGetItem {
    pub get: Option<Get>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Get {
    pub expression_attribute_names: Option<BTreeMap<String, String>>,
    pub key: Option<RawItem>,
    pub projection_expression: Option<String>,
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ItemResponse {
    pub item: Option<ShownItem>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    let mut check = Constraints::default();
    validation::told(&mut check, request.return_consumed_capacity.as_deref());
    check.required("transactItems", request.transact_items.as_ref());
    check.done()?;
    let told = Told::parse(request.return_consumed_capacity.as_deref())?;
    let items = request.transact_items.unwrap_or_default();
    transaction::check_count(&items, "TransactGetItem")?;
    let mut gets = Vec::new();
    for (at, item) in (1..).zip(items) {
        let missing = |member: &str| missing(&format!("transactItems.{at}.member.{member}"));
        let get = item.get.ok_or_else(|| missing("get"))?;
        let key = check_item(get.key.ok_or_else(|| missing("get.key"))?)?;
        let source = get.projection_expression.as_deref();
        let projection = expressions::lone_projection(source, get.expression_attribute_names)?;
        let table = db.table(ctx, get.table_name.as_deref())?;
        gets.push((table, key, projection));
    }
    let keys = keys(&gets)?;
    let mut units: BTreeMap<String, Units> = BTreeMap::new();
    let mut responses = Vec::new();
    let mut size = 0;
    for ((table, _, projection), key) in gets.iter().zip(&keys) {
        let stored = table.get(key);
        let bytes = stored.map_or(0, |stored| stored.size);
        size += bytes;
        let read = Units::of_table(Read::Transactional.units(bytes));
        units.entry(table.name.clone()).or_default().add(&read);
        let item = stored.map(|stored| match projection {
            Some(projection) => projection.apply(&stored.item).into(),
            None => ShownItem::shared(stored),
        });
        let item = item.filter(|item: &ShownItem| !item.attributes().is_empty());
        responses.push(ItemResponse { item });
    }
    transaction::check_size(size)?;
    db.answered_all(ctx, "TransactGetItems", Usage::Read, &units);
    Ok(Response {
        consumed_capacity: tell_transaction(&units, told, Usage::Read),
        responses: Some(responses),
    })
}

/// The keys to read. Keys that do not fit, also empty ones, cancel the transaction.
fn keys(gets: &[(&Table, Item, Option<Projection>)]) -> Result<Vec<PrimaryKey>, DynamoDbError> {
    let (mut keys, mut reasons) = (Vec::new(), Vec::new());
    for (table, key, _) in gets {
        match table.schema.key_of_key(key) {
            Ok(key) => {
                keys.push(key);
                reasons.push(CancellationReason::None);
            }
            Err(error) => reasons.push(CancellationReason::ValidationError(error.to_string())),
        }
    }
    if keys.len() < gets.len() {
        return Err(DynamoDbError::TransactionCanceled { reasons });
    }
    let mut seen = BTreeSet::new();
    if !gets.iter().zip(&keys).all(|((table, ..), key)| seen.insert((&table.name, key))) {
        return Err(DynamoDbError::validation(
            "Transaction request cannot include multiple operations on one item",
        ));
    }
    Ok(keys)
}
