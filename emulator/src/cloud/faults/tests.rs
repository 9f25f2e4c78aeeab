//! Each kind of fault at the boundary: what the client sees, and what has happened.

use serde_json::{Value, json};

use crate::cloud::testing::World;
use crate::kernel::What;

const TOPIC: &str = "arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3At";

fn world(rules: Value) -> World {
    let mut world = World::new();
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "q"}));
    set(&mut world, rules);
    world
}

fn set(world: &mut World, rules: Value) {
    world.set_faults(serde_json::from_value(rules).unwrap()).unwrap();
}

fn send(world: &mut World, body: &str) -> Result<Value, String> {
    let request = json!({"QueueUrl": "q", "MessageBody": body});
    world.call("AmazonSQS.SendMessage", request).map_err(|refused| refused.shape)
}

fn receive(world: &mut World, queue: &str) -> Vec<String> {
    let request = json!({"QueueUrl": queue, "MaxNumberOfMessages": 10});
    let answer = world.ok("AmazonSQS.ReceiveMessage", request);
    let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
    messages.iter().map(|message| message["Body"].as_str().unwrap().to_owned()).collect()
}

fn fired(world: &World) -> Vec<u64> {
    world.cloud.faults().iter().map(|report| report.fired).collect()
}

#[test]
fn a_refused_request_has_not_happened() {
    let mut world = world(json!([
        {"effect": "throttle", "operation": "SendMessage", "times": 1},
        {"effect": {"error": {"code": "ServiceUnavailable"}}, "resource": "q", "times": 1}
    ]));
    assert_eq!(send(&mut world, "a"), Err("RequestThrottled".to_owned()));
    assert_eq!(send(&mut world, "b"), Err("ServiceUnavailable".to_owned()));
    send(&mut world, "c").unwrap();
    assert_eq!(receive(&mut world, "q"), ["c"]);
    assert_eq!(fired(&world), [1, 1]);
    let notes: Vec<_> = world.cloud.lineage().entries().filter_map(|entry| entry.note).collect();
    assert_eq!(notes, ["1: throttle SendMessage", "2: error SendMessage"]);
}

#[test]
fn each_service_slows_down_in_its_own_words() {
    let rules = || json!([{"effect": "throttle"}]);
    let code = |target: &str| world(rules()).err(target, json!({})).shape;
    assert_eq!(code("AmazonSQS.ListQueues"), "RequestThrottled");
    assert_eq!(code("DynamoDB_20120810.ListTables"), "ThrottlingException");
    assert_eq!(code("AWSEvents.ListRules"), "ThrottlingException");
    let (status, answer) = world(rules()).query("sns", "Action=ListTopics");
    assert_eq!(status, 429);
    assert!(answer.contains("<Code>Throttled</Code>"), "{answer}");
}

#[test]
fn a_rule_finds_its_resource_in_every_kind_of_request() {
    let check = |resource: &str, target: &str, request: Value| {
        let mut world = world(json!([{"resource": resource, "effect": "throttle"}]));
        let refused = world.call(target, request).is_err_and(|it| it.message == "Rate exceeded");
        assert!(refused, "{resource} in {target}");
    };
    let queue = "http://localhost:4566/000000000000/q";
    check("q", "AmazonSQS.ReceiveMessage", json!({"QueueUrl": queue}));
    check("t", "DynamoDB_20120810.GetItem", json!({"TableName": "t", "Key": {}}));
    check("t", "DynamoDB_20120810.BatchWriteItem", json!({"RequestItems": {"t": []}}));
    let items = json!({"TransactItems": [{"Put": {"TableName": "t", "Item": {}}}]});
    check("t", "DynamoDB_20120810.TransactWriteItems", items);
    let stream = "arn:aws:dynamodb:us-east-1:1:table/t/stream/2026-01-01T00:00:00.000";
    check("t", "DynamoDBStreams_20120810.DescribeStream", json!({"StreamArn": stream}));
    let iterator = format!("{stream}|1|0");
    check("t", "DynamoDBStreams_20120810.GetRecords", json!({"ShardIterator": iterator}));
    let entries = json!({"Entries": [{"EventBusName": "arn:aws:events:us-east-1:1:event-bus/b"}]});
    check("b", "AWSEvents.PutEvents", entries);
    let mut world = world(json!([{"resource": "t", "effect": "throttle"}]));
    assert_eq!(world.query("sns", &format!("Action=Publish&TopicArn={TOPIC}")).0, 429);
}

