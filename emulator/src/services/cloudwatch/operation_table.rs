//! CloudWatch on the wire: names, protocols and the operation table.

use super::alarms_table::with_alarms;
use super::constraint::MODEL;
use super::metrics_table::with_metrics;
use super::operations::*;
use super::state::CloudWatch;
use crate::kernel::{OperationTable, Throttling};
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
        "DeleteAlarmMuteRule",
        "DeleteAlarms",
        "DisableAlarmActions",
        "EnableAlarmActions",
        "PutAlarmMuteRule",
        "PutCompositeAlarm",
        "PutLogAlarm",
        "PutMetricAlarm",
        "PutMetricData",
        "SetAlarmState",
    ],
    every_operation: true,
    path_member: None,
    query_compatible: true,
    error_detail: false,
    crc32: false,
};

/// Source: API reference, "Common errors", and the model's exceptions; SDKs retry it.
const THROTTLING: Throttling =
    Throttling { shape: "Throttling", query_code: "Throttling", status: 400 };

/// The operations of CloudWatch.
pub fn table() -> OperationTable<CloudWatch> {
    with_alarms(with_metrics(OperationTable::new("cloudwatch", THROTTLING).modelled(&MODEL)))
        .on("DeleteDashboards", delete_dashboards::run)
        .about("DashboardNames[]")
        .global()
        .on("GetDashboard", get_dashboard::run)
        .about("DashboardName")
        .global()
        .on_reading(
            "GetMetricStatistics",
            get_metric_statistics::Request::reads,
            get_metric_statistics::run,
        )
        .about_nothing()
        .on("ListDashboards", list_dashboards::run)
        .about_nothing()
        .global()
        .on_reading("ListMetrics", list_metrics::Request::reads, list_metrics::run)
        .about_nothing()
        .forgets(&["IncludeLinkedAccounts", "OwningAccount"])
        .on("ListTagsForResource", tags::list_tags_for_resource::run)
        .about("ResourceARN")
        .on("PutDashboard", put_dashboard::run)
        .about("DashboardName")
        .global()
        .on_often("PutMetricData", put_metric_data::run)
        .about_nothing()
        .forgets(&["EntityMetricData.Entity", "StrictEntityValidation"])
        .on("TagResource", tags::tag_resource::run)
        .about("ResourceARN")
        .on("UntagResource", tags::untag_resource::run)
        .about("ResourceARN")
}
