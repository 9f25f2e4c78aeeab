//! DeleteTable: removes a table with all its items.
//!
//! Errors: `ResourceNotFoundException`, `ResourceInUseException`, `ValidationException` (deletion
//! protection).
//! Source: API reference "DeleteTable".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, Passing};
use crate::services::dynamodb::describe::describe;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::shapes::TableDescription;
use crate::services::dynamodb::state::{DynamoDb, table_name};
use crate::services::dynamodb::store::{DELETING, PASSING_TIME};
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

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    let name = table_name(ctx, request.table_name.as_deref())?;
    db.forget_deleted(ctx);
    let table = db.tables.get_mut(name);
    let table = table.ok_or_else(|| DynamoDbError::TableNotFound(name.to_owned()))?;
    table.check_not_busy(ctx)?;
    if table.settings.deletion_protection {
        return Err(DynamoDbError::validation(
            "Resource cannot be deleted as it is currently protected against deletion. Disable \
             deletion protection first.",
        ));
    }
    table.passing = Some(Passing::begin(ctx, DELETING, PASSING_TIME));
    let description = describe(table, table.status(ctx));
    streaming::close(ctx.now(), table, &mut db.closed_streams);
    table.empty();
    Ok(Response { table_description: Some(description) })
}
