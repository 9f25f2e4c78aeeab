//! TagLogGroup: adds tags.
//!
//! Limits: 50 tags a resource, keys of 128 and values of 256 letters.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`, `TooManyTagsException`.
//! Source: API references of these names; recordings of 2026-02-06. Unverified: the text on
//! resources
//! that do not exist.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{self, Constraints, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::state::Logs;
use crate::services::logs::tagging;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub log_group_name: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    _ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    constraint::names(request.log_group_name.as_ref(), None)?;
    let mut check = Constraints::default();
    let tags = request.tags.unwrap_or_default();
    constraint::tags(&mut check, &tags);
    check.done()?;
    let name = given("logGroupName", request.log_group_name)?;
    tagging::add(&mut logs.group_mut(&name)?.tags, tags)?;
    Ok(Response {})
}
