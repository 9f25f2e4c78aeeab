//! Who may do what to a queue: other accounts, and what a policy denies everybody.

use serde_json::{Value, json};

use super::{FIFO, QUEUE, bodies, receive, send, world};
use crate::cloud::testing::World;
use crate::kernel::{PolicyMode, Settings, What};

const OTHER: &str = "111111111111";
const THIRD: &str = "222222222222";
const ARN: &str = "arn:aws:sqs:us-east-1:000000000000:q";

fn set_policy(world: &mut World, statement: &Value) {
    let policy = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
    let request = json!({"QueueUrl": QUEUE, "Attributes": {"Policy": policy}});
    world.ok("AmazonSQS.SetQueueAttributes", request);
}

fn message(body: &str) -> Value {
    json!({"QueueUrl": QUEUE, "MessageBody": body})
}

#[test]
fn another_account_needs_a_statement() {
    let mut world = world();
    let send = "AmazonSQS.SendMessage";
    let refused = world.call_as(OTHER, send, message("x")).unwrap_err();
    assert_eq!(refused.shape, "AccessDeniedException");
    assert_eq!(
        refused.message,
        format!(
            "User: arn:aws:iam::{OTHER}:user/skyrig is not authorized to perform: sqs:sendmessage on \
             resource: {ARN} (skyrig: queue policy of {ARN} has no statement that allows \
             arn:aws:iam::{OTHER}:user/skyrig to sqs:SendMessage; add {{\"Effect\":\"Allow\",\
             \"Principal\":{{\"AWS\":\"arn:aws:iam::{OTHER}:user/skyrig\"}},\"Action\":\
             \"sqs:SendMessage\",\"Resource\":\"{ARN}\"}})"
        )
    );
    let permission = json!({
        "QueueUrl": QUEUE, "Label": "l", "AWSAccountIds": [OTHER], "Actions": ["SendMessage"]
    });
    world.ok("AmazonSQS.AddPermission", permission);
    world.call_as(OTHER, send, message("one")).unwrap();
    let entries = json!([{"Id": "1", "MessageBody": "two"}]);
    let batch = json!({"QueueUrl": QUEUE, "Entries": entries});
    world.call_as(OTHER, "AmazonSQS.SendMessageBatch", batch).unwrap();
    assert_eq!(bodies(&receive(&mut world, QUEUE, 10)), ["one", "two"]);
    // Nothing else, and nobody else.
    let queue = json!({"QueueUrl": QUEUE});
    for operation in ["ReceiveMessage", "GetQueueAttributes", "PurgeQueue", "DeleteQueue"] {
        let target = format!("AmazonSQS.{operation}");
        let refused = world.call_as(OTHER, &target, queue.clone()).unwrap_err();
        assert_eq!(refused.shape, "AccessDeniedException", "{operation}");
    }
    assert!(world.call_as(THIRD, send, message("x")).is_err());
}

#[test]
fn some_things_are_never_granted() {
    let mut world = world();
    let all = json!({"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": ARN});
    set_policy(&mut world, &all);
    world.call_as(OTHER, "AmazonSQS.PurgeQueue", json!({"QueueUrl": QUEUE})).unwrap();
    let delete = json!({"QueueUrl": QUEUE});
    let refused = world.call_as(OTHER, "AmazonSQS.DeleteQueue", delete.clone()).unwrap_err();
    assert!(refused.message.contains("only the account of a queue"), "{refused:?}");
    world.ok("AmazonSQS.DeleteQueue", delete);
}

#[test]
fn a_denial_counts_for_the_queues_own_account() {
    let mut world = world();
    let deny = json!({
        "Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "sqs:SendMessage",
        "Resource": ARN,
    });
    set_policy(&mut world, &deny);
    let refused = world.err("AmazonSQS.SendMessage", message("x"));
    assert_eq!(refused.shape, "AccessDeniedException");
    assert!(refused.message.contains("statement \"No\""), "{refused:?}");
    // A statement that denies others, or under a condition that does not hold, does not count.
    let of_others = json!([
        {"Effect": "Deny", "Principal": {"AWS": OTHER}, "Action": "*", "Resource": ARN},
        {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": ARN,
         "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
    ]);
    set_policy(&mut world, &of_others);
    send(&mut world, "x");
}

#[test]
fn where_policies_only_warn_calls_pass_and_are_remembered() {
    let settings = Settings { policies: PolicyMode::Warn, ..Settings::default() };
    let mut world = World::with(settings);
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "q"}));
    world.call_as(OTHER, "AmazonSQS.SendMessage", message("x")).unwrap();
    let mut entries = world.cloud.lineage().entries();
    let warned = entries.find(|entry| entry.what == What::Warned).unwrap();
    assert!(warned.note.as_deref().unwrap().contains("sqs:sendmessage"), "{warned:?}");
}

#[test]
fn queues_of_other_accounts_are_found_by_those_who_may() {
    let mut world = world();
    let find = json!({"QueueName": "q", "QueueOwnerAWSAccountId": "000000000000"});
    let refused = world.call_as(OTHER, "AmazonSQS.GetQueueUrl", find.clone()).unwrap_err();
    assert_eq!(refused.shape, "AccessDeniedException");
    let allow = json!({
        "Effect": "Allow", "Principal": {"AWS": OTHER}, "Resource": ARN,
        "Action": ["sqs:GetQueueUrl", "sqs:ReceiveMessage"],
    });
    set_policy(&mut world, &allow);
    let found = world.call_as(OTHER, "AmazonSQS.GetQueueUrl", find).unwrap();
    assert_eq!(found, json!({"QueueUrl": QUEUE}));
    // An account that has nothing, and a queue that is not there.
    for (account, name) in [(THIRD, "q"), ("000000000000", "none")] {
        let url = format!("http://localhost:4566/{account}/{name}");
        let receive = json!({"QueueUrl": url});
        let refused = world.call_as(OTHER, "AmazonSQS.ReceiveMessage", receive).unwrap_err();
        assert_eq!(refused.shape, "QueueDoesNotExist", "{url}");
    }
}

#[test]
fn a_queue_of_another_region_is_not_this_one() {
    let mut world = world();
    for (url, found) in [
        ("http://sqs.us-east-1.localhost.localstack.cloud:4566/000000000000/q", true),
        ("http://localhost:4566/queue/us-east-1/000000000000/q", true),
        ("https://sqs.us-east-1.amazonaws.com/000000000000/q", true),
        ("http://sqs.eu-west-1.localhost.localstack.cloud:4566/000000000000/q", false),
        ("http://localhost:4566/queue/eu-west-1/000000000000/q", false),
        ("https://sqs.eu-west-1.amazonaws.com/000000000000/q", false),
    ] {
        let request = json!({"QueueUrl": url, "MessageBody": "x"});
        let answer = world.call("AmazonSQS.SendMessage", request);
        assert_eq!(answer.is_ok(), found, "{url}: {answer:?}");
    }
    let unknown = json!({"QueueUrl": FIFO});
    assert_eq!(world.err("AmazonSQS.PurgeQueue", unknown).shape, "QueueDoesNotExist");
}
