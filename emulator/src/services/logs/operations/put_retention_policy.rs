//! PutRetentionPolicy: events older than so many days are forgotten.
//!
//! Limits: the numbers of days that AWS takes.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`.
//! Source: API references of these names.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{self, Constraints, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub log_group_name: Option<String>,
    pub retention_in_days: Option<i32>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    _ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    constraint::names(request.log_group_name.as_ref(), None)?;
    let days = given("retentionInDays", request.retention_in_days)?;
    if !DAYS.contains(&days) {
        let allowed = DAYS.map(|days| days.to_string()).join(", ");
        let mut check = Constraints::default();
        let constraint = format!("Member must satisfy enum value set: [{allowed}]");
        check.broken("retentionInDays", format_args!(" '{days}'"), constraint);
        check.done()?;
    }
    let name = given("logGroupName", request.log_group_name)?;
    logs.group_mut(&name)?.retention_days = Some(days);
    Ok(Response {})
}

/// Source: API reference "PutRetentionPolicy".
const DAYS: [i32; 23] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653, 4383,
];
