//! From the outbox to the target: the one router between services.
//!
//! Deliveries are queued, never nested, so a loop ends at a counted limit instead of a stack
//! overflow.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::core::Cloud;
use super::registry::registry;
use crate::kernel::{
    Answered, Arn, CallError, Context, Delivery, DeliveryAttribute, DeliveryError, DeliveryTarget,
    DeliveryValue, Exhausted, FaultEffect, FaultPoint, Fired, Handing, Hooks, HttpAnswer,
    HttpTarget, OutsideCall, OutsideRequest, PendingOutside, Retry, ReturnAddress, ServiceName,
    What,
};
use crate::services::shared::account::reason;

/// Most services that one message may pass on its way. A bus that forwards to itself ends here.
pub(super) const HOPS_MAX: u8 = 16;

/// The longest that a server may ask to wait; nothing is tried for longer.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(86_400);

/// Most deliveries that one request or timer may lead to: two buses with several rules each that
/// forward to the other multiply an event at every hop. Ours; AWS slows such loops down.
const DELIVERIES_MAX: usize = 50_000;

/// What became of handing a delivery over.
enum Handed {
    /// The target has it.
    Taken,
    /// It is on its way out of the emulator; the answer is an input.
    Sent,
    /// It is not done, as its sender is told.
    Refused(CallError),
}

impl Cloud {
    /// Delivers, or arranges for another try.
    pub(super) fn dispatch(&mut self, delivery: Delivery) {
        // One that has waited for its turn was told of when it began to.
        if delivery.retry.failed > 0 && !delivery.given_up && !delivery.admitted {
            self.tell_service(&delivery, |state, ctx| state.on_retry(ctx, &delivery));
        }
        match self.hand_over(&delivery) {
            Ok(Handed::Sent) => {}
            Ok(Handed::Taken) => self.taken(&delivery, Answered::Taken),
            Ok(Handed::Refused(error)) => {
                if let Some(to) = sender(&delivery) {
                    self.tell(&to, Err(error));
                }
            }
            Err(error) => self.failed(delivery, &error),
        }
    }

    /// An HTTP server has answered a delivery, or could not be reached.
    ///
    /// What it says about the message itself (4xx, but 429) is for good, as with SNS. For one that
    /// a service sent outside itself, as EventBridge for API destinations, see [`is_for_good`].
    pub(super) fn on_delivery_answer(
        &mut self,
        delivery: Delivery,
        answer: Result<HttpAnswer, String>,
    ) {
        if let (DeliveryTarget::Resource(to), Ok(answer)) = (&delivery.to, &answer) {
            let status = answer.status;
            self.at_target(to, |state, ctx| state.on_server_answer(ctx, to, status));
        }
        let error = match answer {
            Ok(answer) if (200..300).contains(&answer.status) => {
                let note = format!("the server answered {}", answer.status);
                let scope = delivery.from.scope.clone();
                let service = delivery.principal.service();
                let mut ctx = Context::new(&mut self.kernel, &mut self.outbox, service, scope);
                ctx.record_delivered(&delivery, Some(note.into()));
                return self.taken(&delivery, Answered::Http(answer));
            }
            Ok(answer) => {
                let reason = format!("the server answered {}", answer.status);
                let wait = match &delivery.to {
                    DeliveryTarget::Resource(_) => retry_after(&answer),
                    DeliveryTarget::Http(_) => Ok(Duration::ZERO),
                };
                match wait {
                    Ok(wait) if !is_for_good(&delivery.to, answer.status) => {
                        let error = DeliveryError::Unreachable(reason);
                        return self.try_again(delivery, &error, wait);
                    }
                    _ => DeliveryError::Invalid(reason),
                }
            }
            Err(reason) => DeliveryError::Unreachable(reason),
        };
        self.failed(delivery, &error);
    }

    /// An HTTP server has answered the sender of a delivery, or could not be reached.
    pub(super) fn on_sender_answer(
        &mut self,
        delivery: &Delivery,
        answer: Result<HttpAnswer, CallError>,
    ) {
        if let (DeliveryTarget::Resource(to), Ok(answer)) = (&delivery.to, &answer) {
            let status = answer.status;
            self.at_target(to, |state, ctx| state.on_server_answer(ctx, to, status));
        }
        if let Some(to) = sender(delivery) {
            self.tell(&to, answer.map(Answered::Http));
        }
    }

