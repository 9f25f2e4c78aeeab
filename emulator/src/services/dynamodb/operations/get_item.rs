//! GetItem: reads one item by its key. Every read is consistent; the price depends on what was
//! asked.
//!
//! Errors: `ValidationException`, `ResourceNotFoundException`.
//! Source: API reference "GetItem".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::capacity::{Read, Told, Units, Usage};
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::expressions;
use crate::services::dynamodb::item_read::read_item;
use crate::services::dynamodb::legacy::{self, Mixing};
use crate::services::dynamodb::raw_value::RawItem;
use crate::services::dynamodb::shapes::ConsumedCapacity;
use crate::services::dynamodb::shown_item::ShownItem;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::validation::{self, Constraints};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub attributes_to_get: Option<Vec<String>>,
    pub consistent_read: Option<bool>,
    pub expression_attribute_names: Option<BTreeMap<String, String>>,
    pub key: Option<RawItem>,
    pub projection_expression: Option<String>,
    pub return_consumed_capacity: Option<String>,
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub consumed_capacity: Option<ConsumedCapacity>,
    pub item: Option<ShownItem>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    let mut check = Constraints::default();
    validation::told(&mut check, request.return_consumed_capacity.as_deref());
    validation::table(&mut check, request.table_name.as_deref());
    check.required("key", request.key.as_ref());
    check.done()?;
    Mixing {
        legacy: &[("AttributesToGet", request.attributes_to_get.is_some())],
        expressions: &[("ProjectionExpression", request.projection_expression.is_some())],
    }
    .check()?;
    let told = Told::parse(request.return_consumed_capacity.as_deref())?;
    let names = request.expression_attribute_names;
    let projection = expressions::lone_projection(request.projection_expression.as_deref(), names)?;
    let projection = projection.or(legacy::attributes_to_get(request.attributes_to_get)?);
    let table = db.table(ctx, request.table_name.as_deref())?;
    let (item, bytes) = read_item(table, request.key, projection.as_ref())?;
    let units = Units::of_table(Read::new(request.consistent_read).units(bytes));
    let name = table.name.clone();
    db.answered(ctx, "GetItem", (&name, Usage::Read), (&units, None));
    Ok(Response { consumed_capacity: units.tell(told, &name), item })
}
