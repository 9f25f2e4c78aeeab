//! ListTables: the names of tables, in their order, 100 a page.
//!
//! Limits: 1 to 100 names a page.
//! Errors: `ValidationException`.
//! Source: API reference "ListTables".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::model;
use crate::services::dynamodb::model_inputs;
use crate::services::dynamodb::state::DynamoDb;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub exclusive_start_table_name: Option<String>,
    pub limit: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub last_evaluated_table_name: Option<String>,
    pub table_names: Option<Vec<String>>,
}

/// Names on a page, unless fewer are asked for.
const PAGE_MAX: i32 = 100;

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    model::check(model_inputs::LIST_TABLES, &request)?;
    let limit = request.limit.unwrap_or(PAGE_MAX);
    db.forget_deleted(ctx);
    let after = request.exclusive_start_table_name.unwrap_or_default();
    let mut following = db.tables.keys().filter(|name| **name > after);
    let names: Vec<String> = following.by_ref().take(limit as usize).cloned().collect();
    let more = following.next().is_some();
    Ok(Response {
        last_evaluated_table_name: names.last().filter(|_| more).cloned(),
        table_names: Some(names),
    })
}
