//! Data points that a service publishes about a resource of its own.
//!
//! Services leave them here as they leave deliveries in the outbox; `cloud::metrics` takes them to
//! CloudWatch.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Scope;
use crate::wire::Timestamp;

/// The units in which services publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricUnit {
    Count,
    Bytes,
    Seconds,
    Milliseconds,
}

/// Values of one period: as many as `count`, summed up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    pub count: u64,
    pub sum: f64,
    pub minimum: f64,
    pub maximum: f64,
}

impl Observation {
    /// A single value.
    pub fn of(value: f64) -> Self {
        Self { count: 1, sum: value, minimum: value, maximum: value }
    }

    /// So many values of one; `None` without any.
    pub fn ones(count: u64) -> Option<Self> {
        Self::of(1.0).times(count)
    }

    /// The same so many times; `None` for none.
    pub fn times(self, times: u64) -> Option<Self> {
        let (count, sum) = (self.count * times, self.sum * times as f64);
        (times > 0).then_some(Self { count, sum, ..self })
    }

    pub fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.minimum = self.minimum.min(other.minimum);
        self.maximum = self.maximum.max(other.maximum);
    }
}

/// Single values of minutes that follow one another. Equal ones in a row take no more room than
/// one, so a resource that nobody uses costs next to nothing, however long nobody looked at it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Minutes {
    /// Values and for how many minutes each held.
    runs: VecDeque<(f64, u32)>,
    len: u32,
}

impl Minutes {
    /// `value` holds for `minutes` more.
    pub fn push(&mut self, value: f64, minutes: u32) {
        if minutes == 0 {
            return;
        }
        self.len += minutes;
        match self.runs.back_mut() {
            Some((last, times)) if *last == value => *times += minutes,
            _ => self.runs.push_back((value, minutes)),
        }
    }

    /// The minutes of `other` follow.
    pub fn append(&mut self, other: &Self) {
        other.runs.iter().for_each(|(value, minutes)| self.push(*value, *minutes));
    }

    /// Takes the first minute away.
    pub fn pop_front(&mut self) -> Option<f64> {
        let (value, times) = self.runs.front_mut()?;
        let value = *value;
        *times -= 1;
        if *times == 0 {
            self.runs.pop_front();
        }
        self.len -= 1;
        Some(value)
    }

    /// How many minutes there are.
    pub fn len(&self) -> u32 {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The values of the minutes from `first`, which counts from 0.
    pub fn values_from(&self, first: u32) -> impl Iterator<Item = f64> {
        let mut before = first;
        self.runs.iter().flat_map(move |(value, times)| {
            let skipped = before.min(*times);
            before -= skipped;
            std::iter::repeat_n(*value, (times - skipped) as usize)
        })
    }
}

/// What was observed.
#[derive(Clone, Debug, PartialEq)]
pub enum Observed {
    /// One value a minute, from the point's time on.
    Minutes(Minutes),
    /// All values of the one minute.
    Samples(Observation),
}

/// Whose data points somebody is about to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WantedMetrics {
    /// Those of every resource.
    All,
    /// Those of these resources: namespace and the dimension's name and value, or
    /// [`WantedMetrics::WHOLE`]. Perhaps none.
    Of(BTreeSet<(String, String, String)>),
}

impl WantedMetrics {
    /// The dimension, without name or value, of metrics that have none: those of an account.
    pub const WHOLE: (&str, &str) = ("", "");

    /// Whether metrics of `namespace` without dimensions are wanted.
    pub fn whole(&self, namespace: &str) -> bool {
        self.resources(namespace, Self::WHOLE.0).is_none_or(|found| !found.is_empty())
    }

    /// The resources of `namespace` that are wanted by their `dimension`; `None` for all of them.
    pub fn resources(&self, namespace: &str, dimension: &str) -> Option<Vec<&str>> {
        let Self::Of(resources) = self else { return None };
        let of_these =
            resources.iter().filter(|(of, name, _)| of == namespace && name == dimension);
        Some(of_these.map(|(_, _, value)| value.as_str()).collect())
    }
}

/// A resource begins, or begins again, to publish metrics. It publishes when somebody looks, so
/// whoever waits for its data points must be told.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricsBegun {
    pub scope: Scope,
    /// `AWS/SQS` and the like.
    pub namespace: &'static str,
    pub dimension: (&'static str, Arc<str>),
}

/// Data points of one metric on their way to CloudWatch.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedMetric {
    pub scope: Scope,
    /// `AWS/SQS` and the like.
    pub namespace: &'static str,
    pub name: &'static str,
    /// Names and values; none where a metric is of the whole account.
    pub dimensions: Vec<(&'static str, Arc<str>)>,
    /// The start of the first minute.
    pub at: Timestamp,
    pub unit: MetricUnit,
    pub observed: Observed,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn minutes_are_a_list_of_values(
            parts in proptest::collection::vec((0..3_u32, 0..5_u32), 0..12),
            taken in 0..9_usize,
            first in 0..30_u32,
        ) {
            let mut minutes = Minutes::default();
            let mut list = Vec::new();
            for (value, times) in parts {
                minutes.push(f64::from(value), times);
                list.extend(std::iter::repeat_n(f64::from(value), times as usize));
            }
            for _ in 0..taken {
                prop_assert_eq!(minutes.pop_front(), (!list.is_empty()).then(|| list.remove(0)));
            }
            let mut twice = Minutes::default();
            twice.append(&minutes);
            prop_assert_eq!(&twice, &minutes);
            prop_assert_eq!(minutes.len() as usize, list.len());
            prop_assert_eq!(minutes.is_empty(), list.is_empty());
            let rest: Vec<f64> = minutes.values_from(first).collect();
            prop_assert_eq!(rest, list.split_off(list.len().min(first as usize)));
        }
    }
}
