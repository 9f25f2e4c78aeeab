//! TransactGetItems: reads up to 100 items as of one moment.
//!
//! Limits: 1 to 100 items, 4 MB.
//! Errors: `ValidationException`, `ResourceNotFoundException`.
//! Source: API reference "TransactGetItems"; recordings of 2026-01-08.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::attribute_value::Item;
use crate::services::dynamodb::capacity::{Read, Told, Units, Usage, tell_transaction};
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::expressions;
use crate::services::dynamodb::item_read::read_item;
use crate::services::dynamodb::item_write::missing;
use crate::services::dynamodb::raw_value::RawItem;
use crate::services::dynamodb::shapes::ConsumedCapacity;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::transaction;

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
    pub item: Option<Item>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    let told = Told::parse(request.return_consumed_capacity.as_deref())?;
    let items = request.transact_items.unwrap_or_default();
    transaction::check_count(items.len())?;
    let mut units: BTreeMap<String, Units> = BTreeMap::new();
    let mut responses = Vec::new();
    let mut size = 0;
    for item in items {
        let get = item.get.ok_or_else(|| missing("transactItems.1.member.get"))?;
        let source = get.projection_expression.as_deref();
        let projection = expressions::lone_projection(source, get.expression_attribute_names)?;
        let table = db.table(ctx, get.table_name.as_deref())?;
        let (item, bytes) = read_item(table, get.key, projection.as_ref())?;
        size += bytes;
        let read = Units::of_table(Read::Transactional.units(bytes));
        units.entry(table.name.clone()).or_default().add(&read);
        responses.push(ItemResponse { item });
    }
    transaction::check_size(size)?;
    db.answered_all(ctx, "TransactGetItems", Usage::Read, &units);
    Ok(Response {
        consumed_capacity: tell_transaction(&units, told, Usage::Read),
        responses: Some(responses),
    })
}
