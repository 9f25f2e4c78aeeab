//! UpdateItem: changes parts of an item, or makes it.
//!
//! Limits: the item afterwards has at most 400 KB.
//! Errors: `ValidationException`, `ResourceNotFoundException`, `ConditionalCheckFailedException`.
//! Source: API reference "UpdateItem".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::attribute_value::Item;
use crate::services::dynamodb::capacity::{Told, Usage};
use crate::services::dynamodb::collection_metrics;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::expression::{Update, UpdateError};
use crate::services::dynamodb::expressions;
use crate::services::dynamodb::item_write::{Action, Write, missing};
use crate::services::dynamodb::legacy::{self, Mixing, Operator};
use crate::services::dynamodb::raw_value::{RawItem, check_item};
use crate::services::dynamodb::return_values::ReturnValues;
use crate::services::dynamodb::shapes::{
    AttributeValueUpdate, ConsumedCapacity, ExpectedAttributeValue, ItemCollectionMetrics,
};
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::validation::WriteMembers;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub attribute_updates: Option<BTreeMap<String, AttributeValueUpdate>>,
    pub condition_expression: Option<String>,
    pub conditional_operator: Option<String>,
    pub expected: Option<BTreeMap<String, ExpectedAttributeValue>>,
    pub expression_attribute_names: Option<BTreeMap<String, String>>,
    pub expression_attribute_values: Option<RawItem>,
    pub key: Option<RawItem>,
    pub return_consumed_capacity: Option<String>,
    pub return_item_collection_metrics: Option<String>,
    pub return_values: Option<String>,
    pub return_values_on_condition_check_failure: Option<String>,
    pub table_name: Option<String>,
    pub update_expression: Option<String>,
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
        target: ("key", request.key.is_some()),
    }
    .check()?;
    let condition = request.condition_expression.as_deref();
    let update = request.update_expression.as_deref();
    let (expected, operator) = (request.expected, request.conditional_operator.as_deref());
    let is_legacy = request.attribute_updates.is_some();
    let given =
        [("UpdateExpression", update.is_some()), ("ConditionExpression", condition.is_some())];
    let before = [
        ("AttributeUpdates", is_legacy),
        ("Expected", expected.is_some()),
        ("ConditionalOperator", operator.is_some()),
    ];
    Mixing { legacy: &before, expressions: &given }.check()?;
    let told = Told::parse(request.return_consumed_capacity.as_deref())?;
    let metrics = collection_metrics::wanted(request.return_item_collection_metrics.as_deref())?;
    let values = ReturnValues::parse(request.return_values.as_deref())?;
    let mut placeholders = expressions::placeholders(
        request.expression_attribute_names,
        request.expression_attribute_values,
        &given,
    )?;
    let update = expressions::update(update, &mut placeholders)?;
    let condition = expressions::condition(condition, &mut placeholders)?;
    expressions::check_all_used(&placeholders)?;
    let operator = Operator::read(operator, expected.as_ref().map(BTreeMap::len))?;
    let condition = condition.or(legacy::expected(expected, operator)?);
    let update = update.or(legacy::attribute_updates(request.attribute_updates)?);
    let updated = update.as_ref().map(Update::projection);
    let on_failure = request.return_values_on_condition_check_failure.as_deref();
    let table = db.table_mut(ctx, request.table_name.as_deref())?;
    let key = check_item(request.key.ok_or_else(|| missing("key"))?)?;
    let write = Write::at_key(table, key, Action::Update(update))?;
    let decided = write.when(condition, on_failure)?.decide(table).map_err(|error| match error {
        DynamoDbError::Update(UpdateError::OperandType) if is_legacy => {
            DynamoDbError::validation("Type mismatch for attribute to update")
        }
        other => other,
    });
    let done = decided?;
    let response = Response {
        attributes: values.attributes(&done, updated.as_ref()),
        consumed_capacity: done.tell(told, table),
        item_collection_metrics: done.collection(table, metrics),
    };
    let (name, units) = (table.name.clone(), done.units(table));
    done.commit(ctx, table);
    db.answered(ctx, "UpdateItem", (&name, Usage::Write), (&units, None));
    Ok(response)
}
