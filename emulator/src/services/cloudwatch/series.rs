//! The samples of one metric over time, coarser the older they are.
//!
//! A sample lives in one tier only: it enters at the resolution it was sent with, and moves to the
//! next coarser tier when it is too old for its own. Nothing wakes for that: whoever adds or reads
//! first moves what has aged by now.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::summary::Summary;
use super::unit::Unit;
use crate::kernel::{Minutes, pairs};
use crate::wire::Timestamp;

const DAY: u64 = 86_400;

/// Seconds of one bucket in each tier, and for how long it is kept there.
///
/// Source: API reference "GetMetricStatistics", retention of metric data.
const TIERS: [(i64, Duration); 4] = [
    (1, Duration::from_secs(3 * 3600)),
    (60, Duration::from_secs(15 * DAY)),
    (300, Duration::from_secs(63 * DAY)),
    (3600, Duration::from_secs(455 * DAY)),
];

/// The tier of minutes: its seconds, and its number.
const MINUTE: (i64, usize) = (TIERS[1].0, 1);

/// Buckets by their start in seconds since 1970, and unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Tier {
    #[serde(with = "pairs")]
    buckets: BTreeMap<(i64, Unit), Summary>,
}

impl Tier {
    fn add(&mut self, bucket: (i64, Unit), summary: &Summary) {
        let is_last = self.buckets.last_key_value().is_none_or(|(last, _)| last.0 <= bucket.0);
        match self.buckets.get_mut(&bucket) {
            Some(known) => {
                known.merge(summary);
                if !is_last {
                    known.settle();
                }
            }
            None => {
                // The time of the one before has passed.
                if let Some((_, before)) = self.buckets.range_mut(..bucket).next_back() {
                    before.settle();
                }
                self.buckets.insert(bucket, summary.clone());
            }
        }
    }
}

/// Most minutes in a column, so that few are passed over to reach the first that is wanted.
const COLUMN_MAX: u32 = 1440;

/// One metric's samples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Series {
    /// When a sample last came in, which need not be the time it is for.
    pub(super) reported: Timestamp,
    tiers: [Tier; 4],
    /// Single values, one a minute, by the start of the first: samples of the tier of minutes, as
    /// services publish them. They take a third of the room of a bucket, or far less.
    #[serde(with = "pairs")]
    columns: BTreeMap<(i64, Unit), Minutes>,
}

/// Which samples to read: seconds since 1970, `end` exclusive, in buckets of `period` seconds that
/// are counted from `start`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub start: i64,
    pub end: i64,
    pub period: i64,
    /// Samples of other units are left out.
    pub unit: Option<Unit>,
}

/// The samples of one period and unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    pub at: Timestamp,
    pub unit: Unit,
    pub summary: Summary,
}

impl Series {
    pub(super) fn new(reported: Timestamp) -> Self {
        Self { reported, tiers: Default::default(), columns: BTreeMap::new() }
    }

    /// Adds one sample for each of the minutes from the second `at` on.
    pub(super) fn add_minutes(&mut self, now: Timestamp, at: i64, unit: Unit, minutes: &Minutes) {
        let at = floor(at, MINUTE.0);
        let before = self.columns.range_mut(..=(at, Unit::LAST)).next_back();
        match before {
            Some(((start, of), column))
                if *of == unit
                    && start + MINUTE.0 * i64::from(column.len()) == at
                    && column.len() + minutes.len() <= COLUMN_MAX =>
            {
                column.append(minutes);
            }
            _ => self.begin_column((at, unit), minutes),
        }
        self.reported = self.reported.max(now);
        self.age(now);
    }

    /// Minutes that overlap a column of the same start become buckets.
    fn begin_column(&mut self, key: (i64, Unit), minutes: &Minutes) {
        if let Entry::Vacant(free) = self.columns.entry(key) {
            free.insert(minutes.clone());
            return;
        }
        for (at, value) in (key.0..).step_by(MINUTE.0 as usize).zip(minutes.values_from(0)) {
            self.tiers[MINUTE.1].add((at, key.1), &Summary::value(value));
        }
    }

    /// Adds samples of the second `at`; `resolution` is the seconds of the tier they enter.
    pub(super) fn add(&mut self, now: Timestamp, at: i64, resolution: i64, new: (Unit, &Summary)) {
        let (unit, summary) = new;
        let tier = TIERS.iter().position(|(seconds, _)| *seconds == resolution);
        let tier = tier.expect("resolutions are those of tiers");
        self.tiers[tier].add((floor(at, resolution), unit), summary);
        self.reported = self.reported.max(now);
        self.age(now);
    }

    /// Moves samples that are too old for their tier, out of the last one into nothing.
    pub(super) fn age(&mut self, now: Timestamp) {
        for (tier, (_, kept)) in TIERS.iter().enumerate() {
            let kept_from = (now - *kept).seconds();
            while let Some(first) = self.tiers[tier].buckets.first_entry() {
                let ((start, unit), summary) = match first.key().0 < kept_from {
                    true => first.remove_entry(),
                    false => break,
                };
                self.coarsen(tier, (start, unit), &summary);
            }
            if tier == MINUTE.1 {
                self.age_columns(kept_from);
            }
        }
    }

    fn age_columns(&mut self, kept_from: i64) {
        while let Some(first) = self.columns.first_entry() {
            let ((start, unit), mut column) = match first.key().0 < kept_from {
                true => first.remove_entry(),
                false => break,
            };
            let mut at = start;
            while at < kept_from
                && let Some(value) = column.pop_front()
            {
                self.coarsen(MINUTE.1, (at, unit), &Summary::value(value));
                at += MINUTE.0;
            }
            if !column.is_empty() {
                self.begin_column((at, unit), &column);
            }
        }
    }

