//! One file an operation: what it reads, what it answers, what it does.

pub mod alarm_actions;
pub mod delete_alarm_mute_rule;
pub mod delete_alarms;
pub mod delete_dashboards;
pub mod describe_alarm_contributors;
pub mod describe_alarm_history;
pub mod describe_alarms;
pub mod describe_alarms_for_metric;
pub mod get_alarm_mute_rule;
pub mod get_dashboard;
pub mod get_metric_data;
pub mod get_metric_statistics;
pub mod list_alarm_mute_rules;
pub mod list_dashboards;
pub mod list_metrics;
pub mod put_alarm_mute_rule;
pub mod put_composite_alarm;
pub mod put_dashboard;
pub mod put_log_alarm;
pub mod put_metric_alarm;
pub mod put_metric_data;
pub mod set_alarm_state;
pub mod tags;
