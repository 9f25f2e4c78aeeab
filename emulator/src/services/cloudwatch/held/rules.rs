//! Insight rules: what would be counted in logs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::services::cloudwatch::tagging::Tag;

/// A rule as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct Rule {
    pub(in crate::services::cloudwatch) definition: String,
    pub(in crate::services::cloudwatch) enabled: bool,
    pub(in crate::services::cloudwatch) on_transformed_logs: Option<bool>,
    /// The template and the resource of a managed rule.
    pub(in crate::services::cloudwatch) managed: Option<(String, String)>,
    pub(in crate::services::cloudwatch) tags: BTreeMap<String, String>,
}

impl Rule {
    /// AWS's word for whether it counts.
    pub(in crate::services::cloudwatch) fn state(&self) -> String {
        if self.enabled { "ENABLED" } else { "DISABLED" }.to_owned()
    }
}

/// A rule in a list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct InsightRule {
    pub apply_on_transformed_logs: Option<bool>,
    pub definition: Option<String>,
    pub managed_rule: Option<bool>,
    pub name: Option<String>,
    pub schema: Option<String>,
    pub state: Option<String>,
}

/// What failed for one of several.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PartialFailure {
    pub exception_type: Option<String>,
    pub failure_code: Option<String>,
    pub failure_description: Option<String>,
    pub failure_resource: Option<String>,
}

/// A rule that AWS's service would make.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ManagedRule {
    #[serde(rename = "ResourceARN")]
    pub resource_arn: Option<String>,
    pub tags: Option<Vec<Tag>>,
    pub template_name: Option<String>,
}

/// A managed rule in a list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ManagedRuleDescription {
    #[serde(rename = "ResourceARN")]
    pub resource_arn: Option<String>,
    pub rule_state: Option<ManagedRuleState>,
    pub template_name: Option<String>,
}

/// The name of a managed rule, and whether it counts.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ManagedRuleState {
    pub rule_name: Option<String>,
    pub state: Option<String>,
}
