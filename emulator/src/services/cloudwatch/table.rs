//! CloudWatch on the wire: names, protocols and the operation table.

use super::operations::*;
use super::state::CloudWatch;
use crate::kernel::OperationTable;
use crate::wire::{Protocol, Service, default_naming};

/// CloudWatch as the wire sees it.
pub static SERVICE: Service = Service {
    name: "cloudwatch",
    signing_name: "monitoring",
    target_prefix: Some("GraniteServiceVersion20100801"),
    // Source: errors recorded on AWS, 2025-09-22.
    namespace: "com.amazonaws.cloudwatch.v2010_08_01",
    protocols: &[Protocol::RpcV2Cbor, Protocol::AwsJson10, Protocol::AwsQuery],
    query_version: Some("2010-08-01"),
    xml_namespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
    naming: default_naming,
    without_result: &[
        "DeleteAlarms",
        "DisableAlarmActions",
        "EnableAlarmActions",
        "PutMetricAlarm",
        "PutMetricData",
        "SetAlarmState",
    ],
    every_operation: false,
    path_member: None,
    query_compatible: true,
    error_detail: false,
    crc32: false,
};

/// The operations of CloudWatch.
pub fn table() -> OperationTable<CloudWatch> {
    OperationTable::default()
        .on("DeleteAlarms", delete_alarms::run)
        .on("DeleteDashboards", delete_dashboards::run)
        .on("DescribeAlarmHistory", describe_alarm_history::run)
        .on("DescribeAlarms", describe_alarms::run)
        .on("DescribeAlarmsForMetric", describe_alarms_for_metric::run)
        .on("DisableAlarmActions", alarm_actions::disable)
        .on("EnableAlarmActions", alarm_actions::enable)
        .on("GetDashboard", get_dashboard::run)
        .on("GetMetricStatistics", get_metric_statistics::run)
        .on("ListDashboards", list_dashboards::run)
        .on("ListMetrics", list_metrics::run)
        .on("ListTagsForResource", tags::list_tags_for_resource::run)
        .on("PutDashboard", put_dashboard::run)
        .on("PutMetricAlarm", put_metric_alarm::run)
        .on("PutMetricData", put_metric_data::run)
        .on("SetAlarmState", set_alarm_state::run)
        .on("TagResource", tags::tag_resource::run)
        .on("UntagResource", tags::untag_resource::run)
}