#[test]
fn some_entries_of_a_batch_fail() {
    let rule = json!([{"effect": {"fail-entries": {"code": "InternalError", "share": 0.5}}}]);
    let mut world = world(rule);
    let entry = |id: u32| json!({"Id": id.to_string(), "MessageBody": id.to_string()});
    let entries: Vec<_> = (0..10).map(entry).collect();
    let answer =
        world.ok("AmazonSQS.SendMessageBatch", json!({"QueueUrl": "q", "Entries": entries}));
    let ids = |member: &str| -> Vec<String> {
        let entries = answer[member].as_array().unwrap();
        entries.iter().map(|entry| entry["Id"].as_str().unwrap().to_owned()).collect()
    };
    let (done, failed) = (ids("Successful"), ids("Failed"));
    assert!(!done.is_empty() && !failed.is_empty() && done.len() + failed.len() == 10);
    assert_eq!(answer["Failed"][0]["Code"], "InternalError");
    assert_eq!(receive(&mut world, "q"), done);
}

#[test]
fn messages_come_twice_late_or_out_of_order() {
    let mut twice = world(json!([{"effect": "duplicate", "times": 1}]));
    let sent = send(&mut twice, "a").unwrap();
    send(&mut twice, "b").unwrap();
    assert_eq!(receive(&mut twice, "q"), ["a", "a", "b"]);
    let story = twice.cloud.trace(sent["MessageId"].as_str().unwrap().parse().unwrap()).unwrap();
    let below: Vec<What> = story.roots[0].led_to.iter().map(|node| node.what).collect();
    assert_eq!(below, [What::Faulted, What::Received, What::Received]);

    let mut late = world(json!([{"effect": {"hide": {"seconds": 30}}, "times": 1}]));
    ["a", "b"].iter().for_each(|body| drop(send(&mut late, body)));
    assert_eq!(receive(&mut late, "q"), ["b"]);
    late.advance_seconds(29);
    assert!(receive(&mut late, "q").is_empty());
    late.advance_seconds(1);
    assert_eq!(receive(&mut late, "q"), ["a", "b"]);

    let mut mixed = world(json!([{"effect": "reorder"}]));
    let bodies: Vec<String> = (0..10).map(|number| number.to_string()).collect();
    bodies.iter().for_each(|body| drop(send(&mut mixed, body)));
    let mut received = receive(&mut mixed, "q");
    assert_ne!(received, bodies);
    received.sort();
    assert_eq!(received, bodies);
}

/// A topic that delivers to the queue, with its policy.
fn subscribed(rules: Value) -> World {
    let mut world = world(rules);
    let policy = json!({"Statement": {
        "Effect": "Allow", "Principal": {"Service": ["sns.amazonaws.com", "events.amazonaws.com"]},
        "Action": "sqs:SendMessage", "Resource": "*"
    }});
    let attributes = json!({"Policy": policy.to_string()});
    for queue in ["q", "dlq"] {
        world.ok("AmazonSQS.CreateQueue", json!({"QueueName": queue}));
        let request = json!({"QueueUrl": queue, "Attributes": attributes});
        world.ok("AmazonSQS.SetQueueAttributes", request);
    }
    let queue = "arn%3Aaws%3Asqs%3Aus-east-1%3A000000000000%3Aq";
    world.query("sns", "Action=CreateTopic&Name=t");
    let raw = "Attributes.entry.1.key=RawMessageDelivery&Attributes.entry.1.value=true";
    let subscribe =
        format!("Action=Subscribe&TopicArn={TOPIC}&Protocol=sqs&Endpoint={queue}&{raw}");
    assert_eq!(world.query("sns", &subscribe).0, 200);
    world
}

