//! How full the queues were while a scenario ran, noted whenever it changed.
//!
//! It looks when the cloud has answered a call, so it sets no timers: a run that is watched has
//! the same history as one that is not.

use serde::Serialize;
#[cfg(feature = "simulated")]
use skyrig::{Cloud, kernel::short_name};
#[cfg(feature = "simulated")]
use std::collections::BTreeMap;
use std::time::Duration;
#[cfg(feature = "simulated")]
use tokio::time::Instant;

/// Most changes that are kept of one queue; later ones are not noted.
#[cfg(feature = "simulated")]
const POINTS_MAX: usize = 5000;

/// One queue over time. What is noted holds until the next point.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Depths {
    pub queue: String,
    pub points: Vec<DepthPoint>,
}

/// Messages in a queue from a moment on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DepthPoint {
    /// Since the first step.
    pub at: Duration,
    pub visible: usize,
    pub in_flight: usize,
    pub delayed: usize,
}

/// Collects the depths.
#[cfg(feature = "simulated")]
#[derive(Debug, Default)]
pub(crate) struct Gauge(BTreeMap<String, Vec<(Instant, [usize; 3])>>);

#[cfg(feature = "simulated")]
impl Gauge {
    /// Notes what has changed by now.
    pub(crate) fn look(&mut self, cloud: &Cloud) {
        let now = Instant::now();
        for depth in cloud.queue_depths() {
            let counts = [depth.visible, depth.in_flight, depth.delayed];
            let points = self.0.entry(depth.queue).or_default();
            let changed = points.last().map_or(counts != [0; 3], |(_, last)| *last != counts);
            if changed && points.len() < POINTS_MAX {
                points.push((now, counts));
            }
        }
    }

    /// The queues that ever held anything; times count from `zero`.
    pub(crate) fn read(&self, zero: Instant) -> Vec<Depths> {
        let point = |(at, [visible, in_flight, delayed]): &(Instant, [usize; 3])| DepthPoint {
            at: at.saturating_duration_since(zero),
            visible: *visible,
            in_flight: *in_flight,
            delayed: *delayed,
        };
        let used = self.0.iter().filter(|(_, points)| !points.is_empty());
        used.map(|(queue, points)| Depths {
            queue: short_name(queue),
            points: points.iter().map(point).collect(),
        })
        .collect()
    }
}
