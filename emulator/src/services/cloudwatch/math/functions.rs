//! The functions of metric math that compute with values.
//!
//! Source: user guide "Using math expressions with CloudWatch metrics".

use super::value::{Cursor, TimeSeries, Value};
use crate::wire::Timestamp;

/// Functions of each series by itself.
pub(super) fn each(function: &str) -> Option<fn(&TimeSeries) -> TimeSeries> {
    Some(match function {
        "ABS" => |series| series.map(|value| Some(value.abs())),
        "CEIL" => |series| series.map(|value| Some(value.ceil())),
        "FLOOR" => |series| series.map(|value| Some(value.floor())),
        "LOG" => |series| series.map(|value| Some(value.ln())),
        "LOG10" => |series| series.map(|value| Some(value.log10())),
        "DIFF" => |series| after_one(series, |(_, before), (_, value)| value - before),
        "DIFF_TIME" => |series| after_one(series, |(from, _), (at, _)| (at - from) as f64),
        "RATE" => |series| {
            after_one(series, |(from, before), (at, value)| (value - before) / (at - from) as f64)
        },
        "RUNNING_SUM" => running_sum,
        _ => return None,
    })
}

/// Each value beside the one before it; the first has none.
fn after_one(series: &TimeSeries, of: impl Fn((i64, f64), (i64, f64)) -> f64) -> TimeSeries {
    let pairs = series.points.windows(2);
    let points = pairs.map(|pair| (pair[1].0, of(pair[0], pair[1])));
    series.with(points.filter(|(_, value)| value.is_finite()).collect())
}

fn running_sum(series: &TimeSeries) -> TimeSeries {
    let mut sum = 0.0;
    let points = series.points.iter().map(|(at, value)| {
        sum += value;
        (*at, sum)
    });
    series.with(points.filter(|(_, value)| value.is_finite()).collect())
}

/// Functions that make one number of many: of a series, or of an array at each time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Aggregate {
    Average,
    Count,
    Maximum,
    Minimum,
    Deviation,
    Sum,
}

impl Aggregate {
    pub(super) fn named(function: &str) -> Option<Self> {
        Some(match function {
            "AVG" => Self::Average,
            "DATAPOINT_COUNT" => Self::Count,
            "MAX" => Self::Maximum,
            "MIN" => Self::Minimum,
            "STDDEV" => Self::Deviation,
            "SUM" => Self::Sum,
            _ => return None,
        })
    }

    /// Of these values; not a number of none, but for sums and counts.
    ///
    /// Unverified: the deviation is that of the whole population.
    pub(super) fn of(self, values: impl Iterator<Item = f64> + Clone) -> f64 {
        let count = values.clone().count() as f64;
        match self {
            Self::Count => count,
            Self::Sum => values.sum(),
            Self::Average => values.sum::<f64>() / count,
            Self::Maximum => values.reduce(f64::max).unwrap_or(f64::NAN),
            Self::Minimum => values.reduce(f64::min).unwrap_or(f64::NAN),
            Self::Deviation => {
                let mean = values.clone().sum::<f64>() / count;
                (values.map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt()
            }
        }
    }

    /// Of the values that an array has at each time; a missing one counts as 0 in an average.
    pub(super) fn across(self, all: &[TimeSeries]) -> TimeSeries {
        let mut points: Vec<(i64, f64)> =
            all.iter().flat_map(|series| series.points.iter().copied()).collect();
        // Stable, so that values are added up in the order of the series.
        points.sort_by_key(|(at, _)| *at);
        let groups = points.chunk_by(|left, right| left.0 == right.0);
        let points = groups.map(|group| {
            let values = group.iter().map(|(_, value)| *value);
            let value = match self {
                Self::Average => values.sum::<f64>() / all.len() as f64,
                _ => self.of(values),
            };
            (group[0].0, value)
        });
        let points = points.filter(|(_, value)| value.is_finite()).collect();
        let period = all.iter().map(|series| series.period).max().unwrap_or_default();
        TimeSeries { period, points, ..TimeSeries::default() }
    }
}

/// What part of a time a function tells.
///
/// Source: user guide, as above; days of the week count from Monday, 1.
pub(super) fn time_part(function: &str) -> Option<fn(i64) -> f64> {
    const DAY: i64 = 86_400;
    Some(match function {
        "MINUTE" => |at| at.div_euclid(60).rem_euclid(60) as f64,
        "HOUR" => |at| at.div_euclid(3600).rem_euclid(24) as f64,
        // 1970 began on a Thursday.
        "DAY" => |at| ((at.div_euclid(DAY) + 3).rem_euclid(7) + 1) as f64,
        "DATE" => |at| date(at, 8..10),
        "MONTH" => |at| date(at, 5..7),
        "YEAR" => |at| date(at, 0..4),
        "EPOCH" => |at| at as f64,
        _ => return None,
    })
}

/// A part of a date, from how it is written.
fn date(at: i64, place: std::ops::Range<usize>) -> f64 {
    let text = Timestamp::from_millis(at.saturating_mul(1000)).iso_seconds();
    text.get(place).and_then(|part| part.parse().ok()).unwrap_or(f64::NAN)
}

/// What [`fill`] puts where a value is missing.
pub(super) enum Filler {
    Scalar(f64),
    Series(TimeSeries),
    /// The value before.
    Repeat,
    /// On the line between the values before and after.
    Linear,
}

/// A series with a value at each of `times`, as far as the filler has one.
pub(super) fn fill(series: &TimeSeries, times: &[i64], filler: &Filler) -> TimeSeries {
    let mut times = times.to_vec();
    times.extend(series.points.iter().map(|(at, _)| *at));
    times.sort_unstable();
    times.dedup();
    let mut cursor = Cursor::of(series);
    let mut before: Option<(i64, f64)> = None;
    let mut later = series.points.iter().copied().peekable();
    let mut points = Vec::with_capacity(times.len());
    for at in times {
        while later.next_if(|(next, _)| *next <= at).is_some() {}
        let value = match (cursor.at(at), filler) {
            (Some(value), _) => {
                before = Some((at, value));
                Some(value)
            }
            (None, Filler::Scalar(value)) => Some(*value),
            (None, Filler::Series(of)) => of.at(at),
            (None, Filler::Repeat) => before.map(|(_, value)| value),
            (None, Filler::Linear) => before.zip(later.peek()).map(|((from, low), (to, high))| {
                low + (high - low) * ((at - from) as f64 / (to - from) as f64)
            }),
        };
        points.extend(value.filter(|value| value.is_finite()).map(|value| (at, value)));
    }
    series.with(points)
}

/// A condition's choice between two values at each time; the words are the user guide's.
pub(super) fn choose(condition: &TimeSeries, yes: &Value, no: Option<&Value>) -> TimeSeries {
    let value_of = |value: &Value, at: i64| match value {
        Value::Scalar(value) => Some(*value),
        Value::Series(series) => series.at(at),
        Value::Array(_) | Value::Text(_) => None,
    };
    let points = condition.points.iter().filter_map(|(at, is)| {
        let value = match *is != 0.0 {
            // What is chosen and missing is 0; what is not chosen and missing is dropped.
            true => Some(value_of(yes, *at).unwrap_or(0.0)),
            false => no.and_then(|no| value_of(no, *at)),
        };
        Some((*at, value.filter(|value| value.is_finite())?))
    });
    TimeSeries { period: condition.period, points: points.collect(), ..TimeSeries::default() }
}
