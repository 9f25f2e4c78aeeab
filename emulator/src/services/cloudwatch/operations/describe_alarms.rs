//! DescribeAlarms: alarms by name, by prefix, by state or by action, or the relatives of an
//! alarm, in the order of their names. Without types, metric alarms only.
//!
//! Limits: 50 alarms a page unless asked otherwise, 100 at most.
//! Errors: `InvalidNextToken`, `ValidationError`, `InvalidParameterCombination`.
//! Source: API reference "DescribeAlarms"; recordings of 2025-09-19.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::alarm::{
    Alarm, AlarmKind, CompositeAlarm, LogAlarm, MetricAlarm, brief_composite, brief_metric,
};
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::paging::position;
use crate::services::cloudwatch::state::CloudWatch;

const PAGE: i32 = 50;

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
