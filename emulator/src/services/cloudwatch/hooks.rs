//! What CloudWatch does when none of its operations is called.

use std::sync::Arc;

use super::metric::MetricId;
use super::state::{CloudWatch, Resolution, Sample};
use super::summary::Summary;
use super::unit::Unit;
use crate::kernel::{
    Context, Hooks, MetricUnit, MetricsBegun, Observation, Observed, PublishedMetric, Topology,
    WantedMetrics,
};
use crate::wire::Timestamp;

impl Hooks for CloudWatch {
    fn map(&self, _now: Timestamp, topology: &mut Topology) {
        self.alarms.told(topology);
    }

    fn on_timer(&mut self, ctx: &mut Context<'_>, _key: &Arc<str>) {
        self.evaluate_alarms(ctx);
    }

    fn on_metric(&mut self, ctx: &mut Context<'_>, metric: PublishedMetric) {
        let PublishedMetric { namespace, name, dimensions, at, unit, observed, .. } = metric;
        let dimensions = dimensions.into_iter();
        let dimensions = dimensions.map(|(key, value)| (key.to_owned(), value.to_string()));
        let id = MetricId::new(namespace, name, dimensions);
        let unit = match unit {
            MetricUnit::Count => Unit::COUNT,
            MetricUnit::Bytes => Unit::BYTES,
            MetricUnit::Seconds => Unit::SECONDS,
            MetricUnit::Milliseconds => Unit::MILLISECONDS,
        };
        match observed {
            Observed::Minutes(minutes) => self.put_minutes(ctx, id, (at, unit), &minutes),
            Observed::Samples(Observation { count, sum, minimum, maximum }) => {
                let summary = Summary::set(count as f64, sum, minimum, maximum);
                let sample = Sample { at, unit, resolution: Resolution::Standard, summary };
                self.put(ctx, id, &sample);
            }
        }
    }

    fn wanted_metrics(&self, now: Timestamp) -> WantedMetrics {
        self.alarms.wanted_metrics(now)
    }

    fn on_metrics_begun(&mut self, ctx: &mut Context<'_>, begun: MetricsBegun) {
        let MetricsBegun { namespace, dimension: (key, value), .. } = begun;
        self.expect_data(ctx, namespace, (key, &value));
    }
}
