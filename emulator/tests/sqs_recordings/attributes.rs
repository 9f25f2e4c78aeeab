//! Queues, their attributes, tags and policies. Some were recorded through stacks; the calls that
//! a stack makes are made here directly.

use serde_json::{Value, json};

use crate::case::{Case, Steps};
use crate::client::{Client, Protocol};

pub(crate) const CASES: &[(&str, Steps)] = &[
    ("test_create_and_update_queue_attributes", create_and_update),
    ("test_create_fifo_queue_with_different_attributes_raises_error", other_attributes),
    ("test_set_unsupported_attribute_fifo", unsupported_attribute),
    ("test_sse_queue_attributes", encryption),
    ("test_tag_untag_queue", tags),
    ("test_create_standard_queue_with_all_properties", all_properties),
    ("test_create_standard_queue_with_required_properties", required_properties),
    ("test_update_standard_queue_modify_properties_in_place", modify_properties),
    ("test_update_standard_queue_without_explicit_name", modify_some_properties),
    ("test_update_completely_remove_resource", removed),
    ("test_update_sqs_with_inlinepolicy", policy_changed),
    ("test_update_sqs_remove_inlinepolicy", policy_removed),
    ("test_update_add_two_additional_queues_to_policy", policy_of_three_queues),
];

fn all_attributes(case: &mut Case, step: &str, url: &str) {
    let request = json!({"QueueUrl": url, "AttributeNames": ["All"]});
    case.step(step, "GetQueueAttributes", &request);
}

fn set(client: &mut Client, url: &str, attributes: &Value) {
    client.ok("SetQueueAttributes", &json!({"QueueUrl": url, "Attributes": attributes}));
}

fn create_and_update(case: &mut Case) {
    let attributes = json!({
        "MessageRetentionPeriod": "604800",
        "ReceiveMessageWaitTimeSeconds": "10",
        "VisibilityTimeout": "20",
    });
    let url = case.client.queue("q", &attributes);
    all_attributes(case, "get_queue_attributes", &url);
    let changed =
        json!({"DelaySeconds": "420", "MaximumMessageSize": "2048", "VisibilityTimeout": "69"});
    set(&mut case.client, &url, &changed);
    all_attributes(case, "get_updated_queue_attributes", &url);
}

fn other_attributes(case: &mut Case) {
    // The recorded error is of the JSON protocol in both cases.
    case.client.protocol = Protocol::Json;
    let mut attributes = json!({"FifoQueue": "true", "ContentBasedDeduplication": "true"});
    case.client.queue("q.fifo", &attributes);
    attributes["ContentBasedDeduplication"] = "false".into();
    let again = json!({"QueueName": "q.fifo", "Attributes": attributes});
    case.step("queue-already-exists", "CreateQueue", &again);
}

fn unsupported_attribute(case: &mut Case) {
    let standard = case.client.queue("q", &json!({}));
    let request = json!({"QueueUrl": standard, "Attributes": {"FifoQueue": "true"}});
    case.step("invalid-attr-name-1", "SetQueueAttributes", &request);
    let fifo = case.client.queue("q.fifo", &json!({"FifoQueue": "true"}));
    let request = json!({"QueueUrl": fifo, "Attributes": {"FifoQueue": "false"}});
    case.step("invalid-attr-name-2", "SetQueueAttributes", &request);
}

fn encryption(case: &mut Case) {
    let url = case.client.queue("q", &json!({}));
    let names = ["KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"];
    let get = json!({"QueueUrl": url, "AttributeNames": names});
    let with_key = json!({
        "KmsMasterKeyId": "testKeyId",
        "KmsDataKeyReusePeriodSeconds": "6000",
        "SqsManagedSseEnabled": "false",
    });
    set(&mut case.client, &url, &with_key);
    case.step("sse_kms_attributes", "GetQueueAttributes", &get);
    set(&mut case.client, &url, &json!({"SqsManagedSseEnabled": "true"}));
    case.step("sse_sqs_attributes", "GetQueueAttributes", &get);
}

fn tags(case: &mut Case) {
    let url = case.client.queue("q", &json!({}));
    let list = json!({"QueueUrl": url});
    let tags = json!({"tag1": "value1", "tag2": "value2", "tag3": ""});
    case.client.ok("TagQueue", &json!({"QueueUrl": url, "Tags": tags}));
    case.step("get-tag-1", "ListQueueTags", &list);
    case.client.ok("UntagQueue", &json!({"QueueUrl": url, "TagKeys": ["tag1", "tag3"]}));
    case.step("get-tag-2", "ListQueueTags", &list);
    case.client.ok("UntagQueue", &json!({"QueueUrl": url, "TagKeys": ["tag2"]}));
    case.step("get-tag-after-untag", "ListQueueTags", &list);
}

fn redrive_to(client: &mut Client, dlq: &str, count: u32) -> String {
    let arn = client.arn(dlq);
    json!({"deadLetterTargetArn": arn, "maxReceiveCount": count}).to_string()
}

