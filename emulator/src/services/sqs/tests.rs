//! Behaviour of SQS in virtual time.

mod access;
mod attributes;
mod batches;
mod dead_letter_sources;
mod fair;
mod fifo;
mod groups;
mod messages;
mod metrics;
mod move_tasks;
mod permissions;
mod properties;
mod queues;
mod receipts;

use serde_json::{Value, json};

use crate::cloud::testing::World;

const QUEUE: &str = "http://localhost:4566/000000000000/q";
const FIFO: &str = "http://localhost:4566/000000000000/q.fifo";

fn world() -> World {
    let mut world = World::new();
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "q"}));
    world
}

fn fifo_world() -> World {
    let mut world = World::new();
    let attributes = json!({"FifoQueue": "true", "ContentBasedDeduplication": "true"});
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "q.fifo", "Attributes": attributes}));
    world
}

fn send(world: &mut World, body: &str) -> Value {
    world.ok("AmazonSQS.SendMessage", json!({"QueueUrl": QUEUE, "MessageBody": body}))
}

fn send_fifo(world: &mut World, group: &str, body: &str) -> Value {
    let request = json!({"QueueUrl": FIFO, "MessageBody": body, "MessageGroupId": group});
    world.ok("AmazonSQS.SendMessage", request)
}

fn receive(world: &mut World, queue: &str, max: u32) -> Vec<Value> {
    let request = json!({
        "QueueUrl": queue, "MaxNumberOfMessages": max, "MessageSystemAttributeNames": ["All"]
    });
    let answer = world.ok("AmazonSQS.ReceiveMessage", request);
    answer["Messages"].as_array().cloned().unwrap_or_default()
}

fn bodies(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["Body"].as_str().unwrap()).collect()
}

fn delete(world: &mut World, queue: &str, message: &Value) {
    let request = json!({"QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"]});
    world.ok("AmazonSQS.DeleteMessage", request);
}

fn counts(world: &mut World, queue: &str) -> [u64; 3] {
    let request = json!({"QueueUrl": queue, "AttributeNames": ["All"]});
    let answer = world.ok("AmazonSQS.GetQueueAttributes", request);
    let of = |name: &str| answer["Attributes"][name].as_str().unwrap().parse().unwrap();
    [
        of("ApproximateNumberOfMessages"),
        of("ApproximateNumberOfMessagesNotVisible"),
        of("ApproximateNumberOfMessagesDelayed"),
    ]
}

#[test]
fn a_message_is_sent_received_and_deleted() {
    let mut world = world();
    let sent = send(&mut world, "hello");
    assert_eq!(sent["MD5OfMessageBody"], "5d41402abc4b2a76b9719d911017c592");
    let messages = receive(&mut world, QUEUE, 10);
    assert_eq!(bodies(&messages), ["hello"]);
    assert_eq!(messages[0]["MessageId"], sent["MessageId"]);
    assert_eq!(messages[0]["Attributes"]["ApproximateReceiveCount"], "1");
    assert_eq!(counts(&mut world, QUEUE), [0, 1, 0]);
    delete(&mut world, QUEUE, &messages[0]);
    delete(&mut world, QUEUE, &messages[0]);
    assert_eq!(counts(&mut world, QUEUE), [0, 0, 0]);
}

#[test]
fn a_message_comes_back_when_its_visibility_timeout_ends() {
    let mut world = world();
    send(&mut world, "again");
    receive(&mut world, QUEUE, 1);
    world.advance_seconds(29);
    assert!(receive(&mut world, QUEUE, 1).is_empty());
    world.advance_seconds(1);
    let again = receive(&mut world, QUEUE, 1);
    assert_eq!(again[0]["Attributes"]["ApproximateReceiveCount"], "2");
}

#[test]
fn retention_really_ends() {
    let mut world = world();
    send(&mut world, "old");
    world.advance_seconds(4 * 86_400 - 1);
    assert_eq!(counts(&mut world, QUEUE), [1, 0, 0]);
    world.advance_seconds(1);
    assert_eq!(counts(&mut world, QUEUE), [0, 0, 0]);
}

#[test]
fn a_delayed_message_appears_in_time() {
    let mut world = world();
    let request = json!({"QueueUrl": QUEUE, "MessageBody": "later", "DelaySeconds": 5});
    world.ok("AmazonSQS.SendMessage", request);
    assert_eq!(counts(&mut world, QUEUE), [0, 0, 1]);
    world.advance_seconds(5);
    assert_eq!(bodies(&receive(&mut world, QUEUE, 1)), ["later"]);
}

