//! PutMetricStream: makes a metric stream or replaces one. It sends nothing here.
//!
//! Limits: names of 255 characters; filters for what is sent or for what is not.
//! Errors: `MissingParameter`, `InvalidParameterValue`, `InvalidParameterCombination`.
//! Source: API reference "PutMetricStream".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::findings::{Findings, Path};
use crate::services::cloudwatch::held::{
    MetricStream, MetricStreamFilter, MetricStreamStatisticsConfiguration, check_name, check_number,
};
use crate::services::cloudwatch::state::CloudWatch;
use crate::services::cloudwatch::tagging::{Tag, checked};

const FORMATS: [&str; 3] = ["json", "opentelemetry0.7", "opentelemetry1.0"];
const FILTERS_MAX: usize = 1000;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub exclude_filters: Option<Vec<MetricStreamFilter>>,
    pub firehose_arn: Option<String>,
    pub include_filters: Option<Vec<MetricStreamFilter>>,
    pub include_linked_accounts_metrics: Option<bool>,
    pub name: Option<String>,
    pub output_format: Option<String>,
    pub role_arn: Option<String>,
    pub statistics_configurations: Option<Vec<MetricStreamStatisticsConfiguration>>,
    pub tags: Option<Vec<Tag>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub arn: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    request.check()?;
    let tags = checked(Constraints::default(), request.tags)?;
    ctx.not_honoured("FirehoseArn")?;
    let name = request.name.unwrap_or_default();
    let now = ctx.now();
    let known = cloudwatch.held.streams.get(&name);
    if known.is_none() {
        check_number(cloudwatch.held.streams.len())?;
    }
    let arn = ctx.arn(format!("metric-stream/{name}")).to_string();
    let stream = MetricStream {
        arn: arn.clone(),
        running: known.is_none_or(|known| known.running),
        firehose_arn: request.firehose_arn.unwrap_or_default(),
        role_arn: request.role_arn.unwrap_or_default(),
        output_format: request.output_format.unwrap_or_default(),
        include_filters: request.include_filters,
        exclude_filters: request.exclude_filters,
        statistics_configurations: request.statistics_configurations,
        include_linked_accounts_metrics: request.include_linked_accounts_metrics,
        created: known.map_or(now, |known| known.created),
        updated: now,
        // Tags of a stream that is there already are left as they are.
        tags: known.map_or(tags, |known| known.tags.clone()),
    };
    cloudwatch.held.streams.insert(name, stream);
    Ok(Response { arn: Some(arn) })
}

impl Request {
    fn check(&self) -> Result<(), CloudWatchError> {
        let mut findings = Findings::default();
        check_name(&mut findings, "Name", self.name.as_deref());
        for (member, value) in [
            ("FirehoseArn", &self.firehose_arn),
            ("RoleArn", &self.role_arn),
            ("OutputFormat", &self.output_format),
        ] {
            if value.as_deref().is_none_or(str::is_empty) {
                findings.required(Path::of(member));
            }
        }
        if self.output_format.as_deref().is_some_and(|format| !FORMATS.contains(&format)) {
            findings.one_of(Path::of("OutputFormat"), &FORMATS);
        }
        let count =
            |filters: &Option<Vec<MetricStreamFilter>>| filters.as_ref().map_or(0, Vec::len);
        let (include, exclude) = (count(&self.include_filters), count(&self.exclude_filters));
        findings.size(Path::of("IncludeFilters"), include, FILTERS_MAX);
        findings.size(Path::of("ExcludeFilters"), exclude, FILTERS_MAX);
        if include > 0 && exclude > 0 {
            findings.exclusive(Path::of("IncludeFilters"), Path::of("ExcludeFilters"));
        }
        findings.done()
    }
}
