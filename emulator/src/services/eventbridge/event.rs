//! An event on its way: its envelope as AWS writes it.

use std::sync::Arc;

use serde_json::json;

use crate::kernel::{Arn, Context, Delivery, MessageId, NodeId, Principal, RetrySchedule, Scope};
use crate::services::shared::json_text;
use crate::wire::Timestamp;

/// EventBridge as policies name it.
pub(super) const PRINCIPAL: Principal = Principal::of("events.amazonaws.com");

/// An event that a bus takes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NewEvent {
    pub(super) id: MessageId,
    /// When it happened.
    pub(super) time: Timestamp,
    /// The whole event as JSON without spaces, members in AWS's order.
    pub(super) envelope: Arc<str>,
    /// What led to it.
    pub(super) cause: NodeId,
    /// Services passed on the way here.
    pub(super) hops: u8,
    /// The rules that may see it, if not all (replays).
    pub(super) only: Option<Arc<[Arn]>>,
}

/// What a publisher says of an event; all of it checked.
pub(super) struct Parts<'a> {
    pub(super) source: &'a str,
    pub(super) detail_type: &'a str,
    /// A JSON object.
    pub(super) detail: &'a str,
    pub(super) resources: &'a [String],
    pub(super) time: Option<Timestamp>,
}

impl NewEvent {
    /// A new event of the caller's account and region.
    pub(super) fn new(ctx: &mut Context<'_>, parts: &Parts<'_>) -> Self {
        let id = ctx.ids().uuid();
        let time = parts.time.unwrap_or_else(|| ctx.now());
        let envelope = format!(
            "{{\"version\":\"0\",\"id\":\"{id}\",\"detail-type\":{},\"source\":{},\
             \"account\":\"{}\",\"time\":\"{}\",\"region\":\"{}\",\"resources\":{},\"detail\":{}}}",
            json!(parts.detail_type),
            json!(parts.source),
            ctx.account(),
            time.iso_seconds(),
            ctx.region(),
            json!(parts.resources),
            json_text::compact(parts.detail),
        );
        Self { id, time, envelope: envelope.into(), cause: ctx.cause(), hops: 0, only: None }
    }

    /// The event on its way to a bus of another account or region, sent by the caller.
    pub(super) fn to_bus(&self, ctx: &Context<'_>, bus: Arn) -> Delivery {
        let from = Scope::new(ctx.account(), "").arn("iam", "root");
        let delivery = Delivery::new((from, PRINCIPAL), bus, &*self.envelope, self.cause);
        Delivery { hops: self.hops, ..delivery.tried_again(RetrySchedule::EVENTS) }
    }
}
