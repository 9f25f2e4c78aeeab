//! What batches may ask for: the checks that come before anything is read or written.

use std::collections::{BTreeMap, BTreeSet};

use super::error::DynamoDbError;
use super::expression::Projection;
use super::expressions;
use super::item_write::{Action, Write, missing};
use super::java_text;
use super::legacy::{self, Mixing};
use super::operations::batch_get_item::KeysAndAttributes;
use super::operations::batch_write_item::WriteRequest;
use super::raw_value::check_item;
use super::state::DynamoDb;
use crate::kernel::Context;

/// Keys of a BatchGetItem.
const KEYS_MAX: usize = 100;
/// Requests of a BatchWriteItem.
const REQUESTS_MAX: usize = 25;

/// Which parts of a table's items are wanted.
pub(super) fn projection(wanted: &KeysAndAttributes) -> Result<Option<Projection>, DynamoDbError> {
    let source = wanted.projection_expression.as_deref();
    Mixing {
        legacy: &[("AttributesToGet", wanted.attributes_to_get.is_some())],
        expressions: &[("ProjectionExpression", source.is_some())],
    }
    .check()?;
    let names = wanted.expression_attribute_names.clone();
    let projection = expressions::lone_projection(source, names)?;
    Ok(projection.or(legacy::attributes_to_get(wanted.attributes_to_get.clone())?))
}

/// How many keys there are, if the request is in order.
pub(super) fn check_keys(
    wanted: &BTreeMap<String, KeysAndAttributes>,
) -> Result<usize, DynamoDbError> {
    if wanted.is_empty() {
        return Err(DynamoDbError::validation(
            "The requestItems parameter is required for BatchGetItem",
        ));
    }
    let keys = |wanted: &KeysAndAttributes| wanted.keys.as_ref().map_or(0, Vec::len);
    for (name, wanted) in wanted {
        let bound = match keys(wanted) {
            0 => "Member must have length greater than or equal to 1",
            1..=KEYS_MAX => continue,
            _ => "Member must have length less than or equal to 100",
        };
        return Err(DynamoDbError::validation(format!(
            "1 validation error detected: Value at 'RequestItems.{name}.member.Keys' failed to \
             satisfy constraint: {bound}"
        )));
    }
    let count = wanted.values().map(keys).sum();
    if count > KEYS_MAX {
        return Err(DynamoDbError::validation(
            "Too many items requested for the BatchGetItem call",
        ));
    }
    for wanted in wanted.values() {
        let keys = wanted.keys.as_deref().unwrap_or_default();
        if keys.iter().enumerate().any(|(at, key)| keys[..at].contains(key)) {
            return Err(DynamoDbError::validation(
                "Provided list of item keys contains duplicates",
            ));
        }
    }
    Ok(count)
}

/// How many requests there are, if there are neither too few nor too many.
pub(super) fn check_requests(
    requests: &BTreeMap<String, Vec<WriteRequest>>,
) -> Result<usize, DynamoDbError> {
    if requests.is_empty() {
        return Err(DynamoDbError::validation(
            "The requestItems parameter is required for BatchWriteItem",
        ));
    }
    if requests.values().any(|list| !(1..=REQUESTS_MAX).contains(&list.len())) {
        let tables: Vec<String> = requests
            .iter()
            .map(|(name, list)| {
                format!("{name}={}", java_text::list(list, java_text::write_request))
            })
            .collect();
        return Err(DynamoDbError::constraint(
            Some(&format!("{{{}}}", tables.join(", "))),
            "requestItems",
            "Map value must satisfy constraint: [Member must have length less than or equal to \
             25, Member must have length greater than or equal to 1]",
        ));
    }
    let count = requests.values().map(Vec::len).sum();
    if count > REQUESTS_MAX {
        return Err(DynamoDbError::validation(
            "Too many items requested for the BatchWriteItem call",
        ));
    }
    Ok(count)
}

/// A write of the table of this name, and the request for it.
pub(super) type Asked = (String, Write, WriteRequest);

/// The writes that are asked for, against the tables as they are.
pub(super) fn writes(
    ctx: &Context<'_>,
    db: &DynamoDb,
    requests: BTreeMap<String, Vec<WriteRequest>>,
) -> Result<Vec<Asked>, DynamoDbError> {
    let mut writes = Vec::new();
    let mut seen = BTreeSet::new();
    for (name, requests) in requests {
        let table = db.table(ctx, Some(&name))?;
        for request in requests {
            let asked = request.clone();
            let write = match (request.put_request, request.delete_request) {
                (Some(put), None) => {
                    let item = check_item(put.item.ok_or_else(|| missing("item"))?)?;
                    // AWS looks at the key alone first, and says no more of it.
                    table.schema.key_of_key(&table.schema.pick(&item))?;
                    Write::put(table, item)?
                }
                (None, Some(delete)) => {
                    let key = check_item(delete.key.ok_or_else(|| missing("key"))?)?;
                    Write::at_key(table, key, Action::Delete)?
                }
                _ => {
                    return Err(DynamoDbError::validation(
                        "Supplied WriteRequest must contain exactly one of PutRequest and \
                         DeleteRequest",
                    ));
                }
            };
            if !seen.insert((table.name.clone(), write.key.clone())) {
                return Err(DynamoDbError::validation(
                    "Provided list of item keys contains duplicates",
                ));
            }
            writes.push((name.clone(), write, asked));
        }
    }
    Ok(writes)
}

/// The ARNs of the tables of these names.
pub(super) fn arns<'n>(
    ctx: &Context<'_>,
    db: &DynamoDb,
    names: impl Iterator<Item = &'n String>,
) -> Vec<String> {
    names.filter_map(|name| Some(db.table(ctx, Some(name)).ok()?.arn.clone())).collect()
}
