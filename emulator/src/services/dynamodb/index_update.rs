//! GlobalSecondaryIndexUpdates: indexes that are added to a table, change, or go.
//!
//! Source: Developer Guide, "Managing global secondary indexes"; texts as AWS answered in October
//! 2026.

use std::time::Duration;

use super::error::DynamoDbError;
use super::index_definition::{Definitions, GLOBAL_INDEXES_MAX, check_projected, global_index};
use super::key_value::KeyType;
use super::settings::check_on_demand;
use super::shapes::{
    AttributeDefinition, CreateGlobalSecondaryIndexAction, GlobalSecondaryIndex,
    GlobalSecondaryIndexUpdate, UpdateGlobalSecondaryIndexAction,
};
use super::store::{CREATING, DELETING, IndexKind, PASSING_TIME, SecondaryIndex, Table, UPDATING};
use super::table_update::merged;
use super::throughput::{check_changes, check_decrease, note_change};
use super::warm_throughput;
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
    check_types(table, definitions)?;
    let changing = table.indexes.values().filter(|index| {
        let status = index.status(ctx);
        status == CREATING || status == DELETING
    });
    let mut online = changing.count();
    let mut plan = Plan { created: None, deleted: None, updated: Vec::new() };
    let mut named = Vec::new();
    for update in updates {
        let actions = (update.create, update.delete, update.update);
        let name = match &actions {
            (Some(create), None, None) => create.index_name.clone(),
            (None, Some(delete), None) => delete.index_name.clone(),
            (None, None, Some(update)) => update.index_name.clone(),
            (None, None, None) => {
                return Err(DynamoDbError::invalid(
                    "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, \
                     GlobalSecondaryIndexUpdate.Delete must not be null",
                ));
            }
            _ => {
                return Err(DynamoDbError::invalid(
                    "Only one global secondary index action is allowed per \
                     GlobalSecondaryIndexUpdate object",
                ));
            }
        };
        let name = name.unwrap_or_default();
        if named.contains(&name) {
            return Err(DynamoDbError::invalid(format!(
                "Only one global secondary index update per index is allowed simultaneously. \
                 Index: {name}"
            )));
        }
        match actions {
            (Some(create), ..) => {
                online += 1;
                plan.created = Some(created(table, pay_per_request, create, definitions)?);
            }
            (_, Some(_), _) => {
                online += 1;
                plan.deleted = Some(find(ctx, table, &name, "delete")?.name.clone());
            }
            (.., Some(update)) => {
                let index = find(ctx, table, &name, "update")?;
                check_update(ctx, pay_per_request, index, &update)?;
                plan.updated.push(update);
            }
            (None, None, None) => {}
        }
        named.push(name);
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

/// # Errors
/// Validation: capacities that do not fit the billing mode, or that there are.
/// `LimitExceededException`: they were decreased too often today.
fn check_update(
    ctx: &Context<'_>,
    pay_per_request: bool,
    index: &SecondaryIndex,
    update: &UpdateGlobalSecondaryIndexAction,
) -> Result<(), DynamoDbError> {
    let of = format!("index : {}", index.name);
    check_on_demand(pay_per_request, &of, update.on_demand_throughput.as_ref())?;
    let (given, provisioned) = (index.warm.as_ref(), index.throughput.as_ref());
    let current = warm_throughput::current(provisioned.is_none(), given, provisioned);
    let of = format!("index {}", index.name);
    warm_throughput::check(&of, current, update.warm_throughput.as_ref())?;
    let Some(new) = &update.provisioned_throughput else { return Ok(()) };
    if pay_per_request {
        return Err(neither(&index.name));
    }
    let old = index.throughput.as_ref();
    check_changes(&format!("index {}", index.name), old, new)?;
    check_decrease(ctx, &index.changes, old, new)
}

fn neither(index: &str) -> DynamoDbError {
    DynamoDbError::invalid(format!(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: {index} when \
         BillingMode is PAY_PER_REQUEST"
    ))
}

/// Refuses to provision a table whose indexes are not provisioned with it.
///
/// # Errors
/// Validation.
pub(super) fn check_provisioned(table: &Table, plan: &Plan) -> Result<(), DynamoDbError> {
    let updated = |name: &str| {
        plan.updated.iter().any(|update| {
            update.index_name.as_deref() == Some(name) && update.provisioned_throughput.is_some()
        })
    };
    let left = table.indexes.values().filter(|index| {
        index.kind == IndexKind::Global && !index.is_deleted() && !updated(&index.name)
    });
    let left: Vec<&str> = left.map(|index| index.name.as_str()).collect();
    if left.is_empty() {
        return Ok(());
    }
    Err(DynamoDbError::invalid(format!(
        "ProvisionedThroughput must be specified for index: {}",
        left.join(",")
    )))
}

fn created(
    table: &Table,
    pay_per_request: bool,
    create: CreateGlobalSecondaryIndexAction,
    definitions: Option<&[AttributeDefinition]>,
) -> Result<SecondaryIndex, DynamoDbError> {
    let name = create.index_name.clone().unwrap_or_default();
    match (pay_per_request, &create.provisioned_throughput) {
        (true, Some(_)) => return Err(neither(&name)),
        (false, None) => {
            return Err(DynamoDbError::invalid(format!(
                "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: {name}"
            )));
        }
        _ => {}
    }
    let of = format!("index : {name}");
    check_on_demand(pay_per_request, &of, create.on_demand_throughput.as_ref())?;
    let given = definitions.ok_or_else(|| {
        DynamoDbError::invalid(format!("AttributeDefinitions is not specified for index: {name}"))
    })?;
    // Attributes that are keys already need not be defined again.
    let mut all = given.to_vec();
    let defined = |old: &AttributeDefinition| {
        given.iter().any(|new| new.attribute_name == old.attribute_name)
    };
    all.extend(table.definitions.iter().filter(|old| !defined(old)).cloned());
    let definitions = Definitions::new(&all)?;
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
    check_projected(table.indexes.values().filter(|it| !it.is_deleted()).chain([&index]))?;
    Ok(index)
}

/// Refuses to give an attribute that is a key already another type.
fn check_types(
    table: &Table,
    definitions: Option<&[AttributeDefinition]>,
) -> Result<(), DynamoDbError> {
    for definition in definitions.unwrap_or_default() {
        let of_indexes = table.indexes.values().flat_map(|index| index.schema.attributes());
        let mut keys = table.schema.attributes().chain(of_indexes);
        let name = definition.attribute_name.as_deref().unwrap_or_default();
        let new = definition.attribute_type.as_deref().and_then(KeyType::parse);
        if keys.any(|old| old.name == name && Some(old.key_type) != new) {
            return Err(DynamoDbError::invalid(format!(
                "Attempting to redefine the type of a key attribute: {name}"
            )));
        }
    }
    Ok(())
}

/// The global index of this name, ready to be changed.
fn find<'t>(
    ctx: &Context<'_>,
    table: &'t Table,
    name: &str,
    to: &str,
) -> Result<&'t SecondaryIndex, DynamoDbError> {
    let index = table.indexes.get(name).filter(|index| {
        index.kind == IndexKind::Local || index.status(ctx) == DELETING || !index.is_deleted()
    });
    let index = index.ok_or_else(|| {
        DynamoDbError::ResourceNotFound(format!(
            "Requested resource not found: Index {name} for table {}",
            table.name
        ))
    })?;
    if index.kind == IndexKind::Local {
        return Err(DynamoDbError::validation(format!(
            "Cannot {to} an index that is not a GlobalSecondaryIndex: {name}"
        )));
    }
    let state = match index.status(ctx) {
        CREATING => "created",
        UPDATING => "updated",
        DELETING => "deleted",
        _ => return Ok(index),
    };
    Err(DynamoDbError::InUse(format!(
        "Attempt to change a resource which is still in use: Index is being {state}. Table: {} \
         Index: {name}",
        table.name
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
        index.changes.before = None;
        if let Some(new) = &update.provisioned_throughput {
            note_change(ctx, &mut index.changes, index.throughput.as_ref(), new);
        }
        index.throughput = update.provisioned_throughput.or(index.throughput.take());
        if let Some(given) = &update.on_demand_throughput {
            index.on_demand = merged(index.on_demand.take(), given);
        }
        index.warm = warm_throughput::merged(index.warm.take(), update.warm_throughput);
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
