//! RestoreTableToPointInTime: a new table as another was at some moment.
//!
//! Limits: any moment since recovery was turned on, of the last 35 days, as far back as the log of
//! changes reaches (1,000,000 changes).
//! Errors: `TableNotFoundException`, `TableAlreadyExistsException`, `InvalidRestoreTimeException`,
//! `PointInTimeRecoveryUnavailableException`, `ValidationException`.
//! Source: API reference "RestoreTableToPointInTime".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::recovery;
use crate::services::dynamodb::restore::{Overrides, check_free, restore, target};
use crate::services::dynamodb::shapes::{
    GlobalSecondaryIndex, LocalSecondaryIndex, OnDemandThroughput, ProvisionedThroughput,
    RestoreSummary, SseSpecification, TableDescription, VectorIndex,
};
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::store::{PrimaryKey, Table};
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub billing_mode_override: Option<String>,
    pub global_secondary_index_override: Option<Vec<GlobalSecondaryIndex>>,
    pub local_secondary_index_override: Option<Vec<LocalSecondaryIndex>>,
    pub on_demand_throughput_override: Option<OnDemandThroughput>,
    pub provisioned_throughput_override: Option<ProvisionedThroughput>,
    pub restore_date_time: Option<Timestamp>,
    #[serde(rename = "SSESpecificationOverride")]
    pub sse_specification_override: Option<SseSpecification>,
    pub source_table_arn: Option<String>,
    pub source_table_name: Option<String>,
    pub target_table_name: Option<String>,
    pub use_latest_restorable_time: Option<bool>,
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
    model::check(model_inputs::RESTORE_TO_POINT_IN_TIME, &request)?;
    if request.vector_index_override.is_some() {
        return Err(DynamoDbError::NotImplemented("VectorIndexOverride".to_owned()));
    }
    let name = target(ctx, request.target_table_name.as_deref())?;
    let source = request.source_table_name.as_deref().or(request.source_table_arn.as_deref());
    let latest = request.use_latest_restorable_time == Some(true);
    check_when(latest, request.restore_date_time)?;
    let table = recovery::table(ctx, db, source)?;
    let moment = moment(ctx, table, request.restore_date_time)?;
    let source = as_of(table, moment);
    check_free(ctx, db, &name)?;
    let summary = RestoreSummary {
        restore_date_time: Some(moment),
        restore_in_progress: Some(false),
        source_backup_arn: None,
        source_table_arn: Some(source.arn.clone()),
    };
    let overrides = Overrides {
        billing_mode: request.billing_mode_override,
        global: request.global_secondary_index_override,
        local: request.local_secondary_index_override,
        on_demand: request.on_demand_throughput_override,
        throughput: request.provisioned_throughput_override,
        encryption: request.sse_specification_override,
    };
    let description = restore(ctx, db, name, source, overrides, summary)?;
    Ok(Response { table_description: Some(description) })
}

/// # Errors
/// Validation: no moment is asked for, or two.
fn check_when(latest: bool, given: Option<Timestamp>) -> Result<(), DynamoDbError> {
    match (latest, given) {
        (true, None) | (false, Some(_)) => Ok(()),
        // Unverified: the text's last sentence.
        (true, Some(_)) => Err(DynamoDbError::validation(
            "Invalid Request: Both RestoreDateTime and UseLatestRestorableTime cannot be set for \
             point-in-time restore request. Please choose one.",
        )),
        (false, None) => Err(DynamoDbError::validation(
            "Invalid Request: Either one of RestoreDateTime or UseLatestRestorableTime must be \
             specified, but not both",
        )),
    }
}

/// The moment that is asked for; none is the latest.
///
/// # Errors
/// Recovery is off; the moment is too early or is still to come.
fn moment(
    ctx: &Context<'_>,
    table: &Table,
    given: Option<Timestamp>,
) -> Result<Timestamp, DynamoDbError> {
    let now = ctx.now();
    let earliest = table.options.recovery.earliest(now);
    let earliest =
        earliest.ok_or_else(|| DynamoDbError::RecoveryUnavailable(table.name.clone()))?;
    match given {
        Some(moment) if moment < earliest || moment > now => {
            let shown = [moment, earliest, now].map(Timestamp::iso_seconds);
            Err(DynamoDbError::InvalidRestoreTime(format!(
                "RestoreDateTime '{}' must be within EarliestRestorableDateTime '{}' and \
                 LatestRestorableDateTime '{}'",
                shown[0], shown[1], shown[2]
            )))
        }
        given => Ok(given.unwrap_or(now)),
    }
}

/// The table with the items that it had at `moment`.
fn as_of(table: &Table, moment: Timestamp) -> Table {
    let mut then = table.clone();
    then.stream = None;
    then.options.recovery.disable();
    for undo in table.options.recovery.after(moment) {
        if let Some((partition, sort)) = then.schema.values_of(&undo.keys) {
            then.replace(moment, &PrimaryKey { partition, sort }, undo.old.clone());
        }
    }
    then
}