#[test]
fn waiting_receives_are_served_in_order_and_at_once() {
    let mut world = world();
    let poll = json!({"QueueUrl": QUEUE, "WaitTimeSeconds": 20});
    let first = world.start("AmazonSQS.ReceiveMessage", poll.clone()).unwrap_err();
    let gone = world.start("AmazonSQS.ReceiveMessage", poll.clone()).unwrap_err();
    let third = world.start("AmazonSQS.ReceiveMessage", poll).unwrap_err();
    world.hang_up(gone);
    send(&mut world, "one");
    send(&mut world, "two");
    let body = |world: &mut World, call| {
        world.answer(call).unwrap().unwrap()["Messages"][0]["Body"].as_str().unwrap().to_owned()
    };
    assert_eq!(body(&mut world, first), "one");
    assert_eq!(body(&mut world, third), "two");
    assert!(world.answer(gone).is_none());
}

#[test]
fn a_waiting_receive_ends_empty_after_its_time_and_wakes_for_delays() {
    let mut world = world();
    let poll = json!({"QueueUrl": QUEUE, "WaitTimeSeconds": 10});
    let call = world.start("AmazonSQS.ReceiveMessage", poll.clone()).unwrap_err();
    world.advance_seconds(9);
    assert!(world.answer(call).is_none());
    world.advance_seconds(1);
    assert_eq!(world.answer(call).unwrap().unwrap(), json!({}));

    let call = world.start("AmazonSQS.ReceiveMessage", poll).unwrap_err();
    let request = json!({"QueueUrl": QUEUE, "MessageBody": "later", "DelaySeconds": 3});
    world.ok("AmazonSQS.SendMessage", request);
    world.advance_seconds(3);
    let answer = world.answer(call).unwrap().unwrap();
    assert_eq!(answer["Messages"][0]["Body"], "later");
}

#[test]
fn a_message_received_too_often_goes_to_the_dead_letter_queue() {
    let mut world = World::new();
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "q-dlq"}));
    let policy = json!({
        "deadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:q-dlq", "maxReceiveCount": 2
    });
    let attributes = json!({"RedrivePolicy": policy.to_string(), "VisibilityTimeout": "1"});
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "q", "Attributes": attributes}));
    let sent = send(&mut world, "poison");
    for _ in 0..2 {
        assert_eq!(receive(&mut world, QUEUE, 1).len(), 1);
        world.advance_seconds(1);
    }
    assert!(receive(&mut world, QUEUE, 1).is_empty());
    let buried = receive(&mut world, "q-dlq", 1);
    assert_eq!(buried[0]["MessageId"], sent["MessageId"]);
    let source = &buried[0]["Attributes"]["DeadLetterQueueSourceArn"];
    assert_eq!(source, "arn:aws:sqs:us-east-1:000000000000:q");
}

#[test]
fn without_its_dead_letter_queue_a_message_stays_where_it_is() {
    let mut world = World::new();
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "q-dlq"}));
    let policy = json!({
        "deadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:q-dlq", "maxReceiveCount": 1
    });
    let attributes = json!({"RedrivePolicy": policy.to_string(), "VisibilityTimeout": "0"});
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "q", "Attributes": attributes}));
    world.ok("AmazonSQS.DeleteQueue", json!({"QueueUrl": "q-dlq"}));
    send(&mut world, "poison");
    for _ in 0..3 {
        let received = receive(&mut world, QUEUE, 1);
        world.advance_seconds(1);
        assert_eq!(received.len(), 1);
    }
}

#[test]
fn fifo_groups_keep_their_order_and_wait_for_one_another() {
    let mut world = fifo_world();
    for (group, body) in [("a", "a1"), ("b", "b1"), ("a", "a2"), ("a", "a3")] {
        send_fifo(&mut world, group, body);
    }
    let first = receive(&mut world, FIFO, 2);
    assert_eq!(bodies(&first), ["a1", "a2"]);
    let second = receive(&mut world, FIFO, 10);
    assert_eq!(bodies(&second), ["b1"]);
    delete(&mut world, FIFO, &first[0]);
    assert!(receive(&mut world, FIFO, 10).is_empty());
    world.advance_seconds(30);
    assert_eq!(bodies(&receive(&mut world, FIFO, 10)), ["b1", "a2", "a3"]);
}

#[test]
fn fifo_duplicates_are_dropped_for_five_minutes_even_after_deletion() {
    let mut world = fifo_world();
    let first = send_fifo(&mut world, "a", "same");
    let received = receive(&mut world, FIFO, 1);
    delete(&mut world, FIFO, &received[0]);
    world.advance_seconds(299);
    let duplicate = send_fifo(&mut world, "a", "same");
    assert_eq!(duplicate, first);
    assert!(receive(&mut world, FIFO, 1).is_empty());
    world.advance_seconds(1);
    assert_ne!(send_fifo(&mut world, "a", "same")["MessageId"], first["MessageId"]);
}

