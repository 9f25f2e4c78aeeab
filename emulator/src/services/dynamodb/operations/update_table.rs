//! UpdateTable: changes how a table is billed, encrypted and protected, opens or closes its stream,
//! and adds, changes and removes global indexes.
//!
//! Limits: one index that is made or goes at a time. Replicas and vectors are not implemented.
//! Errors: `ResourceNotFoundException`, `ResourceInUseException`, `LimitExceededException`,
//! `ValidationException`, `NotImplemented`.
//! Source: API reference "UpdateTable".
//! Unverified: the texts about a stream that is there already, or is not.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, Passing};
use crate::services::dynamodb::describe::describe;
use crate::services::dynamodb::encryption;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::index_update;
use crate::services::dynamodb::settings::{billing_mode, check_throughput};
use crate::services::dynamodb::shapes::{
    AttributeDefinition, GlobalSecondaryIndexUpdate, GlobalTableWitnessGroupUpdate,
    OnDemandThroughput, ProvisionedThroughput, ReplicationGroupUpdate, SseSpecification,
    StreamSpecification, TableDescription, VectorIndexUpdate, WarmThroughput,
};
use crate::services::dynamodb::state::{DynamoDb, table_name};
use crate::services::dynamodb::store::{PASSING_TIME, Table, TableSettings, UPDATING};
use crate::services::dynamodb::streaming;
use crate::services::dynamodb::streams::ViewType;
use crate::services::dynamodb::throughput;
use crate::services::dynamodb::validation::{self, Constraints};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub attribute_definitions: Option<Vec<AttributeDefinition>>,
    pub billing_mode: Option<String>,
    pub deletion_protection_enabled: Option<bool>,
    pub disassociation_protection_enabled: Option<bool>,
    pub global_secondary_index_updates: Option<Vec<GlobalSecondaryIndexUpdate>>,
    pub global_table_settings_replication_mode: Option<String>,
    pub global_table_witness_updates: Option<Vec<GlobalTableWitnessGroupUpdate>>,
    pub multi_region_consistency: Option<String>,
    pub on_demand_throughput: Option<OnDemandThroughput>,
    pub provisioned_throughput: Option<ProvisionedThroughput>,
    pub replica_updates: Option<Vec<ReplicationGroupUpdate>>,
    #[serde(rename = "SSESpecification")]
    pub sse_specification: Option<SseSpecification>,
    pub stream_specification: Option<StreamSpecification>,
    pub table_class: Option<String>,
    pub table_name: Option<String>,
    pub vector_index_updates: Option<Vec<VectorIndexUpdate>>,
    pub warm_throughput: Option<WarmThroughput>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub table_description: Option<TableDescription>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    check(&request)?;
    report_unhonoured(ctx, &request)?;
    let view = streaming::view_type(request.stream_specification.as_ref())?;
    let name = table_name(ctx, request.table_name.as_deref())?.to_owned();
    let table = db.described(ctx, Some(&name))?;
    table.check_not_busy(ctx)?;
    let settings = changed(table, &request)?;
    let updates = request.global_secondary_index_updates.clone().unwrap_or_default();
    let definitions = request.attribute_definitions.as_deref();
    let indexes = index_update::plan(ctx, table, settings.pay_per_request, updates, definitions)?;
    check_stream(table, request.stream_specification.is_some(), view)?;
    if let Some(new) = &request.provisioned_throughput {
        throughput::note_change(ctx, table, new)?;
    }
    if let Some(specification) = &request.sse_specification {
        let passing = Some(Passing::begin(ctx, UPDATING, PASSING_TIME));
        let encryption = encryption::read(ctx, db, specification, passing)?;
        db.described(ctx, Some(&name))?.options.encryption = encryption;
    }
    let now = ctx.now();
    let table = db.tables.get_mut(&name).expect("it was there just now");
    match view {
        _ if request.stream_specification.is_none() => {}
        Some(view) => streaming::open(now, table, &db.closed_streams, view),
        None => streaming::close(now, table, &mut db.closed_streams),
    }
    if settings.pay_per_request && !table.settings.pay_per_request {
        table.options.throughput_changes.to_pay_per_request = Some(now);
        table.indexes.values_mut().for_each(|index| index.throughput = None);
    }
    table.settings = settings;
    table.options.warm = request.warm_throughput.or(table.options.warm.take());
    index_update::carry_out(ctx, table, indexes, request.attribute_definitions);
    table.passing = Some(Passing::begin(ctx, UPDATING, PASSING_TIME));
    Ok(Response { table_description: Some(describe(ctx, table)) })
}

