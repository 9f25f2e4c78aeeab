//! ListAlarmMuteRules: the rules in the order of their names, perhaps only those of an alarm.
//!
//! Limits: 50 a page unless asked otherwise, 100 at most.
//! Errors: `InvalidNextToken`, `ValidationError`.
//! Source: API reference "ListAlarmMuteRules".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::alarm::{MuteRule, MuteStatus};
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::metric::NAME_MAX;
use crate::services::cloudwatch::paging::position;
use crate::services::cloudwatch::state::CloudWatch;
use crate::wire::Timestamp;

const PAGE: i32 = 50;
const PAGE_MAX: i32 = 100;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub alarm_name: Option<String>,
    pub statuses: Option<Vec<String>>,
    pub max_records: Option<i32>,
    /// The name after which the page begins.
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub alarm_mute_rule_summaries: Option<Vec<AlarmMuteRuleSummary>>,
    pub next_token: Option<String>,
}

/// A rule without its schedule.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AlarmMuteRuleSummary {
    pub alarm_mute_rule_arn: Option<String>,
    pub expire_date: Option<Timestamp>,
    pub status: Option<String>,
    pub mute_type: Option<String>,
    pub last_updated_timestamp: Option<Timestamp>,
}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let mut constraints = Constraints::default();
    constraints.length("alarmName", request.alarm_name.as_deref(), (1, NAME_MAX));
    constraints.range("maxRecords", request.max_records, (1, PAGE_MAX));
    for (number, status) in (1..).zip(request.statuses.iter().flatten()) {
        let member = format!("statuses.{number}.member");
        constraints.one_of(&member, Some(status), &MuteStatus::NAMES);
    }
    constraints.done()?;
    let after = position(ctx, request.next_token.as_deref())?;
    let limit = request.max_records.unwrap_or(PAGE).unsigned_abs() as usize;
    let now = ctx.now();
    let statuses = request.statuses.filter(|statuses| !statuses.is_empty());
    let rules = cloudwatch.alarms.mute_rules.by_name.iter();
    let mut found = rules
        .filter(|(name, _)| after.as_ref().is_none_or(|after| *name > after))
        .filter(|(_, rule)| request.alarm_name.as_deref().is_none_or(|it| rule.has(it)))
        .map(|(name, rule)| (name, rule, rule.status(now).as_str()))
        .filter(|(.., status)| {
            statuses.as_ref().is_none_or(|wanted| wanted.iter().any(|it| it == status))
        });
    let page: Vec<_> = found.by_ref().take(limit).collect();
    let more = found.next().is_some();
    let next_token = page.last().filter(|_| more).map(|(name, ..)| ctx.page_token(name));
    let summaries = page.into_iter().map(|(name, rule, status)| AlarmMuteRuleSummary {
        alarm_mute_rule_arn: Some(MuteRule::arn(ctx, name)),
        expire_date: rule.expires,
        status: Some(status.to_owned()),
        mute_type: Some(rule.mute_type()),
        last_updated_timestamp: Some(rule.updated),
    });
    Ok(Response { alarm_mute_rule_summaries: Some(summaries.collect()), next_token })
}
