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
use crate::services::dynamodb::expressions;
use crate::services::dynamodb::paging;
use crate::services::dynamodb::paging::Source;
use crate::services::dynamodb::raw_value::{RawItem, check_item};
use crate::services::dynamodb::reading::{Parameters, Wanted};
use crate::services::dynamodb::selection::selection;
use crate::services::dynamodb::shapes::{Condition, ConsumedCapacity};
use crate::services::dynamodb::shown_item::ShownItem;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::store::Direction;
use crate::services::dynamodb::validation::{self, Constraints};

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
    pub items: Option<Vec<ShownItem>>,
    pub last_evaluated_key: Option<Item>,
    pub scanned_count: Option<i32>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    check(&request)?;
    let told = Told::parse(request.return_consumed_capacity.as_deref())?;
    let limit = paging::limit(request.limit);
    let wanted = Wanted::read(
        request.key_condition_expression,
        request.key_conditions,
        Parameters {
            attributes_to_get: request.attributes_to_get,
            filter: request.filter_expression,
            legacy_filter: request.query_filter,
            names: request.expression_attribute_names,
            operator: request.conditional_operator,
            projection: request.projection_expression,
            values: request.expression_attribute_values,
            what: "QueryFilter",
        },
    )?;
    let table = db.table(ctx, request.table_name.as_deref())?;
    let index = request.index_name.as_deref();
    let source = Source::new(ctx, table, index, request.consistent_read)?;
    let key = wanted.key.against(source.schema())?;
    let read = &wanted.read;
    expressions::check_filter(read.filter_parameter, read.filter.as_ref(), source.schema())?;
    let selection = selection(
        source,
        request.select.as_deref(),
        (read.projection_parameter, read.projection.as_ref()),
    )?;
    let direction = match request.scan_index_forward {
        Some(false) => Direction::Backward,
        _ => Direction::Forward,
    };
    let after = match request.exclusive_start_key {
        Some(start) => Some(source.position_within(&check_item(start)?, &key)?),
        None => None,
    };
    let entries = source.view().query(&key.partition, key.sort.as_ref(), direction, after);
    let page = paging::fill(source.entries(entries, selection), &read.sieve(limit, selection));
    let units = source.units(Read::new(request.consistent_read), &page);
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

/// What AWS checks by its model.
fn check(request: &Request) -> Result<(), DynamoDbError> {
    let mut check = Constraints::default();
    validation::told(&mut check, request.return_consumed_capacity.as_deref());
    validation::limit(&mut check, request.limit);
    check.one_of("conditionalOperator", request.conditional_operator.as_deref(), &["OR", "AND"]);
    validation::select(&mut check, request.select.as_deref());
    validation::table(&mut check, request.table_name.as_deref());
    if let Some(name) = request.index_name.as_deref() {
        validation::name(&mut check, "indexName", name);
    }
    Ok(check.done()?)
}
