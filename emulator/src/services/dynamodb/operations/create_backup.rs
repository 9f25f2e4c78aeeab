//! CreateBackup: keeps a table as it is now.
//!
//! Errors: `TableNotFoundException`, `ContinuousBackupsUnavailableException`,
//! `ValidationException`.
//! Source: API reference "CreateBackup".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::backup;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::recovery;
use crate::services::dynamodb::shapes::BackupDetails;
use crate::services::dynamodb::state::DynamoDb;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub backup_name: Option<String>,
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub backup_details: Option<BackupDetails>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::CREATE_BACKUP, &request)?;
    let name = request.backup_name.unwrap_or_default();
    let table = recovery::table_with_backups(ctx, db, request.table_name.as_deref())?;
    let backup = backup::of_user(ctx, table, name);
    let details = backup.details(ctx);
    db.backups.insert(backup.arn.clone(), backup);
    Ok(Response { backup_details: Some(details) })
}
