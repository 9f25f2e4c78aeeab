//! What destinations and dead-letter queues are told of an event's end.
//!
//! Source: developer guide "Capturing records of Lambda asynchronous invocations" and "Adding a
//! dead-letter queue".

use serde_json::{Map, Value, json};

use super::event::{Condition, Event};
use super::run::as_json;
use crate::kernel::Arn;
use crate::services::shared::account::reason;
use crate::wire::Timestamp;

/// The record of an event that has ended; `function` is its ARN with a qualifier.
// Unverified: that a record of an event that was never run has no members about a response.
pub(super) fn record(event: &Event, function: &Arn, why: Condition, now: Timestamp) -> String {
    let context = json!({
        "requestId": event.asked.request_id,
        "functionArn": function.as_str(),
        "condition": why.as_str(),
        "approximateInvokeCount": event.tries,
    });
    let mut text = format!(
        r#"{{"version":"1.0","timestamp":"{}","requestContext":{context},"requestPayload":{}"#,
        now.iso_millis(),
        as_json(&event.asked.payload),
    );
    if let Some(last) = &event.last {
        let mut response = json!({"statusCode": 200, "executedVersion": &*last.version});
        if let Some(error) = last.ending.function_error() {
            response["functionError"] = error.into();
        }
        let payload = as_json(&last.ending.payload);
        text.push_str(&format!(r#","responseContext":{response},"responsePayload":{payload}"#));
    }
    text.push('}');
    text
}

/// The attributes of a dead letter.
// Unverified: what an event that was never run has as its code and message.
pub(super) fn attributes(event: &Event, why: Condition) -> Value {
    let (code, message) = match &event.last {
        Some(last) => ("200", error_message(&last.ending.payload)),
        None => ("429", format!("Rate Exceeded. ({})", why.as_str())),
    };
    let mut attributes = Map::new();
    for (name, kind, value) in [
        ("RequestID", "String", event.asked.request_id.to_string()),
        ("ErrorCode", "Number", code.to_owned()),
        ("ErrorMessage", "String", reason(&message)),
    ] {
        attributes.insert(name.to_owned(), json!({"DataType": kind, "StringValue": value}));
    }
    Value::Object(attributes)
}

/// The message in an error document; all of what is none.
fn error_message(payload: &[u8]) -> String {
    let document: Value = serde_json::from_slice(payload).unwrap_or_default();
    match document["errorMessage"].as_str() {
        Some(message) if !message.is_empty() => message.to_owned(),
        _ if payload.is_empty() => "Unknown application error occurred".to_owned(),
        _ => String::from_utf8_lossy(payload).into_owned(),
    }
}
