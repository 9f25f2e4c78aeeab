//! GetMetricStream: a metric stream as it was set up.
//!
//! Errors: `MissingParameter`, `ResourceNotFoundException`.
//! Source: API reference "GetMetricStream".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::findings::Findings;
use crate::services::cloudwatch::held::{
    MetricStreamFilter, MetricStreamStatisticsConfiguration, check_name,
};
use crate::services::cloudwatch::state::CloudWatch;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub arn: Option<String>,
    pub creation_date: Option<Timestamp>,
    pub exclude_filters: Option<Vec<MetricStreamFilter>>,
    pub firehose_arn: Option<String>,
    pub include_filters: Option<Vec<MetricStreamFilter>>,
    pub include_linked_accounts_metrics: Option<bool>,
    pub last_update_date: Option<Timestamp>,
    pub name: Option<String>,
    pub output_format: Option<String>,
    pub role_arn: Option<String>,
    pub state: Option<String>,
    pub statistics_configurations: Option<Vec<MetricStreamStatisticsConfiguration>>,
}

pub fn run(
    _ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let mut findings = Findings::default();
    check_name(&mut findings, "Name", request.name.as_deref());
    findings.done()?;
    let name = request.name.unwrap_or_default();
    let Some(stream) = cloudwatch.held.streams.get(&name) else {
        return Err(CloudWatchError::ResourceNotFound("metric-stream", name));
    };
    Ok(Response {
        arn: Some(stream.arn.clone()),
        name: Some(name),
        include_filters: stream.include_filters.clone(),
        exclude_filters: stream.exclude_filters.clone(),
        firehose_arn: Some(stream.firehose_arn.clone()),
        role_arn: Some(stream.role_arn.clone()),
        state: Some(stream.state()),
        creation_date: Some(stream.created),
        last_update_date: Some(stream.updated),
        output_format: Some(stream.output_format.clone()),
        statistics_configurations: stream.statistics_configurations.clone(),
        include_linked_accounts_metrics: stream.include_linked_accounts_metrics,
    })
}