    fn taken(&mut self, delivery: &Delivery, answer: Answered) {
        self.tell_service(delivery, |state, ctx| match delivery.given_up {
            false => state.on_taken(ctx, delivery, &answer),
            true => state.on_redriven(ctx, delivery),
        });
        if let Some(to) = sender(delivery) {
            self.tell(&to, Ok(answer));
        }
    }

    pub(super) fn failed(&mut self, delivery: Delivery, error: &DeliveryError) {
        match error {
            DeliveryError::Unreachable(_) => self.try_again(delivery, error, Duration::ZERO),
            _ => self.give_up(delivery, error, None),
        }
    }

    fn hand_over(&mut self, delivery: &Delivery) -> Result<Handed, DeliveryError> {
        if delivery.hops >= HOPS_MAX {
            return Err(DeliveryError::Invalid(format!("more than {HOPS_MAX} hops")));
        }
        self.deliveries += usize::from(!delivery.given_up);
        if self.deliveries > DELIVERIES_MAX && !delivery.given_up {
            let reason = format!("more than {DELIVERIES_MAX} deliveries because of one request");
            return Err(DeliveryError::Invalid(reason));
        }
        if let Some(error) = &delivery.failed {
            return Err(error.clone());
        }
        self.check_faults(delivery)?;
        match &delivery.to {
            DeliveryTarget::Resource(to) => {
                let taken = self.deliver(to, delivery);
                let handing = self.outbox.handing.take();
                taken?;
                Ok(match handing {
                    None => Handed::Taken,
                    Some(Handing::Refused(error)) => Handed::Refused(error),
                    Some(Handing::Outside(target, body)) => {
                        self.send_outside(delivery, target, body)
                    }
                    Some(Handing::Asked(target, body)) => {
                        self.ask_for_sender(delivery, target, body)
                    }
                })
            }
            DeliveryTarget::Http(target) => {
                let body = Bytes::copy_from_slice(delivery.body.as_bytes());
                Ok(self.send_outside(delivery, target.clone(), body))
            }
        }
    }

    fn send_outside(&mut self, delivery: &Delivery, target: HttpTarget, body: Bytes) -> Handed {
        let pending = PendingOutside::Delivery(Box::new(delivery.clone()));
        let id = self.kernel.ask_outside(pending);
        let request = OutsideRequest::Http { target, body };
        self.outbox.outside.push(OutsideCall { id, request });
        Handed::Sent
    }

    /// The sender gets the answer, so there is nothing left to be delivered.
    fn ask_for_sender(&mut self, delivery: &Delivery, target: HttpTarget, body: Bytes) -> Handed {
        let scope = delivery.from.scope.clone();
        let service = delivery.principal.service();
        let note = format!("{} {}", target.method, target.url).into();
        let mut ctx = Context::new(&mut self.kernel, &mut self.outbox, service, scope);
        ctx.record_delivered(delivery, Some(note));
        let pending = PendingOutside::Sender(Box::new(delivery.clone()));
        let id = self.kernel.ask_outside(pending);
        let request = OutsideRequest::Http { target, body };
        self.outbox.outside.push(OutsideCall { id, request });
        Handed::Sent
    }

    fn deliver(&mut self, to: &Arn, delivery: &Delivery) -> Result<(), DeliveryError> {
        let Some(found) = registry().service(&to.service) else {
            return Err(DeliveryError::NotImplemented(to.to_string()));
        };
        let name = ServiceName::of(found.service.name);
        let mut ctx = Context::new(&mut self.kernel, &mut self.outbox, name, to.scope.clone())
            .because_of(delivery.cause);
        self.services.of(found.state, &to.scope).deliver(&mut ctx, to, delivery)
    }

