//! Many samples as one value: count, sum, extremes, and how often each value occurred.
//!
//! Adding a sample costs a look-up in the map of distinct values; a million samples of one value
//! take as much memory as one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::percentile::Percentile;
use super::statistic::samples_of;
use crate::kernel::pairs;
use crate::wire::Gather as _;

/// Most distinct values of a summary that still grows. Beyond that they are rounded to fewer binary
/// digits until there are few enough: first to 8, an error below 0.4 %, and two fewer each time.
///
/// Unverified: AWS keeps distributions in bins too but does not publish their width.
const DISTINCT_MAX: usize = 1024;
/// The same for one whose time has passed ([`Summary::settle`]): this is what bounds the memory of
/// a metric, whatever the number of its samples.
const SETTLED_MAX: usize = 256;
/// How many bits of an `f64` are dropped at first, and how many more each time.
const COARSE: (u8, u8) = (52 - 8, 2);
/// Values this coarse are few, whatever they were: their exponents are rounded too.
const COARSEST: u8 = 58;

/// A value as a key; zero has one sign.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Key(f64);

impl Key {
    fn of(value: f64) -> Self {
        // Turns -0.0 into 0.0.
        Self(value + 0.0)
    }

    /// Without its last bits.
    fn coarse(self, dropped: u8) -> Self {
        if dropped == 0 {
            return self;
        }
        let half = 1_u64 << (dropped - 1);
        let bits = self.0.to_bits() + half;
        Self(f64::from_bits(bits >> dropped << dropped))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// At least one sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary(Samples);

/// Most points that services publish are of one value: they take no more than that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Samples {
    Alike { value: f64, count: f64 },
    Mixed(Box<Mixed>),
}

/// Samples of more than one value, or whose values are not known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Mixed {
    sample_count: f64,
    sum: f64,
    minimum: f64,
    maximum: f64,
    /// How often each value occurred; without the samples of statistic sets.
    #[serde(with = "pairs")]
    counts: BTreeMap<Key, f64>,
    /// How many bits values are rounded by, as there were too many.
    coarse: u8,
    /// Whether all samples are in `counts`.
    complete: bool,
}

impl Summary {
    /// One sample.
    pub fn value(value: f64) -> Self {
        Self::values(value, 1.0)
    }

    /// `count` samples of one value; `count` is positive.
    pub fn values(value: f64, count: f64) -> Self {
        Self(Samples::Alike { value, count })
    }

    /// Samples of which only the statistics are known; `sample_count` is positive.
    ///
    /// Where they leave no doubt about the values (one sample, or equal extremes), nothing is lost.
    pub fn set(sample_count: f64, sum: f64, minimum: f64, maximum: f64) -> Self {
        let value = match () {
            () if minimum == maximum => Some(minimum),
            () if sample_count == 1.0 => Some(sum),
            () => None,
        };
        Self(Samples::Mixed(Box::new(Mixed {
            sample_count,
            sum,
            minimum,
            maximum,
            counts: value.map(|value| (Key::of(value), sample_count)).into_iter().into_map(),
            coarse: 0,
            complete: value.is_some(),
        })))
    }

    /// Adds the samples of `other`.
    pub fn merge(&mut self, other: &Summary) {
        match (&mut self.0, &other.0) {
            (Samples::Alike { value, count }, Samples::Alike { value: of_other, count: more })
                if value == of_other =>
            {
                *count += more
            }
            (Samples::Mixed(mixed), other) => mixed.merge(other),
            (Samples::Alike { value, count }, other) => {
                let mut mixed = Mixed::of(*value, *count);
                mixed.merge(other);
                self.0 = Samples::Mixed(Box::new(mixed));
            }
        }
    }

    pub fn sample_count(&self) -> f64 {
        match &self.0 {
            Samples::Alike { count, .. } => *count,
            Samples::Mixed(mixed) => mixed.sample_count,
        }
    }

    pub fn sum(&self) -> f64 {
        match &self.0 {
            Samples::Alike { value, count } => value * count,
            Samples::Mixed(mixed) => mixed.sum,
        }
    }

    pub fn average(&self) -> f64 {
        self.sum() / self.sample_count()
    }

    pub fn minimum(&self) -> f64 {
        match &self.0 {
            Samples::Alike { value, .. } => *value,
            Samples::Mixed(mixed) => mixed.minimum,
        }
    }

    pub fn maximum(&self) -> f64 {
        match &self.0 {
            Samples::Alike { value, .. } => *value,
            Samples::Mixed(mixed) => mixed.maximum,
        }
    }

    /// The smallest value that is at least as large as this share of the samples.
    ///
    /// `None` when the values are not known, or one is negative.
    ///
    /// Source: API reference "GetMetricStatistics". Unverified: AWS may interpolate.
    pub fn percentile(&self, percentile: Percentile) -> Option<f64> {
        self.percentile_of(percentile.share() * 100.0)
    }

    /// The same by the percentage.
    pub(super) fn percentile_of(&self, percent: f64) -> Option<f64> {
        match &self.0 {
            // Turns -0.0 into 0.0.
            Samples::Alike { value, .. } => (*value >= 0.0).then_some(*value + 0.0),
            Samples::Mixed(mixed) => mixed.percentile(percent),
        }
    }

    /// The values and how often each occurred, the smallest first; `None` when they are not known,
    /// or one is negative.
    pub(super) fn distribution(&self) -> Option<Vec<(f64, f64)>> {
        match &self.0 {
            Samples::Alike { value, count } => {
                (*value >= 0.0).then(|| vec![(*value + 0.0, *count)])
            }
            Samples::Mixed(mixed) => mixed.knows_values().then(|| {
                let clamped = |key: &Key| key.0.clamp(mixed.minimum, mixed.maximum);
                mixed.counts.iter().map(|(key, count)| (clamped(key), *count)).collect()
            }),
        }
    }

