//! What the core asks of a service beside its operations: the hooks of its state.

use std::any::Any;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{
    Answered, Arn, CallError, CallId, Context, Delivery, DeliveryError, MetricsBegun, PhoneText,
    PublishedMetric, Topology, WantedMetrics,
};
use crate::wire::{Timestamp, WireError};

/// One service's state in one account and region.
pub trait ServiceState: Hooks + Clone + Default + Serialize + DeserializeOwned {}

impl<S: Hooks + Clone + Default + Serialize + DeserializeOwned> ServiceState for S {}

/// A request that is answered with an error.
pub struct RefusedRequest<'r> {
    /// `PutItem`.
    pub operation: &'r str,
    pub error: &'r WireError,
    /// The error is the one with which the service slows its clients down.
    pub is_throttled: bool,
    /// The names of what the request is about, once somebody asks.
    pub resources: &'r dyn Fn() -> Vec<String>,
}

/// A request that a fault rule slows down.
pub struct SlowedRequest<'r> {
    /// `PutItem`.
    pub operation: &'r str,
    /// The names of what the request is about.
    pub resources: &'r [&'r str],
    /// The request's members, as they were sent.
    pub input: &'r serde_json::Value,
}

/// What a service's state does when none of its operations is called.
///
/// Every hook has a default for services that need none. None of them is called for something that
/// the service did not ask for: no timer that it has not set, no answer to a call of another.
pub trait Hooks: Any + Send + Sync {
    /// Takes a message in that another service delivers to `to`, if the resource's policy permits
    /// it. What the target answers goes back to the sender where the sender wants it.
    ///
    /// # Errors
    /// [`DeliveryError`] with the reason.
    fn deliver(
        &mut self,
        ctx: &mut Context<'_>,
        to: &Arn,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        let _unused = (ctx, delivery);
        Err(DeliveryError::NotImplemented(to.to_string()))
    }

    /// A server has answered a delivery to `to`, one of this service's, with `status`. What becomes
    /// of the delivery is not its business.
    fn on_server_answer(&mut self, ctx: &mut Context<'_>, to: &Arn, status: u16) {
        let _unused = (ctx, to, status);
    }

    /// A delivery of this service that failed before is tried again now.
    fn on_retry(&mut self, ctx: &mut Context<'_>, delivery: &Delivery) {
        let _unused = (ctx, delivery);
    }

    /// A try of a delivery of this service has failed: for good, or it may be tried again.
    fn on_failed_try(
        &mut self,
        ctx: &mut Context<'_>,
        delivery: &Delivery,
        error: &DeliveryError,
        is_final: bool,
    ) {
        let _unused = (ctx, delivery, error, is_final);
    }

    /// The target of a delivery of this service has taken it, and said `answer`.
    fn on_taken(&mut self, ctx: &mut Context<'_>, delivery: &Delivery, answer: &Answered) {
        let _unused = (ctx, delivery, answer);
    }

    /// A delivery of this service that was given up is in its dead-letter queue now.
    fn on_redriven(&mut self, ctx: &mut Context<'_>, delivery: &Delivery) {
        let _unused = (ctx, delivery);
    }

    /// A delivery of this service was given up. It goes to its dead-letter queue if it has one and
    /// was not on its way there.
    fn on_given_up(&mut self, ctx: &mut Context<'_>, delivery: &Delivery) {
        let _unused = (ctx, delivery);
    }

    /// A timer fired that this service set under `key`.
    fn on_timer(&mut self, ctx: &mut Context<'_>, key: &Arc<str>) {
        let _unused = (ctx, key);
    }

    /// The client of a call that waits under `key` is gone.
    fn on_client_gone(&mut self, call: CallId, key: &str) {
        let _unused = (call, key);
    }

    /// What a call or delivery of this service came to; `token` is the service's word for it.
    fn on_answer(
        &mut self,
        ctx: &mut Context<'_>,
        token: &Arc<str>,
        answer: Result<Answered, CallError>,
    ) {
        let _unused = (ctx, token, answer);
    }

    /// Publishes the data points that are due of those `wanted`, because somebody is about to look.
    fn publish_metrics(&mut self, ctx: &mut Context<'_>, wanted: &WantedMetrics) {
        let _unused = (ctx, wanted);
    }

    /// Whose data points the timers that are due by `now` will look at. Only asked of the one
    /// service that collects metrics.
    fn wanted_metrics(&self, now: Timestamp) -> WantedMetrics {
        let _unused = now;
        WantedMetrics::All
    }

    /// Takes in a data point that another service published. Only asked of the one service that
    /// collects metrics.
    fn on_metric(&mut self, ctx: &mut Context<'_>, metric: PublishedMetric) {
        let _unused = (ctx, metric);
    }

    /// Somebody answers a text that this service sent. Every service that was used is told.
    fn on_text(&mut self, ctx: &mut Context<'_>, text: &PhoneText) {
        let _unused = (ctx, text);
    }

    /// A request for one of this service's operations is answered with an error, whoever found it.
    fn on_refused(&mut self, ctx: &mut Context<'_>, refused: &RefusedRequest<'_>) {
        let _unused = (ctx, refused);
    }

    /// The error with which the service slows down a request, where that hangs on what the request
    /// is about; `None` is the one of the operation's row.
    fn slow_down(&self, ctx: &Context<'_>, slowed: &SlowedRequest<'_>) -> Option<WireError> {
        let _unused = (ctx, slowed);
        None
    }

    /// Tells of its places and ways at `now`, for those who look at the whole as a graph. Changes
    /// nothing, and costs no more than a walk over the resources.
    fn map(&self, now: Timestamp, topology: &mut Topology) {
        let _unused = (now, topology);
    }

    /// A resource begins to publish. Only asked of the one service that collects metrics.
    fn on_metrics_begun(&mut self, ctx: &mut Context<'_>, begun: MetricsBegun) {
        let _unused = (ctx, begun);
    }
}
