//! What CloudWatch Logs does when none of its operations is called.

use std::sync::Arc;

use super::activity::METRICS;
use super::state::Logs;
use crate::kernel::{
    Answered, Arn, CallError, CallId, Context, Delivery, DeliveryError, Hooks, Topology,
    WantedMetrics,
};
use crate::wire::Timestamp;

impl Hooks for Logs {
    fn map(&self, _now: Timestamp, topology: &mut Topology) {
        self.told(topology);
    }

    fn deliver(
        &mut self,
        ctx: &mut Context<'_>,
        to: &Arn,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        self.take_in(ctx, to, delivery)
    }

    fn on_given_up(&mut self, ctx: &mut Context<'_>, delivery: &Delivery) {
        let group = delivery.from.resource.strip_prefix("log-group:");
        let name = group.map(|name| name.strip_suffix(":*").unwrap_or(name));
        if let Some(group) = name.and_then(|name| self.groups.get_mut(name)) {
            let name = Arc::clone(&group.name);
            group.activity.failed(ctx, &name);
        }
    }

    fn on_timer(&mut self, ctx: &mut Context<'_>, key: &Arc<str>) {
        self.live.tick(ctx, key);
    }

    fn on_client_gone(&mut self, _call: CallId, key: &str) {
        self.live.sessions.remove(key);
    }

    fn on_answer(
        &mut self,
        _ctx: &mut Context<'_>,
        token: &Arc<str>,
        answer: Result<Answered, CallError>,
    ) {
        if let Err(error) = answer {
            tracing::warn!(filter = %token, reason = %error, "CloudWatch refused a data point");
        }
    }

    fn publish_metrics(&mut self, ctx: &mut Context<'_>, wanted: &WantedMetrics) {
        match wanted.resources(METRICS.0, METRICS.1) {
            None => {
                for group in self.groups.values_mut() {
                    group.activity.publish(ctx, &group.name);
                }
            }
            Some(names) => {
                for name in names {
                    if let Some(group) = self.groups.get_mut(name) {
                        group.activity.publish(ctx, &group.name);
                    }
                }
            }
        }
    }
}