fn all_properties(case: &mut Case) {
    let allow_all = json!({"redrivePermission": "allowAll"}).to_string();
    let dlq = case.client.queue("dlq", &json!({"RedriveAllowPolicy": allow_all}));
    let redrive = redrive_to(&mut case.client, &dlq, 7);
    let attributes = json!({
        "DelaySeconds": "17",
        "KmsDataKeyReusePeriodSeconds": "297",
        "KmsMasterKeyId": "alias/aws/sqs",
        "MaximumMessageSize": "1234",
        "MessageRetentionPeriod": "13579",
        "ReceiveMessageWaitTimeSeconds": "18",
        "RedrivePolicy": redrive,
        "SqsManagedSseEnabled": "false",
        "VisibilityTimeout": "45",
    });
    let tags = json!({"Department": "Finance", "Environment": "Production"});
    let create = json!({"QueueName": "q", "Attributes": attributes, "tags": tags});
    let url = case.client.ok("CreateQueue", &create)["QueueUrl"].clone();
    let url = url.as_str().expect("a URL");
    all_attributes(case, "attributes", url);
    let request = json!({"QueueUrl": dlq, "AttributeNames": ["RedriveAllowPolicy"]});
    case.step("dlq_attributes", "GetQueueAttributes", &request);
    case.step("tags", "ListQueueTags", &json!({"QueueUrl": url}));
}

fn required_properties(case: &mut Case) {
    let url = case.client.queue("q", &json!({}));
    all_attributes(case, "attributes", &url);
}

fn modify_properties(case: &mut Case) {
    let dlq = case.client.queue("dlq", &json!({}));
    let attributes = json!({"DelaySeconds": "17", "KmsMasterKeyId": "alias/aws/sqs"});
    let tags = json!({"Department": "Finance", "Environment": "Production"});
    let create = json!({"QueueName": "q", "Attributes": attributes, "tags": tags});
    let url = case.client.ok("CreateQueue", &create)["QueueUrl"].clone();
    let url = url.as_str().expect("a URL");
    let redrive = redrive_to(&mut case.client, &dlq, 3);
    let changed = json!({
        "DelaySeconds": "16",
        "KmsMasterKeyId": "",
        "MaximumMessageSize": "4321",
        "MessageRetentionPeriod": "17539",
        "ReceiveMessageWaitTimeSeconds": "17",
        "RedrivePolicy": redrive,
        "SqsManagedSseEnabled": "true",
        "VisibilityTimeout": "40",
    });
    set(&mut case.client, url, &changed);
    all_attributes(case, "updated_attributes", url);
    let tags = json!({"Department": "Sales", "Environment": "Staging"});
    case.client.ok("TagQueue", &json!({"QueueUrl": url, "Tags": tags}));
    case.step("updated_tags", "ListQueueTags", &json!({"QueueUrl": url}));
}

fn modify_some_properties(case: &mut Case) {
    let url = case.client.queue("q", &json!({"MaximumMessageSize": "1234"}));
    let changed = json!({
        "MaximumMessageSize": "4321",
        "MessageRetentionPeriod": "17539",
        "ReceiveMessageWaitTimeSeconds": "17",
    });
    set(&mut case.client, &url, &changed);
    all_attributes(case, "updated_attributes", &url);
}

fn removed(case: &mut Case) {
    let url = case.client.queue("q", &json!({}));
    case.client.ok("DeleteQueue", &json!({"QueueUrl": url}));
    case.step("error", "GetQueueUrl", &json!({"QueueName": "q"}));
    let attributes = json!({"QueueUrl": url, "AttributeNames": ["All"]});
    case.step("error", "GetQueueAttributes", &attributes);
}

const SENDING: [&str; 3] = ["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"];

fn policy(client: &mut Client, url: &str, more: &[&str]) -> String {
    let statement = json!({
        "Effect": "Allow",
        "Principal": "*",
        "Action": SENDING.iter().chain(more).collect::<Vec<_>>(),
        "Resource": client.arn(url),
    });
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

fn get_policy(case: &mut Case, step: &str, url: &str) {
    let request = json!({"QueueUrl": url, "AttributeNames": ["Policy"]});
    case.step(step, "GetQueueAttributes", &request);
}

fn policy_changed(case: &mut Case) {
    let url = case.client.queue("q", &json!({}));
    let before = policy(&mut case.client, &url, &[]);
    set(&mut case.client, &url, &json!({"Policy": before}));
    get_policy(case, "policy_before", &url);
    let after = policy(&mut case.client, &url, &["sqs:DeleteMessage", "sqs:ReceiveMessage"]);
    set(&mut case.client, &url, &json!({"Policy": after}));
    get_policy(case, "policy_after", &url);
}

fn policy_removed(case: &mut Case) {
    let url = case.client.queue("q", &json!({}));
    let before = policy(&mut case.client, &url, &[]);
    set(&mut case.client, &url, &json!({"Policy": before}));
    get_policy(case, "policy_before", &url);
    set(&mut case.client, &url, &json!({"Policy": ""}));
    get_policy(case, "policy_after", &url);
}

fn policy_of_three_queues(case: &mut Case) {
    let urls = ["q1", "q2", "q3"].map(|name| case.client.queue(name, &json!({})));
    let before = policy(&mut case.client, &urls[0], &[]);
    set(&mut case.client, &urls[0], &json!({"Policy": before}));
    for (number, url) in (1..).zip(&urls) {
        get_policy(case, &format!("queue_{number}_before"), url);
    }
    // One policy for all three.
    let after = policy(&mut case.client, &urls[0], &["sqs:ChangeMessageVisibility"]);
    for (number, url) in (1..).zip(&urls) {
        set(&mut case.client, url, &json!({"Policy": after}));
        get_policy(case, &format!("queue_{number}_after"), url);
    }
}
