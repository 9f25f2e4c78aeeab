//! Backups: a table as it was, kept until it is deleted or too old. It shares items with the table.
//!
//! Source: Developer Guide, "Backup and restore for DynamoDB".

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::describe::{encryption, key_schema};
use super::error::DynamoDbError;
use super::shapes::{
    BackupDescription, BackupDetails, GlobalSecondaryIndexInfo, LocalSecondaryIndexInfo,
    SourceTableDetails, SourceTableFeatureDetails, StreamSpecification,
};
use super::state::DynamoDb;
use super::store::{IndexKind, PASSING_TIME, Table};
use super::time_to_live;
use crate::kernel::{Context, Passing};
use crate::wire::Timestamp;

/// How long the backup is kept that AWS makes of a deleted table.
const OF_DELETED_LASTS: Duration = Duration::from_secs(35 * 86_400);

/// A table as it was.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Backup {
    pub(super) arn: String,
    pub(super) name: String,
    /// `USER`, or `SYSTEM` for what AWS keeps of a deleted table.
    pub(super) kind: String,
    pub(super) created: Timestamp,
    pub(super) expires: Option<Timestamp>,
    pub(super) passing: Option<Passing>,
    /// The view type of the stream that the table had.
    pub(super) stream: Option<String>,
    pub(super) table: Table,
}

/// A backup that a client makes.
pub(super) fn of_user(ctx: &mut Context<'_>, table: &Table, name: String) -> Backup {
    Backup {
        passing: Some(Passing::begin(ctx, "CREATING", PASSING_TIME)),
        ..new(ctx, table, name, "USER")
    }
}

/// The backup that AWS makes of a table with point-in-time recovery when it is deleted.
pub(super) fn of_deleted(ctx: &mut Context<'_>, table: &Table) -> Backup {
    let name = format!("{}$DeletedTableBackup", table.name);
    Backup { expires: Some(ctx.now() + OF_DELETED_LASTS), ..new(ctx, table, name, "SYSTEM") }
}

fn new(ctx: &mut Context<'_>, table: &Table, name: String, kind: &str) -> Backup {
    let (created, drawn) = (ctx.now(), ctx.ids().next_u64() as u32);
    let stream = table.stream.as_ref().map(|stream| stream.view.as_str().to_owned());
    let mut kept = table.clone();
    // A restored table has none of these.
    kept.stream = None;
    kept.options.recovery.disable();
    Backup {
        arn: format!("{}/backup/{:014}-{drawn:08x}", table.arn, created.millis()),
        name,
        kind: kind.to_owned(),
        created,
        expires: None,
        passing: None,
        stream,
        table: kept,
    }
}

impl Backup {
    pub(super) fn details(&self, ctx: &Context<'_>) -> BackupDetails {
        let passing = self.passing.as_ref().filter(|it| it.lasts(ctx));
        BackupDetails {
            backup_arn: Some(self.arn.clone()),
            backup_creation_date_time: Some(self.created),
            backup_expiry_date_time: self.expires,
            backup_name: Some(self.name.clone()),
            backup_size_bytes: i64::try_from(self.table.view.bytes).ok(),
            backup_status: Some(passing.map_or("AVAILABLE", |it| &*it.status).to_owned()),
            backup_type: Some(self.kind.clone()),
        }
    }

    pub(super) fn describe(&self, ctx: &Context<'_>) -> BackupDescription {
        let (table, settings) = (&self.table, &self.table.settings);
        let mode = if settings.pay_per_request { "PAY_PER_REQUEST" } else { "PROVISIONED" };
        let source = SourceTableDetails {
            billing_mode: Some(mode.to_owned()),
            item_count: i64::try_from(table.view.count).ok(),
            key_schema: Some(key_schema(&table.schema)),
            on_demand_throughput: settings.on_demand.clone(),
            provisioned_throughput: Some(settings.throughput.clone().unwrap_or_default()),
            table_arn: Some(table.arn.clone()),
            table_creation_date_time: Some(table.created),
            table_id: Some(table.id.clone()),
            table_name: Some(table.name.clone()),
            table_size_bytes: i64::try_from(table.view.bytes).ok(),
        };
        BackupDescription {
            backup_details: Some(self.details(ctx)),
            source_table_details: Some(source),
            source_table_feature_details: Some(self.features(ctx)),
        }
    }

    fn features(&self, ctx: &Context<'_>) -> SourceTableFeatureDetails {
        let table = &self.table;
        let of_kind = |kind| table.indexes.values().filter(move |index| index.kind == kind);
        let global = of_kind(IndexKind::Global).map(|index| GlobalSecondaryIndexInfo {
            index_name: Some(index.name.clone()),
            key_schema: Some(key_schema(&index.schema)),
            on_demand_throughput: index.on_demand.clone(),
            projection: Some(index.wire_projection()),
            provisioned_throughput: index.throughput.clone(),
        });
        let local = of_kind(IndexKind::Local).map(|index| LocalSecondaryIndexInfo {
            index_name: Some(index.name.clone()),
            key_schema: Some(key_schema(&index.schema)),
            projection: Some(index.wire_projection()),
        });
        let (global, local): (Vec<_>, Vec<_>) = (global.collect(), local.collect());
        SourceTableFeatureDetails {
            global_secondary_indexes: (!global.is_empty()).then_some(global),
            local_secondary_indexes: (!local.is_empty()).then_some(local),
            sse_description: encryption(ctx, table),
            stream_description: self.stream.as_ref().map(|view| StreamSpecification {
                stream_enabled: Some(true),
                stream_view_type: Some(view.clone()),
            }),
            time_to_live_description: Some(time_to_live::describe(ctx, table)),
            vector_indexes: None,
        }
    }
}

/// The same, once it is made.
///
/// # Errors
/// `BackupInUseException` while it is being made.
pub(super) fn find_made<'d>(
    ctx: &Context<'_>,
    db: &'d mut DynamoDb,
    arn: Option<&str>,
) -> Result<&'d mut Backup, DynamoDbError> {
    let backup = find(ctx, db, arn)?;
    if backup.passing.as_ref().is_some_and(|it| it.lasts(ctx)) {
        return Err(DynamoDbError::BackupInUse(backup.arn.clone()));
    }
    Ok(backup)
}

/// The backup with this ARN.
///
/// # Errors
/// `BackupNotFoundException`; validation.
pub(super) fn find<'d>(
    ctx: &Context<'_>,
    db: &'d mut DynamoDb,
    arn: Option<&str>,
) -> Result<&'d mut Backup, DynamoDbError> {
    let arn =
        arn.ok_or_else(|| DynamoDbError::constraint(None, "backupArn", "Member must not be null"))?;
    if !(arn.starts_with("arn:") && arn.contains(":table/") && arn.contains("/backup/")) {
        return Err(DynamoDbError::validation("Invalid Backup ARN"));
    }
    db.forget_deleted(ctx);
    db.backups.get_mut(arn).ok_or_else(|| DynamoDbError::BackupNotFound(arn.to_owned()))
}
