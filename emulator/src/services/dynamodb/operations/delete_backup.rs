//! DeleteBackup: forgets a backup.
//!
//! Errors: `BackupNotFoundException`, `BackupInUseException`, `ValidationException`.
//! Source: API reference "DeleteBackup".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::backup;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::shapes::BackupDescription;
use crate::services::dynamodb::state::DynamoDb;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub backup_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub backup_description: Option<BackupDescription>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::OF_BACKUP, &request)?;
    let backup = backup::find_made(ctx, db, request.backup_arn.as_deref())?;
    let mut description = backup.describe(ctx);
    if let Some(details) = &mut description.backup_details {
        details.backup_status = Some("DELETED".to_owned());
    }
    let arn = backup.arn.clone();
    if let Some(expires) = backup.expires {
        return Err(DynamoDbError::validation(format!(
            "Invalid Request: User is not allowed to delete the system backup with arn {arn}. It \
             will automatically expire on {}",
            expires.iso_seconds()
        )));
    }
    db.backups.remove(&arn);
    Ok(Response { backup_description: Some(description) })
}
