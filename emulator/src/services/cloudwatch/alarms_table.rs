//! The rows of the operations on alarms and mute rules.

use super::operations::*;
use super::state::CloudWatch;
use crate::kernel::OperationTable;

/// Adds them.
pub(super) fn with_alarms(table: OperationTable<CloudWatch>) -> OperationTable<CloudWatch> {
    table
        .on("DeleteAlarmMuteRule", delete_alarm_mute_rule::run)
        .about("AlarmMuteRuleName")
        .on("DeleteAlarms", delete_alarms::run)
        .about("AlarmNames[]")
        .on("DescribeAlarmContributors", describe_alarm_contributors::run)
        .about("AlarmName")
        .on("DescribeAlarmHistory", describe_alarm_history::run)
        .about("AlarmName")
        .on("DescribeAlarms", describe_alarms::run)
        .about("AlarmNames[]")
        .on("DescribeAlarmsForMetric", describe_alarms_for_metric::run)
        .about_nothing()
        .on("DisableAlarmActions", alarm_actions::disable)
        .about("AlarmNames[]")
        .on("EnableAlarmActions", alarm_actions::enable)
        .about("AlarmNames[]")
        .on("GetAlarmMuteRule", get_alarm_mute_rule::run)
        .about("AlarmMuteRuleName")
        .on("ListAlarmMuteRules", list_alarm_mute_rules::run)
        .about_nothing()
        .on("PutAlarmMuteRule", put_alarm_mute_rule::run)
        .about("Name")
        .on("PutCompositeAlarm", put_composite_alarm::run)
        .about("AlarmName")
        .stores(&["ActionConfiguration", "AlarmActions", "InsufficientDataActions", "OKActions"])
        .on("PutLogAlarm", put_log_alarm::run)
        .about("AlarmName")
        .stores(&[
            "AlarmActions",
            "InsufficientDataActions",
            "OKActions",
            "ScheduledQueryConfiguration",
        ])
        .on("PutMetricAlarm", put_metric_alarm::run)
        .about("AlarmName")
        .stores(&[
            "ActionConfiguration",
            "AlarmActions",
            "EvaluationCriteria",
            "EvaluationInterval",
            "EvaluationWindow",
            "InsufficientDataActions",
            "OKActions",
            "WarmUpConfiguration",
        ])
        .on("SetAlarmState", set_alarm_state::run)
        .about("AlarmName")
}
