//! A new table out of an old one: of a backup, or of what a table was at some moment.
//!
//! Source: Developer Guide, "Point-in-time recovery for DynamoDB": tags, streams, time to live,
//! policies and recovery are not restored.

use std::collections::BTreeMap;

use super::describe::describe;
use super::encryption;
use super::error::DynamoDbError;
use super::index_definition::{Definitions, indexes};
use super::settings::billing_mode;
use super::shapes::{
    GlobalSecondaryIndex, LocalSecondaryIndex, OnDemandThroughput, ProvisionedThroughput,
    RestoreSummary, SseSpecification, TableDescription,
};
use super::state::{DynamoDb, table_name};
use super::store::{CREATING, PASSING_TIME, SecondaryIndex, Table, TableSettings};
use super::validation::{self, Constraints};
use crate::kernel::{Context, Passing};

/// What the new table has otherwise than the old one.
#[derive(Clone, Debug, Default)]
pub(super) struct Overrides {
    pub(super) billing_mode: Option<String>,
    pub(super) global: Option<Vec<GlobalSecondaryIndex>>,
    pub(super) local: Option<Vec<LocalSecondaryIndex>>,
    pub(super) on_demand: Option<OnDemandThroughput>,
    pub(super) throughput: Option<ProvisionedThroughput>,
    pub(super) encryption: Option<SseSpecification>,
}

/// The name of the new table.
///
/// # Errors
/// Validation.
pub(super) fn target(ctx: &Context<'_>, name: Option<&str>) -> Result<String, DynamoDbError> {
    let mut check = Constraints::default();
    check.required("targetTableName", name.as_ref());
    if let Some(name) = name {
        validation::name(&mut check, "targetTableName", name);
    }
    check.done()?;
    Ok(table_name(ctx, name)?.to_owned())
}

/// # Errors
/// `TableAlreadyExistsException`.
pub(super) fn check_free(
    ctx: &Context<'_>,
    db: &mut DynamoDb,
    name: &str,
) -> Result<(), DynamoDbError> {
    db.forget_deleted(ctx);
    if db.tables.contains_key(name) {
        return Err(DynamoDbError::TargetTableExists(name.to_owned()));
    }
    Ok(())
}

/// Makes the table `name` with the items and settings of `source`.
///
/// # Errors
/// Validation of the overrides.
pub(super) fn restore(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    name: String,
    source: Table,
    overrides: Overrides,
    summary: RestoreSummary,
) -> Result<TableDescription, DynamoDbError> {
    let mut settings = source.settings.clone();
    settings.deletion_protection = false;
    if let Some(mode) = overrides.billing_mode.as_deref() {
        settings.pay_per_request = billing_mode(Some(mode))?;
        if settings.pay_per_request {
            settings.throughput = None;
        }
    }
    check_overrides(&settings, &overrides)?;
    settings.throughput = overrides.throughput.or(settings.throughput);
    settings.on_demand = overrides.on_demand.or(settings.on_demand);
    let indexes = restored_indexes(&source, overrides.global, overrides.local)?;
    let encrypted = match &overrides.encryption {
        Some(specification) => encryption::read(ctx, db, specification, None)?,
        None => source.options.encryption.clone(),
    };
    let mut table = Table {
        arn: ctx.arn(format!("table/{name}")).to_string(),
        id: ctx.ids().uuid().to_string(),
        settings,
        indexes,
        passing: Some(Passing::begin(ctx, CREATING, PASSING_TIME)),
        ..Table::new(name.clone(), ctx.now(), source.schema.clone(), source.definitions.clone())
    };
    table.options.encryption = encrypted;
    table.options.restored = Some(summary);
    for stored in source.view.items() {
        let key = table.schema.key_of_item(&stored.item)?;
        table.replace(ctx.now(), &key, Some(stored.clone()));
    }
    table.forget_unused_definitions();
    let description = describe(ctx, &table);
    db.tables.insert(name, table);
    Ok(description)
}

/// Refuses capacities that do not fit the new table's billing mode.
fn check_overrides(new: &TableSettings, overrides: &Overrides) -> Result<(), DynamoDbError> {
    let text = match (new.pay_per_request, overrides.billing_mode.is_some()) {
        (true, true) if overrides.throughput.is_some() => {
            "Cannot override ProvisionedThroughput if BillingMode is overridden to PAY_PER_REQUEST"
        }
        (true, false) if overrides.throughput.is_some() => {
            "Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED"
        }
        (false, true) if new.throughput.is_none() && overrides.throughput.is_none() => {
            "Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED"
        }
        (false, _) if overrides.on_demand.is_some() => {
            "Cannot override MaxReadRequestUnits for OnDemandThroughput unless BillingModeOverride \
             is PAY_PER_REQUEST"
        }
        _ => return Ok(()),
    };
    Err(DynamoDbError::Validation(format!("Invalid Request: {text}")))
}

/// The indexes of the new table: those of the old one, or the ones of them that are named.
fn restored_indexes(
    source: &Table,
    global: Option<Vec<GlobalSecondaryIndex>>,
    local: Option<Vec<LocalSecondaryIndex>>,
) -> Result<BTreeMap<String, SecondaryIndex>, DynamoDbError> {
    let mut kept = source.indexes.clone();
    kept.retain(|_, index| !index.is_deleted());
    if global.is_some() || local.is_some() {
        let definitions = Definitions::new(&source.definitions)?;
        let (global, local) = (global.unwrap_or_default(), local.unwrap_or_default());
        let named = indexes(&definitions, &source.schema, global, local)?;
        let known = |index: &SecondaryIndex| {
            kept.get(&index.name)
                .is_some_and(|it| it.schema == index.schema && it.projection == index.projection)
        };
        if let Some(other) = named.values().find(|index| !known(index)) {
            return Err(DynamoDbError::validation(format!(
                "Invalid Request: Index {} does not match a secondary index that existed in the \
                 source table and cannot be created during the restore operation",
                other.name
            )));
        }
        kept = named;
    }
    for index in kept.values_mut() {
        index.view = super::store::View::default();
        index.passing = None;
        index.changes = super::store::ThroughputChanges::default();
    }
    Ok(kept)
}
