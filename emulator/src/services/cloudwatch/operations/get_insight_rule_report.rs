//! GetInsightRuleReport: not implemented, as rules read no logs here; it says so of a rule that is
//! there.
//!
//! Errors: `MissingParameter`, `ResourceNotFoundException`, `NotImplementedException`.
//! Source: API reference "GetInsightRuleReport".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::findings::{Findings, Path};
use crate::services::cloudwatch::state::CloudWatch;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub end_time: Option<Timestamp>,
    pub max_contributor_count: Option<i32>,
    pub metrics: Option<Vec<String>>,
    pub order_by: Option<String>,
    pub period: Option<i32>,
    pub rule_name: Option<String>,
    pub start_time: Option<Timestamp>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub aggregate_value: Option<f64>,
    pub aggregation_statistic: Option<String>,
    pub approximate_unique_count: Option<i64>,
    pub contributors: Option<Vec<InsightRuleContributor>>,
    pub key_labels: Option<Vec<String>>,
    pub metric_datapoints: Option<Vec<InsightRuleMetricDatapoint>>,
}

/// Who was counted.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct InsightRuleContributor {
    pub approximate_aggregate_value: Option<f64>,
    pub datapoints: Option<Vec<InsightRuleContributorDatapoint>>,
    pub keys: Option<Vec<String>>,
}

/// How often, in one period.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct InsightRuleContributorDatapoint {
    pub approximate_value: Option<f64>,
    pub timestamp: Option<Timestamp>,
}

/// All of one period.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct InsightRuleMetricDatapoint {
    pub average: Option<f64>,
    pub max_contributor_value: Option<f64>,
    pub maximum: Option<f64>,
    pub minimum: Option<f64>,
    pub sample_count: Option<f64>,
    pub sum: Option<f64>,
    pub timestamp: Option<Timestamp>,
    pub unique_contributors: Option<f64>,
}

pub fn run(
    _ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let mut findings = Findings::default();
    let name = request.rule_name.unwrap_or_default();
    for (member, missing) in [
        ("RuleName", name.is_empty()),
        ("StartTime", request.start_time.is_none()),
        ("EndTime", request.end_time.is_none()),
        ("Period", request.period.is_none()),
    ] {
        if missing {
            findings.required(Path::of(member));
        }
    }
    findings.done()?;
    match cloudwatch.held.rules.contains_key(&name) {
        true => Err(CloudWatchError::ReportNotImplemented(name)),
        false => Err(CloudWatchError::ResourceNotFound("insight-rule", name)),
    }
}