fn publish(world: &mut World) {
    let form = format!("Action=Publish&TopicArn={TOPIC}&Message=hello");
    assert_eq!(world.query("sns", &form).0, 200);
}

#[test]
fn a_delivery_that_fails_is_tried_again_as_sns_does() {
    let mut world = subscribed(json!([{"effect": {"fail-delivery": {"times": 5}}}]));
    publish(&mut world);
    // Three tries at once, two a second apart, the next a second later.
    world.advance_seconds(1);
    assert!(receive(&mut world, "q").is_empty());
    world.advance_seconds(1);
    assert_eq!(receive(&mut world, "q"), ["hello"]);
    assert_eq!(fired(&world), [5]);
    let whats: Vec<What> = world.cloud.lineage().entries().map(|entry| entry.what).collect();
    assert_eq!(whats.iter().filter(|what| **what == What::Retried).count(), 5);
}

#[test]
fn a_removed_policy_stops_deliveries_until_it_is_back() {
    let mut world = subscribed(json!([{"effect": "remove-policy", "until_seconds": 60}]));
    publish(&mut world);
    assert!(receive(&mut world, "q").is_empty());
    world.advance_seconds(60);
    publish(&mut world);
    assert_eq!(receive(&mut world, "q"), ["hello"]);
}

#[test]
fn sns_gives_up_after_23_days_into_the_subscriptions_dead_letter_queue() {
    let mut world = subscribed(json!([{"effect": {"fail-delivery": {"times": 1_000_000}}}]));
    let form = "Action=ListSubscriptions";
    let (_, listed) = world.query("sns", form);
    let (_, rest) = listed.split_once("<SubscriptionArn>").unwrap();
    let (subscription, _) = rest.split_once('<').unwrap();
    let policy = "%7B%22deadLetterTargetArn%22%3A%22arn%3Aaws%3Asqs%3Aus-east-1%3A000000000000%3A\
        dlq%22%7D";
    let set = format!(
        "Action=SetSubscriptionAttributes&SubscriptionArn={subscription}\
         &AttributeName=RedrivePolicy&AttributeValue={policy}"
    );
    assert_eq!(world.query("sns", &set).0, 200);
    publish(&mut world);
    world.advance_seconds(23 * 86_400);
    assert!(receive(&mut world, "dlq").is_empty());
    world.advance_seconds(86_400);
    assert_eq!(receive(&mut world, "dlq"), ["hello"]);
    // The first try and 100,015 more.
    assert_eq!(fired(&world), [100_016]);
}

/// A world whose rule sends to `q`, with this retry policy and `dlq`, and what the dead-letter
/// queue holds `seconds` after an event was put.
fn dead_letters(world: &mut World, retry_policy: &Value, seconds: u64) -> Vec<Value> {
    world.ok("AWSEvents.PutRule", json!({"Name": "r", "EventPattern": "{\"source\":[\"s\"]}"}));
    let arn = |name: &str| format!("arn:aws:sqs:us-east-1:000000000000:{name}");
    let target = json!({
        "Id": "t", "Arn": arn("q"), "DeadLetterConfig": {"Arn": arn("dlq")},
        "RetryPolicy": retry_policy,
    });
    world.ok("AWSEvents.PutTargets", json!({"Rule": "r", "Targets": [target]}));
    let entry = json!({"Source": "s", "DetailType": "d", "Detail": "{}"});
    world.ok("AWSEvents.PutEvents", json!({"Entries": [entry]}));
    world.advance_seconds(seconds);
    let request = json!({"QueueUrl": "dlq", "MessageAttributeNames": ["All"]});
    let answer = world.ok("AmazonSQS.ReceiveMessage", request);
    answer["Messages"].as_array().cloned().unwrap_or_default()
}

