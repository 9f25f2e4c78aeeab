//! DescribeLimits: how much capacity an account and a table may have.
//!
//! Source: API reference "DescribeLimits": the quotas that an account has at first.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::dynamodb::error::DynamoDbError;
use crate::services::dynamodb::state::DynamoDb;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub account_max_read_capacity_units: Option<i64>,
    pub account_max_write_capacity_units: Option<i64>,
    pub table_max_read_capacity_units: Option<i64>,
    pub table_max_write_capacity_units: Option<i64>,
}

const ACCOUNT_MAX: i64 = 80_000;
const TABLE_MAX: i64 = 40_000;

pub fn run(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    request: Request,
) -> Result<Response, DynamoDbError> {
    let (_, _, Request {}) = (ctx, db, request);
    Ok(Response {
        account_max_read_capacity_units: Some(ACCOUNT_MAX),
        account_max_write_capacity_units: Some(ACCOUNT_MAX),
        table_max_read_capacity_units: Some(TABLE_MAX),
        table_max_write_capacity_units: Some(TABLE_MAX),
    })
}
