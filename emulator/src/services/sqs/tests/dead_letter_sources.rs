//! ListDeadLetterSourceQueues.

use serde_json::{Value, json};

use crate::cloud::testing::World;

fn world() -> World {
    let mut world = World::new();
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "dlq"}));
    let policy = json!({
        "deadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:dlq", "maxReceiveCount": 1
    });
    for name in ["a", "b", "c"] {
        let attributes = json!({"RedrivePolicy": policy.to_string()});
        world.ok("AmazonSQS.CreateQueue", json!({"QueueName": name, "Attributes": attributes}));
    }
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "other"}));
    world
}

fn url(name: &str) -> String {
    format!("http://localhost:4566/000000000000/{name}")
}

#[test]
fn the_sources_of_a_dead_letter_queue_come_in_pages() {
    let mut world = world();
    let mut list = |request: Value| world.ok("AmazonSQS.ListDeadLetterSourceQueues", request);
    let all = json!({"queueUrls": [url("a"), url("b"), url("c")]});
    assert_eq!(list(json!({"QueueUrl": "dlq"})), all);
    assert_eq!(list(json!({"QueueUrl": "dlq", "MaxResults": 3})), all);
    assert_eq!(list(json!({"QueueUrl": "other"})), json!({"queueUrls": []}));
    let first = list(json!({"QueueUrl": "dlq", "MaxResults": 2}));
    assert_eq!(first["queueUrls"], json!([url("a"), url("b")]));
    let next = json!({"QueueUrl": "dlq", "MaxResults": 2, "NextToken": first["NextToken"]});
    assert_eq!(list(next), json!({"queueUrls": [url("c")]}));
}

#[test]
fn the_sources_speak_query() {
    let form = "Action=ListDeadLetterSourceQueues&Version=2012-11-05&QueueUrl=dlq";
    let (status, answer) = world().query("sqs", form);
    assert_eq!(status, 200);
    let result = format!(
        "<ListDeadLetterSourceQueuesResult><QueueUrl>{}</QueueUrl><QueueUrl>{}</QueueUrl>",
        url("a"),
        url("b")
    );
    assert!(answer.contains(&result), "{answer}");
}

#[test]
fn bad_lists_get_the_errors_of_aws() {
    let mut world = world();
    let cases = [
        (json!({"QueueUrl": "none"}), "QueueDoesNotExist"),
        (json!({}), "MissingRequiredParameterException"),
        (json!({"QueueUrl": "dlq", "MaxResults": 0}), "InvalidParameterValueException"),
        (json!({"QueueUrl": "dlq", "MaxResults": 1001}), "InvalidParameterValueException"),
    ];
    for (request, shape) in cases {
        let refused = world.err("AmazonSQS.ListDeadLetterSourceQueues", request);
        assert_eq!(refused.shape, shape);
    }
}
