//! RestoreTableFromBackup: a new table as a backup has it.
//!
//! Errors: `BackupNotFoundException`, `TableAlreadyExistsException`, `ValidationException`.
//! Source: API reference "RestoreTableFromBackup".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::backup;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::restore::{Overrides, check_free, restore, target};
use crate::services::dynamodb::shapes::{
    GlobalSecondaryIndex, LocalSecondaryIndex, OnDemandThroughput, ProvisionedThroughput,
    RestoreSummary, SseSpecification, TableDescription, VectorIndex,
};
use crate::services::dynamodb::state::DynamoDb;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub backup_arn: Option<String>,
    pub billing_mode_override: Option<String>,
    pub global_secondary_index_override: Option<Vec<GlobalSecondaryIndex>>,
    pub local_secondary_index_override: Option<Vec<LocalSecondaryIndex>>,
    pub on_demand_throughput_override: Option<OnDemandThroughput>,
    pub provisioned_throughput_override: Option<ProvisionedThroughput>,
    #[serde(rename = "SSESpecificationOverride")]
    pub sse_specification_override: Option<SseSpecification>,
    pub target_table_name: Option<String>,
    pub vector_index_override: Option<Vec<VectorIndex>>,
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
    model::check(model_inputs::RESTORE_FROM_BACKUP, &request)?;
    if request.vector_index_override.is_some() {
        return Err(DynamoDbError::NotImplemented("VectorIndexOverride".to_owned()));
    }
    let name = target(ctx, request.target_table_name.as_deref())?;
    let backup = backup::find_made(ctx, db, request.backup_arn.as_deref())?.clone();
    check_free(ctx, db, &name)?;
    let summary = RestoreSummary {
        restore_date_time: Some(backup.created),
        restore_in_progress: Some(false),
        source_backup_arn: Some(backup.arn.clone()),
        source_table_arn: Some(backup.table.arn.clone()),
    };
    let overrides = Overrides {
        billing_mode: request.billing_mode_override,
        global: request.global_secondary_index_override,
        local: request.local_secondary_index_override,
        on_demand: request.on_demand_throughput_override,
        throughput: request.provisioned_throughput_override,
        encryption: request.sse_specification_override,
    };
    let description = restore(ctx, db, name, backup.table, overrides, summary)?;
    Ok(Response { table_description: Some(description) })
}
