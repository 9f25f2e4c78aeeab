//! Batches of a queue: what is passed on, together or not, and what becomes of what fails.

use serde_json::{Value, json};

use super::{Clouds, arn, template};

/// A pipe that passes bodies on, set so.
fn set(clouds: &mut Clouds, source: &Value) {
    let mut more = template("<$.body>");
    more["SourceParameters"] = source.clone();
    clouds.pipe("p", &more);
}

#[test]
fn what_does_not_match_is_deleted() {
    let json_rule = r#"{"body":{"total":[{"numeric":[">",5]}]}}"#;
    let text_rule = r#"{"body":["yes"]}"#;
    let other_rule = r#"{"awsRegion":["us-east-1"]}"#;
    for (patterns, passed) in [
        (vec![json_rule], vec!["{\"total\":6}"]),
        (vec![text_rule], vec!["\"yes\""]),
        (vec![other_rule], vec!["{\"total\":6}", "{\"total\":5}", "\"yes\"", "\"no\""]),
        (vec![json_rule, text_rule], vec!["{\"total\":6}", "\"yes\""]),
    ] {
        let mut clouds = Clouds::new();
        let filters: Vec<Value> = patterns.iter().map(|it| json!({"Pattern": it})).collect();
        set(&mut clouds, &json!({"FilterCriteria": {"Filters": filters}}));
        clouds.send(&["{\"total\":6}", "{\"total\":5}", "yes", "no"]);
        let mut taken = clouds.taken("to");
        taken.sort_unstable();
        let mut passed = passed;
        passed.sort_unstable();
        assert_eq!(taken, passed, "{patterns:?}");
        assert_eq!(clouds.counts("from"), (0, 0), "{patterns:?}");
    }
}

#[test]
fn a_batch_is_gathered_until_it_is_full_or_old() {
    let mut clouds = Clouds::new();
    let queue = json!({"BatchSize": 3, "MaximumBatchingWindowInSeconds": 10});
    set(&mut clouds, &json!({"SqsQueueParameters": queue}));
    clouds.send(&["[1]", "[2]"]);
    assert_eq!((clouds.taken("to"), clouds.counts("from")), (vec![], (0, 2)));
    clouds.send(&["[3]", "[4]"]);
    assert_eq!(clouds.taken("to").len(), 3);
    clouds.world.advance_seconds(9);
    assert_eq!(clouds.taken("to").len(), 0);
    clouds.world.advance_seconds(1);
    assert_eq!((clouds.taken("to").len(), clouds.counts("from")), (1, (0, 0)));
}

#[test]
fn what_fails_comes_again_when_its_visibility_is_over() {
    let mut clouds = Clouds::new();
    let redrive = json!({"deadLetterTargetArn": arn("sqs", "dead"), "maxReceiveCount": 2});
    let attributes = json!({"VisibilityTimeout": "30", "RedrivePolicy": redrive.to_string()});
    let request = json!({"QueueUrl": "from", "Attributes": attributes});
    clouds.world.ok("AmazonSQS.SetQueueAttributes", request);
    set(&mut clouds, &json!({}));
    clouds.faults(json!([{
        "name": "down", "service": "sqs", "operation": "SendMessageBatch", "resource": "to",
        "times": 3, "effect": {"error": {"code": "InternalError", "status": 500}},
    }]));
    clouds.send(&["[1]"]);
    assert_eq!((clouds.taken("to"), clouds.counts("from")), (vec![], (0, 1)));
    clouds.world.advance_seconds(30);
    assert_eq!((clouds.taken("to"), clouds.counts("from")), (vec![], (0, 1)));
    clouds.world.advance_seconds(30);
    assert_eq!((clouds.counts("from"), clouds.taken("dead")), ((0, 0), vec!["[1]".to_owned()]));
    clouds.send(&["[2]"]);
    clouds.world.advance_seconds(30);
    assert_eq!(clouds.taken("to"), ["[2]"]);
}

#[test]
fn entries_that_fail_come_again_alone() {
    let mut clouds = Clouds::new();
    let queue = json!({"BatchSize": 10, "MaximumBatchingWindowInSeconds": 1});
    set(&mut clouds, &json!({"SqsQueueParameters": queue}));
    clouds.faults(json!([{
        "name": "some", "service": "sqs", "operation": "SendMessageBatch", "resource": "to",
        "times": 1, "effect": {"fail-entries": {"code": "InternalError", "share": 0.5}},
    }]));
    let bodies: Vec<String> = (0..10).map(|number| format!("[{number}]")).collect();
    clouds.send(&bodies.iter().map(String::as_str).collect::<Vec<_>>());
    clouds.world.advance_seconds(1);
    let first = clouds.taken("to");
    assert!((1..10).contains(&first.len()), "{first:?}");
    clouds.world.advance_seconds(60);
    let mut all = [first, clouds.taken("to")].concat();
    all.sort_unstable();
    assert_eq!(all, bodies);
    assert_eq!(clouds.counts("from"), (0, 0));
}

#[test]
fn a_pipe_that_feeds_itself_does_not_stop_the_clock() {
    let mut clouds = Clouds::new();
    clouds.pipe("p", &json!({"Target": arn("sqs", "from")}));
    clouds.send(&["x"]);
    clouds.world.advance_seconds(3);
    clouds.ok("POST", "/v1/pipes/p/stop", &Value::Null);
    let (waiting, in_flight) = clouds.counts("from");
    assert_eq!(waiting + in_flight, 1);
}

#[test]
fn a_fifo_queue_keeps_the_order_of_its_groups() {
    let mut clouds = Clouds::new();
    for name in ["in.fifo", "out.fifo"] {
        let attributes = json!({"FifoQueue": "true", "ContentBasedDeduplication": "true"});
        let request = json!({"QueueName": name, "Attributes": attributes});
        clouds.world.ok("AmazonSQS.CreateQueue", request);
    }
    let target = json!({
        "InputTemplate": "<$.body>",
        "SqsQueueParameters": {"MessageGroupId": "$.attributes.MessageGroupId"},
    });
    clouds.faults(json!([{
        "name": "some", "service": "sqs", "operation": "SendMessageBatch", "resource": "out.fifo",
        "times": 5, "effect": {"error": {"code": "InternalError", "status": 500}},
    }]));
    let source = json!({"SqsQueueParameters": {"BatchSize": 3}});
    clouds.pipe(
        "p",
        &json!({
            "Source": arn("sqs", "in.fifo"), "Target": arn("sqs", "out.fifo"),
            "TargetParameters": target, "SourceParameters": source,
        }),
    );
    for number in 0..20 {
        let group = if number % 2 == 0 { "even" } else { "odd" };
        let request = json!({
            "QueueUrl": "in.fifo", "MessageBody": number.to_string(), "MessageGroupId": group,
        });
        clouds.world.ok("AmazonSQS.SendMessage", request);
    }
    clouds.world.advance_seconds(600);
    let taken = clouds.taken("out.fifo");
    for odd in [0, 1] {
        let of_group = taken.iter().map(|body| body.trim_matches('"').parse::<i32>().unwrap());
        let of_group: Vec<i32> = of_group.filter(|number| number % 2 == odd).collect();
        let sent: Vec<i32> = (0..20).filter(|number| number % 2 == odd).collect();
        assert_eq!(of_group, sent);
    }
}
