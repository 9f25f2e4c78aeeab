//! StopQuery: ends a query that runs.
//!
//! Errors: `ResourceNotFoundException`; `InvalidParameterException` where it is over.
//! Source: API reference "StopQuery". Unverified: the texts.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{Constraints, QUERY_ID, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub query_id: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub success: Option<bool>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let mut check = Constraints::default();
    QUERY_ID.required(&mut check, "queryId", request.query_id.as_ref());
    check.done()?;
    let id = given("queryId", request.query_id)?;
    logs.queries
        .find(ctx, &id)
        .ok_or(LogsError::NotFound("The specified query does not exist."))?;
    match logs.queries.stop(ctx, &id) {
        true => Ok(Response { success: Some(true) }),
        false => Err(LogsError::parameter("The specified query is not running.")),
    }
}
