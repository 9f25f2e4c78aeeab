//! Messages that other services publish to a topic.

use super::error::SnsError;
use super::message::Outgoing;
use super::message_attributes::{MessageAttributeValue, MessageAttributes};
use super::phones::letter;
use super::policy_text::default_policy;
use super::state::Sns;
use super::subscription::PRINCIPAL;
use crate::kernel::{Arn, Context, Delivery, DeliveryError, DeliveryValue, Letter, Principal};
use crate::services::shared::policy::{Policy, PolicyRequest};
use crate::wire::Gather as _;

impl Sns {
    /// Takes a delivery in, if the topic's policy permits it.
    ///
    /// # Errors
    /// [`DeliveryError`] with the reason, the missing policy statement included.
    pub(super) fn take_in(
        &mut self,
        ctx: &mut Context<'_>,
        to: &Arn,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        let arn = to.as_str();
        match to.resource.split_once('/') {
            Some(("endpoint", _)) => return self.platforms.push(ctx, arn, delivery),
            Some((protocol, address)) => return self.write(ctx, (protocol, address), delivery),
            None => {}
        }
        let Ok(topic) = self.own_topic(ctx, "TopicArn", Some(arn)) else {
            return Err(DeliveryError::NoResource(arn.to_owned()));
        };
        let request = PolicyRequest {
            principal: delivery.principal.as_str(),
            session: None,
            action: "sns:Publish",
            resource: arn,
            source_arn: Some(delivery.from.as_str()),
            source_account: Some(delivery.from.account()),
            source_owner: source_owner(delivery.principal.as_str(), &delivery.from),
            own_keys: &[],
            now: ctx.now(),
        };
        let decision = match &topic.attributes.policy {
            Some(policy) => policy.evaluate(&request),
            None => Policy::parse(&default_policy(&topic.arn))
                .expect("the default policy is a policy")
                .evaluate(&request),
        };
        decision.enforce(ctx, delivery, &topic.lineage)?;
        let refused = |error: SnsError| DeliveryError::Invalid(error.to_string());
        let mut message =
            outgoing(delivery).validate(&topic.attributes, "", delivery.cause).map_err(refused)?;
        message.hops = delivery.hops + 1;
        message.trace_header = delivery.trace_header.clone();
        topic.publish(ctx, message);
        Ok(())
    }
}

impl Sns {
    /// Writes a letter to a person. Only SNS itself delivers to such names.
    fn write(
        &mut self,
        ctx: &mut Context<'_>,
        (protocol, address): (&str, &str),
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        if delivery.principal != PRINCIPAL {
            return Err(DeliveryError::NoResource(delivery.to.to_string()));
        }
        if protocol == "sms" && self.phones.opted_out.contains(address) {
            return Err(DeliveryError::Invalid("Phone number is opted out".to_owned()));
        }
        ctx.record_delivered(delivery, None);
        ctx.post(Letter {
            subject: delivery.subject.clone(),
            body: delivery.body.to_string(),
            message_id: delivery.message_id.map(|id| id.to_string()),
            ..letter(delivery.from.to_string(), protocol, address)
        });
        Ok(())
    }
}

/// Who delivers for alarms.
const ALARMS: Principal = Principal::of("cloudwatch.amazonaws.com");

/// Alarms pass a topic's default policy, which wants `AWS:SourceOwner`; rules do not.
///
/// Source: user guides "Notifying users on alarm changes" of CloudWatch, "Resource-based policies"
/// of EventBridge.
pub(super) fn source_owner<'a>(principal: &str, source: &'a Arn) -> Option<&'a str> {
    (principal == ALARMS.as_str()).then(|| source.account())
}

fn outgoing(delivery: &Delivery) -> Outgoing {
    let attributes: MessageAttributes = delivery
        .attributes
        .iter()
        .map(|(name, attribute)| {
            let mut value = MessageAttributeValue {
                data_type: Some(attribute.data_type.clone()),
                ..MessageAttributeValue::default()
            };
            match &attribute.value {
                DeliveryValue::Text(text) => value.string_value = Some(text.clone()),
                DeliveryValue::Binary(blob) => value.binary_value = Some(blob.clone()),
            }
            (name.clone(), value)
        })
        .into_map();
    Outgoing {
        message: Some(delivery.body.to_string()),
        message_structure: None,
        subject: delivery.subject.clone(),
        attributes: Some(attributes),
        group_id: delivery.message_group_id.clone(),
        deduplication_id: delivery.message_deduplication_id.clone(),
    }
}
