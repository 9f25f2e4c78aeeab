//! PutAlarmMuteRule: creates a rule that holds back the actions of alarms, or replaces one, which
//! keeps its tags.
//!
//! Limits: 100 alarms a rule; a minute to fifteen days.
//! Errors: `ValidationError`.
//! Source: API reference "PutAlarmMuteRule", "Schedule".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::alarm::{
    MuteRule, MuteSchedule, MuteTargets, MuteTimes, MuteTimesRule,
};
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::state::CloudWatch;
use crate::services::cloudwatch::tagging::{self, Tag};
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
    pub description: Option<String>,
    pub rule: Option<MuteTimesRule>,
    pub mute_targets: Option<MuteTargets>,
    /// Of a new rule.
    pub tags: Option<Vec<Tag>>,
    pub start_date: Option<Timestamp>,
    pub expire_date: Option<Timestamp>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    request.check()?;
    let Request { name, description, rule, mute_targets, tags, start_date, expire_date } = request;
    let name = name.unwrap_or_default();
    let MuteSchedule { expression, duration, timezone } =
        rule.and_then(|rule| rule.schedule).unwrap_or_default();
    let (expression, duration) = (expression.unwrap_or_default(), duration.unwrap_or_default());
    // Unverified: the texts.
    let times = MuteTimes::parse(&expression, &duration, timezone).map_err(|member| {
        CloudWatchError::Validation(format!("The {member} of the schedule is not valid"))
    })?;
    if let (Some(start), Some(expire)) = (start_date, expire_date)
        && start >= expire
    {
        let text = "ExpireDate must be after StartDate".to_owned();
        return Err(CloudWatchError::Validation(text));
    }
    let tags = tagging::checked(Constraints::default(), tags)?;
    let rule = MuteRule {
        description,
        times,
        targets: mute_targets.map(|it| it.alarm_names.unwrap_or_default()),
        starts: start_date,
        expires: expire_date,
        updated: ctx.now(),
        tags,
    };
    cloudwatch.alarms.put_mute_rule(ctx, name, rule)?;
    Ok(Response {})
}
