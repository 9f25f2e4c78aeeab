//! Point-in-time recovery of a table, as it is told.

use super::error::DynamoDbError;
use super::shapes::{ContinuousBackupsDescription, PointInTimeRecoveryDescription};
use super::state::{DynamoDb, table_name};
use super::store::{CREATING, Table};
use crate::kernel::Context;

/// The table that a request about its backups names.
///
/// # Errors
/// Validation of the name; `TableNotFoundException`.
pub(super) fn table<'d>(
    ctx: &Context<'_>,
    db: &'d mut DynamoDb,
    name: Option<&str>,
) -> Result<&'d mut Table, DynamoDbError> {
    let name = table_name(ctx, name)?;
    db.forget_deleted(ctx);
    let table = db.tables.get_mut(name).filter(|table| !table.is_deleted());
    table.ok_or_else(|| DynamoDbError::BackupTableNotFound(name.to_owned()))
}

/// The same, once the table is there: before, it has no backups.
///
/// # Errors
/// `ContinuousBackupsUnavailableException`. Source: users' reports of AWS's answer.
pub(super) fn table_with_backups<'d>(
    ctx: &Context<'_>,
    db: &'d mut DynamoDb,
    name: Option<&str>,
) -> Result<&'d mut Table, DynamoDbError> {
    let table = table(ctx, db, name)?;
    if table.status(ctx) == CREATING {
        return Err(DynamoDbError::BackupsUnavailable(table.name.clone()));
    }
    Ok(table)
}

// Differs from AWS: a table can be restored to what it is now; on AWS the latest moment is some
// five minutes ago.
pub(super) fn describe(ctx: &Context<'_>, table: &Table) -> ContinuousBackupsDescription {
    let (now, recovery) = (ctx.now(), &table.options.recovery);
    let earliest = recovery.earliest(now);
    let status = if earliest.is_some() { "ENABLED" } else { "DISABLED" };
    ContinuousBackupsDescription {
        continuous_backups_status: Some("ENABLED".to_owned()),
        point_in_time_recovery_description: Some(PointInTimeRecoveryDescription {
            earliest_restorable_date_time: earliest,
            latest_restorable_date_time: earliest.map(|_| now),
            point_in_time_recovery_status: Some(status.to_owned()),
            recovery_period_in_days: earliest.map(|_| recovery.days()),
        }),
    }
}
