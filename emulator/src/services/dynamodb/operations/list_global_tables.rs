//! ListGlobalTables: there are none.
//!
//! Errors: `ValidationException`.
//! Source: API reference "ListGlobalTables"; AWS's answers in October 2026.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::shapes::GlobalTable;
use crate::services::dynamodb::state::DynamoDb;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub exclusive_start_global_table_name: Option<String>,
    pub limit: Option<i32>,
    pub region_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub global_tables: Option<Vec<GlobalTable>>,
    pub last_evaluated_global_table_name: Option<String>,
}

pub fn run(
    _ctx: &mut Context<'_>,
    _db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::LIST_GLOBAL_TABLES, &request)?;
    Ok(Response { global_tables: Some(Vec::new()), last_evaluated_global_table_name: None })
}
