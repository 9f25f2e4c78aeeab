//! UntagLogGroup: removes tags.
//!
//! Limits: 50 tags a resource, keys of 128 and values of 256 letters.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`, `TooManyTagsException`.
//! Source: API references of these names; recordings of 2026-02-06. Unverified: the text on
//! resources
//! that do not exist.

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
    pub tags: Option<Vec<String>>,
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
    let held = &mut logs.group_mut(&name)?.tags;
    for key in request.tags.unwrap_or_default() {
        held.remove(&key);
    }
    Ok(Response {})
}
