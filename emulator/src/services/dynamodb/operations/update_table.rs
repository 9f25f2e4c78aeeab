//! UpdateTable: changes how a table is billed and protected, and opens or closes its stream.
//!
//! Indexes, replicas and vectors are not implemented.
//! Errors: `ResourceNotFoundException`, `ValidationException`, `NotImplemented`.
//! Source: API reference "UpdateTable".
//! Unverified: the texts about a stream that is there already, or is not.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, Passing};
use crate::services::dynamodb::describe::describe;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::settings::{billing_mode, check_throughput};
use crate::services::dynamodb::shapes::{
    AttributeDefinition, GlobalSecondaryIndexUpdate, GlobalTableWitnessGroupUpdate,
    OnDemandThroughput, ProvisionedThroughput, ReplicationGroupUpdate, SseSpecification,
    StreamSpecification, TableDescription, VectorIndexUpdate, WarmThroughput,
};
use crate::services::dynamodb::state::{DynamoDb, table_name};
use crate::services::dynamodb::store::{PASSING_TIME, TableSettings, UPDATING};
use crate::services::dynamodb::streaming;

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
    let name = table_name(ctx, request.table_name.as_deref())?.to_owned();
    report_unhonoured(ctx, &request)?;
    let view = streaming::view_type(request.stream_specification.as_ref())?;
    let missing = || DynamoDbError::TableNotFound(name.clone());
    db.forget_deleted(ctx);
    let table = db.tables.get_mut(&name).ok_or_else(missing)?;
    table.check_not_busy(ctx)?;
    let settings = changed(&table.settings, &request)?;
    let now = ctx.now();
    match (&request.stream_specification, view, &table.stream) {
        (None, ..) => {}
        (Some(_), Some(view), None) => streaming::open(now, table, &db.closed_streams, view),
        (Some(_), None, Some(_)) => streaming::close(now, table, &mut db.closed_streams),
        (Some(_), Some(_), Some(_)) => {
            let text = format!("Table already has an enabled stream: TableName: {name}");
            return Err(DynamoDbError::Validation(text));
        }
        (Some(_), None, None) => {
            let text = format!("Table has no stream to disable: TableName: {name}");
            return Err(DynamoDbError::Validation(text));
        }
    }
    table.settings = settings;
    table.passing = Some(Passing::begin(ctx, UPDATING, PASSING_TIME));
    Ok(Response { table_description: Some(describe(table, table.status(ctx))) })
}

/// The table's settings with what the request gives.
fn changed(old: &TableSettings, request: &Request) -> Result<TableSettings, DynamoDbError> {
    let mut new = old.clone();
    if let Some(mode) = request.billing_mode.as_deref() {
        new.pay_per_request = billing_mode(Some(mode))?;
        if new.pay_per_request {
            new.throughput = None;
        }
    }
    if request.provisioned_throughput.is_some() {
        new.throughput = request.provisioned_throughput.clone();
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
        ("GlobalSecondaryIndexUpdates", request.global_secondary_index_updates.is_some()),
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
        ("AttributeDefinitions", request.attribute_definitions.is_some()),
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
