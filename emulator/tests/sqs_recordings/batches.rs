//! Batches: their size, their entries' ids, and what fails a batch as a whole.

use serde_json::{Value, json};

use crate::case::{Case, Steps};

/// Largest batch in bytes.
const BATCH_BYTES_MAX: usize = 1_048_576;

pub(crate) const CASES: &[(&str, Steps)] = &[
    ("test_delete_message_batch_with_too_large_batch", too_many_entries),
    ("test_invalid_batch_id", invalid_id),
    ("test_send_batch_missing_deduplication_id_for_fifo_queue", missing_deduplication_id),
    ("test_send_batch_missing_message_group_id_for_fifo_queue", missing_group),
    ("test_send_message_batch_with_oversized_contents", oversized),
    (
        "test_send_message_batch_with_oversized_contents_with_updated_maximum_message_size",
        longer_than_one_message,
    ),
];

fn too_many_entries(case: &mut Case) {
    let url = case.client.queue("q", &json!({}));
    let mut entries = Vec::new();
    for index in 0..20 {
        case.client.send_message(&url, "message");
        let handle = case.client.receive_handle(&url);
        entries.push(json!({"Id": index.to_string(), "ReceiptHandle": handle}));
    }
    let request = json!({"QueueUrl": url, "Entries": entries});
    case.step("error_response", "DeleteMessageBatch", &request);
}

fn invalid_id(case: &mut Case) {
    let url = case.client.queue("q", &json!({}));
    let entries = json!([{"Id": "message:invalid", "MessageBody": "message"}]);
    let request = json!({"QueueUrl": url, "Entries": entries});
    case.step("test_invalid_batch_id", "SendMessageBatch", &request);
}

fn missing_deduplication_id(case: &mut Case) {
    let url = case.client.queue("q.fifo", &json!({"FifoQueue": "true"}));
    let entries = json!([
        {"Id": "1", "MessageBody": "one", "MessageGroupId": "g", "MessageDeduplicationId": "d"},
        {"Id": "2", "MessageBody": "two", "MessageGroupId": "g"},
    ]);
    let request = json!({"QueueUrl": url, "Entries": entries});
    case.step("test_missing_deduplication_id_for_fifo_queue", "SendMessageBatch", &request);
    assert_eq!(case.client.ok("ReceiveMessage", &json!({"QueueUrl": url})).get("Messages"), None);
}

fn missing_group(case: &mut Case) {
    let attributes = json!({"FifoQueue": "true", "ContentBasedDeduplication": "true"});
    let url = case.client.queue("q.fifo", &attributes);
    let entries = json!([
        {"Id": "1", "MessageBody": "one", "MessageGroupId": "g"},
        {"Id": "2", "MessageBody": "two"},
    ]);
    let request = json!({"QueueUrl": url, "Entries": entries});
    case.step("test_missing_message_group_id_for_fifo_queue", "SendMessageBatch", &request);
    assert_eq!(case.client.ok("ReceiveMessage", &json!({"QueueUrl": url})).get("Messages"), None);
}

/// Two messages; the first one with its attribute `k` has `bytes` bytes, the second has one.
fn entries(bytes: usize) -> Value {
    let attributes = json!({"k": {"DataType": "String", "StringValue": "x"}});
    let attribute_bytes = "k".len() + "String".len() + "x".len();
    let body = "a".repeat(bytes - attribute_bytes);
    json!([
        {"Id": "1", "MessageBody": body, "MessageAttributes": attributes},
        {"Id": "2", "MessageBody": "a"},
    ])
}

fn oversized(case: &mut Case) {
    let url = case.client.queue("q", &json!({}));
    let request = json!({"QueueUrl": url, "Entries": entries(BATCH_BYTES_MAX)});
    case.step("send_oversized_message_batch", "SendMessageBatch", &request);
}

/// The queue's `MaximumMessageSize` is a limit of each message, not of the batch.
fn longer_than_one_message(case: &mut Case) {
    let url = case.client.queue("q", &json!({"MaximumMessageSize": "2048"}));
    let request = json!({"QueueUrl": url, "Entries": entries(2048)});
    case.step("send_oversized_message_batch", "SendMessageBatch", &request);
}
