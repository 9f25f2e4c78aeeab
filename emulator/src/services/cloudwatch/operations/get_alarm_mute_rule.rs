//! GetAlarmMuteRule: all of one rule.
//!
//! Errors: `ResourceNotFoundException`, `ValidationError`.
//! Source: API reference "GetAlarmMuteRule".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::alarm::{
    MuteRule, MuteSchedule, MuteTargets, MuteTimesRule, checked_mute_rule_name as checked_name,
};
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::state::CloudWatch;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub alarm_mute_rule_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub name: Option<String>,
    pub alarm_mute_rule_arn: Option<String>,
    pub description: Option<String>,
    pub rule: Option<MuteTimesRule>,
    pub mute_targets: Option<MuteTargets>,
    pub start_date: Option<Timestamp>,
    pub expire_date: Option<Timestamp>,
    pub status: Option<String>,
    pub last_updated_timestamp: Option<Timestamp>,
    pub mute_type: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let name = checked_name(request.alarm_mute_rule_name)?;
    let found = cloudwatch.alarms.mute_rules.by_name.get(&name);
    let not_found = || CloudWatchError::ResourceNotFound("alarm-mute-rule", name.clone());
    let rule = found.ok_or_else(not_found)?;
    let schedule = MuteSchedule {
        expression: Some(rule.times.expression.clone()),
        duration: Some(rule.times.duration.clone()),
        timezone: rule.times.timezone.clone(),
    };
    let targets = |names: &Vec<String>| MuteTargets { alarm_names: Some(names.clone()) };
    Ok(Response {
        alarm_mute_rule_arn: Some(MuteRule::arn(ctx, &name)),
        name: Some(name),
        description: rule.description.clone(),
        rule: Some(MuteTimesRule { schedule: Some(schedule) }),
        mute_targets: rule.targets.as_ref().map(targets),
        start_date: rule.starts,
        expire_date: rule.expires,
        status: Some(rule.status(ctx.now()).as_str().to_owned()),
        last_updated_timestamp: Some(rule.updated),
        mute_type: Some(rule.mute_type()),
    })
}
