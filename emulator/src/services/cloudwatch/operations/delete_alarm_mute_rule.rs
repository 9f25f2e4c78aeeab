//! DeleteAlarmMuteRule: one that is not there is no error. What it held back is done.
//!
//! Errors: `ValidationError`.
//! Source: API reference "DeleteAlarmMuteRule".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::alarm::checked_mute_rule_name as checked_name;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::state::CloudWatch;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub alarm_mute_rule_name: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let name = checked_name(request.alarm_mute_rule_name)?;
    cloudwatch.alarms.delete_mute_rule(ctx, &name);
    Ok(Response {})
}
