//! What schedules call, what they say, and what becomes of calls that fail.

use serde_json::{Value, json};

use super::{QUEUE, Scheduler};

const TABLE: &str = "DynamoDB_20120810";

/// Lets a target be called once, now.
fn call(scheduler: &mut Scheduler, target: &Value) {
    scheduler.schedule("s", "rate(365 days)", &json!({"Target": target}));
    scheduler.world.advance_seconds(1);
    scheduler.ok("DELETE", "/schedules/s", &Value::Null);
}

#[test]
fn the_input_knows_its_invocation() {
    let mut scheduler = Scheduler::new();
    let input = "<aws.scheduler.schedule-arn> <aws.scheduler.attempt-number> \
                 <aws.scheduler.execution-id> <aws.scheduler.other>";
    call(&mut scheduler, &json!({"Input": input}));
    let bodies = scheduler.bodies();
    let words: Vec<&str> = bodies[0].split(' ').collect();
    assert_eq!(words[0], "arn:aws:scheduler:us-east-1:000000000000:schedule/default/s");
    assert_eq!((words[1], words[2].len(), words[3]), ("1", 36, "<aws.scheduler.other>"));
    call(&mut scheduler, &json!({"Input": Value::Null}));
    let event: Value = serde_json::from_str(&scheduler.bodies()[0]).unwrap();
    assert_eq!(event["source"], "aws.scheduler");
    assert_eq!(event["resources"][0], words[0]);
}

#[test]
fn every_kind_of_target_is_called() {
    let mut scheduler = Scheduler::new();
    let fifo = json!({"QueueName": "f.fifo", "Attributes": {
        "FifoQueue": "true", "ContentBasedDeduplication": "true",
    }});
    scheduler.world.ok("AmazonSQS.CreateQueue", fifo);
    let group = json!({"MessageGroupId": "g"});
    let target = json!({"Arn": "arn:aws:sqs:us-east-1:000000000000:f.fifo",
        "SqsParameters": group, "Input": "ordered"});
    call(&mut scheduler, &target);
    assert_eq!(scheduler.messages("f.fifo")[0]["Body"], "ordered");
    let topic = "arn:aws:sns:us-east-1:000000000000:t";
    for form in [
        "Action=CreateTopic&Name=t".to_owned(),
        format!("Action=Subscribe&TopicArn={topic}&Protocol=sqs&Endpoint={QUEUE}"),
    ] {
        assert_eq!(scheduler.world.query("sns", &form).0, 200);
    }
    let policy = json!({"Statement": {"Effect": "Allow", "Principal": "*",
        "Action": "sqs:SendMessage", "Resource": "*"}});
    let attributes = json!({"QueueUrl": "q", "Attributes": {"Policy": policy.to_string()}});
    scheduler.world.ok("AmazonSQS.SetQueueAttributes", attributes);
    call(&mut scheduler, &json!({"Arn": topic, "Input": "told"}));
    let envelope: Value = serde_json::from_str(&scheduler.bodies()[0]).unwrap();
    assert_eq!(envelope["Message"], "told");
    let pattern = json!({"source": ["shop"]}).to_string();
    scheduler.world.ok("AWSEvents.PutRule", json!({"Name": "r", "EventPattern": pattern}));
    let targets = json!([{"Id": "1", "Arn": QUEUE, "InputPath": "$.detail"}]);
    scheduler.world.ok("AWSEvents.PutTargets", json!({"Rule": "r", "Targets": targets}));
    let bus = "arn:aws:events:us-east-1:000000000000:event-bus/default";
    let parameters = json!({"DetailType": "d", "Source": "shop"});
    let target = json!({"Arn": bus, "EventBridgeParameters": parameters, "Input": "{\"a\":1}"});
    call(&mut scheduler, &target);
    assert_eq!(scheduler.bodies(), ["{\"a\":1}"]);
}

