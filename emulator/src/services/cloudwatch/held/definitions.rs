//! Stored queries.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::wire::Timestamp;

/// A query as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct Definition {
    pub(in crate::services::cloudwatch) arn: String,
    pub(in crate::services::cloudwatch) path: String,
    /// `PROMQL`, `SQL` or `METRIC_MATH`.
    pub(in crate::services::cloudwatch) kind: String,
    pub(in crate::services::cloudwatch) expression: String,
    pub(in crate::services::cloudwatch) created: Timestamp,
    pub(in crate::services::cloudwatch) updated: Timestamp,
    pub(in crate::services::cloudwatch) tags: BTreeMap<String, String>,
}

/// A stored query in a list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MetricDataQueryDefinitionSummary {
    pub id: Option<String>,
    pub path: Option<String>,
    pub r#type: Option<String>,
    pub updated_at: Option<Timestamp>,
}
