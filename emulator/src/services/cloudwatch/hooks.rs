//! What CloudWatch does when none of its operations is called.

use std::sync::Arc;

use super::metric::MetricId;
use super::state::{CloudWatch, Resolution, Sample};
use super::summary::Summary;
use super::unit::Unit;
use crate::kernel::{Context, Hooks, MetricUnit, MetricsBegun, PublishedMetric};

impl Hooks for CloudWatch {
    fn on_timer(&mut self, ctx: &mut Context<'_>, _key: &Arc<str>) {
        self.evaluate_alarms(ctx);
    }

    fn on_metric(&mut self, ctx: &mut Context<'_>, metric: PublishedMetric) {
        let PublishedMetric { namespace, name, dimension, at, unit, values, .. } = metric;
        let (key, value) = dimension;
        let id = MetricId::new(namespace, name, [(key.to_owned(), value.to_string())]);
        let summary = if values.count == 1 {
            Summary::value(values.sum)
        } else {
            Summary::set(values.count as f64, values.sum, values.minimum, values.maximum)
        };
        let unit = match unit {
            MetricUnit::Count => Unit::COUNT,
            MetricUnit::Bytes => Unit::BYTES,
            MetricUnit::Seconds => Unit::SECONDS,
        };
        let sample = Sample { at, unit, resolution: Resolution::Standard, summary };
        self.put(ctx, id, &sample);
    }

    fn on_metrics_begun(&mut self, ctx: &mut Context<'_>, begun: MetricsBegun) {
        let MetricsBegun { namespace, dimension: (key, value), .. } = begun;
        self.expect_data(ctx, namespace, (key, &value));
    }
}
