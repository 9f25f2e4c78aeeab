//! PutItem: writes a whole item, replacing one of the same key.
//!
//! Limits: item 400 KB; partition key 2048 bytes, sort key 1024 bytes.
//! Errors: `ValidationException`, `ResourceNotFoundException`, `ConditionalCheckFailedException`.
//! Source: API reference "PutItem"; recordings of 2025-10-08.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::attribute_value::Item;
use crate::services::dynamodb::capacity::{Told, Usage};
use crate::services::dynamodb::collection_metrics;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::expressions;
use crate::services::dynamodb::item_write::{Write, missing};
use crate::services::dynamodb::legacy::{self, Mixing, Operator};
use crate::services::dynamodb::raw_value::{RawItem, check_item};
use crate::services::dynamodb::return_values::ReturnValues;
use crate::services::dynamodb::shapes::{
    ConsumedCapacity, ExpectedAttributeValue, ItemCollectionMetrics,
};
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::validation::WriteMembers;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub condition_expression: Option<String>,
    pub conditional_operator: Option<String>,
    pub expected: Option<BTreeMap<String, ExpectedAttributeValue>>,
    pub expression_attribute_names: Option<BTreeMap<String, String>>,
    pub expression_attribute_values: Option<RawItem>,
    pub item: Option<RawItem>,
    pub return_consumed_capacity: Option<String>,
    pub return_item_collection_metrics: Option<String>,
    pub return_values: Option<String>,
    pub return_values_on_condition_check_failure: Option<String>,
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub attributes: Option<Item>,
    pub consumed_capacity: Option<ConsumedCapacity>,
    pub item_collection_metrics: Option<ItemCollectionMetrics>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    WriteMembers {
        told: &request.return_consumed_capacity,
        values: &request.return_values,
        metrics: &request.return_item_collection_metrics,
        on_failure: &request.return_values_on_condition_check_failure,
        operator: &request.conditional_operator,
        table: &request.table_name,
        target: ("item", request.item.is_some()),
    }
    .check()?;
    let source = request.condition_expression.as_deref();
    let (expected, operator) = (request.expected, request.conditional_operator.as_deref());
    let given = [("ConditionExpression", source.is_some())];
    let before = [("Expected", expected.is_some()), ("ConditionalOperator", operator.is_some())];
    Mixing { legacy: &before, expressions: &given }.check()?;
    let told = Told::parse(request.return_consumed_capacity.as_deref())?;
    let metrics = collection_metrics::wanted(request.return_item_collection_metrics.as_deref())?;
    let values = ReturnValues::parse_old(request.return_values.as_deref())?;
    let mut placeholders = expressions::placeholders(
        request.expression_attribute_names,
        request.expression_attribute_values,
        &given,
    )?;
    let condition = expressions::condition(source, &mut placeholders)?;
    expressions::check_all_used(&placeholders)?;
    let operator = Operator::read(operator, expected.as_ref().map(BTreeMap::len))?;
    let condition = condition.or(legacy::expected(expected, operator)?);
    let on_failure = request.return_values_on_condition_check_failure.as_deref();
    let table = db.table_mut(ctx, request.table_name.as_deref())?;
    let item = check_item(request.item.ok_or_else(|| missing("item"))?)?;
    let write = Write::put(table, item)?;
    let done = write.when(condition, on_failure)?.decide(table)?;
    let response = Response {
        attributes: values.attributes(&done, None),
        consumed_capacity: done.tell(told, table),
        item_collection_metrics: done.collection(table, metrics),
    };
    let (name, units) = (table.name.clone(), done.units(table));
    done.commit(ctx, table);
    db.answered(ctx, "PutItem", (&name, Usage::Write), (&units, None));
    Ok(response)
}
