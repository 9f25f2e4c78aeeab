//! UpdateContinuousBackups: turns point-in-time recovery on and off.
//!
//! Limits: 1 to 35 days.
//! Errors: `TableNotFoundException`, `ContinuousBackupsUnavailableException`,
//! `ValidationException`.
//! Source: API reference "UpdateContinuousBackups"; recordings of 2025-10-08.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::item_write::missing;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::recovery;
use crate::services::dynamodb::shapes::{
    ContinuousBackupsDescription, PointInTimeRecoverySpecification,
};
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::store::RECOVERY_DAYS_MAX;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub point_in_time_recovery_specification: Option<PointInTimeRecoverySpecification>,
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub continuous_backups_description: Option<ContinuousBackupsDescription>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::UPDATE_CONTINUOUS_BACKUPS, &request)?;
    let member = "pointInTimeRecoverySpecification";
    let given = request.point_in_time_recovery_specification.ok_or_else(|| missing(member))?;
    let enabled = given.point_in_time_recovery_enabled;
    let enabled =
        enabled.ok_or_else(|| missing(&format!("{member}.pointInTimeRecoveryEnabled")))?;
    let days = given.recovery_period_in_days;
    if !enabled && days.is_some() {
        return Err(DynamoDbError::validation(
            "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time \
             recovery.",
        ));
    }
    let table = recovery::table_with_backups(ctx, db, request.table_name.as_deref())?;
    if enabled {
        table.options.recovery.enable(ctx.now(), days.unwrap_or(RECOVERY_DAYS_MAX));
    } else {
        table.options.recovery.disable();
    }
    Ok(Response { continuous_backups_description: Some(recovery::describe(ctx, table)) })
}