/// What AWS checks before it looks at the table.
fn check(request: &Request) -> Result<(), DynamoDbError> {
    let mut check = Constraints::default();
    validation::table(&mut check, request.table_name.as_deref());
    check.one_of(
        "billingMode",
        request.billing_mode.as_deref(),
        &["PROVISIONED", "PAY_PER_REQUEST"],
    );
    check.one_of(
        "tableClass",
        request.table_class.as_deref(),
        &["STANDARD", "STANDARD_INFREQUENT_ACCESS"],
    );
    let throughput = request.provisioned_throughput.as_ref();
    validation::throughput(&mut check, "provisionedThroughput", throughput);
    for (at, update) in request.global_secondary_index_updates.iter().flatten().enumerate() {
        let member = format!("globalSecondaryIndexUpdates.{}.member", at + 1);
        let create = update.create.as_ref().and_then(|it| it.provisioned_throughput.as_ref());
        validation::throughput(
            &mut check,
            &format!("{member}.create.provisionedThroughput"),
            create,
        );
        let update = update.update.as_ref().and_then(|it| it.provisioned_throughput.as_ref());
        validation::throughput(
            &mut check,
            &format!("{member}.update.provisionedThroughput"),
            update,
        );
    }
    check.done()?;
    let updates = request.global_secondary_index_updates.as_ref();
    let changes_nothing = request.billing_mode.is_none()
        && request.deletion_protection_enabled.is_none()
        && updates.is_none_or(Vec::is_empty)
        && request.on_demand_throughput.is_none()
        && request.provisioned_throughput.is_none()
        && request.sse_specification.is_none()
        && request.stream_specification.is_none()
        && request.table_class.is_none()
        && request.warm_throughput.is_none()
        && request.disassociation_protection_enabled.is_none()
        && request.multi_region_consistency.is_none()
        && request.replica_updates.is_none()
        && request.vector_index_updates.is_none();
    if changes_nothing {
        return Err(DynamoDbError::validation(
            "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, \
             GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required",
        ));
    }
    Ok(())
}

/// Refuses to open a stream where there is one, and to close one that is not there.
fn check_stream(table: &Table, given: bool, view: Option<ViewType>) -> Result<(), DynamoDbError> {
    let name = &table.name;
    let text = match (given, view, &table.stream) {
        (true, Some(_), Some(_)) => {
            format!("Table already has an enabled stream: TableName: {name}")
        }
        (true, None, None) => format!("Table has no stream to disable: TableName: {name}"),
        _ => return Ok(()),
    };
    Err(DynamoDbError::Validation(text))
}

/// The table's settings with what the request gives.
fn changed(table: &Table, request: &Request) -> Result<TableSettings, DynamoDbError> {
    let mut new = table.settings.clone();
    if let Some(mode) = request.billing_mode.as_deref() {
        new.pay_per_request = billing_mode(Some(mode))?;
        if new.pay_per_request {
            new.throughput = None;
        }
    }
    if let Some(given) = &request.provisioned_throughput {
        if new.pay_per_request == table.settings.pay_per_request {
            throughput::check_changes("table", table.settings.throughput.as_ref(), given)?;
        }
        new.throughput = Some(given.clone());
    }
    check_throughput(new.pay_per_request, new.throughput.as_ref())?;
    if request.on_demand_throughput.is_some() {
        new.on_demand = request.on_demand_throughput.clone();
    }
    if let Some(protected) = request.deletion_protection_enabled {
        new.deletion_protection = protected;
    }
    if request.table_class.is_some() {
        new.table_class = request.table_class.clone();
    }
    Ok(new)
}

/// Members without an effect are reported; those whose absence would be missed are refused.
fn report_unhonoured(ctx: &mut Context<'_>, request: &Request) -> Result<(), DynamoDbError> {
    let mode = "GlobalTableSettingsReplicationMode";
    for (member, given) in [
        (mode, request.global_table_settings_replication_mode.is_some()),
        ("GlobalTableWitnessUpdates", request.global_table_witness_updates.is_some()),
        ("MultiRegionConsistency", request.multi_region_consistency.is_some()),
        ("ReplicaUpdates", request.replica_updates.is_some()),
        ("VectorIndexUpdates", request.vector_index_updates.is_some()),
    ] {
        if given {
            return Err(DynamoDbError::NotImplemented(member.to_owned()));
        }
    }
    for (member, given) in [
        ("DisassociationProtectionEnabled", request.disassociation_protection_enabled.is_some()),
        ("SSESpecification", request.sse_specification.is_some()),
        ("WarmThroughput", request.warm_throughput.is_some()),
    ] {
        if given {
            ctx.not_honoured(member)?;
        }
    }
    Ok(())
}
