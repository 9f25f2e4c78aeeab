//! GetAccountSettings: the bounds of an account and what it uses of them.
//!
//! Errors: `ServiceException`.
//! Source: API reference "GetAccountSettings".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::concurrency::CONCURRENCY_MAX;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::package;
use crate::services::lambda::state::{CODE_BYTES_MAX, Lambda};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Request {}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub account_limit: Option<AccountLimit>,
    pub account_usage: Option<AccountUsage>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AccountLimit {
    pub code_size_unzipped: Option<i64>,
    pub code_size_zipped: Option<i64>,
    pub concurrent_executions: Option<i32>,
    pub total_code_size: Option<i64>,
    pub unreserved_concurrent_executions: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AccountUsage {
    pub function_count: Option<i64>,
    pub total_code_size: Option<i64>,
}

/// Source: "Lambda quotas": an archive that is sent in a request.
const ZIPPED_BYTES: i64 = 52_428_800;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let Request {} = request;
    let unpacked = package::UNPACKED_BYTES_MAX;
    let limit = AccountLimit {
        total_code_size: i64::try_from(CODE_BYTES_MAX).ok(),
        code_size_unzipped: i64::try_from(unpacked).ok(),
        code_size_zipped: Some(ZIPPED_BYTES),
        concurrent_executions: i32::try_from(CONCURRENCY_MAX).ok(),
        unreserved_concurrent_executions: i32::try_from(lambda.unreserved_concurrency()).ok(),
    };
    let usage = AccountUsage {
        total_code_size: i64::try_from(lambda.code_bytes()).ok(),
        function_count: i64::try_from(lambda.functions.len()).ok(),
    };
    let _unused = ctx;
    Ok(Response { account_limit: Some(limit), account_usage: Some(usage) })
}