    /// The time that it is about has passed: few samples will follow.
    pub(super) fn settle(&mut self) {
        if let Samples::Mixed(mixed) = &mut self.0 {
            mixed.bound(SETTLED_MAX);
        }
    }
}

impl Mixed {
    fn of(value: f64, count: f64) -> Self {
        Self {
            sample_count: count,
            sum: value * count,
            minimum: value,
            maximum: value,
            counts: [(Key::of(value), count)].into_iter().into_map(),
            coarse: 0,
            complete: true,
        }
    }

    fn merge(&mut self, other: &Samples) {
        let other = match other {
            Samples::Mixed(other) => other,
            Samples::Alike { value, count } => &Self::of(*value, *count),
        };
        self.sample_count += other.sample_count;
        self.sum += other.sum;
        self.minimum = self.minimum.min(other.minimum);
        self.maximum = self.maximum.max(other.maximum);
        self.complete &= other.complete;
        if other.coarse > self.coarse {
            self.coarsen_to(other.coarse);
        }
        for (key, count) in &other.counts {
            self.count(*key, *count);
        }
    }

    fn knows_values(&self) -> bool {
        self.complete && self.minimum >= 0.0
    }

    fn percentile(&self, percent: f64) -> Option<f64> {
        if !self.knows_values() {
            return None;
        }
        let wanted = samples_of(percent, self.sample_count);
        let mut seen = 0.0;
        let found = self.counts.iter().find(|(_, count)| {
            seen += **count;
            seen >= wanted
        });
        let value = found.map_or(self.maximum, |(key, _)| key.0);
        Some(value.clamp(self.minimum, self.maximum))
    }

    fn count(&mut self, key: Key, count: f64) {
        *self.counts.entry(key.coarse(self.coarse)).or_default() += count;
        self.bound(DISTINCT_MAX);
    }

    /// Rounds values until there are no more than `max`.
    fn bound(&mut self, max: usize) {
        while self.counts.len() > max && self.coarse < COARSEST {
            self.coarsen_to((self.coarse + COARSE.1).max(COARSE.0));
        }
    }

    fn coarsen_to(&mut self, dropped: u8) {
        self.coarse = dropped;
        for (key, count) in std::mem::take(&mut self.counts) {
            *self.counts.entry(key.coarse(dropped)).or_default() += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percentile(text: &str) -> Percentile {
        Percentile::parse(text).unwrap()
    }

    #[test]
    fn many_samples_of_one_value_are_one_entry() {
        let mut summary = Summary::values(7.0, 1e9);
        (0..1000).for_each(|_| summary.merge(&Summary::value(7.0)));
        assert_eq!(summary.0, Samples::Alike { value: 7.0, count: 1e9 + 1000.0 });
        assert_eq!(size_of::<Summary>(), 24);
        assert_eq!(summary.percentile(percentile("p50")), Some(7.0));
    }

    #[test]
    fn too_many_values_become_coarse() {
        let mut summary = Summary::value(1.0);
        (2..=100_000).for_each(|n| summary.merge(&Summary::value(f64::from(n))));
        let Samples::Mixed(mixed) = &summary.0 else { panic!("{summary:?}") };
        assert!(mixed.counts.len() <= DISTINCT_MAX);
        assert_eq!(summary.sum(), 5_000_050_000.0);
        for (text, exact) in [("p1", 1_000.0), ("p50", 50_000.0), ("p99", 99_000.0)] {
            let found = summary.percentile(percentile(text)).unwrap();
            assert!((found / exact - 1.0).abs() < 0.02, "{text}: {found}");
        }
        assert_eq!(summary.percentile(percentile("p100")), Some(100_000.0));
        summary.settle();
        let Samples::Mixed(mixed) = &summary.0 else { panic!("{summary:?}") };
        assert!(mixed.counts.len() <= SETTLED_MAX);
        assert_eq!(summary.sum(), 5_000_050_000.0);
        let median = summary.percentile(percentile("p50")).unwrap();
        assert!((median / 50_000.0 - 1.0).abs() < 0.05, "{median}");
    }

    #[test]
    fn values_of_every_size_are_bounded() {
        let mut summary = Summary::value(0.0);
        for exponent in -1000..=360 {
            for part in [1.0, 1.25, 1.5, 1.75] {
                summary.merge(&Summary::value(part * 2_f64.powi(exponent)));
            }
        }
        summary.settle();
        let Samples::Mixed(mixed) = &summary.0 else { panic!("{summary:?}") };
        assert!(mixed.counts.len() <= SETTLED_MAX, "{}", mixed.counts.len());
        assert_eq!(mixed.counts.values().sum::<f64>(), summary.sample_count());
    }

    #[test]
    fn a_set_has_percentiles_when_its_values_are_certain() {
        let p90 = percentile("p90");
        for (set, expected) in [
            (Summary::set(5.0, 10.0, 1.0, 3.0), None),
            (Summary::set(5.0, 10.0, 2.0, 2.0), Some(2.0)),
            (Summary::set(1.0, 4.0, 4.0, 4.0), Some(4.0)),
            (Summary::value(-1.0), None),
            (Summary::value(-0.0), Some(0.0)),
        ] {
            assert_eq!(set.percentile(p90), expected, "{set:?}");
        }
    }
}
