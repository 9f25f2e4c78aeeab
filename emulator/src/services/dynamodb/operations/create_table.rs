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
use crate::services::dynamodb::index_definition::{Definitions, indexes};
use crate::services::dynamodb::resource_policy;
use crate::services::dynamodb::settings::{check_throughput, report_unhonoured, table_settings};
use crate::services::dynamodb::shapes::{
    AttributeDefinition, GlobalSecondaryIndex, KeySchemaElement, LocalSecondaryIndex,
    OnDemandThroughput, ProvisionedThroughput, SseSpecification, StreamSpecification,
    TableDescription, Tag, VectorIndex, WarmThroughput,
};
use crate::services::dynamodb::state::{DynamoDb, table_name};
use crate::services::dynamodb::store::{CREATING, PASSING_TIME, ResourcePolicy, Table};
use crate::services::dynamodb::streaming;
use crate::services::dynamodb::tags;
use crate::services::dynamodb::validation::{self, Constraints};

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
    check(&request)?;
    let name = table_name(ctx, request.table_name.as_deref())?.to_owned();
    report_unhonoured(ctx, &request)?;
    let settings = table_settings(&request)?;
    let view = streaming::view_type(request.stream_specification.as_ref())?;
    let tags = tags::checked(request.tags.unwrap_or_default())?;
    let definitions = request.attribute_definitions.unwrap_or_default();
    let parsed = Definitions::new(&definitions)?;
    let schema = parsed.schema(&request.key_schema.unwrap_or_default())?;
    let global = request.global_secondary_indexes.unwrap_or_default();
    for index in &global {
        check_throughput(settings.pay_per_request, index.provisioned_throughput.as_ref())?;
    }
    let local = request.local_secondary_indexes.unwrap_or_default();
    let indexes = indexes(&parsed, &schema, global, local)?;
    let index_schemas = indexes.values().map(|index| &index.schema);
    parsed.check_used(std::iter::once(&schema).chain(index_schemas))?;
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
    let description = describe(ctx, &table);
    db.tables.insert(name, table);
    Ok(Response { table_description: Some(description) })
}

/// What AWS checks by its model.
fn check(request: &Request) -> Result<(), DynamoDbError> {
    let mut check = Constraints::default();
    check.required("attributeDefinitions", request.attribute_definitions.as_ref());
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
    check.required("keySchema", request.key_schema.as_ref());
    let keys = request.key_schema.as_deref().unwrap_or_default();
    validation::key_schema(&mut check, "keySchema", keys);
    let locals = request.local_secondary_indexes.as_deref().unwrap_or_default();
    for (at, index) in locals.iter().enumerate() {
        let member = format!("localSecondaryIndexes.{}.member.keySchema", at + 1);
        validation::key_schema(
            &mut check,
            &member,
            index.key_schema.as_deref().unwrap_or_default(),
        );
    }
    let indexes = request.global_secondary_indexes.as_deref().unwrap_or_default();
    for (at, index) in indexes.iter().enumerate() {
        let member = format!("globalSecondaryIndexes.{}.member.provisionedThroughput", at + 1);
        validation::throughput(&mut check, &member, index.provisioned_throughput.as_ref());
    }
    Ok(check.done()?)
}
