//! What an alarm on one metric watches for, checked and typed.

use serde::{Deserialize, Serialize};

use super::shapes::MetricDataQuery;
use crate::services::cloudwatch::metric::MetricId;
use crate::services::cloudwatch::series::Point;
use crate::services::cloudwatch::statistic::Statistic;
use crate::services::cloudwatch::summary::Summary;
use crate::services::cloudwatch::unit::Unit;
use crate::wire::Timestamp;

/// The comparison of a data point with the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) enum Comparison {
    GreaterOrEqual,
    Greater,
    Less,
    LessOrEqual,
    /// Outside of a band.
    Outside,
    /// Below a band.
    Below,
    /// Above a band.
    Above,
}

impl Comparison {
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "GreaterThanOrEqualToThreshold" => Self::GreaterOrEqual,
            "GreaterThanThreshold" => Self::Greater,
            "LessThanThreshold" => Self::Less,
            "LessThanOrEqualToThreshold" => Self::LessOrEqual,
            "LessThanLowerOrGreaterThanUpperThreshold" => Self::Outside,
            "LessThanLowerThreshold" => Self::Below,
            "GreaterThanUpperThreshold" => Self::Above,
            _ => return None,
        })
    }

    /// Whether it is with a band, not with a threshold.
    pub(super) fn is_with_band(self) -> bool {
        matches!(self, Self::Outside | Self::Below | Self::Above)
    }

    /// As reasons say it.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::GreaterOrEqual => "greater than or equal to",
            Self::Greater => "greater than",
            Self::Less => "less than",
            Self::LessOrEqual => "less than or equal to",
            Self::Outside => "less than the lower thresholds or greater than the upper thresholds",
            Self::Below => "less than the lower thresholds",
            Self::Above => "greater than the upper thresholds",
        }
    }

    /// A band is a lower and an upper threshold.
    fn holds(self, value: f64, threshold: f64, (lower, upper): (f64, f64)) -> bool {
        match self {
            Self::Outside => value < lower || value > upper,
            Self::Below => value < lower,
            Self::Above => value > upper,
            Self::GreaterOrEqual => value >= threshold,
            Self::Greater => value > threshold,
            Self::Less => value < threshold,
            Self::LessOrEqual => value <= threshold,
        }
    }
}

/// What a period without data counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) enum MissingData {
    Missing,
    Ignore,
    Breaching,
    NotBreaching,
}

impl MissingData {
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "missing" => Self::Missing,
            "ignore" => Self::Ignore,
            "breaching" => Self::Breaching,
            "notBreaching" => Self::NotBreaching,
            _ => return None,
        })
    }
}

/// A statistic with its name. In state it is its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(in crate::services::cloudwatch) struct NamedStatistic {
    name: String,
    of: Statistic,
}

impl NamedStatistic {
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(Self { name: name.to_owned(), of: Statistic::parse(name)? })
    }
}

impl TryFrom<String> for NamedStatistic {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::parse(&name).ok_or(name)
    }
}

impl From<NamedStatistic> for String {
    fn from(statistic: NamedStatistic) -> Self {
        statistic.name
    }
}

/// Where the values come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) enum Source {
    Metric(MetricStatistic),
    Queries(Queries),
}

/// One metric's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct MetricStatistic {
    pub(in crate::services::cloudwatch) metric: MetricId,
    pub(in crate::services::cloudwatch) statistic: NamedStatistic,
    /// Samples of other units are left out.
    pub(in crate::services::cloudwatch) unit: Option<Unit>,
}

/// Those of queries with metric math.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct Queries {
    pub(in crate::services::cloudwatch) all: Vec<MetricDataQuery>,
    /// The id of the one whose values are watched.
    pub(in crate::services::cloudwatch) watched: String,
    /// That of the band with which they are compared.
    pub(in crate::services::cloudwatch) band: Option<String>,
    /// The metrics that they read.
    pub(in crate::services::cloudwatch) metrics: Vec<MetricId>,
}

/// What an alarm watches for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct Rule {
    pub(in crate::services::cloudwatch) source: Source,
    /// Seconds.
    pub(in crate::services::cloudwatch) period: i64,
    /// N of "M out of N".
    pub(in crate::services::cloudwatch) evaluation_periods: usize,
    /// M of "M out of N", if it was given; else N.
    pub(in crate::services::cloudwatch) datapoints_to_alarm: Option<usize>,
    pub(in crate::services::cloudwatch) comparison: Comparison,
    pub(in crate::services::cloudwatch) threshold: f64,
    pub(in crate::services::cloudwatch) missing_data: MissingData,
    /// Percentiles of too few samples do not change the state.
    pub(in crate::services::cloudwatch) ignores_low_samples: bool,
}

/// The value of one period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::services::cloudwatch) struct Datapoint {
    pub(super) value: f64,
    /// Of a metric.
    pub(super) sample_count: Option<f64>,
    /// The lower and the upper threshold, if it is compared with a band.
    pub(super) band: Option<(f64, f64)>,
}

impl Datapoint {
    pub(super) fn new(value: f64) -> Self {
        Self { value, sample_count: None, band: None }
    }
}

impl Rule {
    /// M of "M out of N".
    pub(super) fn needed(&self) -> usize {
        self.datapoints_to_alarm.unwrap_or(self.evaluation_periods)
    }

    /// Where there is no band, no value is outside of it.
    pub(super) fn breaches(&self, datapoint: &Datapoint) -> bool {
        let band = datapoint.band.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        self.comparison.holds(datapoint.value, self.threshold, band)
    }

    /// The metrics that it is about.
    pub(super) fn metrics(&self) -> &[MetricId] {
        match &self.source {
            Source::Metric(of) => std::slice::from_ref(&of.metric),
            Source::Queries(queries) => &queries.metrics,
        }
    }

    /// Whether a percentile is of too few samples to mean something, if that matters.
    ///
    /// Source: user guide "Percentile-based CloudWatch alarms and low data samples". Unverified:
    /// that `p0` and `p100` mean something of however few.
    pub(super) fn is_of_few(&self, datapoint: &Datapoint) -> bool {
        let Source::Metric(of) = &self.source else { return false };
        let Statistic::Percentile(percent) = of.statistic.of else { return false };
        let beyond = percent.min(100.0 - percent) / 100.0;
        let count = datapoint.sample_count.unwrap_or_default();
        self.ignores_low_samples && beyond > 0.0 && count * beyond < 9.999_999
    }

    /// Seconds between evaluations.
    ///
    /// Source: user guide "Evaluating an alarm".
    fn step(&self) -> i64 {
        if self.period < 60 { 10 } else { 60 }
    }

    /// The first evaluation after `now`.
    pub(in crate::services::cloudwatch) fn next_evaluation(&self, now: Timestamp) -> Timestamp {
        let step = self.step() * 1000;
        let millis = now.millis();
        Timestamp::from_millis(millis - millis.rem_euclid(step) + step)
    }
}

impl MetricStatistic {
    /// The statistic of a period whose samples are `points`, one for each unit.
    ///
    /// Unverified: that samples of several units are taken together.
    pub(super) fn datapoint(&self, points: &[Point]) -> Option<Datapoint> {
        let (first, rest) = points.split_first()?;
        let of = |summary: &Summary| {
            let value = self.statistic.of.of(summary)?;
            let sample_count = Some(summary.sample_count());
            Some(Datapoint { value, sample_count, band: None })
        };
        if rest.is_empty() {
            return of(&first.summary);
        }
        let mut summary = first.summary.clone();
        rest.iter().for_each(|point| summary.merge(&point.summary));
        of(&summary)
    }
}