#[test]
fn the_query_protocol_says_the_same() {
    let mut world = world();
    let (status, sent) = world.query(
        "sqs",
        "Action=SendMessage&Version=2012-11-05&QueueUrl=http%3A%2F%2Fx%2F0%2Fq&MessageBody=hi\
         &MessageAttribute.1.Name=kind&MessageAttribute.1.Value.StringValue=a\
         &MessageAttribute.1.Value.DataType=String",
    );
    assert_eq!(status, 200, "{sent}");
    assert!(
        sent.contains("<SendMessageResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\">")
    );
    let (_, received) = world.query(
        "sqs",
        "Action=ReceiveMessage&QueueUrl=q&AttributeName.1=All&MessageAttributeName.1=All",
    );
    for part in [
        "<ReceiveMessageResult><Message><MessageId>",
        "<Body>hi</Body>",
        "<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>",
        "<MessageAttribute><Name>kind</Name><Value><StringValue>a</StringValue>",
    ] {
        assert!(received.contains(part), "{part} is not in {received}");
    }
}

/// One line a case: operation, request, shape, part of the message.
#[test]
fn bad_requests_get_the_errors_of_aws() {
    let long = "a".repeat(1_048_577);
    let cases = [
        (
            "SendMessage",
            json!({"QueueUrl": "x/none", "MessageBody": "b"}),
            "QueueDoesNotExist",
            "The specified queue does not exist.",
        ),
        (
            "SendMessage",
            json!({"MessageBody": "b"}),
            "MissingRequiredParameterException",
            "The request must contain the parameter QueueUrl.",
        ),
        (
            "SendMessage",
            json!({"QueueUrl": QUEUE}),
            "MissingRequiredParameterException",
            "The request must contain the parameter MessageBody.",
        ),
        (
            "SendMessage",
            json!({"QueueUrl": QUEUE, "MessageBody": long}),
            "InvalidParameterValueException",
            "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
        ),
        (
            "SendMessage",
            json!({"QueueUrl": QUEUE, "MessageBody": "\u{1}"}),
            "InvalidMessageContents",
            "Invalid binary character '#x1' was found in the message body, the set of allowed ",
        ),
        (
            "SendMessage",
            json!({"QueueUrl": QUEUE, "MessageBody": "b", "DelaySeconds": 901}),
            "InvalidParameterValueException",
            "Value 901 for parameter DelaySeconds is invalid.",
        ),
        (
            "SendMessage",
            json!({"QueueUrl": QUEUE, "MessageBody": 1}),
            "SerializationException",
            "NUMBER_VALUE cannot be converted to String",
        ),
        (
            "ReceiveMessage",
            json!({"QueueUrl": QUEUE, "MaxNumberOfMessages": 11}),
            "InvalidParameterValueException",
            "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
        ),
        (
            "ReceiveMessage",
            json!({"QueueUrl": QUEUE, "WaitTimeSeconds": -1}),
            "InvalidParameterValueException",
            "Value -1 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.",
        ),
        (
            "DeleteMessage",
            json!({"QueueUrl": QUEUE, "ReceiptHandle": "junk"}),
            "ReceiptHandleIsInvalid",
            "The input receipt handle is invalid.",
        ),
        (
            "SendMessageBatch",
            json!({"QueueUrl": QUEUE, "Entries": []}),
            "EmptyBatchRequest",
            "There should be at least one SendMessageBatchRequestEntry in the request.",
        ),
        (
            "SetQueueAttributes",
            json!({"QueueUrl": QUEUE, "Attributes": {"FifoQueue": "true"}}),
            "InvalidAttributeName",
            "Unknown Attribute FifoQueue.",
        ),
        (
            "CreateQueue",
            json!({"QueueName": "q", "Attributes": {"DelaySeconds": "1"}}),
            "QueueNameExists",
            "A queue already exists with the same name and a different value for attribute DelaySeconds",
        ),
        (
            "StartMagic",
            json!({}),
            "UnknownOperationException",
            "The action StartMagic is not valid for this endpoint.",
        ),
    ];
    let mut world = world();
    for (operation, request, shape, message) in cases {
        let refused = world.err(&format!("AmazonSQS.{operation}"), request);
        assert_eq!(refused.shape, shape, "{operation}");
        assert!(refused.message.starts_with(message), "{operation}: {}", refused.message);
    }
}
