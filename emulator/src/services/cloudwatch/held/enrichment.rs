//! Which metrics would be enriched for OpenTelemetry.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::wire::Timestamp;

/// Enrichment as it was started.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct Enrichment {
    pub(in crate::services::cloudwatch) created: Timestamp,
    pub(in crate::services::cloudwatch) updated: Timestamp,
    pub(in crate::services::cloudwatch) include_filters: Option<Vec<OTelEnrichmentMetricSelector>>,
    pub(in crate::services::cloudwatch) exclude_filters: Option<Vec<OTelEnrichmentMetricSelector>>,
}

/// Metrics of a namespace.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OTelEnrichmentMetricSelector {
    pub metric_names: Option<Vec<String>>,
    pub namespace: Option<String>,
}
