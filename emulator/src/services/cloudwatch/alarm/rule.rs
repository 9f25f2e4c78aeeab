//! What an alarm on one metric watches for, checked and typed.

use serde::{Deserialize, Serialize};

use crate::services::cloudwatch::metric::MetricId;
use crate::services::cloudwatch::percentile::Percentile;
use crate::services::cloudwatch::series::Point;
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
}

impl Comparison {
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "GreaterThanOrEqualToThreshold" => Self::GreaterOrEqual,
            "GreaterThanThreshold" => Self::Greater,
            "LessThanThreshold" => Self::Less,
            "LessThanOrEqualToThreshold" => Self::LessOrEqual,
            _ => return None,
        })
    }

    /// As reasons say it.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::GreaterOrEqual => "greater than or equal to",
            Self::Greater => "greater than",
            Self::Less => "less than",
            Self::LessOrEqual => "less than or equal to",
        }
    }

    fn holds(self, value: f64, threshold: f64) -> bool {
        match self {
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

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) enum Statistic {
    SampleCount,
    Average,
    Sum,
    Minimum,
    Maximum,
    /// From 0 to 1.
    Percentile(Percentile),
}

impl Statistic {
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "SampleCount" => Self::SampleCount,
            "Average" => Self::Average,
            "Sum" => Self::Sum,
            "Minimum" => Self::Minimum,
            "Maximum" => Self::Maximum,
            _ => return None,
        })
    }

    fn of(self, summary: &Summary) -> Option<f64> {
        Some(match self {
            Self::SampleCount => summary.sample_count(),
            Self::Average => summary.average(),
            Self::Sum => summary.sum(),
            Self::Minimum => summary.minimum(),
            Self::Maximum => summary.maximum(),
            Self::Percentile(percentile) => return summary.percentile(percentile),
        })
    }
}

/// What an alarm watches for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct Rule {
    pub(in crate::services::cloudwatch) metric: MetricId,
    pub(in crate::services::cloudwatch) statistic: Statistic,
    /// Samples of other units are left out.
    pub(in crate::services::cloudwatch) unit: Option<Unit>,
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
    pub(super) sample_count: f64,
}

impl Rule {
    /// M of "M out of N".
    pub(super) fn needed(&self) -> usize {
        self.datapoints_to_alarm.unwrap_or(self.evaluation_periods)
    }

    pub(super) fn breaches(&self, value: f64) -> bool {
        self.comparison.holds(value, self.threshold)
    }

    /// Whether a percentile is of too few samples to mean something, if that matters.
    ///
    /// Source: user guide "Percentile-based CloudWatch alarms and low data samples". Unverified:
    /// that `p0` and `p100` mean something of however few.
    pub(super) fn is_of_few(&self, datapoint: &Datapoint) -> bool {
        let Statistic::Percentile(percentile) = self.statistic else { return false };
        let share = percentile.share();
        let beyond = share.min(1.0 - share);
        self.ignores_low_samples && beyond > 0.0 && datapoint.sample_count * beyond < 9.999_999
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

    /// The statistic of a period whose samples are `points`, one for each unit.
    ///
    /// Unverified: that samples of several units are taken together.
    pub(super) fn datapoint(&self, points: &[Point]) -> Option<Datapoint> {
        let (first, rest) = points.split_first()?;
        let of = |summary: &Summary| {
            let value = self.statistic.of(summary)?;
            Some(Datapoint { value, sample_count: summary.sample_count() })
        };
        if rest.is_empty() {
            return of(&first.summary);
        }
        let mut summary = first.summary.clone();
        rest.iter().for_each(|point| summary.merge(&point.summary));
        of(&summary)
    }
}
