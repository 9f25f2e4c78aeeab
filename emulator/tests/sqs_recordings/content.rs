//! What one message may hold.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::case::{Case, Steps};

pub(crate) const CASES: &[(&str, Steps)] = &[
    ("test_send_empty_message", empty),
    ("test_send_message_to_standard_queue_with_invalid_message_group_id", invalid_group),
    ("test_send_message_with_binary_attributes", binary_attribute),
    ("test_send_message_with_updated_maximum_message_size", oversized),
];

fn empty(case: &mut Case) {
    let url = case.client.queue("q", &json!({}));
    let request = json!({"QueueUrl": url, "MessageBody": ""});
    case.step("send_empty_message", "SendMessage", &request);
}

fn invalid_group(case: &mut Case) {
    let group = match case.variant.as_str() {
        "empty" => String::new(),
        "spaces" => "group 123".to_owned(),
        _ => "a".repeat(129),
    };
    let url = case.client.queue("q", &json!({}));
    let request = json!({"QueueUrl": url, "MessageBody": "message", "MessageGroupId": group});
    case.step("error-response", "SendMessage", &request);
}

fn binary_attribute(case: &mut Case) {
    let url = case.client.queue("q", &json!({}));
    let bytes = b"traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01";
    let attributes =
        json!({"attr1": {"DataType": "Binary", "BinaryValue": STANDARD.encode(bytes)}});
    let request = json!({"QueueUrl": url, "MessageBody": "test", "MessageAttributes": attributes});
    case.client.ok("SendMessage", &request);
    let receive = json!({"QueueUrl": url, "MessageAttributeNames": ["All"]});
    case.step("binary-attrs-msg", "ReceiveMessage", &receive);
}

fn oversized(case: &mut Case) {
    let url = case.client.queue("q", &json!({}));
    let attributes = json!({"MaximumMessageSize": "1024"});
    case.client.ok("SetQueueAttributes", &json!({"QueueUrl": url, "Attributes": attributes}));
    let body = |bytes| json!({"QueueUrl": url, "MessageBody": "a".repeat(bytes)});
    case.client.ok("SendMessage", &body(1024));
    case.step("send_oversized_message", "SendMessage", &body(1025));
}
