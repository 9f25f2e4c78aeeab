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
    without_result: &["PutMetricData"],
    every_operation: false,
    path_member: None,
    query_compatible: true,
    error_detail: false,
    crc32: false,
};

/// The operations of CloudWatch.
pub fn table() -> OperationTable<CloudWatch> {
    OperationTable::default()
        .on("GetMetricStatistics", get_metric_statistics::run)
        .on("ListMetrics", list_metrics::run)
        .on("PutMetricData", put_metric_data::run)
}
