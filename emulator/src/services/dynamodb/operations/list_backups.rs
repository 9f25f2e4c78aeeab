//! ListBackups: the backups of all tables or of one, the oldest first.
//!
//! Limits: 1 to 100 a page.
//! Errors: `ValidationException`.
//! Source: API reference "ListBackups".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::backup::Backup;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::shapes::BackupSummary;
use crate::services::dynamodb::state::{DynamoDb, table_name};
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub backup_type: Option<String>,
    pub exclusive_start_backup_arn: Option<String>,
    pub limit: Option<i32>,
    pub table_name: Option<String>,
    pub time_range_lower_bound: Option<Timestamp>,
    pub time_range_upper_bound: Option<Timestamp>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub backup_summaries: Option<Vec<BackupSummary>>,
    pub last_evaluated_backup_arn: Option<String>,
}

const PAGE_MAX: i32 = 100;
/// What is listed where no type is asked for.
const DEFAULT_TYPE: &str = "USER";

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::LIST_BACKUPS, &request)?;
    let kind = request.backup_type.as_deref().unwrap_or(DEFAULT_TYPE);
    if matches!(
        (request.time_range_lower_bound, request.time_range_upper_bound),
        (Some(low), Some(high)) if low > high
    ) {
        return Err(DynamoDbError::invalid(
            "Time range lower bound must be less than or equal to upper bound",
        ));
    }
    let wanted =
        request.table_name.as_deref().map(|name| table_name(ctx, Some(name))).transpose()?;
    db.forget_deleted(ctx);
    let (low, high) = (request.time_range_lower_bound, request.time_range_upper_bound);
    let mut all: Vec<&Backup> = db
        .backups
        .values()
        .filter(|backup| {
            wanted.is_none_or(|name| name == backup.table.name)
                && (kind == "ALL" || kind == backup.kind)
                && low.is_none_or(|low| backup.created >= low)
                && high.is_none_or(|high| backup.created < high)
        })
        .collect();
    all.sort_by_key(|backup| (backup.created, &backup.arn));
    let from = match &request.exclusive_start_backup_arn {
        None => 0,
        Some(arn) => all.iter().position(|it| it.arn == *arn).map_or(all.len(), |at| at + 1),
    };
    let limit = usize::try_from(request.limit.unwrap_or(PAGE_MAX)).unwrap_or_default();
    let rest = all.get(from..).unwrap_or_default();
    let page: Vec<BackupSummary> = rest.iter().take(limit).map(|it| summary(ctx, it)).collect();
    let last = page.last().filter(|_| rest.len() > limit);
    Ok(Response {
        last_evaluated_backup_arn: last.and_then(|last| last.backup_arn.clone()),
        backup_summaries: Some(page),
    })
}

fn summary(ctx: &Context<'_>, backup: &Backup) -> BackupSummary {
    let details = backup.details(ctx);
    BackupSummary {
        backup_arn: details.backup_arn,
        backup_creation_date_time: details.backup_creation_date_time,
        backup_expiry_date_time: details.backup_expiry_date_time,
        backup_name: details.backup_name,
        backup_size_bytes: details.backup_size_bytes,
        backup_status: details.backup_status,
        backup_type: details.backup_type,
        table_arn: Some(backup.table.arn.clone()),
        table_id: Some(backup.table.id.clone()),
        table_name: Some(backup.table.name.clone()),
    }
}
