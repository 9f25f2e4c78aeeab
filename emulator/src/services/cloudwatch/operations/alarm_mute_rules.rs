//! PutAlarmMuteRule, GetAlarmMuteRule, ListAlarmMuteRules, DeleteAlarmMuteRule: when the actions of
//! alarms are held back.
//!
//! Limits: 100 alarms a rule; a minute to fifteen days; times are in UTC here.
//! Errors: `ValidationError`, `ResourceNotFoundException`, `InvalidNextToken`.
//! Source: API reference "PutAlarmMuteRule", "GetAlarmMuteRule", "Schedule".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// When a mute rule begins, and how long it lasts.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Schedule {
    pub expression: Option<String>,
    pub duration: Option<String>,
    pub timezone: Option<String>,
}

/// What a mute rule goes by.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Rule {
    pub schedule: Option<Schedule>,
}

/// Whose actions a mute rule holds back.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MuteTargets {
    pub alarm_names: Option<Vec<String>>,
}

/// PutAlarmMuteRule: creates a rule, or replaces one, which keeps its tags.
pub mod put_alarm_mute_rule {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use super::{MuteTargets, Rule, Schedule};
    use crate::kernel::Context;
    use crate::services::cloudwatch::alarm::{MuteRule, MuteTimes};
    use crate::services::cloudwatch::constraint::Constraints;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::metric::NAME_MAX;
    use crate::services::cloudwatch::state::CloudWatch;
    use crate::services::cloudwatch::tagging::{self, Tag};
    use crate::wire::Timestamp;

    const DESCRIPTION_MAX: usize = 1024;
    const TARGETS_MAX: usize = 100;
    const EXPRESSION_MAX: usize = 256;
    const WORD_MAX: usize = 50;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub name: Option<String>,
        pub description: Option<String>,
        pub rule: Option<Rule>,
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
        let Request { name, description, rule, mute_targets, tags, start_date, expire_date } =
            request;
        let name = name.unwrap_or_default();
        let Schedule { expression, duration, timezone } =
            rule.and_then(|rule| rule.schedule).unwrap_or_default();
        let (expression, duration) = (expression.unwrap_or_default(), duration.unwrap_or_default());
        let other_zone = timezone.as_deref().is_some_and(|zone| !is_utc(zone));
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
        if other_zone {
            ctx.not_honoured("Rule.Schedule.Timezone")?;
        }
        let rule = MuteRule {
            description,
            times,
            targets: mute_targets.map(|it| it.alarm_names.unwrap_or_default()),
            starts: start_date,
            expires: expire_date,
            updated: ctx.now(),
            tags,
        };
        cloudwatch.alarms.put_mute_rule(ctx, name, rule);
        Ok(Response {})
    }

    fn is_utc(zone: &str) -> bool {
        ["UTC", "Etc/UTC", "GMT", "Etc/GMT", "Z"].iter().any(|name| name.eq_ignore_ascii_case(zone))
    }

    impl Request {
        fn check(&self) -> Result<(), CloudWatchError> {
            let mut constraints = Constraints::default();
            constraints.required("name", self.name.as_ref());
            constraints.length("name", self.name.as_deref(), (1, NAME_MAX));
            constraints.length("description", self.description.as_deref(), (0, DESCRIPTION_MAX));
            constraints.required("rule", self.rule.as_ref());
            if let Some(rule) = &self.rule {
                constraints.required("rule.schedule", rule.schedule.as_ref());
            }
            if let Some(schedule) = self.rule.as_ref().and_then(|rule| rule.schedule.as_ref()) {
                let member = |name: &str| format!("rule.schedule.{name}");
                let (expression, duration) = (&schedule.expression, &schedule.duration);
                constraints.required(&member("expression"), expression.as_ref());
                let bounds = (1, EXPRESSION_MAX);
                constraints.length(&member("expression"), expression.as_deref(), bounds);
                constraints.required(&member("duration"), duration.as_ref());
                constraints.length(&member("duration"), duration.as_deref(), (1, WORD_MAX));
                let timezone = schedule.timezone.as_deref();
                constraints.length(&member("timezone"), timezone, (1, WORD_MAX));
            }
            if let Some(targets) = &self.mute_targets {
                let names = targets.alarm_names.as_ref();
                constraints.required("muteTargets.alarmNames", names);
                let list = names.map(Vec::as_slice).unwrap_or_default();
                constraints.entries("muteTargets.alarmNames", list, (0, TARGETS_MAX));
                for (number, name) in (1..).zip(list) {
                    let member = format!("muteTargets.alarmNames.{number}.member");
                    constraints.length(&member, Some(name), (1, NAME_MAX));
                }
            }
            constraints.done()?;
            let name = self.name.as_deref().unwrap_or_default();
            if name.contains(|letter: char| letter.is_ascii_control()) {
                let text = "Name must not contain control characters.".to_owned();
                return Err(CloudWatchError::Validation(text));
            }
            Ok(())
        }
    }
}

