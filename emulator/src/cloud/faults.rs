//! What fault rules do to requests: some are refused, some answers come late or never.

use std::time::Duration;

use http::HeaderValue;
use serde_json::{Value, json};

use super::call::Call;
use super::core::Cloud;
use super::effect::AnswerFault;
use crate::kernel::{
    Context, EntryFault, FaultEffect, FaultPoint, Fired, MessageId, NodeId, Operation,
    OperationFacts, ServiceName, SlowedRequest, ThrottlingReason, What, as_they_are, in_forms,
};
use crate::wire::{Fault, Format, Protocol, WireError, cbor, form};

/// What fault rules decided about one request.
#[derive(Debug, Default)]
pub(super) struct Decided {
    pub(super) refused: Option<WireError>,
    pub(super) fault: AnswerFault,
    pub(super) entries: Option<EntryFault>,
}

impl Cloud {
    /// What goes wrong with `call`.
    pub(super) fn decide(&mut self, call: &Call, request: MessageId) -> Decided {
        if self.kernel.faults.is_empty() {
            return Decided::default();
        }
        let resources = resources(&call.format, call.operation, &call.body);
        let resources: Vec<&str> = resources.iter().map(String::as_str).collect();
        let service = call.format.service.name;
        let point = FaultPoint {
            service,
            operation: Some(call.format.operation),
            resources: &resources,
            caller: call.caller.name(),
            attempt: call.attempt.as_ref().and_then(attempt),
        };
        let facts = &call.operation.facts;
        let of_requests = |effect: &FaultEffect| {
            use FaultEffect as E;
            matches!(effect, E::Throttle | E::Error { .. } | E::LoseAnswer | E::Delay { .. })
                || facts.entries.is_some() && matches!(effect, E::FailEntries { .. })
        };
        let fired = self.kernel.faults.fire(self.kernel.now, &point, of_requests);
        let place = resources.first().copied().unwrap_or(service).to_owned();
        let mut decided = Decided::default();
        for Fired { name, effect } in fired {
            let scope = call.caller.scope.clone();
            let name_of = ServiceName::of(service);
            let mut ctx = Context::new(&mut self.kernel, &mut self.outbox, name_of, scope);
            let at = ctx.name(&place);
            let note = format!("{name}: {} {}", effect.as_str(), call.format.operation);
            ctx.record_note(NodeId::NONE, What::Faulted, &at, request, note);
            match effect {
                FaultEffect::Throttle => {
                    let state = self.services.existing(call.of.state, &call.caller.scope);
                    let slowed = SlowedRequest {
                        operation: call.format.operation,
                        resources: &resources,
                        input: &input(&call.format, &call.body),
                    };
                    let own = state.and_then(|state| state.slow_down(&ctx, &slowed));
                    let of_row = || throttled(&ctx, facts, &resources);
                    decided.refused = Some(own.unwrap_or_else(of_row));
                }
                FaultEffect::Error { code, status, message } => {
                    decided.refused = Some(refusal(code, status, message));
                }
                FaultEffect::LoseAnswer => decided.fault.lost = true,
                FaultEffect::Delay { seconds } => {
                    decided.fault.delay += Duration::from_secs_f64(seconds);
                }
                FaultEffect::FailEntries { code, share } => {
                    decided.entries = Some(EntryFault { code, share });
                }
                _ => {}
            }
        }
        decided
    }
}

/// The service's error for a client that is to slow down.
fn throttled(ctx: &Context<'_>, facts: &OperationFacts, resources: &[&str]) -> WireError {
    let error = WireError::from(facts.throttling);
    let Some(ThrottlingReason { member, reason, before }) = facts.throttling_reason else {
        return error;
    };
    let reasons: Vec<Value> = resources
        .iter()
        .map(|name| {
            let resource = ctx.arn(format!("{before}{name}")).to_string();
            json!({"reason": reason, "resource": resource})
        })
        .collect();
    if reasons.is_empty() { error } else { error.member(member, reasons.into()) }
}

fn refusal(code: String, status: u16, message: String) -> WireError {
    let fault = if status >= 500 { Fault::Receiver } else { Fault::Sender };
    let message = if message.is_empty() { "a fault rule refused it".to_owned() } else { message };
    WireError {
        shape: code.clone().into(),
        query_code: code.into(),
        fault,
        ..WireError::sender("", message).status(status)
    }
}

/// The number in `attempt=2; max=3`.
fn attempt(header: &HeaderValue) -> Option<u32> {
    let text = header.to_str().ok()?;
    let number = text.split(';').find_map(|part| part.trim().strip_prefix("attempt="))?;
    number.parse().ok()
}

/// The names of the queues, topics, buses or tables that a request is about.
pub(super) fn resources(format: &Format, operation: &Operation, body: &[u8]) -> Vec<String> {
    let facts = &operation.facts;
    let input = input(format, body);
    match format.protocol {
        Protocol::AwsQuery => {
            facts.resources_of(&input, in_forms(format.service.naming, format.operation))
        }
        Protocol::AwsJson10 | Protocol::AwsJson11 | Protocol::RestJson1 | Protocol::RpcV2Cbor => {
            facts.resources_of(&input, as_they_are)
        }
    }
}

/// The members of a request, as they were sent.
fn input(format: &Format, body: &[u8]) -> Value {
    match format.protocol {
        Protocol::AwsQuery => form::document(body),
        Protocol::AwsJson10 | Protocol::AwsJson11 | Protocol::RestJson1 => {
            serde_json::from_slice(body).unwrap_or_default()
        }
        Protocol::RpcV2Cbor => cbor::from_slice(body).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
