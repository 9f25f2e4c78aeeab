//! What leaves a bus: one delivery for each target of each rule that fires.

use std::sync::Arc;

use super::activity::{Counted, Dimensions};
use super::connection::Parameters;
use super::event::{NewEvent, PRINCIPAL};
use super::input;
use super::rule::Rule;
use super::target::Target;
use super::target_kind::is_api_destination;
use crate::kernel::{Context, Delivery, DeliveryError, NodeId, What};

/// Leaves one delivery for each of the rule's targets; says how many.
pub(super) fn fire(
    ctx: &mut Context<'_>,
    rule: &mut Rule,
    bus: &str,
    event: &NewEvent,
    put: NodeId,
) -> usize {
    let of = Dimensions::Rule { rule: &rule.name, bus };
    for (what, times) in [
        (Counted::MatchedEvents, 1),
        (Counted::TriggeredRules, 1),
        (Counted::Invocations, rule.targets.len()),
        (Counted::InvocationAttempts, rule.targets.len()),
    ] {
        rule.activity.count(ctx, &of, what, times);
    }
    let matched = ctx.record(put, What::RuleMatched, &rule.lineage, event.id);
    for target in rule.targets.values() {
        let delivery = delivery(ctx, rule, target, event, matched);
        ctx.deliver(delivery);
    }
    rule.targets.len()
}

fn delivery(
    ctx: &Context<'_>,
    rule: &Rule,
    target: &Target,
    event: &NewEvent,
    cause: NodeId,
) -> Delivery {
    let group = target.wire.sqs_parameters.as_ref().and_then(|sqs| sqs.message_group_id.clone());
    let (body, failed) = match input::body(ctx.now(), rule, &target.wire, &event.envelope) {
        Ok(body) => (body, None),
        Err(reason) => (Arc::default(), Some(DeliveryError::Invalid(reason.to_owned()))),
    };
    let http = target.wire.http_parameters.as_ref();
    let http = http.filter(|_| is_api_destination(&target.arn));
    let parameters = http.map(|http| Parameters::of(http, &event.envelope));
    let parameters = parameters.and_then(|it| serde_json::to_string(&it).ok());
    Delivery {
        parameters: parameters.map(Into::into),
        message_group_id: group,
        trace_header: event.trace_header.clone(),
        dead_letter: target.dead_letter.clone(),
        dead_letter_body: Some(Arc::clone(&event.envelope)),
        dead_letter_account: true,
        hops: event.hops,
        failed,
        ..Delivery::new((rule.arn.clone(), PRINCIPAL), target.arn.clone(), body, cause)
            .tried_again(target.retries())
    }
}