    fn at_target(&mut self, to: &Arn, act: impl FnOnce(&mut dyn Hooks, &mut Context<'_>)) {
        let Some(found) = registry().service(&to.service) else { return };
        let name = ServiceName::of(found.service.name);
        let mut ctx = Context::new(&mut self.kernel, &mut self.outbox, name, to.scope.clone());
        act(self.services.of(found.state, &to.scope), &mut ctx);
    }

    /// What fault rules have against a delivery.
    fn check_faults(&mut self, delivery: &Delivery) -> Result<(), DeliveryError> {
        if self.kernel.faults.is_empty() || delivery.given_up {
            return Ok(());
        }
        let failed = delivery.retry.failed;
        let point = FaultPoint {
            service: &delivery.principal.service(),
            resources: &[delivery.to.name()],
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

    /// A delivery failed and may succeed later; `wait` is how long it has to wait at least.
    fn try_again(&mut self, mut delivery: Delivery, error: &DeliveryError, wait: Duration) {
        self.tell_of_failed_try(&delivery, error, false);
        let now = self.kernel.now;
        delivery.admitted = false;
        delivery.retry.failed += 1;
        delivery.retry.since.get_or_insert(now);
        // From the faults' own stream, so that retries change no message id.
        let chance = match delivery.retry.schedule.jitter {
            0.0 => 0.0,
            _ => self.kernel.faults.fraction(),
        };
        match delivery.retry.next(now, chance) {
            Err(exhausted) => self.give_up(delivery, error, Some(exhausted)),
            Ok(at) => {
                let at = at.max(now + wait);
                let scope = delivery.from.scope.clone();
                let service = delivery.principal.service();
                let mut ctx = Context::new(&mut self.kernel, &mut self.outbox, service, scope);
                let name = ctx.name(delivery.to.as_str());
                let (id, note) = (ctx.ids().uuid(), error.to_string());
                delivery.cause = ctx.record_note(delivery.cause, What::Retried, &name, id, note);
                match at <= now {
                    true => ctx.deliver(delivery),
                    false => ctx.deliver_at(at, delivery),
                }
            }
        }
    }

    /// A delivery failed for good: to its dead-letter queue, or away, with the reason.
    fn give_up(&mut self, delivery: Delivery, error: &DeliveryError, why: Option<Exhausted>) {
        let (from, to) = (delivery.from.to_string(), delivery.to.to_string());
        tracing::warn!(%from, %to, reason = %error, "delivery refused");
        if why.is_none() {
            self.tell_of_failed_try(&delivery, error, true);
        }
        let (service, scope) = (delivery.principal.service(), delivery.from.scope.clone());
        let mut ctx = Context::new(&mut self.kernel, &mut self.outbox, service, scope);
        let at = ctx.name(&to);
        let id = ctx.ids().uuid();
        let refused = ctx.record_note(delivery.cause, What::Refused, &at, id, error.to_string());
        self.tell_service(&delivery, |state, ctx| state.on_given_up(ctx, &delivery));
        let returned = sender(&delivery);
        let (service, scope) = (delivery.principal.service(), delivery.from.scope.clone());
        let mut ctx = Context::new(&mut self.kernel, &mut self.outbox, service, scope);
        match delivery.dead_letter.clone() {
            None => drop(ctx.record(refused, What::Dropped, &at, id)),
            Some(queue) => {
                ctx.deliver(Delivery { cause: refused, ..dead(delivery, queue, error, why) })
            }
        }
        if let Some(to) = returned {
            self.tell(&to, Err(CallError::Undelivered(error.to_string())));
        }
    }

    fn tell_of_failed_try(&mut self, delivery: &Delivery, error: &DeliveryError, is_final: bool) {
        if !delivery.given_up {
            self.tell_service(delivery, |state, ctx| {
                state.on_failed_try(ctx, delivery, error, is_final);
            });
        }
    }

    /// The service whose resource a delivery is from hears something of it.
    fn tell_service(
        &mut self,
        delivery: &Delivery,
        hear: impl FnOnce(&mut dyn Hooks, &mut Context<'_>),
    ) {
        let (service, scope) = (delivery.principal.service(), &delivery.from.scope);
        let found = registry().service(&service);
        // What a caller sent is from no region.
        let Some(found) = found.filter(|_| !scope.region.0.is_empty()) else { return };
        let mut ctx = Context::new(&mut self.kernel, &mut self.outbox, service, scope.clone());
        hear(self.services.of(found.state, scope), &mut ctx);
    }
}

/// Whether an HTTP server's answer ends a delivery. API destinations are tried again after 401,
/// 407, 409, 429 and 5xx; HTTP subscriptions after all but 4xx other than 429.
///
/// Source: user guide of EventBridge, "API destination error codes".
fn is_for_good(to: &DeliveryTarget, status: u16) -> bool {
    match to {
        DeliveryTarget::Resource(_) => {
            !matches!(status, 401 | 407 | 409 | 429) && !(500..600).contains(&status)
        }
        DeliveryTarget::Http(_) => (400..500).contains(&status) && status != 429,
    }
}

/// How long the server's `Retry-After` asks to wait; a negative one asks for no other try.
///
/// Source: user guide of EventBridge, "API destination error codes".
fn retry_after(answer: &HttpAnswer) -> Result<Duration, ()> {
    let header = answer.headers.iter().find(|(name, _)| name == "retry-after");
    match header.and_then(|(_, value)| value.trim().parse::<i64>().ok()) {
        Some(..=-1) => Err(()),
        Some(seconds) => Ok(Duration::from_secs(seconds.unsigned_abs()).min(RETRY_AFTER_MAX)),
        None => Ok(Duration::ZERO),
    }
}

/// Where the sender wants to hear of the answer, if it does.
fn sender(delivery: &Delivery) -> Option<ReturnAddress> {
    let token = delivery.answer_to.clone()?;
    let (service, scope) = (delivery.principal.service(), delivery.from.scope.clone());
    Some(ReturnAddress { service, scope, token })
}

/// A delivery that was given up, on its way to its dead-letter queue.
fn dead(delivery: Delivery, queue: Arn, error: &DeliveryError, why: Option<Exhausted>) -> Delivery {
    let body = match &delivery.dead_letter_body {
        Some(body) => Arc::clone(body),
        None => Arc::clone(&delivery.body),
    };
    let mut attributes = delivery.attributes.clone();
    if delivery.dead_letter_account {
        attributes.extend(account(&delivery, error, why));
    }
    let retry = Retry::on(delivery.retry.schedule.clone());
    Delivery {
        to: queue.into(),
        attributes,
        body,
        dead_letter_body: None,
        dead_letter: None,
        dead_letter_account: false,
        hops: delivery.hops + 1,
        retry,
        given_up: true,
        failed: None,
        answer_to: None,
        ..delivery
    }
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
        ("RULE_ARN", Some(delivery.from.to_string())),
        ("TARGET_ARN", Some(delivery.to.to_string())),
        ("ERROR_CODE", Some(error.code().to_owned())),
        ("ERROR_MESSAGE", Some(reason(&error.to_string()))),
        ("RETRY_ATTEMPTS", Some(retries.to_string())),
        ("EXHAUSTED_RETRY_CONDITION", exhausted.map(|it| it.0.to_owned())),
    ];
    rows.into_iter().filter_map(|(name, value)| {
        let value = DeliveryValue::Text(value?);
        Some((name.to_owned(), DeliveryAttribute { data_type: "String".to_owned(), value }))
    })
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

    /// Two buses that forward to each other by three rules each: 3^16 deliveries took 1.2 GB.
    #[test]
    fn a_loop_that_multiplies_ends() {
        let settings = Settings { policies: PolicyMode::Warn, ..Settings::default() };
        let mut world = World::with(settings);
        let bus = |name: &str| format!("arn:aws:events:us-east-1:000000000000:event-bus/{name}");
        for name in ["a", "b"] {
            world.ok("AWSEvents.CreateEventBus", json!({"Name": name}));
        }
        for (from, to) in [("a", "b"), ("b", "a")] {
            for rule in ["1", "2", "3"] {
                let pattern = json!({"source": ["shop"]}).to_string();
                let rule = json!({"Name": rule, "EventBusName": from, "EventPattern": pattern});
                world.ok("AWSEvents.PutRule", rule.clone());
                let targets = json!([{
                    "Id": "1", "Arn": bus(to), "RoleArn": "arn:aws:iam::000000000000:role/r",
                }]);
                let request = json!({
                    "Rule": rule["Name"], "EventBusName": from, "Targets": targets,
                });
                world.ok("AWSEvents.PutTargets", request);
            }
        }
        let entry = json!({
            "Source": "shop", "DetailType": "OrderPlaced", "Detail": "{}", "EventBusName": "a",
        });
        world.ok("AWSEvents.PutEvents", json!({"Entries": [entry]}));
        let notes = world.cloud.lineage().entries().filter_map(|entry| entry.note);
        let told = notes.filter(|note| note.contains("more than 50000 deliveries")).count();
        assert!(told > 0);
        // What comes next is not held responsible for it.
        let (received, _) = publish_without_policy(PolicyMode::Warn);
        assert_eq!(received, 1);
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
        let happened: Vec<What> = story.iter().map(|(what, _)| *what).collect();
        assert_eq!(happened, [What::Called, What::Warned, What::EventPut]);
        assert!(story[1].1.as_deref().unwrap().contains("events:PutEvents"));
    }

    #[test]
    fn with_warnings_only_the_message_arrives_and_the_reason_is_kept() {
        let (received, story) = publish_without_policy(PolicyMode::Warn);
        assert_eq!(received, 1);
        let warned = story.iter().find(|(what, _)| *what == What::Warned).unwrap();
        assert!(warned.1.as_deref().unwrap().contains("sqs:SendMessage"));
    }
}
