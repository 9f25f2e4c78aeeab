//! GetMetricStatistics: one metric's statistics, period by period.
//!
//! Limits: 1,440 points, 10 extended statistics.
//! Errors: `InvalidParameterValue`, `InvalidParameterCombination`, `MissingParameter`.
//! Source: API reference "GetMetricStatistics"; recordings of 2025-09-19.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, WantedMetrics};
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::metric::{Dimension, MetricId};
use crate::services::cloudwatch::series::Point;
use crate::services::cloudwatch::state::CloudWatch;
use crate::services::cloudwatch::statistic::Statistic;
use crate::services::cloudwatch::statistics_query::StatisticsQuery;
use crate::wire::{Gather as _, Timestamp};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub namespace: Option<String>,
    pub metric_name: Option<String>,
    pub dimensions: Option<Vec<Dimension>>,
    pub start_time: Option<Timestamp>,
    pub end_time: Option<Timestamp>,
    pub period: Option<i32>,
    pub statistics: Option<Vec<String>>,
    pub extended_statistics: Option<Vec<String>>,
    pub unit: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub label: Option<String>,
    pub datapoints: Option<Vec<Datapoint>>,
}

/// The statistics that were asked for, of one period and unit.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Datapoint {
    pub timestamp: Option<Timestamp>,
    pub sample_count: Option<f64>,
    pub average: Option<f64>,
    pub sum: Option<f64>,
    pub minimum: Option<f64>,
    pub maximum: Option<f64>,
    pub unit: Option<String>,
    pub extended_statistics: Option<BTreeMap<String, f64>>,
}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let now = ctx.now();
    let query = StatisticsQuery::of(&request, now)?;
    let name = request.metric_name.unwrap_or_default();
    let dimensions = request.dimensions.unwrap_or_default();
    let namespace = request.namespace.unwrap_or_default();
    let metric = MetricId::requested(&namespace, name.clone(), dimensions);
    let statistics = request.statistics.unwrap_or_default();
    let points = cloudwatch.points(now, &metric, query.range);
    let shown = points.iter().filter_map(|point| datapoint(point, &statistics, &query.extended));
    Ok(Response { label: Some(name), datapoints: Some(shown.collect()) })
}

impl Request {
    /// Whose metrics it looks at.
    pub(in crate::services::cloudwatch) fn reads(&self) -> WantedMetrics {
        let namespace = self.namespace.clone().unwrap_or_default();
        let dimensions = self.dimensions.clone().unwrap_or_default();
        let metric = MetricId::requested(&namespace, String::new(), dimensions);
        WantedMetrics::Of(metric.resources().collect())
    }
}

/// `None` when only extended statistics are asked for and the point has none.
///
/// Unverified: AWS may answer such points without any statistic.
fn datapoint(
    point: &Point,
    statistics: &[String],
    wanted_extended: &[(String, Statistic)],
) -> Option<Datapoint> {
    let summary = &point.summary;
    let wanted = |name: &str, value: f64| statistics.iter().any(|s| s == name).then_some(value);
    let extended = wanted_extended
        .iter()
        .filter_map(|(name, statistic)| Some((name.clone(), statistic.of(summary)?)));
    let extended = extended.into_map();
    if statistics.is_empty() && extended.is_empty() {
        return None;
    }
    Some(Datapoint {
        timestamp: Some(point.at),
        sample_count: wanted("SampleCount", summary.sample_count()),
        average: wanted("Average", summary.average()),
        sum: wanted("Sum", summary.sum()),
        minimum: wanted("Minimum", summary.minimum()),
        maximum: wanted("Maximum", summary.maximum()),
        unit: Some(point.unit.as_str().to_owned()),
        extended_statistics: (!extended.is_empty()).then_some(extended),
    })
}
