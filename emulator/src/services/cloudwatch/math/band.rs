//! `ANOMALY_DETECTION_BAND`: between which values a metric is expected.
//!
//! AWS trains a model that it does not publish. Here the same data always give the same band: the
//! expected value at a time is the mean of the values at the same time of day on the days before,
//! up to [`TRAINING`], if there are [`ALIKE_MIN`] of them, else the mean of all values in that
//! time.
//! The band is that mean, more and less so many standard deviations of the same values. Where there
//! are fewer than [`ALIKE_MIN`] values before, there is no band.

use std::collections::{BTreeMap, VecDeque};

use super::value::TimeSeries;

/// From how far back values count, in seconds.
///
/// Source: user guide "Using CloudWatch anomaly detection": up to two weeks of data.
pub(super) const TRAINING: i64 = 14 * DAY;
const DAY: i64 = 86_400;
/// Of fewer values nothing is expected.
const ALIKE_MIN: usize = 3;
/// Most periods of training that are looked at.
pub(super) const PERIODS_MAX: i64 = 20_160;

/// Values of which the mean and the deviation are known at any time.
#[derive(Default)]
struct Sample {
    values: VecDeque<(i64, f64)>,
    sum: f64,
    squares: f64,
}

impl Sample {
    fn push(&mut self, at: i64, value: f64) {
        self.values.push_back((at, value));
        self.sum += value;
        self.squares += value * value;
    }

    /// Forgets what is before `from`.
    fn forget(&mut self, from: i64) {
        while let Some((_, value)) = self.values.pop_front_if(|(at, _)| *at < from) {
            self.sum -= value;
            self.squares -= value * value;
        }
        if self.values.is_empty() {
            // What rounding has left over.
            (self.sum, self.squares) = (0.0, 0.0);
        }
    }

    /// The mean and the standard deviation.
    fn expected(&self) -> Option<(f64, f64)> {
        if self.values.len() < ALIKE_MIN {
            return None;
        }
        let count = self.values.len() as f64;
        let mean = self.sum / count;
        let variance = (self.squares / count - mean * mean).max(0.0);
        // Equal values have none; a rest of rounding is not one.
        let noise = mean.abs() * 1e-7;
        let deviation = variance.sqrt();
        Some((mean, if deviation < noise { 0.0 } else { deviation }))
    }
}

/// Points in order of time.
type Points = Vec<(i64, f64)>;

/// The upper and the lower end of the band at `times`, in order. `trained` has the values of the
/// times and of those before them.
pub(super) fn band(trained: &TimeSeries, times: &[i64], deviations: f64) -> (Points, Points) {
    let mut all = Sample::default();
    let mut by_time_of_day = BTreeMap::<i64, Sample>::new();
    let mut later = trained.points.iter().copied().peekable();
    let (mut upper, mut lower) = (Vec::new(), Vec::new());
    for at in times.iter().copied() {
        while let Some((when, value)) = later.next_if(|(when, _)| *when < at) {
            all.push(when, value);
            by_time_of_day.entry(when.rem_euclid(DAY)).or_default().push(when, value);
        }
        let from = at - TRAINING;
        all.forget(from);
        let alike = by_time_of_day.get_mut(&at.rem_euclid(DAY)).and_then(|alike| {
            alike.forget(from);
            alike.expected()
        });
        if let Some((mean, deviation)) = alike.or_else(|| all.expected()) {
            upper.push((at, mean + deviations * deviation));
            lower.push((at, mean - deviations * deviation));
        }
    }
    (upper, lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(points: Vec<(i64, f64)>) -> TimeSeries {
        TimeSeries { period: 3600, points, ..TimeSeries::default() }
    }

    #[test]
    fn a_band_follows_the_time_of_day() {
        // 10 by day and 100 at noon, for ten days.
        let hours = 0..240;
        let value = |hour: i64| if hour % 24 == 12 { 100.0 } else { 10.0 };
        let trained = series(hours.map(|hour| (hour * 3600, value(hour))).collect());
        let times: Vec<i64> = (216..240).map(|hour| hour * 3600).collect();
        let (upper, lower) = band(&trained, &times, 2.0);
        assert_eq!(upper, lower, "nothing ever deviated");
        for (at, expected) in upper {
            assert_eq!(expected, value(at / 3600), "{at}");
        }
    }

    #[test]
    fn a_band_is_as_wide_as_the_values_deviate() {
        let values = [1.0, 3.0, 1.0, 3.0, 1.0, 3.0];
        let points = (0..).step_by(60).zip(values).collect();
        let trained = TimeSeries { period: 60, points, ..TimeSeries::default() };
        let (upper, lower) = band(&trained, &[0, 60, 120, 180, 360], 2.0);
        assert_eq!(upper.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [180, 360]);
        assert_eq!(upper[1], (360, 4.0));
        assert_eq!(lower[1], (360, 0.0));
        let old = band(&trained, &[360 + TRAINING], 2.0);
        assert_eq!(old, (Vec::new(), Vec::new()));
    }
}
