//! From the outbox to the target: the one router between services.
//!
//! Deliveries are queued, never nested, so a loop ends at a counted limit instead of a stack
//! overflow.

use std::collections::BTreeMap;

use super::core::Cloud;
use super::faults::last_part;
use super::retry::{self, Exhausted};
use crate::kernel::{
    Context, Delivery, DeliveryAttribute, DeliveryError, DeliveryValue, FaultEffect, FaultPoint,
    Fired, Principal, Retry, What,
};

/// Most services that one message may pass on its way. A bus that forwards to itself ends here.
const HOPS_MAX: u8 = 16;

impl Cloud {
    /// Delivers until nothing is left to deliver.
    pub(super) fn drain_outbox(&mut self) {
        while let Some(delivery) = self.effects.outbox.pop_front() {
            match self.deliver(&delivery) {
                Ok(()) => {}
                Err(error @ DeliveryError::Unreachable(_)) => self.try_again(delivery, &error),
                Err(error) => self.give_up(delivery, &error, None),
            }
        }
        self.drain_metrics();
    }

    fn deliver(&mut self, delivery: &Delivery) -> Result<(), DeliveryError> {
        if delivery.hops >= HOPS_MAX {
            return Err(DeliveryError::Invalid(format!("more than {HOPS_MAX} hops")));
        }
        self.obstruct(delivery)?;
        let scope = delivery.to.scope.clone();
        let service = &*delivery.to.service;
        let Some(name) = ["events", "sns", "sqs"].into_iter().find(|name| *name == service) else {
            return Err(DeliveryError::NotImplemented(delivery.to.to_string()));
        };
        let mut ctx = Context::new(&mut self.kernel, &mut self.effects, name, scope.clone())
            .because_of(delivery.cause);
        match name {
            "events" => self.services.events.of(&scope).deliver(&mut ctx, delivery),
            "sns" => self.services.sns.of(&scope).deliver(&mut ctx, delivery),
            "sqs" => self.services.sqs.of(&scope).deliver(&mut ctx, delivery),
            _ => unreachable!("{name} is in the list above"),
        }
    }

    /// What fault rules have against a delivery.
    fn obstruct(&mut self, delivery: &Delivery) -> Result<(), DeliveryError> {
        if self.kernel.faults.is_empty() || delivery.given_up {
            return Ok(());
        }
        let failed = delivery.retry.failed;
        let point = FaultPoint {
            service: delivery.principal.service(),
            resources: &[last_part(&delivery.to.resource)],
            ..FaultPoint::default()
        };
        let wanted = |effect: &FaultEffect| match effect {
            FaultEffect::FailDelivery { times } => failed < *times,
            FaultEffect::RemovePolicy => true,
            _ => false,
        };
        match self.kernel.faults.fire(self.kernel.now, &point, wanted).into_iter().next() {
            None => Ok(()),
            Some(Fired { name, effect: FaultEffect::RemovePolicy }) => Err(
                DeliveryError::NoPermissions(format!("the fault rule {name} removed the policy")),
            ),
            Some(Fired { name, .. }) => Err(DeliveryError::Unreachable(format!(
                "the fault rule {name} let the delivery fail"
            ))),
        }
    }

    /// A delivery failed and may succeed later.
    fn try_again(&mut self, mut delivery: Delivery, error: &DeliveryError) {
        let now = self.kernel.now;
        delivery.retry.failed += 1;
        delivery.retry.since.get_or_insert(now);
        // From the faults' own stream: only they make deliveries be tried again.
        let jitter = match delivery.principal {
            Principal::Events | Principal::CloudWatch => self.kernel.faults.fraction(),
            Principal::Sns => 0.0,
        };
        match retry::next(delivery.principal, &delivery.retry, now, jitter) {
            Err(exhausted) => self.give_up(delivery, error, Some(exhausted)),
            Ok(at) => {
                let scope = delivery.from.scope.clone();
                let service = delivery.principal.service();
                let mut ctx = Context::new(&mut self.kernel, &mut self.effects, service, scope);
                let name = ctx.name(&delivery.to.to_string());
                let id = ctx.ids().uuid();
                delivery.cause =
                    ctx.record_note(delivery.cause, What::Retried, name, id, error.to_string());
                if at <= now {
                    ctx.deliver(delivery);
                } else {
                    ctx.deliver_at(at, delivery);
                }
            }
        }
    }

