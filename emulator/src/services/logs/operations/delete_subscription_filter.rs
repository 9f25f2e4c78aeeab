//! DeleteSubscriptionFilter: deletes a subscription filter of a group.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`.
//! Source: API reference "DeleteSubscriptionFilter". Unverified: the text on a filter that is not
//! there.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{self, Constraints, FILTER_NAME, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub filter_name: Option<String>,
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
    let mut check = Constraints::default();
    FILTER_NAME.required(&mut check, "filterName", request.filter_name.as_ref());
    check.done()?;
    let group = given("logGroupName", request.log_group_name)?;
    let name = given("filterName", request.filter_name)?;
    let removed = logs.group_mut(&group)?.subscriptions.remove(&name);
    let missing = LogsError::NotFound("The specified subscription filter does not exist.");
    removed.map(|_| Response {}).ok_or(missing)
}
