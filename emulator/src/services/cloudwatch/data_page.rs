//! Pages of GetMetricData: so many points of all series, one series after the other.
//!
//! A place is a series and a time, so what is new between two pages is neither missed nor told twice.

use std::fmt;

use super::math::Evaluated;
use super::operations::get_metric_data::{MessageData, MetricDataResult};
use crate::wire::Timestamp;

/// Where the next page begins: in which series, and behind which time of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    series: usize,
    behind: Option<i64>,
}

impl Place {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (series, behind) = text.split_once(' ')?;
        let behind = match behind {
            "" => None,
            time => Some(time.parse().ok()?),
        };
        Some(Self { series: series.parse().ok()?, behind })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.series)?;
        self.behind.map_or(Ok(()), |time| write!(f, "{time}"))
    }
}

/// The results from `after` on with at most `max` points, and where the next page begins if there is
/// one.
pub(super) fn page(
    results: Vec<Evaluated>,
    ascending: bool,
    after: Option<Place>,
    max: usize,
) -> (Vec<MetricDataResult>, Option<Place>) {
    let first = after.map_or(0, |place| place.series);
    let mut left = max;
    let mut shown = Vec::new();
    for (series, mut result) in results.into_iter().enumerate().skip(first) {
        if left == 0 && !result.points.is_empty() {
            return (shown, Some(Place { series, behind: None }));
        }
        if !ascending {
            result.points.reverse();
        }
        let behind = after.filter(|place| place.series == series).and_then(|place| place.behind);
        if let Some(behind) = behind {
            let is_told = |at: i64| if ascending { at <= behind } else { at >= behind };
            let told = result.points.partition_point(|(at, _)| is_told(*at));
            result.points.drain(..told);
        }
        let is_partial = result.points.len() > left;
        result.points.truncate(left);
        left -= result.points.len();
        let last = result.points.last().map(|(at, _)| *at);
        shown.push(told(result, is_partial));
        if is_partial {
            return (shown, Some(Place { series, behind: last }));
        }
    }
    (shown, None)
}

fn told(result: Evaluated, is_partial: bool) -> MetricDataResult {
    let Evaluated { id, label, points, messages, .. } = result;
    let times = points.iter().map(|(at, _)| Timestamp::from_millis(at.saturating_mul(1000)));
    let messages: Vec<MessageData> = messages.into_iter().map(MessageData::from).collect();
    MetricDataResult {
        id: Some(id),
        label: Some(label),
        timestamps: Some(times.collect()),
        values: Some(points.iter().map(|(_, value)| *value).collect()),
        status_code: Some(if is_partial { "PartialData" } else { "Complete" }.to_owned()),
        messages: (!messages.is_empty()).then_some(messages),
    }
}
