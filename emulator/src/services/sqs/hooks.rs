//! What SQS does when none of its operations is called.

use std::sync::Arc;

use super::queue::METRICS;
use super::state::Sqs;
use crate::kernel::{
    Arn, CallId, Context, Delivery, DeliveryError, Hooks, Topology, WantedMetrics,
};
use crate::wire::Timestamp;

impl Hooks for Sqs {
    fn map(&self, now: Timestamp, topology: &mut Topology) {
        self.told(now, topology);
    }

    fn deliver(
        &mut self,
        ctx: &mut Context<'_>,
        to: &Arn,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        self.take_in(ctx, to, delivery)
    }

    fn on_timer(&mut self, ctx: &mut Context<'_>, key: &Arc<str>) {
        self.look(ctx, key);
    }

    fn on_client_gone(&mut self, call: CallId, key: &str) {
        self.hang_up(key, call);
    }

    fn publish_metrics(&mut self, ctx: &mut Context<'_>, wanted: &WantedMetrics) {
        match wanted.resources(METRICS.0, METRICS.1) {
            None => self.queues.values_mut().for_each(|queue| queue.settle(ctx)),
            Some(names) => names.into_iter().for_each(|name| {
                if let Some(queue) = self.queues.get_mut(name) {
                    queue.settle(ctx);
                }
            }),
        }
    }
}
