//! From the services to CloudWatch: the metrics that AWS publishes by itself.

use super::core::Cloud;
use crate::kernel::{Context, MetricUnit, MetricsBegun, PublishedMetric, Scope};
use crate::services::cloudwatch::{MetricId, Resolution, Sample, Summary, Unit};

impl Cloud {
    /// Lets every service publish what is due, because somebody is about to look.
    pub(super) fn publish_metrics(&mut self, scope: &Scope) {
        let mut ctx = Context::new(&mut self.kernel, &mut self.effects, "sqs", scope.clone());
        self.services.sqs.of(scope).publish_metrics(&mut ctx);
        self.drain_metrics();
    }

    /// Takes published metrics to CloudWatch, and tells it of those to come.
    pub(super) fn drain_metrics(&mut self) {
        self.drain_begun();
        for metric in std::mem::take(&mut self.effects.metrics) {
            let PublishedMetric { scope, namespace, name, dimension, at, unit, values } = metric;
            let (key, value) = dimension;
            let id = MetricId::new(namespace, name, [(key.to_owned(), value.to_string())]);
            let (count, sum) = (values.count as f64, values.sum);
            let summary = if values.count == 1 {
                Summary::value(sum)
            } else {
                Summary::set(count, sum, values.minimum, values.maximum)
            };
            let unit = match unit {
                MetricUnit::Count => Unit::COUNT,
                MetricUnit::Bytes => Unit::BYTES,
                MetricUnit::Seconds => Unit::SECONDS,
            };
            let sample = Sample { at, unit, resolution: Resolution::Standard, summary };
            let name = "cloudwatch";
            let mut ctx = Context::new(&mut self.kernel, &mut self.effects, name, scope.clone());
            self.services.cloudwatch.of(&scope).put(&mut ctx, id, &sample);
        }
    }

    fn drain_begun(&mut self) {
        for begun in std::mem::take(&mut self.effects.metrics_begun) {
            let MetricsBegun { scope, namespace, dimension: (key, value) } = begun;
            let name = "cloudwatch";
            let mut ctx = Context::new(&mut self.kernel, &mut self.effects, name, scope.clone());
            self.services.cloudwatch.of(&scope).expect_data(&mut ctx, namespace, (key, &value));
        }
    }
}
