//! CreateGlobalTable: refused, as AWS refuses it: its version of global tables is gone.
//!
//! Errors: `ValidationException`.
//! Source: API reference "CreateGlobalTable"; AWS's answers in October 2026.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::global_table;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::shapes::{GlobalTableDescription, Replica};
use crate::services::dynamodb::state::DynamoDb;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub global_table_name: Option<String>,
    pub replication_group: Option<Vec<Replica>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub global_table_description: Option<GlobalTableDescription>,
}

pub fn run(
    _ctx: &mut Context<'_>,
    _db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::CREATE_GLOBAL_TABLE, &request)?;
    global_table::check_name(request.global_table_name.as_deref().unwrap_or_default())?;
    Err(global_table::not_supported())
}