    /// A delivery failed for good: to its dead-letter queue, or away, with the reason.
    fn give_up(&mut self, delivery: Delivery, error: &DeliveryError, why: Option<Exhausted>) {
        let (from, to) = (delivery.from.to_string(), delivery.to.to_string());
        tracing::warn!(%from, %to, reason = %error, "delivery refused");
        let scope = delivery.from.scope.clone();
        let service = delivery.principal.service();
        let mut ctx = Context::new(&mut self.kernel, &mut self.effects, service, scope);
        let at = ctx.name(&to);
        let id = ctx.ids().uuid();
        let refused = ctx.record_note(delivery.cause, What::Refused, at, id, error.to_string());
        let Some(dead_letter) = delivery.dead_letter.clone() else {
            ctx.record(refused, What::Dropped, at, id);
            return;
        };
        let body = match &delivery.dead_letter_body {
            Some(body) => body.to_string(),
            None => delivery.body.clone(),
        };
        let mut attributes = delivery.attributes.clone();
        attributes.extend(delivery.dead_letter_attributes.iter().map(text_attribute));
        if !delivery.dead_letter_attributes.is_empty() {
            attributes.extend(account(&delivery, error, why));
        }
        ctx.deliver(Delivery {
            to: dead_letter,
            attributes,
            body,
            dead_letter_body: None,
            dead_letter: None,
            dead_letter_attributes: BTreeMap::new(),
            cause: refused,
            hops: delivery.hops + 1,
            retry: Retry::default(),
            given_up: true,
            ..delivery
        });
    }
}

fn text_attribute((name, value): (&String, &String)) -> (String, DeliveryAttribute) {
    let value = DeliveryValue::Text(value.clone());
    (name.clone(), DeliveryAttribute { data_type: "String".to_owned(), value })
}

/// EventBridge's account of why a delivery failed.
///
/// Source: user guide "Using dead-letter queues to process undelivered events".
fn account(
    delivery: &Delivery,
    error: &DeliveryError,
    exhausted: Option<Exhausted>,
) -> impl Iterator<Item = (String, DeliveryAttribute)> {
    // A failure for good is not among the failed tries; the one that exhausts them is.
    let retries = match exhausted {
        Some(_) => delivery.retry.failed.saturating_sub(1),
        None => delivery.retry.failed,
    };
    let rows = [
        ("ERROR_CODE", Some(error.code().to_owned())),
        ("ERROR_MESSAGE", Some(error.to_string())),
        ("RETRY_ATTEMPTS", Some(retries.to_string())),
        ("EXHAUSTED_RETRY_CONDITION", exhausted.map(|it| it.0.to_owned())),
    ];
    rows.into_iter().filter_map(|(name, value)| Some(text_attribute((&name.to_owned(), &value?))))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::cloud::testing::World;
    use crate::kernel::{PolicyMode, Settings, What};

    /// Publishes to a queue without a policy; returns how many messages it then holds, and what the
    /// lineage tells with its notes.
    fn publish_without_policy(policies: PolicyMode) -> (usize, Vec<(What, Option<String>)>) {
        let mut world = World::with(Settings { policies, ..Settings::default() });
        world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "q"}));
        let topic = "arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3At";
        let queue = "arn%3Aaws%3Asqs%3Aus-east-1%3A000000000000%3Aq";
        for form in [
            "Action=CreateTopic&Name=t".to_owned(),
            format!("Action=Subscribe&TopicArn={topic}&Protocol=sqs&Endpoint={queue}"),
            format!("Action=Publish&TopicArn={topic}&Message=hello"),
        ] {
            let (status, answer) = world.query("sns", &form);
            assert_eq!(status, 200, "{answer}");
        }
        let received = world.ok("AmazonSQS.ReceiveMessage", json!({"QueueUrl": "q"}));
        let received = received["Messages"].as_array().map_or(0, Vec::len);
        (received, world.cloud.lineage().entries().map(|it| (it.what, it.note)).collect())
    }

    #[test]
    fn a_refusal_says_which_statement_is_missing() {
        let (received, story) = publish_without_policy(PolicyMode::Enforce);
        assert_eq!(received, 0);
        let happened: Vec<What> = story.iter().map(|(what, _)| *what).collect();
        assert_eq!(happened, [What::Published, What::Refused, What::Dropped]);
        let reason = story[1].1.as_deref().unwrap();
        for part in [
            "sns.amazonaws.com",
            "sqs:SendMessage",
            r#""Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:us-east-1:000000000000:t"}}"#,
        ] {
            assert!(reason.contains(part), "{part} is not in {reason}");
        }
    }

    #[test]
    fn with_warnings_only_a_bus_keeps_the_reason_too() {
        let policies = PolicyMode::Warn;
        let mut world = World::with(Settings { policies, ..Settings::default() });
        let bus = "arn:aws:events:us-east-1:111111111111:event-bus/default";
        let entry = json!({
            "Source": "shop", "DetailType": "OrderPlaced", "Detail": "{}", "EventBusName": bus,
        });
        world.ok("AWSEvents.PutEvents", json!({"Entries": [entry]}));
        let story: Vec<_> = world.cloud.lineage().entries().map(|it| (it.what, it.note)).collect();
        assert_eq!((story[0].0, story[1].0), (What::Warned, What::EventPut));
        assert!(story[0].1.as_deref().unwrap().contains("events:PutEvents"));
    }

    #[test]
    fn with_warnings_only_the_message_arrives_and_the_reason_is_kept() {
        let (received, story) = publish_without_policy(PolicyMode::Warn);
        assert_eq!(received, 1);
        let warned = story.iter().find(|(what, _)| *what == What::Warned).unwrap();
        assert!(warned.1.as_deref().unwrap().contains("sqs:SendMessage"));
    }
}