#[test]
fn any_operation_can_be_called() {
    let mut scheduler = Scheduler::new();
    let table = json!({
        "TableName": "items", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
    });
    scheduler.world.ok(&format!("{TABLE}.CreateTable"), table);
    let input =
        json!({"TableName": "items", "Item": {"k": {"S": "<aws.scheduler.attempt-number>"}}});
    let arn = "arn:aws:scheduler:::aws-sdk:dynamodb:putItem";
    call(&mut scheduler, &json!({"Arn": arn, "Input": input.to_string()}));
    let items = scheduler.world.ok(&format!("{TABLE}.Scan"), json!({"TableName": "items"}));
    assert_eq!(items["Items"], json!([{"k": {"S": "1"}}]));
}

#[test]
fn what_fails_for_good_goes_to_the_dead_letter_queue() {
    let mut scheduler = Scheduler::new();
    scheduler.world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "dead"}));
    let dead = "arn:aws:sqs:us-east-1:000000000000:dead";
    let config = json!({"Arn": dead});
    for (arn, code) in [
        ("arn:aws:sqs:us-east-1:000000000000:none", "QueueDoesNotExist"),
        ("arn:aws:kinesis:us-east-1:000000000000:stream/s", "NOT_IMPLEMENTED"),
    ] {
        let target = json!({"Arn": arn, "DeadLetterConfig": config, "Input": "lost"});
        call(&mut scheduler, &target);
        let letters = scheduler.messages("dead");
        assert_eq!((letters.len(), &letters[0]["Body"]), (1, &json!("lost")));
        let attributes = &letters[0]["MessageAttributes"];
        let value = |name: &str| attributes[name]["StringValue"].as_str().unwrap_or_default();
        assert_eq!((value("TARGET_ARN"), value("ERROR_CODE")), (arn, code));
        assert_eq!((value("RETRY_ATTEMPTS"), value("EXHAUSTED_RETRY_CONDITION")), ("0", ""));
        assert!(value("SCHEDULE_ARN").ends_with("schedule/default/s"));
        assert!(value("SCHEDULED_TIME").ends_with('Z') && value("EXECUTION_ID").len() == 36);
    }
}

#[test]
fn what_may_pass_is_tried_again() {
    for (failures, delivered, condition) in
        [(2, vec!["3"], ""), (3, vec![], "MaximumRetryAttempts")]
    {
        let mut scheduler = Scheduler::new();
        scheduler.world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "dead"}));
        let rules = json!([{
            "name": "down", "service": "sqs", "operation": "SendMessage", "resource": "q",
            "times": failures, "effect": {"error": {"code": "InternalError", "status": 500}},
        }]);
        scheduler.world.set_faults(serde_json::from_value(rules).unwrap()).unwrap();
        let dead = json!({"Arn": "arn:aws:sqs:us-east-1:000000000000:dead"});
        let target = json!({
            "RetryPolicy": {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 3600},
            "DeadLetterConfig": dead, "Input": "<aws.scheduler.attempt-number>",
        });
        call(&mut scheduler, &target);
        scheduler.world.advance_seconds(3600);
        assert_eq!(scheduler.bodies(), delivered);
        let letters = scheduler.messages("dead");
        assert_eq!(letters.len(), usize::from(delivered.is_empty()));
        let attributes = letters.first().map(|letter| letter["MessageAttributes"].clone());
        let attributes = attributes.unwrap_or_default();
        let value = |name: &str| attributes[name]["StringValue"].as_str().unwrap_or_default();
        assert_eq!(value("EXHAUSTED_RETRY_CONDITION"), condition);
        if delivered.is_empty() {
            assert_eq!((value("RETRY_ATTEMPTS"), value("ERROR_CODE")), ("2", "InternalError"));
        }
    }
}

#[test]
fn the_groups_metrics_count_what_happened() {
    let mut scheduler = Scheduler::new();
    call(&mut scheduler, &json!({"Arn": "arn:aws:sqs:us-east-1:000000000000:none"}));
    scheduler.world.advance_seconds(120);
    let listed = scheduler
        .world
        .ok("GraniteServiceVersion20100801.ListMetrics", json!({"Namespace": "AWS/Scheduler"}));
    let mut names: Vec<&str> = listed["Metrics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|metric| metric["MetricName"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["InvocationAttemptCount", "InvocationDroppedCount", "TargetErrorCount"]);
}
