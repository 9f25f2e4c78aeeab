//! Messages that other services deliver into a queue.

use std::sync::Arc;

use super::error::SqsError;
use super::message::NewMessage;
use super::message_attributes::MessageAttributeValue;
use super::state::Sqs;
use crate::kernel::{Arn, Context, Delivery, DeliveryError, DeliveryValue};
use crate::services::shared::policy::{Policy, PolicyRequest};
use crate::wire::Gather as _;

impl Sqs {
    /// Takes a delivery in, if the queue's policy permits it.
    ///
    /// # Errors
    /// [`DeliveryError`] with the reason, the missing policy statement included.
    pub(super) fn take_in(
        &mut self,
        ctx: &mut Context<'_>,
        to: &Arn,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        let name: Arc<str> = to.resource.as_str().into();
        self.check_policy(ctx, &name, to, delivery)?;
        let message = new_message(ctx, delivery);
        self.send(ctx, &name, message).map(drop).map_err(|error| match error {
            SqsError::QueueDoesNotExist => DeliveryError::NoResource(to.to_string()),
            other => DeliveryError::Invalid(other.to_string()),
        })
    }

    fn check_policy(
        &mut self,
        ctx: &mut Context<'_>,
        name: &Arc<str>,
        to: &Arn,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        let no_resource = || DeliveryError::NoResource(to.to_string());
        let queue = self.queues.get(name).ok_or_else(no_resource)?;
        let (to, from) = (to.to_string(), delivery.from.to_string());
        let request = PolicyRequest {
            principal: delivery.principal.as_str(),
            action: "sqs:SendMessage",
            resource: &to,
            source_arn: Some(&from),
            source_account: Some(delivery.from.account()),
            source_owner: None,
            now: ctx.now(),
        };
        let nothing_allowed = Policy::default();
        let policy = queue.attributes.policy.as_ref().unwrap_or(&nothing_allowed);
        policy.evaluate(&request).enforce(ctx, delivery, &queue.lineage)
    }
}

fn new_message(ctx: &Context<'_>, delivery: &Delivery) -> NewMessage {
    let attributes = delivery.attributes.iter().map(|(name, attribute)| {
        let mut value = MessageAttributeValue {
            data_type: Some(attribute.data_type.clone()),
            ..MessageAttributeValue::default()
        };
        match &attribute.value {
            DeliveryValue::Text(text) => value.string_value = Some(text.clone()),
            DeliveryValue::Binary(blob) => value.binary_value = Some(blob.clone()),
        }
        (name.clone(), value)
    });
    NewMessage {
        body: delivery.body.as_str().into(),
        attributes: attributes.into_map(),
        trace_header: None,
        delay_seconds: None,
        group: delivery.message_group_id.as_deref().map(Into::into),
        deduplication_id: delivery.message_deduplication_id.as_deref().map(Into::into),
        sender: delivery.principal.as_str().into(),
        cause: if delivery.cause == crate::kernel::NodeId::NONE {
            ctx.cause()
        } else {
            delivery.cause
        },
    }
}
