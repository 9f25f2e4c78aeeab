//! A mergeable sketch of durations, for percentiles: counts in buckets whose width grows with the
//! value.
//!
//! It is integers only, so that it is the same on every machine. The layout is HdrHistogram's.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::window::Merge;

/// Each power of two is cut into 2^6 buckets.
const PRECISION_BITS: u32 = 6;
const BUCKETS_PER_POWER: u64 = 1 << PRECISION_BITS;

/// No quantile is off by more than this part of the true value: half a bucket's width over the
/// smallest value in it.
pub const RELATIVE_ERROR_MAX: f64 = 1.0 / 128.0;

/// How many values there were in each bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sketch(BTreeMap<u16, u64>);

impl Sketch {
    pub fn add(&mut self, value: u64) {
        *self.0.entry(bucket(value)).or_default() += 1;
    }

    /// Forgets half of what it has seen, so that what comes counts for more.
    pub fn halve(&mut self) {
        self.0.values_mut().for_each(|count| *count /= 2);
        self.0.retain(|_, count| *count > 0);
    }

    pub fn count(&self) -> u64 {
        self.0.values().sum()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The smallest value that at least `per_mille` thousandths of the values do not exceed, up to
    /// [`RELATIVE_ERROR_MAX`]; none of no values. 500 is the median.
    pub fn quantile(&self, per_mille: u32) -> Option<u64> {
        let rank = (self.count() * u64::from(per_mille.min(1000))).div_ceil(1000).max(1);
        let mut below = 0;
        for (bucket, count) in &self.0 {
            below += count;
            if below >= rank {
                return Some(middle(*bucket));
            }
        }
        None
    }
}

impl Merge for Sketch {
    fn merge(&mut self, other: &Self) {
        for (bucket, count) in &other.0 {
            *self.0.entry(*bucket).or_default() += count;
        }
    }
}

fn bucket(value: u64) -> u16 {
    let power = value.checked_ilog2().unwrap_or(0);
    let index = match power.checked_sub(PRECISION_BITS) {
        None | Some(0) => value,
        Some(shift) => u64::from(shift) * BUCKETS_PER_POWER + (value >> shift),
    };
    u16::try_from(index).expect("58 powers of 64 buckets each and the first 128")
}

/// The value in the middle of a bucket.
fn middle(bucket: u16) -> u64 {
    let bucket = u64::from(bucket);
    let shift = (bucket / BUCKETS_PER_POWER).saturating_sub(1);
    let lowest = (bucket - shift * BUCKETS_PER_POWER) << shift;
    lowest + ((1_u64 << shift) - 1) / 2
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_value_is_near_the_middle_of_its_bucket() {
        let near = |value: u64| {
            let error = middle(bucket(value)).abs_diff(value) as f64;
            assert!(error <= RELATIVE_ERROR_MAX * value as f64, "{value}: {error}");
        };
        (0..100_000).for_each(near);
        for power in 17..64 {
            let base = 1_u64 << power;
            for value in [base - 1, base, base + 1, base + base / 2, base + (base - 1)] {
                near(value);
            }
        }
        near(u64::MAX);
    }

    #[test]
    fn nothing_has_no_quantile() {
        assert_eq!(Sketch::default().quantile(500), None);
        let mut one = Sketch::default();
        one.add(7);
        for per_mille in [0, 1, 500, 1000, 2000] {
            assert_eq!(one.quantile(per_mille), Some(7));
        }
    }

    proptest! {
        #[test]
        fn quantiles_are_within_the_error(
            mut values in proptest::collection::vec(0_u64..10_000_000_000, 1..400),
            per_mille in 1_u32..=1000,
        ) {
            let mut sketch = Sketch::default();
            values.iter().for_each(|it| sketch.add(*it));
            values.sort_unstable();
            let rank = (values.len() * per_mille as usize).div_ceil(1000);
            let truth = values[rank - 1];
            let found = sketch.quantile(per_mille).expect("values");
            let error = found.abs_diff(truth) as f64;
            prop_assert!(error <= RELATIVE_ERROR_MAX * truth as f64, "{found} for {truth}");
        }

        #[test]
        fn merging_is_like_having_seen_both(
            left in proptest::collection::vec(any::<u64>(), 0..50),
            right in proptest::collection::vec(any::<u64>(), 0..50),
        ) {
            let sketch = |values: &[u64]| {
                let mut sketch = Sketch::default();
                values.iter().for_each(|it| sketch.add(*it));
                sketch
            };
            let (mut one, mut other) = (sketch(&left), sketch(&right));
            let both = sketch(&[left, right].concat());
            let before = one.clone();
            one.merge(&other);
            other.merge(&before);
            prop_assert_eq!(&one, &both);
            prop_assert_eq!(&other, &both);
            let text = serde_json::to_string(&both).expect("JSON");
            prop_assert_eq!(serde_json::from_str::<Sketch>(&text).expect("a sketch"), both);
        }
    }
}
