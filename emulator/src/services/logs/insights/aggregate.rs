//! What `stats` makes of many values.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::value::Value;

/// An aggregate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Aggregate {
    Count,
    CountDistinct,
    Sum,
    Avg,
    Min,
    Max,
    Stddev,
    /// A percentile, from 0 to 100.
    Pct(f64),
    /// The value of the earliest, and of the latest event.
    Earliest,
    Latest,
    SortsFirst,
    SortsLast,
}

impl Aggregate {
    /// An aggregate by its name, in any case; `pct` comes without its number.
    pub(super) fn find(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "count" => Self::Count,
            "count_distinct" => Self::CountDistinct,
            "sum" => Self::Sum,
            "avg" => Self::Avg,
            "min" => Self::Min,
            "max" => Self::Max,
            "stddev" => Self::Stddev,
            "pct" => Self::Pct(50.0),
            "earliest" => Self::Earliest,
            "latest" => Self::Latest,
            "sortsfirst" => Self::SortsFirst,
            "sortslast" => Self::SortsLast,
            _ => return None,
        })
    }
}

/// An aggregate of the values so far.
#[derive(Clone, Debug)]
pub(super) enum Gathered {
    Count(u64),
    Distinct(BTreeSet<String>),
    Moments {
        count: u64,
        mean: f64,
        squares: f64,
        sum: f64,
    },
    One(Option<Value>),
    /// A value and the time of its event.
    Timed(Option<(i64, Value)>),
    All(Vec<f64>),
}

impl Gathered {
    pub(super) fn new(aggregate: Aggregate) -> Self {
        match aggregate {
            Aggregate::Count => Self::Count(0),
            Aggregate::CountDistinct => Self::Distinct(BTreeSet::new()),
            Aggregate::Sum | Aggregate::Avg | Aggregate::Stddev => {
                Self::Moments { count: 0, mean: 0.0, squares: 0.0, sum: 0.0 }
            }
            Aggregate::Pct(_) => Self::All(Vec::new()),
            Aggregate::Earliest | Aggregate::Latest => Self::Timed(None),
            Aggregate::Min | Aggregate::Max | Aggregate::SortsFirst | Aggregate::SortsLast => {
                Self::One(None)
            }
        }
    }

    /// Takes a value in that is there; `time` is its event's.
    pub(super) fn add(&mut self, aggregate: Aggregate, value: &Value, time: i64) {
        match self {
            Self::Count(count) => *count += 1,
            Self::Distinct(seen) => drop(value.text().map(|text| seen.insert(text))),
            Self::Moments { count, mean, squares, sum } => {
                let Some(number) = value.number() else { return };
                *count += 1;
                *sum += number;
                let off = number - *mean;
                *mean += off / *count as f64;
                *squares += off * (number - *mean);
            }
            Self::All(all) => all.extend(value.number()),
            Self::Timed(held) => {
                let earlier = held.as_ref().is_none_or(|(at, _)| time < *at);
                let later = held.as_ref().is_none_or(|(at, _)| time > *at);
                if if aggregate == Aggregate::Earliest { earlier } else { later } {
                    *held = Some((time, value.clone()));
                }
            }
            Self::One(held) => {
                let numbers = matches!(aggregate, Aggregate::Min | Aggregate::Max);
                let order = |held: &Value| match numbers {
                    true => value.order(held),
                    false => value.text().cmp(&held.text()),
                };
                let wanted = match aggregate {
                    Aggregate::Min | Aggregate::SortsFirst => Ordering::Less,
                    _ => Ordering::Greater,
                };
                if held.as_ref().is_none_or(|held| order(held) == wanted) {
                    *held = Some(value.clone());
                }
            }
        }
    }

    pub(super) fn result(self, aggregate: Aggregate) -> Value {
        match self {
            Self::Count(count) => Value::Number(count as f64),
            Self::Distinct(seen) => Value::Number(seen.len() as f64),
            Self::Moments { count: 0, .. } => Value::Missing,
            Self::Moments { count, squares, sum, .. } => Value::Number(match aggregate {
                Aggregate::Sum => sum,
                Aggregate::Stddev => (squares / count as f64).sqrt(),
                _ => sum / count as f64,
            }),
            Self::One(held) => held.unwrap_or(Value::Missing),
            Self::Timed(held) => held.map_or(Value::Missing, |(_, value)| value),
            Self::All(mut all) => {
                let Aggregate::Pct(percent) = aggregate else { return Value::Missing };
                all.sort_by(f64::total_cmp);
                percentile(&all, percent).map_or(Value::Missing, Value::Number)
            }
        }
    }
}

/// The value at a rank that may lie between two, of values in order.
pub(super) fn percentile(sorted: &[f64], percent: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let rank = percent / 100.0 * last as f64;
    let (below, above) = (rank.floor() as usize, rank.ceil() as usize);
    let (low, high) = (*sorted.get(below)?, *sorted.get(above)?);
    Some(low + (high - low) * (rank - below as f64))
}
