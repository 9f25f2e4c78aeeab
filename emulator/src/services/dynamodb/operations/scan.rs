//! Scan: all items of a table or index, in the order of their partitions' hashes.
//!
//! Limits: 1 MB a page, before filters; 1,000,000 segments.
//! Errors: `ValidationException`, `ResourceNotFoundException`.
//! Source: API reference "Scan".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::attribute_value::Item;
use crate::services::dynamodb::capacity::{Read, Told, Usage};
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::paging;
use crate::services::dynamodb::paging::Source;
use crate::services::dynamodb::raw_value::{RawItem, check_item};
use crate::services::dynamodb::reading::Parameters;
use crate::services::dynamodb::segment::{SEGMENTS_MAX, segment};
use crate::services::dynamodb::selection::selection;
use crate::services::dynamodb::shapes::{Condition, ConsumedCapacity};
use crate::services::dynamodb::shown_item::ShownItem;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::store::Position;
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
    pub limit: Option<i32>,
    pub projection_expression: Option<String>,
    pub return_consumed_capacity: Option<String>,
    pub scan_filter: Option<BTreeMap<String, Condition>>,
    pub segment: Option<i32>,
    pub select: Option<String>,
    pub table_name: Option<String>,
    pub total_segments: Option<i32>,
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
    let segment = segment(request.segment, request.total_segments)?;
    let parameters = Parameters {
        attributes_to_get: request.attributes_to_get,
        filter: request.filter_expression,
        legacy_filter: request.scan_filter,
        names: request.expression_attribute_names,
        operator: request.conditional_operator,
        projection: request.projection_expression,
        values: request.expression_attribute_values,
        what: "ScanFilter",
    };
    let (_, read) = parameters.read(None)?;
    let table = db.table(ctx, request.table_name.as_deref())?;
    let index = request.index_name.as_deref();
    let source = Source::new(ctx, table, index, request.consistent_read)?;
    let selection = selection(
        source,
        request.select.as_deref(),
        (read.projection_parameter, read.projection.as_ref()),
    )?;
    let after = match request.exclusive_start_key {
        Some(start) => Some(start_of(source, &check_item(start)?, segment)?),
        None => None,
    };
    let entries = source.view().scan(segment, after);
    let page = paging::fill(source.entries(entries, selection), &read.sieve(limit, selection));
    let units = source.units(Read::new(request.consistent_read), &page);
    let last = page.last.as_ref().map(|entry| source.key_item(&entry.item));
    let name = table.name.clone();
    db.answered(ctx, "Scan", (&name, Usage::Read), (&units, Some(page.items.len())));
    Ok(Response {
        consumed_capacity: units.tell(told, &name),
        count: Some(page.count),
        items: (!selection.count_only).then_some(page.items),
        last_evaluated_key: last,
        scanned_count: Some(page.scanned),
    })
}

/// Where the scan of a segment begins.
///
/// Source: users' reports of AWS's answers; Query has other words.
fn start_of(
    source: Source<'_>,
    start: &Item,
    segment: (u32, u32),
) -> Result<Position, DynamoDbError> {
    let position = source.position(start).map_err(|error| match source.index {
        Some(_) => error,
        None => DynamoDbError::validation(
            "The provided starting key is invalid: The provided key element does not match the \
             schema",
        ),
    })?;
    if position.is_in(segment) {
        return Ok(position);
    }
    Err(DynamoDbError::validation(format!(
        "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use \
         ExclusiveStartKey with correct Segment. TotalSegments: {} Segment: {}",
        segment.1, segment.0
    )))
}

/// What AWS checks by its model.
fn check(request: &Request) -> Result<(), DynamoDbError> {
    let mut check = Constraints::default();
    validation::told(&mut check, request.return_consumed_capacity.as_deref());
    validation::limit(&mut check, request.limit);
    check.one_of("conditionalOperator", request.conditional_operator.as_deref(), &["OR", "AND"]);
    validation::select(&mut check, request.select.as_deref());
    check.range("totalSegments", request.total_segments, (1, SEGMENTS_MAX));
    check.range("segment", request.segment, (0, SEGMENTS_MAX - 1));
    validation::table(&mut check, request.table_name.as_deref());
    if let Some(name) = request.index_name.as_deref() {
        validation::name(&mut check, "indexName", name);
    }
    Ok(check.done()?)
}
