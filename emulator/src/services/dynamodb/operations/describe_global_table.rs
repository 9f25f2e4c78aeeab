//! DescribeGlobalTable: none is there, whatever it is called.
//!
//! Errors: `GlobalTableNotFoundException`, `ValidationException`.
//! Source: API reference "DescribeGlobalTable"; AWS's answers in October 2026.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::global_table;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::shapes::GlobalTableDescription;
use crate::services::dynamodb::state::DynamoDb;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub global_table_name: Option<String>,
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
    model::check(model_inputs::OF_GLOBAL_TABLE, &request)?;
    let name = request.global_table_name.unwrap_or_default();
    global_table::check_name(&name)?;
    Err(global_table::not_found(&name))
}
