//! From the bus to queues, topics and other buses.

use serde_json::json;

use super::{ACCOUNT, Events, PATTERN, arn};
use crate::kernel::What;

#[test]
fn a_fifo_queue_gets_its_group() {
    let mut events = Events::with_rule();
    events.queue("q.fifo");
    let target = json!({
        "Id": "f", "Arn": arn("sqs", "q.fifo"), "SqsParameters": {"MessageGroupId": "g"},
    });
    events.target("r", target);
    events.put(&json!({}));
    assert_eq!(events.receive("q.fifo")[0]["Attributes"]["MessageGroupId"], "g");
}

#[test]
fn what_a_queue_refuses_goes_to_the_dead_letter_queue() {
    let mut events = Events::with_rule();
    events.queue("dlq");
    events.0.ok("AmazonSQS.CreateQueue", json!({"QueueName": "closed"}));
    let (closed, dlq) = (arn("sqs", "closed"), arn("sqs", "dlq"));
    events.target(
        "r",
        json!({"Id": "t", "Arn": closed, "DeadLetterConfig": {"Arn": dlq}, "Input": "\"short\""}),
    );
    events.put(&json!({"n": 1}));
    assert!(events.receive("closed").is_empty());
    let message = events.receive("dlq").remove(0);
    let text = |name: &str| message["MessageAttributes"][name]["StringValue"].as_str().unwrap();
    assert_eq!(text("RULE_ARN"), arn("events", "rule/r"));
    assert_eq!(text("TARGET_ARN"), closed);
    assert_eq!(text("ERROR_CODE"), "NO_PERMISSIONS");
    assert_eq!(text("RETRY_ATTEMPTS"), "0");
    assert!(text("ERROR_MESSAGE").contains("events.amazonaws.com"));
    assert!(message["Body"].as_str().unwrap().contains("\"detail\":{\"n\":1}"));
}

#[test]
fn an_event_goes_through_a_topic() {
    let mut events = Events::with_rule();
    let topic = arn("sns", "t");
    events.0.query("sns", "Action=CreateTopic&Version=2010-03-31&Name=t");
    let policy = json!({"Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},
         "Action": "sqs:SendMessage", "Resource": "*"},
    ]});
    let url = format!("http://localhost/{ACCOUNT}/fan");
    events.0.ok("AmazonSQS.CreateQueue", json!({"QueueName": "fan"}));
    let attributes = json!({"Policy": policy.to_string()});
    events.0.ok("AmazonSQS.SetQueueAttributes", json!({"QueueUrl": url, "Attributes": attributes}));
    let subscribe = format!(
        "Action=Subscribe&Version=2010-03-31&TopicArn={topic}&Protocol=sqs&Endpoint={}\
         &Attributes.entry.1.key=RawMessageDelivery&Attributes.entry.1.value=true",
        arn("sqs", "fan")
    );
    events.0.query("sns", &subscribe);
    events.target("r", json!({"Id": "topic", "Arn": topic, "InputPath": "$.detail"}));
    events.put(&json!({"n": 1}));
    // The topic's own policy does not name EventBridge.
    assert!(events.bodies("fan").is_empty());
    let permit = "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%22*%22\
        %2C%22Action%22%3A%22sns%3APublish%22%2C%22Resource%22%3A%22*%22%7D%7D";
    events.0.query(
        "sns",
        &format!(
            "Action=SetTopicAttributes&Version=2010-03-31&TopicArn={topic}&AttributeName=Policy\
             &AttributeValue={permit}"
        ),
    );
    events.put(&json!({"n": 2}));
    assert_eq!(events.bodies("fan"), [r#"{"n":2}"#]);
}

#[test]
fn an_event_goes_from_bus_to_bus_and_loops_end() {
    let mut events = Events::new();
    events.queue("q");
    events.ok("CreateEventBus", json!({"Name": "b"}));
    let loops = json!({"Name": "loop", "EventPattern": PATTERN});
    events.ok("PutRule", loops.clone());
    events.target("loop", json!({"Id": "b", "Arn": arn("events", "event-bus/b")}));
    let on_b = json!({"Name": "r", "EventPattern": PATTERN, "EventBusName": "b"});
    events.ok("PutRule", on_b);
    let targets = json!([
        {"Id": "q", "Arn": arn("sqs", "q")},
        {"Id": "back", "Arn": arn("events", "event-bus/default")},
    ]);
    let put = json!({"Rule": "r", "EventBusName": "b", "Targets": targets});
    events.ok("PutTargets", put);
    let id = events.put(&json!({}));
    let bodies = events.bodies("q");
    assert!((2..=16).contains(&bodies.len()), "{}", bodies.len());
    assert!(bodies.iter().all(|body| body.contains(&id)));
}

#[test]
fn an_event_goes_to_the_bus_of_the_account_and_region_that_its_arn_names() {
    let mut events = Events::with_rule();
    let put = |events: &mut Events, bus: &str| {
        let entry = json!({
            "Source": "shop", "DetailType": "OrderPlaced", "Detail": "{}", "EventBusName": bus,
        });
        events.ok("PutEvents", json!({"Entries": [entry]}));
        let entries: Vec<_> = events.0.cloud.lineage().entries().collect();
        let last = entries.last().unwrap();
        (last.what, last.resource.clone())
    };
    let same_account = format!("arn:aws:events:eu-west-1:{ACCOUNT}:event-bus/default");
    assert_eq!(put(&mut events, &same_account), (What::EventPut, same_account));
    let other_account = "arn:aws:events:us-east-1:111111111111:event-bus/default".to_owned();
    assert_eq!(put(&mut events, &other_account), (What::Dropped, other_account));
    assert!(events.receive("q").is_empty());
}
