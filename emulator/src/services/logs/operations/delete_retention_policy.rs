//! DeleteRetentionPolicy: events are kept for ever.
//!
//! Limits: the numbers of days that AWS takes.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`.
//! Source: API references of these names.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{self, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub log_group_name: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    _ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    constraint::names(request.log_group_name.as_ref(), None)?;
    let name = given("logGroupName", request.log_group_name)?;
    logs.group_mut(&name)?.retention_days = None;
    Ok(Response {})
}
