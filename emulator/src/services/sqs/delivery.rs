//! Messages that other services deliver into a queue.

use std::sync::Arc;

use super::error::SqsError;
use super::explain::request;
use super::message::NewMessage;
use super::message_attributes::{self, MessageAttributeValue};
use super::sending::check_id;
use super::state::Sqs;
use crate::kernel::{Arn, Context, Delivery, DeliveryError, DeliveryValue};
use crate::services::shared::policy::Policy;
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
        let refused = |error| match error {
            SqsError::QueueDoesNotExist => DeliveryError::NoResource(to.to_string()),
            other => DeliveryError::Invalid(other.to_string()),
        };
        let message = new_message(ctx, delivery).map_err(refused)?;
        self.send(ctx, &name, message).map(drop).map_err(refused)
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
        let request = request(to, (delivery.principal.as_str(), &delivery.from), ctx.now());
        let nothing_allowed = Policy::default();
        let policy = queue.attributes.policy.as_ref().unwrap_or(&nothing_allowed);
        policy.evaluate(&request).enforce(ctx, delivery, &queue.lineage)
    }
}

/// The message, if SQS would take it from a client: nobody checks it before.
fn new_message(ctx: &Context<'_>, delivery: &Delivery) -> Result<NewMessage, SqsError> {
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
    let attributes = attributes.into_map();
    message_attributes::validate(&attributes)?;
    message_attributes::check_text(&delivery.body, || "body".to_owned())?;
    let group = check_id("MessageGroupId", delivery.message_group_id.clone())?;
    let id = delivery.message_deduplication_id.clone();
    let deduplication_id = check_id("MessageDeduplicationId", id)?;
    Ok(NewMessage {
        body: Arc::clone(&delivery.body),
        body_md5: None,
        unsigned: delivery.unsigned,
        attributes,
        trace_header: delivery.trace_header.clone(),
        delay_seconds: None,
        group,
        deduplication_id,
        sender: delivery.principal.as_str().into(),
        cause: if delivery.cause == crate::kernel::NodeId::NONE {
            ctx.cause()
        } else {
            delivery.cause
        },
    })
}
