//! Which alarms a request for descriptions wants, and what it may ask for together.
//!
//! Source: API reference "DescribeAlarms".

use std::collections::BTreeSet;

use super::config::AlarmKind;
use super::shapes::{CompositeAlarm, MetricAlarm};
use super::state::{Alarm, StateValue};
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::metric::NAME_MAX;
use crate::services::cloudwatch::operations::describe_alarms::Request;
use crate::services::cloudwatch::state::CloudWatch;

const NAMES_MAX: usize = 100;
const PAGE_MAX: i32 = 100;

impl Request {
    pub(in crate::services::cloudwatch) fn check(&self) -> Result<(), CloudWatchError> {
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
    pub(in crate::services::cloudwatch) fn only_names(&self) -> Option<BTreeSet<&str>> {
        let names = self.alarm_names.as_deref().filter(|names| !names.is_empty())?;
        Some(names.iter().map(String::as_str).collect())
    }

    /// The names of the children or parents that are asked for.
    pub(in crate::services::cloudwatch) fn relatives(
        &self,
        cloudwatch: &CloudWatch,
    ) -> Option<BTreeSet<String>> {
        if let Some(name) = &self.children_of_alarm_name {
            let parent = cloudwatch.alarms.get(name);
            let children = parent.map(Alarm::children).unwrap_or_default();
            return Some(children.into_iter().map(str::to_owned).collect());
        }
        let name = self.parents_of_alarm_name.as_ref()?;
        Some(cloudwatch.alarms.parents_of(name).map(str::to_owned).collect())
    }

    pub(in crate::services::cloudwatch) fn wants(&self, alarm: &Alarm) -> bool {
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

/// What is told of a relative: its name, and of a child its state too.
///
/// Source: API reference "DescribeAlarms".
pub(in crate::services::cloudwatch) fn brief_metric(
    alarm: MetricAlarm,
    with_state: bool,
) -> MetricAlarm {
    MetricAlarm {
        alarm_name: alarm.alarm_name,
        alarm_arn: alarm.alarm_arn,
        state_value: alarm.state_value.filter(|_| with_state),
        state_updated_timestamp: alarm.state_updated_timestamp.filter(|_| with_state),
        ..MetricAlarm::default()
    }
}

pub(in crate::services::cloudwatch) fn brief_composite(
    alarm: CompositeAlarm,
    with_state: bool,
) -> CompositeAlarm {
    CompositeAlarm {
        alarm_name: alarm.alarm_name,
        alarm_arn: alarm.alarm_arn,
        state_value: alarm.state_value.filter(|_| with_state),
        state_updated_timestamp: alarm.state_updated_timestamp.filter(|_| with_state),
        ..CompositeAlarm::default()
    }
}
