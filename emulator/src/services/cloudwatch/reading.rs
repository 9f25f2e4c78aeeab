//! What is read of a metric's samples: one statistic, period by period.
//!
//! Most statistics need count, sum and extremes only, and those are added up without copying the
//! samples' values.

use super::series::{Point, Range, Series};
use super::statistic::Statistic;
use super::summary::Summary;
use super::unit::Unit;

/// Count, sum and extremes of samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Totals {
    pub(super) count: f64,
    pub(super) sum: f64,
    pub(super) minimum: f64,
    pub(super) maximum: f64,
}

impl Totals {
    fn of(summary: &Summary) -> Self {
        Self {
            count: summary.sample_count(),
            sum: summary.sum(),
            minimum: summary.minimum(),
            maximum: summary.maximum(),
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.minimum = self.minimum.min(other.minimum);
        self.maximum = self.maximum.max(other.maximum);
    }

    /// A statistic that needs no more than these.
    fn statistic(self, statistic: &Statistic) -> Option<f64> {
        match statistic {
            Statistic::SampleCount => Some(self.count),
            Statistic::Average => Some(self.sum / self.count),
            Statistic::Sum => Some(self.sum),
            Statistic::Minimum => Some(self.minimum),
            Statistic::Maximum => Some(self.maximum),
            Statistic::Percentile(_) | Statistic::Trimmed(..) => None,
        }
    }

    /// Those of all units, by time.
    pub(super) fn read(series: &Series, range: Range) -> Vec<(i64, Self)> {
        let mut found = Vec::new();
        series.visit(range, |at, _, summary| add(&mut found, at, Self::of(summary)));
        in_order(found)
    }
}

/// A statistic of one metric by time.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Values {
    /// Seconds since 1970, and values.
    pub(super) points: Vec<(i64, f64)>,
    /// The units that samples have in the time that was asked for, by name. The points are those of
    /// the first.
    ///
    /// Source: answers recorded on AWS, 2025-09-19.
    pub(super) units: Vec<Unit>,
}

impl Values {
    pub(super) fn read(series: &Series, range: Range, statistic: &Statistic) -> Self {
        let mut units: Vec<Unit> = Vec::new();
        let mut totals: Vec<(Unit, Vec<(i64, Totals)>)> = Vec::new();
        series.visit(range, |at, unit, summary| {
            let place = units.iter().position(|known| *known == unit).unwrap_or_else(|| {
                units.push(unit);
                totals.push((unit, Vec::new()));
                units.len() - 1
            });
            if statistic.is_simple() {
                add(&mut totals[place].1, at, Totals::of(summary));
            }
        });
        units.sort_unstable_by_key(|unit| unit.as_str());
        let Some(first) = units.first().copied() else {
            return Self::default();
        };
        let points = match statistic.is_simple() {
            true => {
                let of_first = totals.into_iter().find(|(unit, _)| *unit == first);
                let totals = in_order(of_first.map(|(_, totals)| totals).unwrap_or_default());
                let point = |(at, totals): (i64, Totals)| {
                    let value = totals.statistic(statistic)?;
                    value.is_finite().then_some((at, value))
                };
                totals.into_iter().filter_map(point).collect()
            }
            false => {
                let points = series.points(Range { unit: Some(first), ..range });
                let point =
                    |point: &Point| Some((point.at.seconds(), statistic.of(&point.summary)?));
                points.iter().filter_map(point).collect()
            }
        };
        Self { points, units }
    }
}

/// Adds to the last period, or begins the next.
fn add(found: &mut Vec<(i64, Totals)>, at: i64, totals: Totals) {
    match found.last_mut() {
        Some((last, known)) if *last == at => known.merge(totals),
        _ => found.push((at, totals)),
    }
}

/// Periods in order, each once: tiers come one after the other, and each in its own order.
fn in_order(mut found: Vec<(i64, Totals)>) -> Vec<(i64, Totals)> {
    if found.windows(2).all(|pair| pair[0].0 < pair[1].0) {
        return found;
    }
    found.sort_by_key(|(at, _)| *at);
    let mut once = Vec::with_capacity(found.len());
    found.into_iter().for_each(|(at, totals)| add(&mut once, at, totals));
    once
}
