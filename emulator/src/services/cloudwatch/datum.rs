//! One entry of PutMetricData: as it is sent, what may be wrong with it, and the sample it is.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::findings::{Findings, Path};
use super::metric::{Dimension, MetricId, NAME_MAX, check_dimensions};
use super::state::{Resolution, Sample};
use super::summary::Summary;
use super::unit::Unit;
use crate::wire::Timestamp;

/// Most values of one entry.
///
/// Source for this and the other limits: API reference "PutMetricData" and "MetricDatum".
const VALUES_MAX: usize = 150;
/// How far back a timestamp may lie.
const PAST_MAX: Duration = Duration::from_secs(14 * 86_400);
/// How far ahead a timestamp may lie.
const FUTURE_MAX: Duration = Duration::from_secs(2 * 3600);

/// Largest size of a value, in either direction: 2^360.
fn value_max() -> f64 {
    2_f64.powi(360)
}

/// The statistics of a set of samples.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct StatisticSet {
    pub sample_count: Option<f64>,
    pub sum: Option<f64>,
    pub minimum: Option<f64>,
    pub maximum: Option<f64>,
}

/// Samples of one metric at one time.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MetricDatum {
    pub metric_name: Option<String>,
    pub dimensions: Option<Vec<Dimension>>,
    pub timestamp: Option<Timestamp>,
    pub value: Option<f64>,
    pub statistic_values: Option<StatisticSet>,
    pub values: Option<Vec<f64>>,
    pub counts: Option<Vec<f64>>,
    pub unit: Option<String>,
    pub storage_resolution: Option<i32>,
}

impl MetricDatum {
    /// Checks everything; `path` is where the entry stands.
    pub(super) fn check(&self, findings: &mut Findings, path: Path<'_>, now: Timestamp) {
        findings.text(path.member("MetricName"), self.metric_name.as_deref(), NAME_MAX);
        let dimensions = self.dimensions.as_deref().unwrap_or_default();
        check_dimensions(findings, path.member("Dimensions"), dimensions);
        self.check_form(findings, path);
        match self.timestamp {
            Some(time) if time < now - PAST_MAX => findings.value(format!(
                "The parameter {} must specify a time within the past two weeks.",
                path.member("Timestamp")
            )),
            // Unverified: the text.
            Some(time) if time > now + FUTURE_MAX => findings.value(format!(
                "The parameter {} must specify a time no more than two hours in the future.",
                path.member("Timestamp")
            )),
            _ => {}
        }
        if self.unit.as_deref().is_some_and(|unit| Unit::parse(unit).is_none()) {
            findings.one_of(path.member("Unit"), Unit::all());
        }
        if !matches!(self.storage_resolution, None | Some(1 | 60)) {
            findings.one_of(path.member("StorageResolution"), &[1, 60]);
        }
    }

    /// The metric and its samples, of an entry that passed [`MetricDatum::check`]; `None` when all
    /// counts are zero.
    pub(super) fn into_sample(self, namespace: &str, now: Timestamp) -> Option<(MetricId, Sample)> {
        let summary = self.summary()?;
        let sample = Sample {
            at: self.timestamp.unwrap_or(now),
            unit: self.unit.as_deref().and_then(Unit::parse).unwrap_or(Unit::NONE),
            resolution: match self.storage_resolution {
                Some(1) => Resolution::High,
                _ => Resolution::Standard,
            },
            summary,
        };
        let name = self.metric_name.unwrap_or_default();
        let dimensions = self.dimensions.unwrap_or_default();
        Some((MetricId::requested(namespace, name, dimensions), sample))
    }

    fn summary(&self) -> Option<Summary> {
        if let Some(value) = self.value {
            return Some(Summary::value(value));
        }
        let mut summary = match &self.statistic_values {
            Some(set) => {
                Some(Summary::set(set.sample_count?, set.sum?, set.minimum?, set.maximum?))
            }
            None => None,
        };
        let counts = self.counts.as_deref().unwrap_or_default();
        let counts = counts.iter().copied().chain(std::iter::repeat(1.0));
        let values = self.values.iter().flatten().zip(counts);
        for (value, count) in values.filter(|(_, count)| *count > 0.0) {
            let samples = Summary::values(*value, count);
            match &mut summary {
                Some(summary) => summary.merge(&samples),
                None => summary = Some(samples),
            }
        }
        summary
    }

    /// A value, or values, or a set, and good numbers in it. AWS takes values and a set together.
    ///
    /// Source: recording "test_put_metric_data_validation" of 2025-09-19.
    fn check_form(&self, findings: &mut Findings, path: Path<'_>) {
        let values = self.values.as_deref().unwrap_or_default();
        let counts = self.counts.as_deref().unwrap_or_default();
        let (value, set) = (self.value.is_some(), self.statistic_values.is_some());
        match (value, !values.is_empty(), set) {
            (true, true, _) => findings.exclusive(path.member("Value"), path.member("Values")),
            (true, _, true) => {
                findings.exclusive(path.member("Value"), path.member("StatisticValues"))
            }
            (false, false, false) => findings.combination(format!(
                "At least one of the parameters {} and {} must be specified.",
                path.member("Value"),
                path.member("StatisticValues")
            )),
            _ => {}
        }
        if let Some(value) = self.value {
            check_number(findings, path.member("Value"), value);
        }
        findings.size(path.member("Values"), values.len(), VALUES_MAX);
        if !counts.is_empty() && counts.len() != values.len() {
            findings.value(format!(
                "The parameters {} and {} must be of the same size.",
                path.member("Values"),
                path.member("Counts")
            ));
        }
        for (number, value) in (1..).zip(values) {
            check_number(findings, path.member("Values").item(number), *value);
        }
        for (number, count) in (1..).zip(counts) {
            let path = path.member("Counts").item(number);
            match *count < 0.0 {
                true => findings.invalid(count, path),
                false => check_number(findings, path, *count),
            }
        }
        if let Some(set) = &self.statistic_values {
            set.check(findings, path.member("StatisticValues"));
        }
    }
}

impl StatisticSet {
    fn check(&self, findings: &mut Findings, path: Path<'_>) {
        for (member, value) in [
            ("SampleCount", self.sample_count),
            ("Sum", self.sum),
            ("Minimum", self.minimum),
            ("Maximum", self.maximum),
        ] {
            match value {
                Some(value) => check_number(findings, path.member(member), value),
                None => findings.required(path.member(member)),
            }
        }
        // Unverified: the texts of both.
        if self.sample_count.is_some_and(|count| count <= 0.0) {
            findings.value(format!("The parameter {path}.SampleCount must be greater than 0."));
        }
        if self.minimum.zip(self.maximum).is_some_and(|(minimum, maximum)| minimum > maximum) {
            findings.value(format!(
                "The parameter {path}.Maximum must be greater than or equal to the parameter \
                 {path}.Minimum."
            ));
        }
    }
}

fn check_number(findings: &mut Findings, path: Path<'_>, value: f64) {
    if value.is_infinite() {
        let sign = if value < 0.0 { "-" } else { "" };
        findings.invalid(format_args!("{sign}Infinity"), path);
    } else if value.is_nan() || value.abs() > value_max() {
        findings.invalid(format_args!("{value:?}"), path);
    }
}
