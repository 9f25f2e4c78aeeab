//! The event in which Lambda brings the messages of a queue.
//! Source: Lambda developer guide, "Using Lambda with Amazon SQS".

use std::collections::BTreeMap;

use aws_sdk_sqs::primitives::Blob;
use aws_sdk_sqs::types::MessageAttributeValue;
use serde::Deserialize;
use serde_json::Value;

use super::sqs::Received;
use crate::domain::Timestamp;
use crate::failure::Failure;
use crate::trace::TraceHeader;

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "Records")]
    records: Vec<Record>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    message_id: String,
    receipt_handle: String,
    body: String,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    #[serde(default)]
    message_attributes: BTreeMap<String, Attribute>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attribute {
    data_type: String,
    string_value: Option<String>,
    /// In base64.
    binary_value: Option<String>,
}

/// The messages of an event.
///
/// # Errors
/// When it is no event with messages of a queue.
pub fn received(event: &Value) -> Result<Vec<Received>, Failure> {
    let strange = |error: &dyn std::fmt::Display| {
        Failure::GiveUp(format!("not an event with messages of a queue: {error}"))
    };
    let event = Event::deserialize(event).map_err(|error| strange(&error))?;
    let message = |record: Record| {
        let text = |name: &str| record.attributes.get(name);
        let receive_count = text("ApproximateReceiveCount").and_then(|it| it.parse().ok());
        let first_received = text("ApproximateFirstReceiveTimestamp");
        let first_received = first_received.and_then(|it| it.parse().ok());
        let attributes = record.message_attributes.into_iter();
        let attributes = attributes.map(|(name, it)| Ok((name, attribute(it)?)));
        Ok(Received {
            message_id: record.message_id,
            receipt_handle: record.receipt_handle,
            body: record.body,
            receive_count: receive_count.unwrap_or(1),
            group: text("MessageGroupId").cloned(),
            first_received: first_received.map(Timestamp::from_millis),
            trace: text("AWSTraceHeader").map(String::as_str).and_then(TraceHeader::parse),
            attributes: attributes.collect::<Result<_, Failure>>()?,
        })
    };
    event.records.into_iter().map(message).collect()
}

fn attribute(attribute: Attribute) -> Result<MessageAttributeValue, Failure> {
    let binary = attribute.binary_value.map(aws_smithy_types::base64::decode).transpose();
    let binary = binary.map_err(|error| Failure::GiveUp(format!("an attribute: {error}")))?;
    MessageAttributeValue::builder()
        .data_type(attribute.data_type)
        .set_string_value(attribute.string_value)
        .set_binary_value(binary.map(Blob::new))
        .build()
        .map_err(|error| Failure::GiveUp(format!("an attribute: {error}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn messages_are_what_a_receive_would_have_brought() {
        let record = json!({
            "messageId": "m-1", "receiptHandle": "h-1", "body": "hello", "md5OfBody": "x",
            "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-1:1:q",
            "awsRegion": "us-east-1",
            "attributes": {
                "ApproximateReceiveCount": "3", "SentTimestamp": "1",
                "SenderId": "AIDA", "MessageGroupId": "o-1",
                "ApproximateFirstReceiveTimestamp": "1700000000000",
            },
            "messageAttributes": {
                "text": {"stringValue": "a", "dataType": "String",
                         "stringListValues": [], "binaryListValues": []},
                "bytes": {"binaryValue": "AQI=", "dataType": "Binary"},
            },
        });
        let all = received(&json!({"Records": [record]})).expect("messages");
        let [message] = &all[..] else { panic!("{all:?}") };
        assert_eq!((message.message_id.as_str(), message.body.as_str()), ("m-1", "hello"));
        assert_eq!((message.receipt_handle.as_str(), message.receive_count), ("h-1", 3));
        assert_eq!(message.group.as_deref(), Some("o-1"));
        assert_eq!(message.first_received.map(|at| at.as_millis()), Some(1_700_000_000_000));
        let [(_, bytes), (_, text)] = &message.attributes[..] else { panic!("{message:?}") };
        assert_eq!(text.string_value(), Some("a"));
        assert_eq!(bytes.binary_value().map(Blob::as_ref), Some(&[1, 2][..]));
    }

    #[test]
    fn anything_else_is_no_event_of_a_queue() {
        let bad = json!({"messageId": "m", "receiptHandle": "h", "body": "b",
                         "messageAttributes": {"a": {"dataType": "Binary", "binaryValue": "?"}}});
        for event in [json!(null), json!({}), json!({"Records": [{}]}), json!({"Records": [bad]})] {
            assert!(matches!(received(&event), Err(Failure::GiveUp(_))), "{event}");
        }
        assert!(received(&json!({"Records": []})).is_ok_and(|all| all.is_empty()));
    }
}
