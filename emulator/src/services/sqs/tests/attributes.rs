//! Queue attributes: ranges, kinds of queues, policies and encryption.

use serde_json::{Map, Value, json};

use super::{FIFO, QUEUE, fifo_world, world};
use crate::cloud::testing::World;

const NAME: &str = "InvalidAttributeName";
const VALUE: &str = "InvalidAttributeValue";

/// Sets the same attributes at creation and later: the same answer, and nothing is changed.
fn check(attributes: Value, refused: Option<(&str, &str)>) {
    let mut world = world();
    let create = json!({"QueueName": "new", "Attributes": attributes});
    let set = json!({"QueueUrl": QUEUE, "Attributes": attributes});
    for (operation, request) in [("CreateQueue", create), ("SetQueueAttributes", set)] {
        let answer = world.call(&format!("AmazonSQS.{operation}"), request);
        match (answer, refused) {
            (Ok(_), None) => {}
            (Err(error), Some((shape, message))) => {
                assert_eq!((&*error.shape, &*error.message), (shape, message), "{attributes}");
            }
            (answer, _) => panic!("{operation} {attributes}: {answer:?}"),
        }
    }
}

#[test]
fn numbers_have_ranges() {
    let ranges = [
        ("DelaySeconds", 0, 900),
        ("MaximumMessageSize", 1024, 1_048_576),
        ("MessageRetentionPeriod", 60, 1_209_600),
        ("ReceiveMessageWaitTimeSeconds", 0, 20),
        ("VisibilityTimeout", 0, 43_200),
        ("KmsDataKeyReusePeriodSeconds", 60, 86_400),
    ];
    let attribute = |name: &str, value: String| {
        Value::Object(Map::from_iter([(name.to_owned(), Value::String(value))]))
    };
    for (name, least, most) in ranges {
        let message = format!("Invalid value for the parameter {name}.");
        for value in [least, most] {
            check(attribute(name, value.to_string()), None);
        }
        for value in [(least - 1).to_string(), (most + 1).to_string(), "x".into(), "".into()] {
            check(attribute(name, value), Some((VALUE, &message)));
        }
    }
}

#[test]
fn other_attributes_have_their_forms() {
    let invalid = |name: &str| format!("Invalid value for the parameter {name}.");
    let cases = [
        (json!({"Policy": "not a policy"}), VALUE, invalid("Policy")),
        (json!({"RedriveAllowPolicy": "{}"}), VALUE, invalid("RedriveAllowPolicy")),
        (json!({"SqsManagedSseEnabled": "maybe"}), VALUE, invalid("SqsManagedSseEnabled")),
        (json!({"FifoQueue": "false"}), NAME, "Unknown Attribute FifoQueue.".to_owned()),
        (
            json!({"FifoThroughputLimit": "perQueue"}),
            NAME,
            "Unknown Attribute FifoThroughputLimit.".to_owned(),
        ),
        (json!({"QueueArn": "arn:aws:sqs:::q"}), NAME, "Unknown Attribute QueueArn.".to_owned()),
        (json!({"": "x"}), NAME, "Unknown Attribute .".to_owned()),
        (
            json!({"KmsMasterKeyId": "alias/aws/sqs", "SqsManagedSseEnabled": "true"}),
            VALUE,
            "You can use one type of server-side encryption (SSE) at one time. You can either \
             enable KMS SSE or SQS SSE."
                .to_owned(),
        ),
    ];
    for (attributes, shape, message) in cases {
        check(attributes, Some((shape, &message)));
    }
    for attributes in [
        json!({"Policy": "", "RedrivePolicy": "", "RedriveAllowPolicy": "", "KmsMasterKeyId": ""}),
        json!({"KmsMasterKeyId": "alias/aws/sqs", "SqsManagedSseEnabled": "false"}),
        json!({"KmsMasterKeyId": "", "SqsManagedSseEnabled": "true"}),
    ] {
        check(attributes, None);
    }
}

#[test]
fn fifo_attributes_have_their_forms() {
    let limit = "Invalid value for the parameter FifoThroughputLimit. Reason: The \
                 perMessageGroupId value is allowed only when the value for DeduplicationScope is \
                 messageGroup.";
    let cases = [
        (
            json!({"ContentBasedDeduplication": "1"}),
            "Invalid value for the parameter ContentBasedDeduplication.",
        ),
        (
            json!({"DeduplicationScope": "all"}),
            "Invalid value for the parameter DeduplicationScope.",
        ),
        (
            json!({"FifoThroughputLimit": "none"}),
            "Invalid value for the parameter FifoThroughputLimit.",
        ),
        (json!({"FifoThroughputLimit": "perMessageGroupId"}), limit),
    ];
    let mut world = fifo_world();
    for (attributes, message) in cases {
        let request = json!({"QueueUrl": FIFO, "Attributes": attributes});
        let error = world.err("AmazonSQS.SetQueueAttributes", request);
        assert_eq!((&*error.shape, &*error.message), (VALUE, message));
    }
}

fn get(world: &mut World, names: Value) -> Value {
    let request = json!({"QueueUrl": QUEUE, "AttributeNames": names});
    world.ok("AmazonSQS.GetQueueAttributes", request)
}

