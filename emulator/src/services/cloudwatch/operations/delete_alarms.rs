//! DeleteAlarms: removes alarms, all of them or none.
//!
//! Limits: 100 names.
//! Errors: `ResourceNotFound`, `ValidationError`.
//! Source: API reference "DeleteAlarms"; recordings of 2025-09-19.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::alarm_actions::check_names;
use crate::kernel::Context;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::state::CloudWatch;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub alarm_names: Option<Vec<String>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let names = check_names(request.alarm_names)?;
    if names.iter().any(|name| cloudwatch.alarms.get(name).is_none()) {
        return Err(CloudWatchError::AlarmNotFound);
    }
    names.iter().for_each(|name| cloudwatch.alarms.delete(ctx.now(), name));
    Ok(Response {})
}
