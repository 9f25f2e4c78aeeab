//! What Lambda does when none of its operations is called.

use std::sync::Arc;

use super::invoke;
use super::mapping;
use super::state::Lambda;
use crate::kernel::{
    Answered, Arn, CallError, CallId, Context, Delivery, DeliveryError, Hooks, Topology,
    WantedMetrics,
};
use crate::wire::Timestamp;

impl Hooks for Lambda {
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

    fn on_answer(
        &mut self,
        ctx: &mut Context<'_>,
        token: &Arc<str>,
        answer: Result<Answered, CallError>,
    ) {
        if token.starts_with(invoke::RUN) {
            self.ended(ctx, token, answer);
        } else if token.starts_with(invoke::SENDING) {
            self.sent(ctx, token, answer);
        } else if token.starts_with(mapping::INVOCATION) {
            self.mapped(ctx, token, answer);
        } else if token.starts_with(mapping::POLLER) {
            self.polled(ctx, token, answer);
        } else if let (mapping::TOLD, Err(error)) = (&**token, answer) {
            tracing::warn!(reason = %error, "a destination of failures was not told");
        }
    }

    fn on_timer(&mut self, ctx: &mut Context<'_>, key: &Arc<str>) {
        if key.starts_with(invoke::EVENT) {
            self.event_is_due(ctx, key);
        } else if key.starts_with(invoke::SENDING) {
            self.send_again(ctx, key);
        } else {
            self.mapping_rings(ctx, key);
        }
    }

    fn on_client_gone(&mut self, _call: CallId, key: &str) {
        self.hang_up(key);
    }

    fn publish_metrics(&mut self, ctx: &mut Context<'_>, wanted: &WantedMetrics) {
        self.publish_activity(ctx, wanted);
    }
}
