//! DescribeAlarms: alarms by name, by prefix, by state or by action, in the order of their names.
//!
//! Limits: 50 alarms a page unless asked otherwise, 100 at most.
//! Errors: `InvalidNextToken`, `ValidationError`, `InvalidParameterCombination`.
//! Source: API reference "DescribeAlarms"; recordings of 2025-09-19.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::alarm::{
    Alarm, CompositeAlarm, LogAlarm, MetricAlarm, StateValue,
};
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::metric::NAME_MAX;
use crate::services::cloudwatch::paging::position;
use crate::services::cloudwatch::state::CloudWatch;

const NAMES_MAX: usize = 100;
const PAGE: i32 = 50;
const PAGE_MAX: i32 = 100;
const TYPES: [&str; 3] = ["CompositeAlarm", "MetricAlarm", "LogAlarm"];

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub alarm_names: Option<Vec<String>>,
    pub alarm_name_prefix: Option<String>,
    pub alarm_types: Option<Vec<String>>,
    pub children_of_alarm_name: Option<String>,
    pub parents_of_alarm_name: Option<String>,
    pub state_value: Option<String>,
    pub action_prefix: Option<String>,
    pub max_records: Option<i32>,
    /// The name after which the page begins.
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub composite_alarms: Option<Vec<CompositeAlarm>>,
    pub metric_alarms: Option<Vec<MetricAlarm>>,
    pub log_alarms: Option<Vec<LogAlarm>>,
    pub next_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    request.check()?;
    let limit = request.max_records.unwrap_or(PAGE).unsigned_abs() as usize;
    let position = position(ctx, request.next_token.as_deref())?;
    let after = |alarm: &&Alarm| position.as_deref().is_none_or(|it| alarm.name() > it);
    let mut found = cloudwatch.alarms.all().filter(after).filter(|it| request.wants(it));
    let page: Vec<&Alarm> = found.by_ref().take(limit).collect();
    let more = found.next().is_some();
    Ok(Response {
        composite_alarms: Some(Vec::new()),
        metric_alarms: Some(page.iter().map(|alarm| alarm.describe()).collect()),
        log_alarms: None,
        next_token: page.last().filter(|_| more).map(|alarm| ctx.page_token(alarm.name())),
    })
}

impl Request {
    fn check(&self) -> Result<(), CloudWatchError> {
        let mut constraints = Constraints::default();
        let names = self.alarm_names.as_deref();
        constraints.entries("alarmNames", names.unwrap_or_default(), (0, NAMES_MAX));
        let prefix = self.alarm_name_prefix.as_deref();
        constraints.length("alarmNamePrefix", prefix, (1, NAME_MAX));
        constraints.one_of("stateValue", self.state_value.as_deref(), &StateValue::NAMES);
        constraints.range("maxRecords", self.max_records, (1, PAGE_MAX));
        for (number, kind) in (1..).zip(self.alarm_types.iter().flatten()) {
            let member = format!("alarmTypes.{number}.member");
            constraints.one_of(&member, Some(kind), &TYPES);
        }
        constraints.done()?;
        // Unverified: the text.
        if prefix.is_some() && names.is_some_and(|names| !names.is_empty()) {
            return Err(CloudWatchError::InvalidParameterCombination(
                "AlarmNamePrefix and AlarmNames cannot be used together.".to_owned(),
            ));
        }
        Ok(())
    }

    /// Metric alarms have no children and, without composite alarms, no parents.
    fn wants(&self, alarm: &Alarm) -> bool {
        let names = self.alarm_names.as_deref().filter(|names| !names.is_empty());
        let types = self.alarm_types.as_deref().filter(|types| !types.is_empty());
        let prefix = |prefix: &Option<String>, text: &str| {
            prefix.as_deref().is_none_or(|prefix| text.starts_with(prefix))
        };
        let config = &alarm.config;
        let actions =
            [&config.ok_actions, &config.alarm_actions, &config.insufficient_data_actions];
        let mut actions = actions.into_iter().flatten().flatten();
        names.is_none_or(|names| names.iter().any(|name| name == alarm.name()))
            && types.is_none_or(|types| types.iter().any(|kind| kind == "MetricAlarm"))
            && self.children_of_alarm_name.is_none()
            && self.parents_of_alarm_name.is_none()
            && prefix(&self.alarm_name_prefix, alarm.name())
            && self.state_value.as_deref().is_none_or(|it| it == alarm.state.value.as_str())
            && (self.action_prefix.is_none()
                || actions.any(|action| prefix(&self.action_prefix, action)))
    }
}
