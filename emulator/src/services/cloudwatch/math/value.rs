//! What expressions come to: numbers, time series, arrays of them.

use std::sync::Arc;

use super::error::MathError;
use super::syntax::Operator;
use crate::services::cloudwatch::metric::MetricId;

/// The metric that a series was read from, for labels.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Source {
    pub(super) metric: MetricId,
    pub(super) statistic: String,
}

/// Values by time, the oldest first, each time once.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct TimeSeries {
    /// What AWS would call it; empty for what is computed from several.
    pub(super) label: String,
    /// In seconds.
    pub(super) period: i64,
    /// Seconds since 1970, and values that are finite.
    pub(super) points: Vec<(i64, f64)>,
    pub(super) source: Option<Arc<Source>>,
}

impl TimeSeries {
    /// The same series with other points.
    pub(super) fn with(&self, points: Vec<(i64, f64)>) -> Self {
        let (label, source) = (self.label.clone(), self.source.clone());
        Self { label, period: self.period, points, source }
    }

    /// Each value by itself; `None` drops it.
    pub(super) fn map(&self, of: impl Fn(f64) -> Option<f64>) -> Self {
        let finite = |value: f64| value.is_finite().then_some(value);
        let points = self.points.iter();
        let points = points.filter_map(|(at, value)| Some((*at, of(*value).and_then(finite)?)));
        self.with(points.collect())
    }

    pub(super) fn values(&self) -> impl Iterator<Item = f64> + Clone {
        self.points.iter().map(|(_, value)| *value)
    }

    /// The value at a time, if there is one.
    pub(super) fn at(&self, time: i64) -> Option<f64> {
        let place = self.points.binary_search_by_key(&time, |(at, _)| *at).ok()?;
        Some(self.points[place].1)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Not a number where AWS would have no value.
    Scalar(f64),
    Series(TimeSeries),
    Array(Vec<TimeSeries>),
    Text(String),
}

impl Value {
    /// In words, for errors.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Scalar(_) => "a scalar",
            Self::Series(_) => "a time series",
            Self::Array(_) => "an array of time series",
            Self::Text(_) => "a string",
        }
    }

    /// How many points it has, as a measure of work.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Series(series) => series.points.len() + 1,
            Self::Array(all) => all.iter().map(|series| series.points.len() + 1).sum(),
            Self::Scalar(_) | Self::Text(_) => 1,
        }
    }

    /// Each series by itself; `None` for what is neither a series nor an array.
    pub(super) fn each(self, of: impl Fn(&TimeSeries) -> TimeSeries) -> Option<Self> {
        match self {
            Self::Series(series) => Some(Self::Series(of(&series))),
            Self::Array(all) => Some(Self::Array(all.iter().map(of).collect())),
            Self::Scalar(_) | Self::Text(_) => None,
        }
    }
}

/// The result of an operator between two values.
///
/// # Errors
/// Of two arrays, and of texts, there is none.
pub(super) fn combine(operator: Operator, left: Value, right: Value) -> Result<Value, MathError> {
    let kinds = (left.kind(), right.kind());
    Ok(match (left, right) {
        (Value::Scalar(left), Value::Scalar(right)) => {
            Value::Scalar(operator.apply(left, right).unwrap_or(f64::NAN))
        }
        (Value::Scalar(left), Value::Series(right)) => {
            Value::Series(right.map(|right| operator.apply(left, right)))
        }
        (Value::Series(left), Value::Scalar(right)) => {
            Value::Series(left.map(|left| operator.apply(left, right)))
        }
        (Value::Series(left), Value::Series(right)) => {
            Value::Series(joined(operator, &left, &right))
        }
        (Value::Scalar(left), Value::Array(right)) => {
            let one = |series: &TimeSeries| series.map(|right| operator.apply(left, right));
            Value::Array(right.iter().map(one).collect())
        }
        (Value::Array(left), Value::Scalar(right)) => {
            let one = |series: &TimeSeries| series.map(|left| operator.apply(left, right));
            Value::Array(left.iter().map(one).collect())
        }
        (Value::Series(left), Value::Array(right)) => {
            let one = |series: &TimeSeries| named(joined(operator, &left, series), series);
            Value::Array(right.iter().map(one).collect())
        }
        (Value::Array(left), Value::Series(right)) => {
            let one = |series: &TimeSeries| named(joined(operator, series, &right), series);
            Value::Array(left.iter().map(one).collect())
        }
        (Value::Array(_), Value::Array(_)) | (Value::Text(_), _) | (_, Value::Text(_)) => {
            return Err(MathError::Operands(operator.as_str(), kinds.0, kinds.1));
        }
    })
}

fn named(series: TimeSeries, after: &TimeSeries) -> TimeSeries {
    TimeSeries { label: after.label.clone(), source: after.source.clone(), ..series }
}

/// At each time at which one of them has a value; the other's is 0 if it has none.
///
/// Source: user guide "Using math expressions with CloudWatch metrics".
fn joined(operator: Operator, left: &TimeSeries, right: &TimeSeries) -> TimeSeries {
    let mut times: Vec<i64> = left.points.iter().chain(&right.points).map(|(at, _)| *at).collect();
    times.sort_unstable();
    times.dedup();
    let (mut of_left, mut of_right) = (Cursor::of(left), Cursor::of(right));
    let points = times.into_iter().filter_map(|at| {
        let value = operator.apply(of_left.at(at).unwrap_or(0.0), of_right.at(at).unwrap_or(0.0));
        Some((at, value?))
    });
    TimeSeries {
        label: String::new(),
        period: left.period.max(right.period),
        points: points.collect(),
        source: None,
    }
}

/// Reads a series at times that only grow.
pub(super) struct Cursor<'a> {
    rest: &'a [(i64, f64)],
}

impl<'a> Cursor<'a> {
    pub(super) fn of(series: &'a TimeSeries) -> Self {
        Self { rest: &series.points }
    }

    pub(super) fn at(&mut self, time: i64) -> Option<f64> {
        while let Some(((at, value), rest)) = self.rest.split_first() {
            if *at > time {
                return None;
            }
            self.rest = rest;
            if *at == time {
                return Some(*value);
            }
        }
        None
    }
}
