//! What EventBridge does when none of its operations is called.

use std::sync::Arc;

use super::logging::Step;
use super::state::EventBridge;
use super::target_kind::is_api_destination;
use super::{connection, schedule};
use crate::kernel::{
    Answered, Arn, CallError, Context, Delivery, DeliveryError, Hooks, RefusedRequest, Topology,
    WantedMetrics,
};
use crate::wire::Timestamp;

impl Hooks for EventBridge {
    fn map(&self, _now: Timestamp, topology: &mut Topology) {
        self.told(topology);
    }

    fn deliver(
        &mut self,
        ctx: &mut Context<'_>,
        to: &Arn,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        if to.resource.starts_with(connection::RESOURCE) {
            self.ask_with_connection(ctx, to, delivery);
            return Ok(());
        }
        match is_api_destination(to) {
            true => self.invoke(ctx, to, delivery),
            false => self.take_in(ctx, to, delivery),
        }
    }

    fn on_server_answer(&mut self, ctx: &mut Context<'_>, to: &Arn, status: u16) {
        self.server_answered(ctx, to, status);
    }

    fn on_answer(
        &mut self,
        ctx: &mut Context<'_>,
        token: &Arc<str>,
        answer: Result<Answered, CallError>,
    ) {
        self.on_token(ctx, token, answer);
    }

    fn on_retry(&mut self, ctx: &mut Context<'_>, delivery: &Delivery) {
        self.count_retry(ctx, delivery);
        self.log_delivery(ctx, delivery, &[Step::InvocationAttemptStart], None);
    }

    fn on_taken(&mut self, ctx: &mut Context<'_>, delivery: &Delivery, answer: &Answered) {
        if self.count_success(ctx, delivery, answer) {
            let steps = [Step::InvocationAttemptSuccess, Step::InvocationSuccess];
            self.log_delivery(ctx, delivery, &steps, None);
        }
    }

    fn on_given_up(&mut self, ctx: &mut Context<'_>, delivery: &Delivery) {
        self.count_failure(ctx, delivery);
        let steps: &[Step] = match delivery.dead_letter {
            _ if delivery.given_up => &[],
            Some(_) => &[Step::InvocationFailure, Step::InvocationDlq],
            None => &[Step::InvocationFailure],
        };
        self.log_delivery(ctx, delivery, steps, None);
    }

    fn on_failed_try(
        &mut self,
        ctx: &mut Context<'_>,
        delivery: &Delivery,
        error: &DeliveryError,
        is_final: bool,
    ) {
        let step = match is_final {
            true => Step::InvocationAttemptPermanentFailure,
            false => Step::InvocationAttemptRetryableFailure,
        };
        self.log_delivery(ctx, delivery, &[step], Some(error));
    }

    fn on_refused(&mut self, ctx: &mut Context<'_>, refused: &RefusedRequest<'_>) {
        self.puts.refused(ctx, refused);
    }

    fn publish_metrics(&mut self, ctx: &mut Context<'_>, wanted: &WantedMetrics) {
        self.publish_activity(ctx, wanted);
    }

    fn on_timer(&mut self, ctx: &mut Context<'_>, key: &Arc<str>) {
        match key.strip_prefix(schedule::TIMER) {
            Some(rule) => self.ring(ctx, rule),
            None => self.go_on_with_replay(ctx, key),
        }
    }
}
