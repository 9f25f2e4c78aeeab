//! The shapes of alarms as they are sent and shown, in the order in which AWS writes them.
//!
//! No rules here; what a metric alarm means is in `rule`, what it is in `state`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::services::cloudwatch::metric::{Dimension, Metric};
use crate::services::cloudwatch::tagging::Tag;
use crate::wire::Timestamp;

/// One metric or expression of an alarm on several.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MetricDataQuery {
    pub id: Option<String>,
    pub metric_stat: Option<MetricStat>,
    pub expression: Option<String>,
    pub label: Option<String>,
    pub return_data: Option<bool>,
    pub period: Option<i32>,
    pub account_id: Option<String>,
}

/// A metric and its statistic.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MetricStat {
    pub metric: Option<Metric>,
    pub period: Option<i32>,
    pub stat: Option<String>,
    pub unit: Option<String>,
}

/// Which time an evaluation covers: one of its members.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EvaluationWindow {
    pub sliding_window: Option<SlidingWindow>,
    pub wall_clock_window: Option<WallClockWindow>,
}

/// The window ends with the minute of the evaluation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SlidingWindow {}

/// The window ends with the hour, the day and the like.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct WallClockWindow {
    pub timezone: Option<String>,
}

/// For how long a new alarm waits.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct WarmUpConfiguration {
    pub warm_up_period_duration_in_minutes: Option<i32>,
    pub only_start_evaluating_after_warm_up_period_ends: Option<bool>,
}

/// What alarms on queries evaluate.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EvaluationCriteria {
    #[serde(rename = "PromQLCriteria")]
    pub prom_ql_criteria: Option<AlarmPromQlCriteria>,
}

/// A query in PromQL.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AlarmPromQlCriteria {
    pub query: Option<String>,
    pub pending_period: Option<i32>,
    pub recovery_period: Option<i32>,
}

/// What actions carry along.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ActionConfiguration {
    pub alarm_tags_propagation: Option<AlarmTagsPropagation>,
}

/// Which tags of the alarm go with its actions.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AlarmTagsPropagation {
    pub enabled: Option<bool>,
    pub included_tag_keys: Option<Vec<String>>,
    pub excluded_tag_keys: Option<Vec<String>>,
}

/// An alarm on a metric.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MetricAlarm {
    pub alarm_name: Option<String>,
    pub alarm_arn: Option<String>,
    pub alarm_description: Option<String>,
    pub alarm_configuration_updated_timestamp: Option<Timestamp>,
    pub actions_enabled: Option<bool>,
    #[serde(rename = "OKActions")]
    pub ok_actions: Option<Vec<String>>,
    pub alarm_actions: Option<Vec<String>>,
    pub insufficient_data_actions: Option<Vec<String>>,
    pub state_value: Option<String>,
    pub state_reason: Option<String>,
    pub state_reason_data: Option<String>,
    pub state_updated_timestamp: Option<Timestamp>,
    pub metric_name: Option<String>,
    pub namespace: Option<String>,
    pub statistic: Option<String>,
    pub dimensions: Option<Vec<Dimension>>,
    pub period: Option<i32>,
    pub unit: Option<String>,
    pub evaluation_periods: Option<i32>,
    pub threshold: Option<f64>,
    pub comparison_operator: Option<String>,
    pub extended_statistic: Option<String>,
    pub treat_missing_data: Option<String>,
    pub evaluate_low_sample_count_percentile: Option<String>,
    pub datapoints_to_alarm: Option<i32>,
    pub metrics: Option<Vec<MetricDataQuery>>,
    pub threshold_metric_id: Option<String>,
    pub evaluation_state: Option<String>,
    pub state_transitioned_timestamp: Option<Timestamp>,
    pub evaluation_window: Option<EvaluationWindow>,
    pub warm_up_configuration: Option<WarmUpConfiguration>,
    pub evaluation_criteria: Option<EvaluationCriteria>,
    pub evaluation_interval: Option<i32>,
    pub action_configuration: Option<ActionConfiguration>,
}