/// GetAlarmMuteRule: all of one rule.
pub mod get_alarm_mute_rule {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use super::{MuteTargets, Rule, Schedule, arn, check_name, mute_type};
    use crate::kernel::Context;
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
        pub rule: Option<Rule>,
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
        let name = check_name(request.alarm_mute_rule_name)?;
        let found = cloudwatch.alarms.mute_rules.by_name.get(&name);
        let not_found = || CloudWatchError::ResourceNotFound("alarm-mute-rule", name.clone());
        let rule = found.ok_or_else(not_found)?;
        let schedule = Schedule {
            expression: Some(rule.times.expression.clone()),
            duration: Some(rule.times.duration.clone()),
            timezone: rule.times.timezone.clone(),
        };
        let targets = |names: &Vec<String>| MuteTargets { alarm_names: Some(names.clone()) };
        Ok(Response {
            alarm_mute_rule_arn: Some(arn(ctx, &name)),
            name: Some(name),
            description: rule.description.clone(),
            rule: Some(Rule { schedule: Some(schedule) }),
            mute_targets: rule.targets.as_ref().map(targets),
            start_date: rule.starts,
            expire_date: rule.expires,
            status: Some(rule.status(ctx.now()).as_str().to_owned()),
            last_updated_timestamp: Some(rule.updated),
            mute_type: Some(mute_type(rule)),
        })
    }
}

/// ListAlarmMuteRules: the rules in the order of their names, perhaps only those of an alarm.
pub mod list_alarm_mute_rules {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use super::{arn, mute_type};
    use crate::kernel::Context;
    use crate::services::cloudwatch::alarm::MuteStatus;
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
            alarm_mute_rule_arn: Some(arn(ctx, name)),
            expire_date: rule.expires,
            status: Some(status.to_owned()),
            mute_type: Some(mute_type(rule)),
            last_updated_timestamp: Some(rule.updated),
        });
        Ok(Response { alarm_mute_rule_summaries: Some(summaries.collect()), next_token })
    }
}

/// DeleteAlarmMuteRule: one that is not there is no error. What it held back is done.
pub mod delete_alarm_mute_rule {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use super::check_name;
    use crate::kernel::Context;
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
        let name = check_name(request.alarm_mute_rule_name)?;
        cloudwatch.alarms.delete_mute_rule(ctx, &name);
        Ok(Response {})
    }
}

fn check_name(
    name: Option<String>,
) -> Result<String, crate::services::cloudwatch::error::CloudWatchError> {
    let mut constraints = crate::services::cloudwatch::constraint::Constraints::default();
    constraints.required("alarmMuteRuleName", name.as_ref());
    let bounds = (1, crate::services::cloudwatch::metric::NAME_MAX);
    constraints.length("alarmMuteRuleName", name.as_deref(), bounds);
    constraints.done()?;
    Ok(name.unwrap_or_default())
}

fn arn(ctx: &crate::kernel::Context<'_>, name: &str) -> String {
    ctx.arn(format!("alarm-mute-rule:{name}")).to_string()
}

fn mute_type(rule: &crate::services::cloudwatch::alarm::MuteRule) -> String {
    if rule.is_once() { "ONE_TIME" } else { "RECURRING" }.to_owned()
}
