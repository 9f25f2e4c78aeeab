//! Metric streams: where metrics would be sent all the time.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use std::collections::BTreeMap;

use crate::wire::Timestamp;

/// A stream as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct MetricStream {
    pub(in crate::services::cloudwatch) arn: String,
    pub(in crate::services::cloudwatch) running: bool,
    pub(in crate::services::cloudwatch) firehose_arn: String,
    pub(in crate::services::cloudwatch) role_arn: String,
    pub(in crate::services::cloudwatch) output_format: String,
    pub(in crate::services::cloudwatch) include_filters: Option<Vec<MetricStreamFilter>>,
    pub(in crate::services::cloudwatch) exclude_filters: Option<Vec<MetricStreamFilter>>,
    pub(in crate::services::cloudwatch) statistics_configurations:
        Option<Vec<MetricStreamStatisticsConfiguration>>,
    pub(in crate::services::cloudwatch) include_linked_accounts_metrics: Option<bool>,
    pub(in crate::services::cloudwatch) created: Timestamp,
    pub(in crate::services::cloudwatch) updated: Timestamp,
    pub(in crate::services::cloudwatch) tags: BTreeMap<String, String>,
}

impl MetricStream {
    /// AWS's word for whether it sends.
    pub(in crate::services::cloudwatch) fn state(&self) -> String {
        if self.running { "running" } else { "stopped" }.to_owned()
    }
}

/// Metrics of a namespace.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MetricStreamFilter {
    pub metric_names: Option<Vec<String>>,
    pub namespace: Option<String>,
}

/// More statistics of some metrics.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MetricStreamStatisticsConfiguration {
    pub additional_statistics: Option<Vec<String>>,
    pub include_metrics: Option<Vec<MetricStreamStatisticsMetric>>,
}

/// A metric by its names.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MetricStreamStatisticsMetric {
    pub metric_name: Option<String>,
    pub namespace: Option<String>,
}

/// A stream in a list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MetricStreamEntry {
    pub arn: Option<String>,
    pub creation_date: Option<Timestamp>,
    pub firehose_arn: Option<String>,
    pub last_update_date: Option<Timestamp>,
    pub name: Option<String>,
    pub output_format: Option<String>,
    pub state: Option<String>,
}
