//! DeleteTable: removes a table with all its items.
//!
//! Errors: `ResourceNotFoundException`, `ResourceInUseException`, `ValidationException` (deletion
//! protection).
//! Source: API reference "DeleteTable".

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, Passing};
use crate::services::dynamodb::backup;
use crate::services::dynamodb::describe::describe_deleted;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::replication;
use crate::services::dynamodb::shapes::TableDescription;
use crate::services::dynamodb::state::DynamoDb;
use crate::services::dynamodb::store::{DELETING, PASSING_TIME, UPDATING};
use crate::services::dynamodb::streaming;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub table_description: Option<TableDescription>,
}

/// How long a table stays of which a replica was made, while there are replicas.
const SOURCE_KEPT: Duration = Duration::from_secs(86_400);

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::OF_TABLE, &request)?;
    let table = db.described(ctx, request.table_name.as_deref())?;
    if table.status(ctx) == UPDATING {
        return Err(DynamoDbError::InUse(format!(
            "Attempt to change a resource which is still in use: Table: {} is in the process of \
             being updated.",
            table.name
        )));
    }
    table.check_not_busy(ctx)?;
    if table.settings.deletion_protection {
        return Err(DynamoDbError::validation(
            "Resource cannot be deleted as it is currently protected against deletion. Disable \
             deletion protection first.",
        ));
    }
    if table.indexes.values().any(|index| index.status(ctx) != "ACTIVE") {
        return Err(DynamoDbError::InUse(
            "Attempt to change a resource which is still in use: Cannot delete table while indexes \
             are being created, updated, or deleted."
                .to_owned(),
        ));
    }
    // Source: users' reports of AWS's answer.
    let is_source = table.options.replication.source_at;
    let has_replicas = table.options.replication.living().next().is_some();
    if has_replicas && is_source.is_some_and(|at| ctx.now().since(at) < SOURCE_KEPT) {
        return Err(DynamoDbError::validation(
            "Replica cannot be deleted because it has acted as a source region for new replica(s) \
             being added to the table in the last 24 hours.",
        ));
    }
    let kept = table.options.recovery.is_enabled().then(|| backup::of_deleted(ctx, table));
    table.passing = Some(Passing::begin(ctx, DELETING, PASSING_TIME));
    let description = describe_deleted(ctx, table);
    let name = table.name.clone();
    let region = ctx.scope().region.clone();
    replication::tell_left(ctx, table, &region);
    let table = db.tables.get_mut(&name).expect("it was there just now");
    streaming::close(ctx, table, &mut db.closed_streams);
    table.empty();
    db.backups.extend(kept.map(|backup| (backup.arn.clone(), backup)));
    Ok(Response { table_description: Some(description) })
}
