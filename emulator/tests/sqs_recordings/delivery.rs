//! Messages on their way out: visibility timeouts, delays, purges.

use serde_json::json;

use crate::case::{Case, Steps};
use crate::client::handle;

pub(crate) const CASES: &[(&str, Steps)] = &[
    (
        "test_change_message_visibility_after_visibility_timeout_expiration",
        change_after_visibility_timeout,
    ),
    ("test_fifo_delete_after_visibility_timeout_extended", delete_after_longer_timeout),
    ("test_fifo_queue_send_message_with_delay_seconds_fails", fifo_delay),
    ("test_fifo_queue_send_message_with_zero_delay_defaults_to_queue_delay", fifo_delay_of_zero),
    ("test_successive_purge_calls_fail", purge_twice),
];

fn change_after_visibility_timeout(case: &mut Case) {
    let url = case.client.queue("q", &json!({}));
    case.client.send_message(&url, "foobar");
    let receive = json!({"QueueUrl": url, "VisibilityTimeout": 1});
    let received = case.client.ok("ReceiveMessage", &receive);
    case.client.advance(2);
    let change = json!({
        "QueueUrl": url, "ReceiptHandle": handle(&received), "VisibilityTimeout": 2,
    });
    case.step("visibility_timeout_expired", "ChangeMessageVisibility", &change);
}

fn delete_after_longer_timeout(case: &mut Case) {
    let attributes = json!({
        "FifoQueue": "true", "ContentBasedDeduplication": "true", "VisibilityTimeout": "1",
    });
    let url = case.client.queue("q.fifo", &attributes);
    let send = json!({"QueueUrl": url, "MessageBody": "foobar", "MessageGroupId": "1"});
    case.client.ok("SendMessage", &send);
    let received = case.step("received_sqs_message", "ReceiveMessage", &json!({"QueueUrl": url}));
    let handle = handle(&received);
    let longer = json!({"QueueUrl": url, "ReceiptHandle": handle, "VisibilityTimeout": 10});
    case.client.ok("ChangeMessageVisibility", &longer);
    case.client.advance(2);
    let delete = json!({"QueueUrl": url, "ReceiptHandle": handle});
    case.step("delete_after_timeout_fifo_extended", "DeleteMessage", &delete);
}

fn fifo_delay(case: &mut Case) {
    let attributes = json!({"FifoQueue": "true", "ContentBasedDeduplication": "true"});
    let url = case.client.queue("q.fifo", &attributes);
    let send = json!({
        "QueueUrl": url, "MessageBody": "message-1", "MessageGroupId": "1", "DelaySeconds": 2,
    });
    case.step("send_message", "SendMessage", &send);
}

fn fifo_delay_of_zero(case: &mut Case) {
    let attributes = json!({
        "FifoQueue": "true", "ContentBasedDeduplication": "true", "DelaySeconds": "2",
    });
    let url = case.client.queue("q.fifo", &attributes);
    let send = json!({
        "QueueUrl": url, "MessageBody": "message-1", "MessageGroupId": "1", "DelaySeconds": 0,
    });
    case.step("send_message_result", "SendMessage", &send);
    let receive = json!({"QueueUrl": url});
    case.step("receive_message_initial_result", "ReceiveMessage", &receive);
    case.client.advance(2);
    case.step("receive_message_after_delay_result", "ReceiveMessage", &receive);
}

fn purge_twice(case: &mut Case) {
    let url = case.client.queue("q", &json!({}));
    case.client.ok("PurgeQueue", &json!({"QueueUrl": url}));
    case.client.advance(59);
    case.step("purge_queue_error", "PurgeQueue", &json!({"QueueUrl": url}));
    case.client.advance(1);
    case.client.ok("PurgeQueue", &json!({"QueueUrl": url}));
}
