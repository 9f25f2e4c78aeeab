//! GlobalSecondaryIndexUpdates: indexes that are added to a table, change, or go.
//!
//! Source: Developer Guide, "Managing global secondary indexes"; texts from users' reports.
//! Unverified: the texts about updates that name nothing, or an index that is not there.

use std::time::Duration;

use super::error::DynamoDbError;
use super::index_definition::{Definitions, GLOBAL_INDEXES_MAX, global_index};
use super::settings::check_throughput;
use super::shapes::{
    AttributeDefinition, CreateGlobalSecondaryIndexAction, GlobalSecondaryIndex,
    GlobalSecondaryIndexUpdate, UpdateGlobalSecondaryIndexAction,
};
use super::store::{CREATING, DELETING, IndexKind, PASSING_TIME, SecondaryIndex, Table, UPDATING};
use super::throughput::check_changes;
use crate::kernel::{Context, Passing};

/// How long an index is filled where states are timed: longer than its table is being updated.
const BACKFILL_TIME: Duration = Duration::from_secs(2 * PASSING_TIME.as_secs());

/// What is to be done, with everything checked.
pub(super) struct Plan {
    created: Option<SecondaryIndex>,
    deleted: Option<String>,
    updated: Vec<UpdateGlobalSecondaryIndexAction>,
}

/// Reads the updates against the table, whose billing mode will be `pay_per_request`.
///
/// # Errors
/// Validation; `LimitExceededException` for more than one index that is made or goes;
/// `ResourceInUseException` and `ResourceNotFoundException` for one that is not ready or not there.
pub(super) fn plan(
    ctx: &Context<'_>,
    table: &Table,
    pay_per_request: bool,
    updates: Vec<GlobalSecondaryIndexUpdate>,
    definitions: Option<&[AttributeDefinition]>,
) -> Result<Plan, DynamoDbError> {
    let changing = table.indexes.values().filter(|index| {
        let status = index.status(ctx);
        status == CREATING || status == DELETING
    });
    let mut online = changing.count();
    let mut plan = Plan { created: None, deleted: None, updated: Vec::new() };
    for update in updates {
        match (update.create, update.delete, update.update) {
            (Some(create), None, None) => {
                online += 1;
                plan.created = Some(created(table, pay_per_request, create, definitions)?);
            }
            (None, Some(delete), None) => {
                online += 1;
                plan.deleted = Some(find(ctx, table, delete.index_name)?.name.clone());
            }
            (None, None, Some(update)) => {
                let index = find(ctx, table, update.index_name.clone())?;
                if let Some(new) = &update.provisioned_throughput {
                    check_throughput(pay_per_request, Some(new))?;
                    let what = format!("index {}", index.name);
                    check_changes(&what, index.throughput.as_ref(), new)?;
                }
                plan.updated.push(update);
            }
            _ => {
                return Err(DynamoDbError::invalid(
                    "Only one global secondary index update per index is allowed simultaneously. \
                     Exactly one of Create, Delete and Update must be specified",
                ));
            }
        }
    }
    if online > 1 {
        return Err(DynamoDbError::LimitExceeded(
            "Subscriber limit exceeded: Only 1 online index can be created or deleted \
             simultaneously per table"
                .to_owned(),
        ));
    }
    Ok(plan)
}

fn created(
    table: &Table,
    pay_per_request: bool,
    create: CreateGlobalSecondaryIndexAction,
    definitions: Option<&[AttributeDefinition]>,
) -> Result<SecondaryIndex, DynamoDbError> {
    check_throughput(pay_per_request, create.provisioned_throughput.as_ref())?;
    let definitions = Definitions::new(definitions.unwrap_or_default())?;
    let index = global_index(
        &definitions,
        GlobalSecondaryIndex {
            index_name: create.index_name,
            key_schema: create.key_schema,
            on_demand_throughput: create.on_demand_throughput,
            projection: create.projection,
            provisioned_throughput: create.provisioned_throughput,
            warm_throughput: create.warm_throughput,
        },
    )?;
    if table.indexes.contains_key(&index.name) {
        return Err(DynamoDbError::validation(
            "Attempting to create an index which already exists",
        ));
    }
    let global = table.indexes.values().filter(|index| index.kind == IndexKind::Global);
    if global.count() >= GLOBAL_INDEXES_MAX {
        return Err(DynamoDbError::LimitExceeded(format!(
            "Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit \
             of {GLOBAL_INDEXES_MAX}"
        )));
    }
    let differs = |new: &super::store::KeyAttribute| {
        let mut keys = table.schema.attributes();
        let mut keys_of_indexes = table.indexes.values().flat_map(|it| it.schema.attributes());
        let other =
            |old: &super::store::KeyAttribute| old.name == new.name && old.key_type != new.key_type;
        keys.any(other) || keys_of_indexes.any(other)
    };
    if let Some(attribute) = index.schema.attributes().find(|attribute| differs(attribute)) {
        return Err(DynamoDbError::invalid(format!(
            "Attempting to redefine the type of a key attribute: {}",
            attribute.name
        )));
    }
    Ok(index)
}

/// The global index of this name, ready to be changed.
fn find<'t>(
    ctx: &Context<'_>,
    table: &'t Table,
    name: Option<String>,
) -> Result<&'t SecondaryIndex, DynamoDbError> {
    let name = name.unwrap_or_default();
    let index = table.indexes.get(&name);
    let index = index.filter(|index| index.kind == IndexKind::Global && !index.is_deleted());
    let index = index.ok_or_else(|| {
        DynamoDbError::ResourceNotFound(format!(
            "Requested resource not found: Index: {name} not found"
        ))
    })?;
    if index.status(ctx) == "ACTIVE" {
        return Ok(index);
    }
    Err(DynamoDbError::InUse(format!(
        "Attempt to change a resource which is still in use: Index is being {}: {name}",
        if index.status(ctx) == CREATING { "created" } else { "updated" }
    )))
}

/// Does it.
pub(super) fn carry_out(
    ctx: &Context<'_>,
    table: &mut Table,
    plan: Plan,
    definitions: Option<Vec<AttributeDefinition>>,
) {
    if let Some(name) = &plan.deleted
        && let Some(index) = table.indexes.get_mut(name)
    {
        index.passing = Some(Passing::begin(ctx, DELETING, PASSING_TIME));
    }
    for update in plan.updated {
        let name = update.index_name.unwrap_or_default();
        let Some(index) = table.indexes.get_mut(&name) else { continue };
        index.throughput = update.provisioned_throughput.or(index.throughput.take());
        index.on_demand = update.on_demand_throughput.or(index.on_demand.take());
        index.warm = update.warm_throughput.or(index.warm.take());
        index.passing = Some(Passing::begin(ctx, UPDATING, PASSING_TIME));
    }
    let Some(mut index) = plan.created else { return };
    index.passing = Some(Passing::begin(ctx, CREATING, BACKFILL_TIME));
    let known: Vec<_> =
        table.definitions.iter().filter_map(|it| it.attribute_name.clone()).collect();
    let is_new = |it: &AttributeDefinition| {
        it.attribute_name.as_ref().is_some_and(|name| !known.contains(name))
    };
    table.definitions.extend(definitions.unwrap_or_default().into_iter().filter(is_new));
    let name = index.name.clone();
    table.indexes.insert(name.clone(), index);
    table.forget_unused_definitions();
    table.backfill(&name);
}