    /// A sample is too old for `tier`.
    fn coarsen(&mut self, tier: usize, (start, unit): (i64, Unit), summary: &Summary) {
        if let Some((seconds, _)) = TIERS.get(tier + 1) {
            self.tiers[tier + 1].add((floor(start, *seconds), unit), summary);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.tiers.iter().all(|tier| tier.buckets.is_empty())
    }

    /// The points in `range` that have samples, by time and unit. Tiers that are coarser than the
    /// period have no part in them.
    pub(super) fn points(&self, range: Range) -> Vec<Point> {
        let mut points = BTreeMap::<(i64, Unit), Summary>::new();
        self.visit(range, |at, unit, summary| match points.get_mut(&(at, unit)) {
            Some(known) => known.merge(summary),
            None => drop(points.insert((at, unit), summary.clone())),
        });
        let point = |((start, unit), summary)| Point {
            at: Timestamp::from_millis(start * 1000),
            unit,
            summary,
        };
        points.into_iter().map(point).collect()
    }

    /// Shows all samples with the start of their bucket or minute, tier by tier.
    pub(super) fn each(&self, mut show: impl FnMut(i64, &Summary)) {
        for ((start, _), summary) in self.tiers.iter().flat_map(|tier| &tier.buckets) {
            show(*start, summary);
        }
        for ((start, _), column) in &self.columns {
            for (at, value) in (*start..).step_by(MINUTE.0 as usize).zip(column.values_from(0)) {
                show(at, &Summary::value(value));
            }
        }
    }

    /// Shows all samples in `range` with the start of their period: those of a tier in their order,
    /// one tier after the other.
    pub(super) fn visit(&self, range: Range, mut show: impl FnMut(i64, Unit, &Summary)) {
        let mut add = |start: i64, unit: Unit, summary: &Summary| {
            if range.unit.is_none_or(|wanted| wanted == unit) {
                show(range.start + floor(start - range.start, range.period), unit, summary);
            }
        };
        let end = range.end.max(range.start);
        for ((seconds, _), tier) in TIERS.iter().zip(&self.tiers) {
            if range.period % seconds != 0 {
                continue;
            }
            let from = (range.start, Unit::FIRST);
            for ((start, unit), summary) in tier.buckets.range(from..(end, Unit::FIRST)) {
                add(*start, *unit, summary);
            }
        }
        if range.period % MINUTE.0 == 0 {
            let longest = MINUTE.0 * i64::from(COLUMN_MAX);
            let from = (range.start - longest, Unit::FIRST);
            for ((start, unit), column) in self.columns.range(from..(end, Unit::FIRST)) {
                let first = ((range.start - start).max(0) + MINUTE.0 - 1) / MINUTE.0;
                let from = start + first * MINUTE.0;
                let times = (from..end).step_by(MINUTE.0 as usize);
                let first = u32::try_from(first).unwrap_or(u32::MAX);
                for (at, value) in times.zip(column.values_from(first)) {
                    add(at, *unit, &Summary::value(value));
                }
            }
        }
    }
}

fn floor(seconds: i64, step: i64) -> i64 {
    seconds - seconds.rem_euclid(step)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn total(series: &Series, range: Range) -> (f64, f64) {
        let points = series.points(range);
        let sums = points.iter().map(|point| point.summary.sum());
        let counts = points.iter().map(|point| point.summary.sample_count());
        (sums.sum(), counts.sum())
    }

    proptest! {
        /// Whatever its age, each sample is in exactly one tier until its retention ends.
        #[test]
        fn no_sample_is_lost_or_counted_twice(
            samples in proptest::collection::vec((0..200_i64 * 3600, 0..9_u32, 0..2), 1..60),
            minutes in proptest::collection::vec((0..200_i64 * 60, 1..2000_u32, 0..3_u32), 0..6),
            steps in proptest::collection::vec(0..30_u64 * DAY, 0..8),
        ) {
            let start = 1_767_225_600_i64;
            let mut now = Timestamp::from_millis((start + 200 * 3600) * 1000);
            let mut series = Series::new(now);
            for (at, value, resolution) in &samples {
                let summary = Summary::value(f64::from(*value));
                let resolution = if *resolution == 0 { 60 } else { 1 };
                series.add(now, start + at, resolution, (Unit::NONE, &summary));
            }
            for (at, times, value) in &minutes {
                let mut column = Minutes::default();
                column.push(f64::from(*value), times / 2);
                column.push(f64::from(*value + 1), times - times / 2);
                series.add_minutes(now, start + at * 60, Unit::NONE, &column);
            }
            let sum: f64 = samples.iter().map(|(_, value, _)| f64::from(*value)).sum();
            let more = minutes.iter().map(|(_, times, value)| value * times + times - times / 2);
            let sum = sum + f64::from(more.sum::<u32>());
            let more: u32 = minutes.iter().map(|(_, times, _)| times).sum();
            let count = samples.len() as f64 + f64::from(more);
            let hours = Range { start, end: start + 300 * 3600, period: 3600, unit: None };
            prop_assert_eq!(total(&series, hours), (sum, count));
            for step in steps {
                now = now + Duration::from_secs(step);
                series.age(now);
                prop_assert_eq!(total(&series, hours), (sum, count));
                let bytes = crate::wire::cbor::to_vec(&series).unwrap();
                prop_assert_eq!(&crate::wire::cbor::from_slice::<Series>(&bytes).unwrap(), &series);
            }
            series.age(now + Duration::from_secs(464 * DAY));
            prop_assert!(series.is_empty());
        }
    }
}
