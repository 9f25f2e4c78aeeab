//! Every sample that is kept, for somebody who looks at all of them at once.

use super::metric::MetricId;
use super::state::CloudWatch;
use super::summary::Summary;
use crate::wire::Timestamp;

/// One value of one metric; the time is that of its second or minute, or of longer ago a coarser
/// one.
#[derive(Clone, Debug, PartialEq)]
pub struct RawSample<'a> {
    pub metric: &'a MetricId,
    pub at: Timestamp,
    pub value: f64,
}

impl CloudWatch {
    /// Shows every sample until `show` has enough and says `false`. Of samples whose values are
    /// not known, as only their statistics were sent, it is the average, as often as there are
    /// samples.
    pub fn each_sample(&self, mut show: impl FnMut(RawSample<'_>) -> bool) {
        let mut goes_on = true;
        for (metric, series) in &self.metrics {
            series.each(|second, summary| {
                for (value, count) in values(summary) {
                    let mut left = count;
                    while goes_on && left > 0.0 {
                        let at = Timestamp::from_millis(second * 1000);
                        goes_on = show(RawSample { metric, at, value });
                        left -= 1.0;
                    }
                }
            });
            if !goes_on {
                return;
            }
        }
    }
}

fn values(summary: &Summary) -> Vec<(f64, f64)> {
    let whole = || vec![(summary.average(), summary.sample_count())];
    summary.distribution().unwrap_or_else(whole)
}
