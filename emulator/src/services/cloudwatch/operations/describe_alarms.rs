//! DescribeAlarms: alarms by name, by prefix, by state or by action, or the relatives of an alarm, in
//! the order of their names. Without types, metric alarms only.
//!
//! Limits: 50 alarms a page unless asked otherwise, 100 at most.
//! Errors: `InvalidNextToken`, `ValidationError`, `InvalidParameterCombination`.
//! Source: API reference "DescribeAlarms"; recordings of 2025-09-19.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::alarm::{
    Alarm, AlarmKind, CompositeAlarm, LogAlarm, MetricAlarm, StateValue,
};
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::metric::NAME_MAX;
use crate::services::cloudwatch::paging::position;
use crate::services::cloudwatch::state::CloudWatch;

const NAMES_MAX: usize = 100;
const PAGE: i32 = 50;
const PAGE_MAX: i32 = 100;

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
    let alarms = &cloudwatch.alarms;
    let relatives = request.relatives(cloudwatch);
    let all: Box<dyn Iterator<Item = &Alarm>> = match (&relatives, request.only_names()) {
        (Some(names), _) => Box::new(names.iter().filter_map(|name| alarms.get(name))),
        (None, Some(names)) => Box::new(names.into_iter().filter_map(|name| alarms.get(name))),
        (None, None) => Box::new(alarms.all()),
    };
    let wanted = |alarm: &&Alarm| relatives.is_some() || request.wants(alarm);
    let mut found = all.filter(after).filter(wanted);
    let page: Vec<&Alarm> = found.by_ref().take(limit).collect();
    let more = found.next().is_some();
    let next_token = page.last().filter(|_| more).map(|alarm| ctx.page_token(alarm.name()));
    let mut metric: Vec<_> = page.iter().filter_map(|it| it.describe_metric()).collect();
    let mut composite: Vec<_> = page.iter().filter_map(|it| it.describe_composite()).collect();
    if relatives.is_some() {
        let with_state = request.children_of_alarm_name.is_some();
        metric = metric.into_iter().map(|it| brief_metric(it, with_state)).collect();
        composite = composite.into_iter().map(|it| brief_composite(it, with_state)).collect();
    }
    let logs = AlarmKind::Log.is_of(request.alarm_types.as_deref());
    Ok(Response {
        composite_alarms: Some(composite),
        metric_alarms: Some(metric),
        log_alarms: logs.then(|| page.iter().filter_map(|it| it.describe_log()).collect()),
        next_token,
    })
}

/// What is told of a relative: its name, and of a child its state too.
///
/// Source: API reference "DescribeAlarms".
fn brief_metric(alarm: MetricAlarm, with_state: bool) -> MetricAlarm {
    MetricAlarm {
        alarm_name: alarm.alarm_name,
        alarm_arn: alarm.alarm_arn,
        state_value: alarm.state_value.filter(|_| with_state),
        state_updated_timestamp: alarm.state_updated_timestamp.filter(|_| with_state),
        ..MetricAlarm::default()
    }
}

fn brief_composite(alarm: CompositeAlarm, with_state: bool) -> CompositeAlarm {
    CompositeAlarm {
        alarm_name: alarm.alarm_name,
        alarm_arn: alarm.alarm_arn,
        state_value: alarm.state_value.filter(|_| with_state),
        state_updated_timestamp: alarm.state_updated_timestamp.filter(|_| with_state),
        ..CompositeAlarm::default()
    }
}

impl Request {
    fn check(&self) -> Result<(), CloudWatchError> {
        let mut constraints = Constraints::default();
        let names = self.alarm_names.as_deref();
        constraints.entries("alarmNames", names.unwrap_or_default(), (0, NAMES_MAX));
        let prefix = self.alarm_name_prefix.as_deref();
        constraints.length("alarmNamePrefix", prefix, (1, NAME_MAX));
        let children_of = self.children_of_alarm_name.as_deref();
        constraints.length("childrenOfAlarmName", children_of, (1, NAME_MAX));
        let parents_of = self.parents_of_alarm_name.as_deref();
        constraints.length("parentsOfAlarmName", parents_of, (1, NAME_MAX));
        constraints.one_of("stateValue", self.state_value.as_deref(), &StateValue::NAMES);
        constraints.range("maxRecords", self.max_records, (1, PAGE_MAX));
        for (number, kind) in (1..).zip(self.alarm_types.iter().flatten()) {
            let member = format!("alarmTypes.{number}.member");
            constraints.one_of(&member, Some(kind), &AlarmKind::NAMES);
        }
        constraints.done()?;
        let combination =
            |text: &str| Err(CloudWatchError::InvalidParameterCombination(text.to_owned()));
        // Unverified: the texts.
        let by_name = self.only_names().is_some();
        if prefix.is_some() && by_name {
            return combination("AlarmNamePrefix and AlarmNames cannot be used together.");
        }
        let filters = by_name
            || prefix.is_some()
            || self.alarm_types.as_ref().is_some_and(|types| !types.is_empty())
            || self.state_value.is_some()
            || self.action_prefix.is_some();
        match (children_of, parents_of) {
            (Some(_), Some(_)) => {
                combination("ChildrenOfAlarmName and ParentsOfAlarmName cannot be used together.")
            }
            (Some(_), None) | (None, Some(_)) if filters => combination(
                "ChildrenOfAlarmName and ParentsOfAlarmName can be used with MaxRecords and \
                 NextToken only.",
            ),
            _ => Ok(()),
        }
    }

    /// The alarms that are asked for by name, in order.
    fn only_names(&self) -> Option<BTreeSet<&str>> {
        let names = self.alarm_names.as_deref().filter(|names| !names.is_empty())?;
        Some(names.iter().map(String::as_str).collect())
    }

    /// The names of the children or parents that are asked for.
    fn relatives(&self, cloudwatch: &CloudWatch) -> Option<BTreeSet<String>> {
        if let Some(name) = &self.children_of_alarm_name {
            let parent = cloudwatch.alarms.get(name);
            let children = parent.map(Alarm::children).unwrap_or_default();
            return Some(children.into_iter().map(str::to_owned).collect());
        }
        let name = self.parents_of_alarm_name.as_ref()?;
        Some(cloudwatch.alarms.parents_of(name).map(str::to_owned).collect())
    }

    fn wants(&self, alarm: &Alarm) -> bool {
        let prefix = |prefix: &Option<String>, text: &str| {
            prefix.as_deref().is_none_or(|prefix| text.starts_with(prefix))
        };
        let common = alarm.config.common();
        let mut actions = common.actions();
        alarm.config.kind().is_of(self.alarm_types.as_deref())
            && prefix(&self.alarm_name_prefix, alarm.name())
            && self.state_value.as_deref().is_none_or(|it| it == alarm.state.value.as_str())
            && (self.action_prefix.is_none()
                || actions.any(|action| prefix(&self.action_prefix, action)))
    }
}
