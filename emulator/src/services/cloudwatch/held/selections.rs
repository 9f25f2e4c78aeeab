//! Which metrics resources would publish.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::wire::Timestamp;

/// The metrics of one resource.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResourceMetricsConfiguration {
    pub created_at: Option<Timestamp>,
    pub metric_selections: Option<Vec<ResourceMetricSelection>>,
    pub resource_arn: Option<String>,
    pub updated_at: Option<Timestamp>,
}

/// Metrics by name.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResourceMetricSelection {
    pub include_metrics: Option<Vec<String>>,
}
