//! Events that a rule of another bus sends here.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::event::NewEvent;
use super::state::EventBridge;
use crate::kernel::{Arn, Context, Delivery, DeliveryError, MessageId};
use crate::services::shared::policy::PolicyRequest;
use crate::wire::Timestamp;

impl EventBridge {
    /// Takes a delivery in. Within one account no policy is needed.
    ///
    /// # Errors
    /// [`DeliveryError`] with the reason; `Invalid` for a body that is not a whole event.
    pub(super) fn take_in(
        &mut self,
        ctx: &mut Context<'_>,
        arn: &Arn,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        let to = arn.as_str();
        let bus = self.bus(ctx, Some(to)).map_err(|_| DeliveryError::NoResource(to.to_owned()))?;
        if delivery.from.account() != arn.account() {
            let request = PolicyRequest {
                principal: delivery.from.account(),
                session: None,
                action: "events:PutEvents",
                resource: to,
                source_arn: Some(delivery.from.as_str()),
                source_account: Some(delivery.from.account()),
                source_owner: None,
                own_keys: &[],
                now: ctx.now(),
            };
            let decision = bus.policy.clone().unwrap_or_default().evaluate(&request);
            decision.enforce(ctx, delivery, &bus.lineage)?;
        }
        let event = new_event(ctx, arn, delivery)
            .ok_or_else(|| DeliveryError::Invalid("a bus takes whole events only".to_owned()))?;
        bus.put(ctx, &event);
        Ok(())
    }
}

/// The event that comes. Sent by a rule of another region it is a new one, with an id of its own;
/// recorded on AWS.
fn new_event(ctx: &mut Context<'_>, to: &Arn, delivery: &Delivery) -> Option<NewEvent> {
    let mut value: Map<String, Value> = serde_json::from_str(&delivery.body).ok()?;
    let mut id: MessageId = value.get("id")?.as_str()?.parse().ok()?;
    value.get("detail")?;
    let time = value.get("time").and_then(Value::as_str).and_then(Timestamp::parse_iso);
    let from = delivery.from.region();
    let mut envelope = Arc::clone(&delivery.body);
    if !from.is_empty() && from != to.region() {
        let new = ctx.ids().uuid();
        envelope = delivery.body.replacen(&id.to_string(), &new.to_string(), 1).into();
        value.insert("id".to_owned(), new.to_string().into());
        id = new;
    }
    Some(NewEvent {
        id,
        time: time.unwrap_or_else(|| ctx.now()),
        envelope,
        value: Some(value.into()),
        cause: delivery.cause,
        hops: delivery.hops + 1,
        only: None,
        scheduled: None,
        trace_header: delivery.trace_header.clone(),
    })
}
