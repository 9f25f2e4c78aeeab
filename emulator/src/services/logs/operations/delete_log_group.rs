//! DeleteLogGroup: deletes a group with all that it holds.
//!
//! Errors: `ResourceNotFoundException`; `ValidationException` where it is protected.
//! Source: API reference "DeleteLogGroup".

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
    if logs.group(&name)?.deletion_protection {
        // Unverified: the text.
        return Err(LogsError::Validation(
            "The log group cannot be deleted because deletion protection is enabled.".to_owned(),
        ));
    }
    if let Some(group) = logs.groups.remove(name.as_str()) {
        logs.bytes -= group.bytes();
    }
    Ok(Response {})
}
