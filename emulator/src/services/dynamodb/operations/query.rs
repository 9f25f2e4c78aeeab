//! Query: the items of one partition of a table or index, in the order of their sort keys.
//!
//! Limits: 1 MB a page, before filters.
//! Errors: `ValidationException`, `ResourceNotFoundException`.
//! Source: API reference "Query".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::attribute_value::Item;
use crate::services::dynamodb::capacity::{Read, Told, Usage};
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::expression::parse_key_condition;
use crate::services::dynamodb::expressions;
use crate::services::dynamodb::paging;
use crate::services::dynamodb::paging::{Sieve, Source};
use crate::services::dynamodb::raw_value::{RawItem, check_item};
use crate::services::dynamodb::selection::selection;
use crate::services::dynamodb::shapes::{Condition, ConsumedCapacity};
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::store::Direction;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub attributes_to_get: Option<Vec<String>>,
    pub conditional_operator: Option<String>,
    pub consistent_read: Option<bool>,
    pub exclusive_start_key: Option<RawItem>,
    pub expression_attribute_names: Option<BTreeMap<String, String>>,
    pub expression_attribute_values: Option<RawItem>,
    pub filter_expression: Option<String>,
    pub index_name: Option<String>,
    pub key_condition_expression: Option<String>,
    pub key_conditions: Option<BTreeMap<String, Condition>>,
    pub limit: Option<i32>,
    pub projection_expression: Option<String>,
    pub query_filter: Option<BTreeMap<String, Condition>>,
    pub return_consumed_capacity: Option<String>,
    pub scan_index_forward: Option<bool>,
    pub select: Option<String>,
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub consumed_capacity: Option<ConsumedCapacity>,
    pub count: Option<i32>,
    pub items: Option<Vec<Item>>,
    pub last_evaluated_key: Option<Item>,
    pub scanned_count: Option<i32>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    expressions::refuse_legacy(&[
        ("AttributesToGet", request.attributes_to_get.is_some()),
        ("ConditionalOperator", request.conditional_operator.is_some()),
        ("KeyConditions", request.key_conditions.is_some()),
        ("QueryFilter", request.query_filter.is_some()),
    ])?;
    let told = Told::parse(request.return_consumed_capacity.as_deref())?;
    let limit = paging::limit(request.limit)?;
    let table = db.table(ctx, request.table_name.as_deref())?;
    let source = Source::new(table, request.index_name.as_deref(), request.consistent_read)?;
    let filter = request.filter_expression.as_deref();
    let projection = request.projection_expression.as_deref();
    let key_condition = request.key_condition_expression.as_deref();
    let mut placeholders = expressions::placeholders(
        request.expression_attribute_names,
        request.expression_attribute_values,
        &[
            ("ProjectionExpression", projection.is_some()),
            ("FilterExpression", filter.is_some()),
            ("KeyConditionExpression", key_condition.is_some()),
        ],
    )?;
    let key_condition = key_condition.ok_or_else(|| {
        DynamoDbError::validation(
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in \
             the request.",
        )
    })?;
    let key = parse_key_condition(key_condition, &mut placeholders, source.schema())?;
    let filter = expressions::filter(filter, &mut placeholders, Some(source.schema()))?;
    let projection = expressions::projection(projection, &mut placeholders)?;
    expressions::check_all_used(&placeholders)?;
    let selection = selection(source, request.select.as_deref(), projection.as_ref())?;
    let direction = match request.scan_index_forward {
        Some(false) => Direction::Backward,
        _ => Direction::Forward,
    };
    let after = match request.exclusive_start_key {
        Some(start) => Some(source.position_within(&check_item(start)?, &key)?),
        None => None,
    };
    let sieve = Sieve {
        limit,
        filter: filter.as_ref(),
        projection: projection.as_ref(),
        count_only: selection.count_only,
    };
    let entries = source.view().query(&key.partition, key.sort.as_ref(), direction, after);
    let page = paging::fill(source.entries(entries, selection), &sieve);
    let units = source.units(Read::new(request.consistent_read).units(page.bytes));
    let last = page.last.as_ref().map(|entry| source.key_item(&entry.item));
    let name = table.name.clone();
    db.answered(ctx, "Query", (&name, Usage::Read), (&units, Some(page.items.len())));
    Ok(Response {
        consumed_capacity: units.tell(told, &name),
        count: Some(page.count),
        items: (!selection.count_only).then_some(page.items),
        last_evaluated_key: last,
        scanned_count: Some(page.scanned),
    })
}