#[test]
fn eventbridge_gives_up_when_its_retry_policy_says_so() {
    let failing = || json!([{"service": "events", "effect": {"fail-delivery": {"times": 1000}}}]);
    // Each pause is at least half of 1, 2, 4, ... and at most all of it.
    for (policy, early, late, condition, retries) in [
        (json!({"MaximumRetryAttempts": 0}), None, 0, "MaximumRetryAttempts", 0..=0),
        (json!({"MaximumRetryAttempts": 2}), Some(1), 3, "MaximumRetryAttempts", 2..=2),
        (json!({"MaximumEventAgeInSeconds": 60}), Some(15), 60, "MaximumEventAgeInSeconds", 5..=6),
        (json!({}), Some(43_200), 86_400, "MaximumRetryAttempts", 185..=185),
    ] {
        if let Some(early) = early {
            assert!(dead_letters(&mut subscribed(failing()), &policy, early).is_empty());
        }
        let messages = dead_letters(&mut subscribed(failing()), &policy, late);
        let attributes = &messages[0]["MessageAttributes"];
        let text = |name: &str| attributes[name]["StringValue"].as_str().unwrap().to_owned();
        assert_eq!(text("EXHAUSTED_RETRY_CONDITION"), condition, "{policy}");
        assert!(retries.contains(&text("RETRY_ATTEMPTS").parse().unwrap()), "{policy}");
        assert_eq!(text("ERROR_CODE"), "ERROR_FROM_TARGET");
        assert_eq!(text("RULE_ARN"), "arn:aws:events:us-east-1:000000000000:rule/r");
        assert_eq!(text("TARGET_ARN"), "arn:aws:sqs:us-east-1:000000000000:q");
    }
}

#[test]
fn a_target_that_is_gone_is_not_tried_again() {
    let rule = json!([{"service": "events", "effect": {"fail-delivery": {"times": 2}}}]);
    let mut world = subscribed(rule);
    assert!(dead_letters(&mut world, &json!({}), 0).is_empty());
    world.ok("AmazonSQS.DeleteQueue", json!({"QueueUrl": "q"}));
    world.advance_seconds(3);
    let request = json!({"QueueUrl": "dlq", "MessageAttributeNames": ["All"]});
    let answer = world.ok("AmazonSQS.ReceiveMessage", request);
    let attributes = &answer["Messages"][0]["MessageAttributes"];
    assert_eq!(attributes["ERROR_CODE"]["StringValue"], "NO_RESOURCE");
    assert_eq!(attributes["RETRY_ATTEMPTS"]["StringValue"], "2");
    assert_eq!(attributes.get("EXHAUSTED_RETRY_CONDITION"), None);
}

#[test]
fn a_restart_keeps_rules_counts_and_what_is_to_be_tried_again() {
    let mut world = subscribed(json!([{"effect": {"fail-delivery": {"times": 4}}}]));
    publish(&mut world);
    world.restart();
    assert_eq!(fired(&world), [4]);
    world.advance_seconds(1);
    assert_eq!(receive(&mut world, "q"), ["hello"]);
}

#[test]
fn a_service_says_why_it_slows_down() {
    let mut world = world(json!([{"effect": "throttle"}]));
    let put = |table: &str| json!({"Put": {"TableName": table, "Item": {}}});
    let write = "TableWriteKeyRangeThroughputExceeded";
    for (operation, body, reason, tables) in [
        (
            "GetItem",
            json!({"TableName": "tab"}),
            "TableReadKeyRangeThroughputExceeded",
            vec!["tab"],
        ),
        ("PutItem", json!({"TableName": "tab"}), write, vec!["tab"]),
        ("TransactWriteItems", json!({"TransactItems": [put("one"), put("two")]}), write, {
            vec!["one", "two"]
        }),
    ] {
        let refused = world.err(&format!("DynamoDB_20120810.{operation}"), body);
        assert_eq!(refused.shape, "ThrottlingException");
        let arn = |name| format!("arn:aws:dynamodb:us-east-1:000000000000:table/{name}");
        let reasons: Vec<Value> =
            tables.iter().map(|it| json!({"reason": reason, "resource": arn(it)})).collect();
        assert_eq!(refused.body["throttlingReasons"], json!(reasons));
    }
    let refused = world.err("DynamoDB_20120810.ListTables", json!({}));
    assert_eq!(refused.body.get("throttlingReasons"), None);
}
