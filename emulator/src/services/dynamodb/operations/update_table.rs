//! UpdateTable: changes how a table is billed, encrypted and protected, opens or closes its stream,
//! and adds, changes and removes global indexes and replicas.
//!
//! Limits: one index that is made or goes at a time. Vectors are not implemented.
//! Errors: `ResourceNotFoundException`, `ResourceInUseException`, `LimitExceededException`,
//! `ValidationException`, `NotImplemented`.
//! Source: API reference "UpdateTable".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, Passing};
use crate::services::dynamodb::describe::describe;
use crate::services::dynamodb::encryption;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::index_definition::check_not_empty;
use crate::services::dynamodb::index_update;
use crate::services::dynamodb::replica_update;
use crate::services::dynamodb::shapes::{
    AttributeDefinition, GlobalSecondaryIndexUpdate, GlobalTableWitnessGroupUpdate,
    OnDemandThroughput, ProvisionedThroughput, ReplicationGroupUpdate, SseSpecification,
    StreamSpecification, TableDescription, VectorIndexUpdate, WarmThroughput,
};
use crate::services::dynamodb::state::{DynamoDb, table_name};
use crate::services::dynamodb::store::{PASSING_TIME, UPDATING};
use crate::services::dynamodb::streaming;
use crate::services::dynamodb::table_update;
use crate::services::dynamodb::warm_throughput;

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
    table_update::check(&request)?;
    table_update::report_unhonoured(ctx, &request)?;
    let view = streaming::view_type(request.stream_specification.as_ref(), &streaming::UPDATED)?;
    let name = table_name(ctx, request.table_name.as_deref())?.to_owned();
    let table = db.described(ctx, Some(&name))?;
    table_update::check_ready(ctx, table, &request)?;
    let settings = table_update::changed(ctx, table, &request)?;
    check_not_empty(
        "GlobalSecondaryIndexUpdates",
        request.global_secondary_index_updates.as_deref(),
    )?;
    let updates = request.global_secondary_index_updates.clone().unwrap_or_default();
    let definitions = request.attribute_definitions.as_deref();
    let indexes = index_update::plan(ctx, table, settings.pay_per_request, updates, definitions)?;
    if !settings.pay_per_request && table.settings.pay_per_request {
        index_update::check_provisioned(table, &indexes)?;
    }
    table_update::check_stream(table, request.stream_specification.is_some(), view)?;
    let replicas = request.replica_updates.as_deref().unwrap_or_default();
    let replicas = replica_update::plan(ctx, table, replicas)?;
    if let Some(specification) = &request.sse_specification {
        let passing = Some(Passing::begin(ctx, UPDATING, PASSING_TIME));
        let encryption = encryption::changed(ctx, db, &name, specification, passing)?;
        db.described(ctx, Some(&name))?.options.encryption = encryption;
    }
    let now = ctx.now();
    let table = db.tables.get_mut(&name).expect("it was there just now");
    match view {
        _ if request.stream_specification.is_none() => {}
        Some(view) => streaming::open(now, table, &db.closed_streams, view),
        None => streaming::close(ctx, table, &mut db.closed_streams),
    }
    table_update::settle(ctx, table, &request, settings);
    let passing = table_update::passing(ctx, &request);
    replica_update::share(ctx, table, &request);
    table.options.warm =
        warm_throughput::merged(table.options.warm.take(), request.warm_throughput);
    index_update::carry_out(ctx, table, indexes, request.attribute_definitions);
    table.passing = passing.or(table.passing.take());
    replica_update::carry_out(ctx, db, &name, replicas);
    let table = db.described(ctx, Some(&name))?;
    Ok(Response { table_description: Some(describe(ctx, table)) })
}
