//! CreateTable: makes a table and its indexes.
//!
//! Limits: names of 3 to 255 characters; 20 global and 5 local indexes.
//! Errors: `ResourceInUseException`, `ValidationException`.
//! Source: API reference "CreateTable"; recordings of 2025-10-08.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, Passing};
use crate::services::dynamodb::describe::describe;
use crate::services::dynamodb::encryption;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::index_definition::{Definitions, check_not_empty, indexes};
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::resource_policy;
use crate::services::dynamodb::settings::{
    check_index_throughput, check_on_demand, check_quota, report_unhonoured, table_settings,
};
use crate::services::dynamodb::shapes::{
    AttributeDefinition, GlobalSecondaryIndex, KeySchemaElement, LocalSecondaryIndex,
    OnDemandThroughput, ProvisionedThroughput, SseSpecification, StreamSpecification,
    TableDescription, Tag, VectorIndex, WarmThroughput,
};
use crate::services::dynamodb::state::{DynamoDb, table_name};
use crate::services::dynamodb::store::{CREATING, PASSING_TIME, ResourcePolicy, Table};
use crate::services::dynamodb::streaming;
use crate::services::dynamodb::tags;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub attribute_definitions: Option<Vec<AttributeDefinition>>,
    pub billing_mode: Option<String>,
    pub deletion_protection_enabled: Option<bool>,
    pub global_secondary_indexes: Option<Vec<GlobalSecondaryIndex>>,
    pub global_table_settings_replication_mode: Option<String>,
    pub global_table_source_arn: Option<String>,
    pub key_schema: Option<Vec<KeySchemaElement>>,
    pub local_secondary_indexes: Option<Vec<LocalSecondaryIndex>>,
    pub on_demand_throughput: Option<OnDemandThroughput>,
    pub provisioned_throughput: Option<ProvisionedThroughput>,
    pub resource_policy: Option<String>,
    #[serde(rename = "SSESpecification")]
    pub sse_specification: Option<SseSpecification>,
    pub stream_specification: Option<StreamSpecification>,
    pub table_class: Option<String>,
    pub table_name: Option<String>,
    pub tags: Option<Vec<Tag>>,
    pub vector_indexes: Option<Vec<VectorIndex>>,
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
    model::check(model_inputs::CREATE_TABLE, &request)?;
    let name = table_name(ctx, request.table_name.as_deref())?.to_owned();
    report_unhonoured(ctx, &request)?;
    let settings = table_settings(&request)?;
    request.resource_policy.as_deref().map_or(Ok(()), resource_policy::check)?;
    let view = streaming::view_type(request.stream_specification.as_ref(), &streaming::CREATED)?;
    let tags = tags::checked(request.tags.unwrap_or_default())?;
    let definitions = request.attribute_definitions.unwrap_or_default();
    let parsed = Definitions::new(&definitions)?;
    let schema = parsed.schema(&request.key_schema.unwrap_or_default())?;
    let (global, local) = (request.global_secondary_indexes, request.local_secondary_indexes);
    check_not_empty("GlobalSecondaryIndexes", global.as_deref())?;
    check_not_empty("LocalSecondaryIndexes", local.as_deref())?;
    let (global, local) = (global.unwrap_or_default(), local.unwrap_or_default());
    for index in &global {
        check_index_throughput(settings.pay_per_request, index)?;
        let of = format!("index : {}", index.index_name.as_deref().unwrap_or_default());
        check_on_demand(settings.pay_per_request, &of, index.on_demand_throughput.as_ref())?;
    }
    let indexes = indexes(&parsed, &schema, global, local)?;
    let index_schemas = indexes.values().map(|index| &index.schema);
    parsed.check_used(std::iter::once(&schema).chain(index_schemas))?;
    check_quota(ctx, settings.throughput.as_ref())?;
    db.forget_deleted(ctx);
    if let Some(table) = db.tables.get(&name) {
        table.check_not_busy(ctx)?;
        return Err(DynamoDbError::TableExists(name));
    }
    let mut table = Table {
        arn: ctx.arn(format!("table/{name}")).to_string(),
        id: ctx.ids().uuid().to_string(),
        passing: Some(Passing::begin(ctx, CREATING, PASSING_TIME)),
        settings,
        indexes,
        ..Table::new(name.clone(), ctx.now(), schema, definitions)
    };
    if let Some(specification) = &request.sse_specification {
        table.options.encryption = encryption::read(ctx, db, specification, None)?;
    }
    table.options.tags = tags;
    table.options.warm = request.warm_throughput;
    if let Some(text) = request.resource_policy {
        let revision = resource_policy::revision(ctx);
        table.options.policies.insert(table.arn.clone(), ResourcePolicy { text, revision });
    }
    if let Some(view) = view {
        streaming::open(ctx.now(), &mut table, &db.closed_streams, view);
    }
    let mut description = describe(ctx, &table);
    // What AWS tells only later.
    if let Some(summary) = &mut description.billing_mode_summary {
        summary.last_update_to_pay_per_request_date_time = None;
    }
    if table.options.warm.is_none() {
        description.warm_throughput = None;
    }
    for index in description.global_secondary_indexes.iter_mut().flatten() {
        index.warm_throughput = None;
    }
    db.tables.insert(name, table);
    Ok(Response { table_description: Some(description) })
}