#[test]
fn one_encryption_replaces_the_other() {
    let mut world = world();
    let names = ["KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"];
    let steps = [
        (json!({"KmsDataKeyReusePeriodSeconds": "60"}), json!({"SqsManagedSseEnabled": "true"})),
        (
            json!({"KmsMasterKeyId": "k"}),
            json!({
                "KmsMasterKeyId": "k",
                "KmsDataKeyReusePeriodSeconds": "60",
                "SqsManagedSseEnabled": "false",
            }),
        ),
        (json!({"SqsManagedSseEnabled": "true"}), json!({"SqsManagedSseEnabled": "true"})),
        (json!({"SqsManagedSseEnabled": "false"}), json!({"SqsManagedSseEnabled": "false"})),
    ];
    for (set, shown) in steps {
        world.ok("AmazonSQS.SetQueueAttributes", json!({"QueueUrl": QUEUE, "Attributes": set}));
        assert_eq!(get(&mut world, json!(names))["Attributes"], shown);
    }
}

#[test]
fn attributes_are_asked_for_by_name() {
    let mut world = world();
    assert_eq!(get(&mut world, json!([])), json!({}));
    assert_eq!(get(&mut world, json!(["Policy", "FifoQueue"])), json!({}));
    let shown = json!({"Attributes": {"DelaySeconds": "0"}});
    assert_eq!(get(&mut world, json!(["DelaySeconds", "DelaySeconds"])), shown);
    for name in ["", "Colour"] {
        let request = json!({"QueueUrl": QUEUE, "AttributeNames": ["DelaySeconds", name]});
        let error = world.err("AmazonSQS.GetQueueAttributes", request);
        let message = format!("Unknown Attribute {name}.");
        assert_eq!((&*error.shape, error.message), (NAME, message));
    }
}

#[test]
fn a_redrive_policy_names_a_queue_and_a_count() {
    let dlq = "arn:aws:sqs:us-east-1:000000000000:dlq";
    let policy = |target: &str, count: Value| {
        json!({"deadLetterTargetArn": target, "maxReceiveCount": count}).to_string()
    };
    let range = |count: &str| {
        format!(
            "Invalid value for maxReceiveCount: {count}, valid values are from 1 to 1000 both \
             inclusive."
        )
    };
    let missing =
        |name: &str| format!("Redrive policy does not contain mandatory attribute: {name}.");
    let cases = [
        ("x".to_owned(), "Redrive policy is not a valid JSON map.".to_owned()),
        ("[]".to_owned(), "Redrive policy is not a valid JSON map.".to_owned()),
        ("{}".to_owned(), missing("maxReceiveCount")),
        (json!({"maxReceiveCount": 1}).to_string(), missing("deadLetterTargetArn")),
        (policy(dlq, json!(0)), range("0")),
        (policy(dlq, json!(1001)), range("1001")),
        (policy(dlq, json!("many")), range("many")),
        (policy(&format!("{dlq}2"), json!(1)), "Dead letter target does not exist.".to_owned()),
    ];
    let mut world = world();
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "dlq"}));
    for (policy, reason) in cases {
        let request = json!({"QueueUrl": QUEUE, "Attributes": {"RedrivePolicy": policy}});
        let error = world.err("AmazonSQS.SetQueueAttributes", request);
        let message =
            format!("Value {policy} for parameter RedrivePolicy is invalid. Reason: {reason}");
        assert_eq!(error.message, message);
        assert_eq!(error.shape, "InvalidParameterValueException");
    }
    for count in [json!(1000), json!("1000")] {
        let attributes = json!({"RedrivePolicy": policy(dlq, count)});
        let request = json!({"QueueUrl": QUEUE, "Attributes": attributes});
        world.ok("AmazonSQS.SetQueueAttributes", request);
        let shown = get(&mut world, json!(["RedrivePolicy"]));
        assert_eq!(shown["Attributes"]["RedrivePolicy"], policy(dlq, json!(1000)));
    }
}

/// A policy of 9 MB was taken; AWS has quotas on its size and its statements.
#[test]
fn documents_have_a_size() {
    let mut world = world();
    let mut set = |name: &str, value: String| {
        let request = json!({"QueueUrl": QUEUE, "Attributes": {name: value}});
        world.call("AmazonSQS.SetQueueAttributes", request).map_err(|refused| refused.shape)
    };
    let statement = json!({
        "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*",
    });
    let policy = |statements: usize, sid: usize| {
        let mut statements = vec![statement.clone(); statements];
        statements[0]["Sid"] = "x".repeat(sid).into();
        json!({"Version": "2012-10-17", "Statement": statements}).to_string()
    };
    assert!(set("Policy", policy(20, 1)).is_ok());
    for text in [policy(21, 1), policy(1, 8192), policy(1, 9_000_000)] {
        assert_eq!(set("Policy", text), Err("OverLimit".to_owned()));
    }
    let key = set("KmsMasterKeyId", "x".repeat(8193));
    assert_eq!(key, Err("InvalidAttributeValue".to_owned()));
}
