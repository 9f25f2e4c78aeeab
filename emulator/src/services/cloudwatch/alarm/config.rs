//! How an alarm of each kind is set up, and what all kinds have.

use serde::{Deserialize, Serialize};

use super::shapes::{CompositeAlarm, LogAlarm, MetricAlarm};
use super::state::StateValue;
use crate::wire::Timestamp;

/// As it was requested; the members about its state are unset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) enum Config {
    Metric(Box<MetricAlarm>),
    Composite(Box<CompositeAlarm>),
    Log(Box<LogAlarm>),
}

/// The kinds of alarms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) enum AlarmKind {
    Metric,
    Composite,
    Log,
}

impl AlarmKind {
    /// In the order in which AWS's model lists them.
    pub(in crate::services::cloudwatch) const NAMES: [&str; 3] =
        ["CompositeAlarm", "MetricAlarm", "LogAlarm"];

    pub(in crate::services::cloudwatch) fn as_str(self) -> &'static str {
        match self {
            Self::Metric => "MetricAlarm",
            Self::Composite => "CompositeAlarm",
            Self::Log => "LogAlarm",
        }
    }

    /// Whether a request for alarms of `types` wants these; one that names no types wants metric
    /// alarms.
    ///
    /// Source: API reference "DescribeAlarms", "DescribeAlarmHistory".
    pub(in crate::services::cloudwatch) fn is_of(self, types: Option<&[String]>) -> bool {
        match types.filter(|types| !types.is_empty()) {
            None => self == Self::Metric,
            Some(types) => types.iter().any(|name| name == self.as_str()),
        }
    }
}

/// What alarms of all kinds have.
pub(in crate::services::cloudwatch) struct Common<'a> {
    pub(in crate::services::cloudwatch) name: &'a str,
    pub(super) description: Option<&'a str>,
    pub(super) actions_enabled: bool,
    pub(super) ok_actions: &'a [String],
    pub(super) alarm_actions: &'a [String],
    pub(super) insufficient_data_actions: &'a [String],
    pub(super) configured: Option<Timestamp>,
}

type Texts = Option<Vec<String>>;

impl<'a> Common<'a> {
    fn of(
        (name, description): (&'a Option<String>, &'a Option<String>),
        actions_enabled: Option<bool>,
        [ok, alarm, insufficient_data]: [&'a Texts; 3],
        configured: Option<Timestamp>,
    ) -> Self {
        let list = |texts: &'a Texts| texts.as_deref().unwrap_or_default();
        Self {
            name: name.as_deref().unwrap_or_default(),
            description: description.as_deref(),
            actions_enabled: actions_enabled != Some(false),
            ok_actions: list(ok),
            alarm_actions: list(alarm),
            insufficient_data_actions: list(insufficient_data),
            configured,
        }
    }

    /// The actions of a state.
    pub(super) fn actions_of(&self, state: StateValue) -> &'a [String] {
        match state {
            StateValue::Ok => self.ok_actions,
            StateValue::Alarm => self.alarm_actions,
            StateValue::InsufficientData => self.insufficient_data_actions,
        }
    }

    /// The actions of all states.
    pub(in crate::services::cloudwatch) fn actions(&self) -> impl Iterator<Item = &'a String> {
        let lists = [self.ok_actions, self.alarm_actions, self.insufficient_data_actions];
        lists.into_iter().flatten()
    }
}

impl Config {
    pub(in crate::services::cloudwatch) fn common(&self) -> Common<'_> {
        match self {
            Self::Metric(it) => Common::of(
                (&it.alarm_name, &it.alarm_description),
                it.actions_enabled,
                [&it.ok_actions, &it.alarm_actions, &it.insufficient_data_actions],
                it.alarm_configuration_updated_timestamp,
            ),
            Self::Composite(it) => Common::of(
                (&it.alarm_name, &it.alarm_description),
                it.actions_enabled,
                [&it.ok_actions, &it.alarm_actions, &it.insufficient_data_actions],
                it.alarm_configuration_updated_timestamp,
            ),
            Self::Log(it) => Common::of(
                (&it.alarm_name, &it.alarm_description),
                it.actions_enabled,
                [&it.ok_actions, &it.alarm_actions, &it.insufficient_data_actions],
                it.alarm_configuration_updated_timestamp,
            ),
        }
    }

    pub(in crate::services::cloudwatch) fn kind(&self) -> AlarmKind {
        match self {
            Self::Metric(_) => AlarmKind::Metric,
            Self::Composite(_) => AlarmKind::Composite,
            Self::Log(_) => AlarmKind::Log,
        }
    }

    pub(in crate::services::cloudwatch) fn metric(&self) -> Option<&MetricAlarm> {
        match self {
            Self::Metric(alarm) => Some(alarm),
            _ => None,
        }
    }

    pub(in crate::services::cloudwatch) fn composite(&self) -> Option<&CompositeAlarm> {
        match self {
            Self::Composite(alarm) => Some(alarm),
            _ => None,
        }
    }

    pub(super) fn set_arn(&mut self, arn: String) {
        *match self {
            Self::Metric(it) => &mut it.alarm_arn,
            Self::Composite(it) => &mut it.alarm_arn,
            Self::Log(it) => &mut it.alarm_arn,
        } = Some(arn);
    }

    /// Switches the actions on or off; whether that changed anything.
    pub(super) fn set_actions_enabled(&mut self, now: Timestamp, wanted: bool) -> bool {
        let (enabled, configured) = match self {
            Self::Metric(it) => {
                (&mut it.actions_enabled, &mut it.alarm_configuration_updated_timestamp)
            }
            Self::Composite(it) => {
                (&mut it.actions_enabled, &mut it.alarm_configuration_updated_timestamp)
            }
            Self::Log(it) => {
                (&mut it.actions_enabled, &mut it.alarm_configuration_updated_timestamp)
            }
        };
        if *enabled == Some(wanted) {
            return false;
        }
        (*enabled, *configured) = (Some(wanted), Some(now));
        true
    }
}
