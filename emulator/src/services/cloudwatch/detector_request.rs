//! Which detector a request is about: a metric in one of two forms, or an expression.

use super::error::CloudWatchError;
use super::findings::{Findings, Path};
use super::held::{Detector, MetricMathAnomalyDetector, SingleMetricAnomalyDetector};
use super::math::check_queries;
use super::metric::{Dimension, NAME_MAX, check_dimensions, check_namespace};
use super::statistic::Statistic;

/// The members that name a detector.
pub(super) struct Named {
    /// The members of old clients: namespace, name, dimensions, statistic.
    pub(super) namespace: Option<String>,
    pub(super) metric_name: Option<String>,
    pub(super) dimensions: Option<Vec<Dimension>>,
    pub(super) stat: Option<String>,
    pub(super) single: Option<SingleMetricAnomalyDetector>,
    pub(super) math: Option<MetricMathAnomalyDetector>,
}

impl Named {
    /// The detector, without its configuration.
    ///
    /// # Errors
    /// `MissingParameter`, `InvalidParameterValue`, `InvalidParameterCombination`.
    pub(super) fn detector(self) -> Result<Detector, CloudWatchError> {
        let mut findings = Findings::default();
        let is_old = self.namespace.is_some() || self.metric_name.is_some() || self.stat.is_some();
        let (single_path, math_path) =
            (Path::of("SingleMetricAnomalyDetector"), Path::of("MetricMathAnomalyDetector"));
        match (is_old, &self.single, &self.math) {
            (true, Some(_), _) => findings.exclusive(Path::of("MetricName"), single_path),
            (true, _, Some(_)) => findings.exclusive(Path::of("MetricName"), math_path),
            (_, Some(_), Some(_)) => findings.exclusive(single_path, math_path),
            _ => {}
        }
        findings.done()?;
        if let Some(math) = self.math {
            let queries = math.metric_data_queries.as_deref().unwrap_or_default();
            check_queries(queries, "MetricMathAnomalyDetector.MetricDataQueries")
                .map_err(CloudWatchError::InvalidParameterValue)?;
            return Ok(Detector { math: Some(math), ..Detector::default() });
        }
        let single = self.single.unwrap_or(SingleMetricAnomalyDetector {
            account_id: None,
            namespace: self.namespace,
            metric_name: self.metric_name,
            dimensions: self.dimensions,
            stat: self.stat,
        });
        let mut findings = Findings::default();
        check_namespace(&mut findings, single.namespace.as_deref());
        findings.text(Path::of("MetricName"), single.metric_name.as_deref(), NAME_MAX);
        let mut dimensions = single.dimensions.clone().unwrap_or_default();
        check_dimensions(&mut findings, Path::of("Dimensions"), &dimensions);
        match single.stat.as_deref() {
            None => findings.required(Path::of("Stat")),
            Some(stat) if Statistic::parse(stat).is_none() => {
                findings.invalid(stat, Path::of("Stat"));
            }
            Some(_) => {}
        }
        findings.done()?;
        dimensions.sort_by(|left, right| left.name.cmp(&right.name));
        let single = SingleMetricAnomalyDetector { dimensions: Some(dimensions), ..single };
        Ok(Detector { single: Some(single), ..Detector::default() })
    }
}
