//! What a receive takes, how long it waits, and which attributes it shows.

use serde_json::{Value, json};

use crate::case::{Case, Steps};
use crate::client::Protocol;

pub(crate) const CASES: &[(&str, Steps)] = &[
    ("test_receive_empty_queue", empty_queue),
    ("test_receive_message_attribute_names_filters", attribute_names),
    ("test_receive_message_message_system_attribute_names_filters", system_attribute_names),
    ("test_receive_message_message_attribute_names_filters", message_attribute_names),
    ("test_send_receive_max_number_of_messages", too_many_messages),
    ("test_send_receive_wait_time_seconds", wait_time),
    ("test_send_message_via_queue_url_with_json_protocol", queue_path),
];

fn empty_queue(case: &mut Case) {
    let url = case.client.queue("q", &json!({}));
    for (step, wait) in [("empty_short_poll_resp", 0), ("empty_long_poll_resp", 1)] {
        let request = json!({"QueueUrl": url, "WaitTimeSeconds": wait});
        case.step(step, "ReceiveMessage", &request);
    }
    case.step("empty_short_poll_resp_no_param", "ReceiveMessage", &json!({"QueueUrl": url}));
}

fn attribute_names(case: &mut Case) {
    system_attributes_by(case, "AttributeNames");
}

fn system_attribute_names(case: &mut Case) {
    system_attributes_by(case, "MessageSystemAttributeNames");
}

fn system_attributes_by(case: &mut Case, parameter: &str) {
    let url = case.client.queue("q", &json!({}));
    let attributes = json!({"Foo": {"DataType": "String", "StringValue": "Bar"}});
    let send = json!({"QueueUrl": url, "MessageBody": "msg", "MessageAttributes": attributes});
    case.client.ok("SendMessage", &send);
    let steps = [
        ("all_attributes", json!({parameter: ["All"]})),
        (
            "all_system_and_message_attributes",
            json!({parameter: ["All"], "MessageAttributeNames": ["All"]}),
        ),
        ("single_attribute", json!({parameter: ["SenderId"]})),
        ("multiple_attributes", json!({parameter: ["SenderId", "SequenceNumber"]})),
    ];
    for (step, mut receive) in steps {
        receive["QueueUrl"] = url.as_str().into();
        receive["VisibilityTimeout"] = 0.into();
        case.step(step, "ReceiveMessage", &receive);
    }
}

fn message_attribute_names(case: &mut Case) {
    let url = case.client.queue("q", &json!({}));
    let text = |value: &str| json!({"DataType": "String", "StringValue": value});
    let attributes =
        json!({"Hello": text("There"), "General": text("Kenobi"), "Help.Me": text("Me")});
    let send = json!({"QueueUrl": url, "MessageBody": "msg", "MessageAttributes": attributes});
    case.step("send_message_response", "SendMessage", &send);
    let receive = |case: &mut Case, names: &[&str]| {
        let request =
            json!({"QueueUrl": url, "VisibilityTimeout": 0, "MessageAttributeNames": names});
        case.client.ok("ReceiveMessage", &request)
    };
    let whole: [(&str, &[&str]); 4] = [
        ("empty_filter", &[]),
        ("all_name", &["All"]),
        ("illegal_name_1", &["AWS."]),
        ("illegal_name_2", &["..foo"]),
    ];
    for (step, names) in whole {
        let received = receive(case, names);
        case.answered(step, &received);
    }
    let messages: [(&str, &[&str]); 6] = [
        ("all_wildcard_asterisk", &["*"]),
        ("all_wildcard", &[".*"]),
        ("only_non_existing_names", &["Foo", "Bar"]),
        ("only_existing", &["Hello", "General"]),
        ("existing_and_non_existing", &["Foo", "Hello"]),
        ("prefix_filter", &["Hel.*"]),
    ];
    for (step, names) in messages {
        let received = receive(case, names);
        case.answered(step, &received["Messages"][0]);
    }
}

fn too_many_messages(case: &mut Case) {
    let url = case.client.queue("q", &json!({}));
    let request = json!({"QueueUrl": url, "MaxNumberOfMessages": 11});
    case.step("send_max_number_of_messages", "ReceiveMessage", &request);
}

fn wait_time(case: &mut Case) {
    let url = case.client.queue("q", &json!({}));
    let wait = |seconds: i32| json!({"QueueUrl": url, "WaitTimeSeconds": seconds});
    case.step("recieve_message_error_too_large", "ReceiveMessage", &wait(21));
    case.step("recieve_message_error_too_small", "ReceiveMessage", &wait(-1));
    let steps: [(&str, Value); 2] = [
        ("empty_short_poll_by_default_resp", json!({"QueueUrl": url})),
        ("empty_short_poll_explicit_resp", wait(0)),
    ];
    for (step, receive) in steps {
        case.client.send_message(&url, "message");
        case.step(step, "ReceiveMessage", &receive);
    }
}

/// JSON may be posted to the queue's own path as well.
fn queue_path(case: &mut Case) {
    case.client.protocol = Protocol::Json;
    let url = case.client.queue("q", &json!({}));
    let request = json!({"QueueUrl": url});
    let answer = case.client.call_at("/111111111111/q", "ReceiveMessage", &request);
    case.answered("receive-json-on-queue-url", &answer);
}
