//! FIFO queues: de-duplication, its scope, and order.

use serde_json::{Value, json};

use crate::case::{Case, Steps};
use crate::client::handle;

pub(crate) const CASES: &[(&str, Steps)] = &[
    ("test_fifo_change_to_high_throughput_after_creation", to_group_scope),
    ("test_fifo_change_to_regular_throughput_after_creation", to_queue_scope),
    ("test_fifo_deduplication_arrives_once_after_delete", once_after_delete),
    ("test_fifo_high_throughput_ordering", group_scope),
    ("test_fifo_message_attributes", system_attributes),
    ("test_fifo_set_content_based_deduplication_strategy", content_based),
    ("test_sqs_fifo_message_group_scope_no_throughput_setting", group_scope_alone),
    ("test_sqs_fifo_same_dedup_id_different_message_groups", queue_scope),
];

fn fifo(case: &mut Case, more: &Value) -> String {
    let mut attributes = json!({"FifoQueue": "true"});
    for (name, value) in more.as_object().expect("attributes by name") {
        attributes[name] = value.clone();
    }
    case.client.queue("q.fifo", &attributes)
}

fn per_group() -> Value {
    json!({"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"})
}

fn per_queue() -> Value {
    json!({"DeduplicationScope": "queue", "FifoThroughputLimit": "perQueue"})
}

/// Sends, receives what there is and deletes it.
fn pass(case: &mut Case, step: &str, url: &str, message: [&str; 3]) {
    let [body, group, deduplication] = message;
    let send = json!({
        "QueueUrl": url,
        "MessageBody": body,
        "MessageGroupId": group,
        "MessageDeduplicationId": deduplication,
    });
    case.client.ok("SendMessage", &send);
    let received = case.step(step, "ReceiveMessage", &json!({"QueueUrl": url}));
    if received.get("Messages").is_some() {
        let delete = json!({"QueueUrl": url, "ReceiptHandle": handle(&received)});
        case.client.ok("DeleteMessage", &delete);
    }
}

fn change(case: &mut Case, step: &str, url: &str, attributes: &Value) {
    let request = json!({"QueueUrl": url, "Attributes": attributes});
    case.client.ok("SetQueueAttributes", &request);
    let request = json!({"QueueUrl": url, "AttributeNames": ["All"]});
    case.step(step, "GetQueueAttributes", &request);
}

/// An id that was used while it counted in the whole queue still counts in the whole queue.
fn to_group_scope(case: &mut Case) {
    let url = fifo(case, &per_queue());
    pass(case, "same-dedup-different-grp-1", &url, ["Test1", "1", "dedup"]);
    pass(case, "same-dedup-different-grp-2", &url, ["Test2", "2", "dedup"]);
    change(case, "set-to-high-throughput", &url, &per_group());
    pass(case, "same-dedup-different-grp-high-throughput", &url, ["Test3", "3", "dedup"]);
    pass(case, "same-dedup-different-grp-high-throughput-2", &url, ["Test3", "2", "dedup"]);
    pass(case, "new-dedup2-high-throughput", &url, ["Test4", "1", "dedup2"]);
    pass(case, "same-dedup2-high-throughput", &url, ["Test5", "1", "dedup2"]);
}

fn to_queue_scope(case: &mut Case) {
    let url = fifo(case, &per_group());
    pass(case, "same-dedup-different-grp-1", &url, ["Test1", "1", "dedup"]);
    pass(case, "same-dedup-different-grp-2", &url, ["Test2", "2", "dedup"]);
    change(case, "set-to-regular-throughput", &url, &per_queue());
    pass(case, "same-dedup-different-grp-regular-throughput", &url, ["Test3", "3", "dedup"]);
}

fn once_after_delete(case: &mut Case) {
    let content_based = if case.variant == "True" { "true" } else { "false" };
    let url = fifo(case, &json!({"ContentBasedDeduplication": content_based}));
    let mut send = json!({
        "QueueUrl": url, "MessageBody": "{\"foo\": \"bar\"}", "MessageGroupId": "group-1",
    });
    if content_based == "false" {
        send["MessageDeduplicationId"] = "dedup-1".into();
    }
    case.client.ok("SendMessage", &send);
    let receive = json!({"QueueUrl": url});
    let received = case.step("get-messages", "ReceiveMessage", &receive);
    let delete = json!({"QueueUrl": url, "ReceiptHandle": handle(&received)});
    case.client.ok("DeleteMessage", &delete);
    case.client.ok("SendMessage", &send);
    case.step("get-messages-duplicate", "ReceiveMessage", &receive);
}

fn group_scope(case: &mut Case) {
    let url = fifo(case, &per_group());
    pass(case, "same-dedup-different-grp-1", &url, ["Test1", "1", "dedup"]);
    pass(case, "same-dedup-different-grp-2", &url, ["Test2", "2", "dedup"]);
}

fn group_scope_alone(case: &mut Case) {
    let url = fifo(case, &json!({"DeduplicationScope": "messageGroup"}));
    pass(case, "same-dedup-different-grp-1", &url, ["Test", "1", "dedup"]);
    pass(case, "same-dedup-different-grp-2", &url, ["Test", "2", "dedup"]);
}

fn queue_scope(case: &mut Case) {
    let url = fifo(case, &json!({}));
    pass(case, "same-dedup-different-grp-1", &url, ["Test", "1", "dedup"]);
    pass(case, "same-dedup-different-grp-2", &url, ["Test", "2", "dedup"]);
}

fn system_attributes(case: &mut Case) {
    let url = fifo(case, &json!({}));
    let send = json!({
        "QueueUrl": url,
        "MessageBody": "message-body-1",
        "MessageGroupId": "group-1",
        "MessageDeduplicationId": "dedup-1",
    });
    case.step("send_message", "SendMessage", &send);
    let receive = json!({"QueueUrl": url, "AttributeNames": ["All"], "VisibilityTimeout": 0});
    case.step("receive_message_0", "ReceiveMessage", &receive);
    case.step("receive_message_1", "ReceiveMessage", &receive);
}

fn content_based(case: &mut Case) {
    let url = fifo(case, &json!({"ContentBasedDeduplication": "true"}));
    let request = json!({"QueueUrl": url, "AttributeNames": ["All"]});
    case.step("before-update", "GetQueueAttributes", &request);
    change(case, "after-update", &url, &json!({"ContentBasedDeduplication": "false"}));
}
