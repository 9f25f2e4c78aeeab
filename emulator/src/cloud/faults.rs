//! What fault rules do to requests: some are refused, some answers come late or never.

use std::time::Duration;

use http::HeaderValue;
use serde_json::Value;

use super::call::Call;
use super::core::Cloud;
use crate::kernel::{
    Context, EntryFault, FaultEffect, FaultError, FaultPoint, FaultReport, FaultRule, Fired,
    MessageId, NodeId, What,
};
use crate::wire::{Fault, Protocol, WireError, cbor, form};

/// What becomes of an answer on its way to the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fate {
    /// It comes so much later.
    pub delay: Duration,
    /// It never comes: the connection breaks.
    pub lost: bool,
}

/// What fault rules decided about one request.
#[derive(Debug, Default)]
pub(super) struct Decided {
    pub(super) refused: Option<WireError>,
    pub(super) fate: Fate,
    pub(super) entries: Option<EntryFault>,
}

impl Cloud {
    /// Replaces the fault rules; their windows begin now.
    ///
    /// # Errors
    /// [`FaultError`] with the reason; then the old rules stay.
    pub fn set_faults(&mut self, rules: Vec<FaultRule>) -> Result<(), FaultError> {
        self.kernel.faults.set(rules, self.kernel.now)
    }

    /// The fault rules with their counts.
    pub fn faults(&self) -> Vec<FaultReport> {
        self.kernel.faults.report()
    }

    /// What goes wrong with `call`.
    pub(super) fn decide(&mut self, call: &Call, request: MessageId) -> Decided {
        if self.kernel.faults.is_empty() {
            return Decided::default();
        }
        let resources = resources(call);
        let resources: Vec<&str> = resources.iter().map(String::as_str).collect();
        let service = call.format.service.name;
        let point = FaultPoint {
            service,
            operation: Some(call.format.operation),
            resources: &resources,
            caller: call.caller.access_key_id.as_deref(),
            attempt: call.attempt.as_ref().and_then(attempt),
        };
        let has_entries = WITH_ENTRIES.contains(&call.format.operation);
        let of_requests = |effect: &FaultEffect| {
            use FaultEffect as E;
            matches!(effect, E::Throttle | E::Error { .. } | E::LoseAnswer | E::Delay { .. })
                || has_entries && matches!(effect, E::FailEntries { .. })
        };
        let fired = self.kernel.faults.fire(self.kernel.now, &point, of_requests);
        let place = resources.first().copied().unwrap_or(service).to_owned();
        let mut decided = Decided::default();
        for Fired { name, effect } in fired {
            let scope = call.caller.scope.clone();
            let mut ctx = Context::new(&mut self.kernel, &mut self.effects, service, scope);
            let at = ctx.name(&place);
            let note = format!("{name}: {} {}", effect.as_str(), call.format.operation);
            ctx.record_note(NodeId::NONE, What::Faulted, at, request, note);
            match effect {
                FaultEffect::Throttle => decided.refused = Some(throttled(service)),
                FaultEffect::Error { code, status, message } => {
                    decided.refused = Some(refusal(code, status, message));
                }
                FaultEffect::LoseAnswer => decided.fate.lost = true,
                FaultEffect::Delay { seconds } => {
                    decided.fate.delay += Duration::from_secs_f64(seconds);
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

/// The operations of whose entries some may fail.
const WITH_ENTRIES: [&str; 7] = [
    "BatchGetItem",
    "BatchWriteItem",
    "ChangeMessageVisibilityBatch",
    "DeleteMessageBatch",
    "PublishBatch",
    "PutEvents",
    "SendMessageBatch",
];

/// The error with which a service slows its clients down.
///
/// Source: API references, "Common errors" and the models' exceptions; SDKs retry all of them.
fn throttled(service: &str) -> WireError {
    let (shape, status) = match service {
        "sqs" => ("RequestThrottled", 403),
        "sns" => ("ThrottledException", 429),
        "dynamodb" | "dynamodbstreams" => ("ThrottlingException", 400),
        "events" => ("ThrottlingException", 400),
        _ => ("Throttling", 400),
    };
    WireError::sender(shape, "Rate exceeded").status(status).query_code(match service {
        "sns" => "Throttled",
        _ => shape,
    })
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

/// Members that name what a request is about.
const NAMES: [&str; 10] = [
    "QueueUrl",
    "QueueName",
    "TopicArn",
    "TargetArn",
    "TableName",
    "EventBusName",
    "SourceArn",
    "StreamArn",
    "ShardIterator",
    "StateMachineArn",
];

/// The names of the queues, topics, buses or tables that a request is about.
fn resources(call: &Call) -> Vec<String> {
    let mut found = Vec::new();
    match call.format.protocol {
        Protocol::AwsQuery => {
            let values = NAMES.iter().filter_map(|name| form::parameter(&call.body, name));
            found.extend(values.map(|value| last_part(&value).to_owned()));
        }
        Protocol::AwsJson10 | Protocol::AwsJson11 => {
            let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
            collect(&body, &mut found);
        }
        Protocol::RpcV2Cbor => {
            let body: Value = cbor::from_slice(&call.body).unwrap_or_default();
            collect(&body, &mut found);
        }
    }
    found
}

/// Looks in the request, in the entries of a batch, and in the tables of a DynamoDB batch.
fn collect(body: &Value, found: &mut Vec<String>) {
    match body {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if NAMES.contains(&name.as_str()) => {
                        found.push(last_part(text).to_owned());
                    }
                    Value::Object(tables) if name == "RequestItems" => {
                        found.extend(tables.keys().map(|table| last_part(table).to_owned()));
                    }
                    Value::Array(_) => collect(value, found),
                    Value::Object(_) if ["Put", "Update", "Delete", "Get"].contains(&&**name) => {
                        collect(value, found);
                    }
                    _ => {}
                }
            }
        }
        Value::Array(entries) => entries.iter().for_each(|entry| collect(entry, found)),
        _ => {}
    }
}

/// What rules call a resource: what stands after the last slash or colon of its URL or ARN. A
/// table's stream goes by the table's name.
pub(super) fn last_part(text: &str) -> &str {
    let text = text.split_once("/stream/").map_or(text, |(table, _)| table);
    text.rsplit(['/', ':']).next().unwrap_or(text)
}

#[cfg(test)]
mod tests;
