//! DescribeContinuousBackups: whether and to which moments a table can be restored.
//!
//! Errors: `TableNotFoundException`, `ValidationException`.
//! Source: API reference "DescribeContinuousBackups"; recordings of 2025-10-08.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::recovery;
use crate::services::dynamodb::shapes::ContinuousBackupsDescription;
use crate::services::dynamodb::state::DynamoDb;

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
    pub continuous_backups_description: Option<ContinuousBackupsDescription>,
}

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::OF_TABLE, &request)?;
    let table = recovery::table(ctx, db, request.table_name.as_deref())?;
    Ok(Response { continuous_backups_description: Some(recovery::describe(ctx, table)) })
}