/// An alarm on other alarms; there are none here.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CompositeAlarm {
    pub actions_enabled: Option<bool>,
    pub alarm_actions: Option<Vec<String>>,
    pub alarm_arn: Option<String>,
    pub alarm_configuration_updated_timestamp: Option<Timestamp>,
    pub alarm_description: Option<String>,
    pub alarm_name: Option<String>,
    pub alarm_rule: Option<String>,
    pub insufficient_data_actions: Option<Vec<String>>,
    #[serde(rename = "OKActions")]
    pub ok_actions: Option<Vec<String>>,
    pub state_reason: Option<String>,
    pub state_reason_data: Option<String>,
    pub state_updated_timestamp: Option<Timestamp>,
    pub state_value: Option<String>,
    pub state_transitioned_timestamp: Option<Timestamp>,
    pub actions_suppressed_by: Option<String>,
    pub actions_suppressed_reason: Option<String>,
    pub actions_suppressor: Option<String>,
    pub actions_suppressor_wait_period: Option<i32>,
    pub actions_suppressor_extension_period: Option<i32>,
    pub action_configuration: Option<ActionConfiguration>,
}

/// An alarm on logs; there are none here.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LogAlarm {
    pub alarm_name: Option<String>,
    pub alarm_arn: Option<String>,
    pub alarm_description: Option<String>,
    pub alarm_configuration_updated_timestamp: Option<Timestamp>,
    pub actions_enabled: Option<bool>,
    #[serde(rename = "OKActions")]
    pub ok_actions: Option<Vec<String>>,
    pub alarm_actions: Option<Vec<String>>,
    pub insufficient_data_actions: Option<Vec<String>>,
    pub state_value: Option<String>,
    pub state_reason: Option<String>,
    pub state_reason_data: Option<String>,
    pub state_updated_timestamp: Option<Timestamp>,
    pub state_transitioned_timestamp: Option<Timestamp>,
    pub scheduled_query_configuration: Option<ScheduledQueryConfiguration>,
    pub query_results_to_evaluate: Option<i32>,
    pub query_results_to_alarm: Option<i32>,
    pub threshold: Option<f64>,
    pub comparison_operator: Option<String>,
    pub treat_missing_data: Option<String>,
    pub evaluation_state: Option<String>,
    pub action_log_line_count: Option<i32>,
    pub action_log_line_role_arn: Option<String>,
    pub warm_up_configuration: Option<WarmUpConfiguration>,
    pub action_configuration: Option<ActionConfiguration>,
}

/// The query of a log alarm.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ScheduledQueryConfiguration {
    pub query_string: Option<String>,
    pub log_group_identifiers: Option<Vec<String>>,
    #[serde(rename = "ScheduledQueryRoleARN")]
    pub scheduled_query_role_arn: Option<String>,
    pub schedule_configuration: Option<ScheduleConfiguration>,
    pub aggregation_expression: Option<String>,
    #[serde(rename = "QueryARN")]
    pub query_arn: Option<String>,
    pub tags: Option<Vec<Tag>>,
}

/// When the query of a log alarm runs.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ScheduleConfiguration {
    pub schedule_expression: Option<String>,
    pub start_time_offset: Option<i64>,
    pub end_time_offset: Option<i64>,
}

/// One entry of an alarm's history.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AlarmHistoryItem {
    pub alarm_name: Option<String>,
    pub alarm_contributor_id: Option<String>,
    pub alarm_type: Option<String>,
    pub timestamp: Option<Timestamp>,
    pub history_item_type: Option<String>,
    pub history_summary: Option<String>,
    pub history_data: Option<String>,
    pub alarm_contributor_attributes: Option<BTreeMap<String, String>>,
}

/// When a mute rule begins, and how long it lasts.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MuteSchedule {
    pub expression: Option<String>,
    pub duration: Option<String>,
    pub timezone: Option<String>,
}

/// What a mute rule goes by.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MuteTimesRule {
    pub schedule: Option<MuteSchedule>,
}

/// Whose actions a mute rule holds back.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MuteTargets {
    pub alarm_names: Option<Vec<String>>,
}
