//! Tasks: calls of other services, tokens, activities, nested executions, and what starts them.

use serde_json::{Value, json};

use super::States;

fn task(resource: &str, parameters: Value) -> Value {
    json!({"T": {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": true}})
}

#[test]
fn tasks_call_services() {
    let mut states = States::new();
    let queue = states.queue("q");
    states.world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "other"}));
    let cases = [
        (
            "arn:aws:states:::sqs:sendMessage",
            json!({"QueueUrl": queue, "MessageBody": {"a": 1}}),
            "/MD5OfMessageBody",
        ),
        ("arn:aws:states:::aws-sdk:sqs:listQueues", json!({}), "/QueueUrls/1"),
        (
            "arn:aws:states:::events:putEvents",
            json!({"Entries": [{"Source": "s", "DetailType": "d", "Detail": {"b": 2}}]}),
            "/Entries/0/EventId",
        ),
        ("arn:aws:states:::aws-sdk:sfn:listStateMachines", json!({}), "/StateMachines/0/Name"),
        ("arn:aws:states:::aws-sdk:sts:getCallerIdentity", json!({}), "/Account"),
        (
            "arn:aws:states:::aws-sdk:cloudwatchlogs:createLogGroup",
            json!({"LogGroupName": "made"}),
            "",
        ),
    ];
    for (index, (resource, parameters, wanted)) in cases.into_iter().enumerate() {
        let machine = states.machine(&format!("m{index}"), "T", task(resource, parameters));
        let execution = states.start(&machine, &json!({}));
        let output = states.output(&execution);
        assert!(output.pointer(wanted).is_some(), "{resource}: {output}");
    }
    assert_eq!(states.message(&queue), Some(json!({"a": 1})));
    let groups = states.world.ok("Logs_20140328.DescribeLogGroups", json!({}));
    assert_eq!(groups["logGroups"][0]["logGroupName"], "made");
}

#[test]
fn errors_have_the_names_that_catch_knows() {
    let mut states = States::new();
    let cases = [
        (
            "arn:aws:states:::sqs:sendMessage",
            json!({"QueueUrl": "http://localhost/000000000000/no", "MessageBody": "x"}),
            "SQS.QueueDoesNotExistException",
        ),
        (
            "arn:aws:states:::aws-sdk:sqs:getQueueUrl",
            json!({"QueueName": "no"}),
            "Sqs.QueueDoesNotExistException",
        ),
        (
            "arn:aws:states:::dynamodb:getItem",
            json!({"TableName": "none", "Key": {"a": {"S": "b"}}}),
            "DynamoDB.ResourceNotFoundException",
        ),
        (
            "arn:aws:states:::aws-sdk:dynamodb:describeTable",
            json!({"TableName": "none"}),
            "DynamoDb.ResourceNotFoundException",
        ),
        (
            "arn:aws:states:::states:startExecution",
            json!({"StateMachineArn":
                "arn:aws:states:us-east-1:000000000000:stateMachine:none"}),
            "StepFunctions.StateMachineDoesNotExistException",
        ),
        (
            "arn:aws:states:::aws-sdk:s3:getObject",
            json!({"Bucket": "b", "Key": "k"}),
            "S3.S3Exception",
        ),
        ("arn:aws:states:::sqs:sendMessage", json!({"MessageBody": "x"}), "States.Runtime"),
        ("arn:aws:states:::glue:startJobRun", json!({"JobName": "j"}), "States.TaskFailed"),
    ];
    for (index, (resource, parameters, error)) in cases.into_iter().enumerate() {
        let machine = states.machine(&format!("m{index}"), "T", task(resource, parameters));
        let execution = states.start(&machine, &json!({}));
        assert_eq!(states.describe(&execution)["error"], error, "{resource}");
    }
}

#[test]
fn a_token_ends_a_task_once() {
    let mut states = States::new();
    let queue = states.queue("q");
    let body = json!({"QueueUrl": queue, "MessageBody.$": "$$.Task.Token"});
    let waits = task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", body);
    let machine = states.machine("m", "T", waits);
    let first = states.start(&machine, &json!({}));
    let token = states.message(&queue).expect("the token");
    states.ok("SendTaskHeartbeat", json!({"taskToken": token}));
    let wrong = states.err("SendTaskSuccess", json!({"taskToken": token, "output": "{"}));
    assert_eq!(wrong.0, "InvalidOutput");
    states.world.restart();
    states.ok("SendTaskSuccess", json!({"taskToken": token, "output": "{\"ok\":true}"}));
    assert_eq!(states.output(&first), json!({"ok": true}));
    let late = states.err("SendTaskFailure", json!({"taskToken": token}));
    assert_eq!(late.0, "TaskTimedOut");
    assert_eq!(states.err("SendTaskFailure", json!({"taskToken": "x"})).0, "InvalidToken");
    let second = states.start(&machine, &json!({}));
    let token = states.message(&queue).expect("the token");
    states.ok("SendTaskFailure", json!({"taskToken": token, "error": "E", "cause": "c"}));
    let described = states.describe(&second);
    assert_eq!((&described["error"], &described["cause"]), (&json!("E"), &json!("c")));
}

#[test]
fn workers_and_tasks_of_activities_find_each_other() {
    let mut states = States::new();
    let activity = states.ok("CreateActivity", json!({"name": "a"}))["activityArn"].clone();
    let resource = activity.as_str().expect("an ARN");
    let states_of = json!({"T": {"Type": "Task", "Resource": resource, "HeartbeatSeconds": 10,
                                 "End": true}});
    let machine = states.machine("m", "T", states_of);
    let ask = json!({"activityArn": activity, "workerName": "w"});
    let idle = states.waits("GetActivityTask", ask.clone());
    states.world.advance_seconds(60);
    assert_eq!(states.answer(idle), Some(json!({})));
    let worker = states.waits("GetActivityTask", ask.clone());
    let execution = states.start(&machine, &json!({"n": 1}));
    let given = states.answer(worker).expect("a task");
    assert_eq!(given["input"], "{\"n\":1}");
    states.ok("SendTaskSuccess", json!({"taskToken": given["taskToken"], "output": "2"}));
    assert_eq!(states.output(&execution), json!(2));
    // A task waits for its worker, and then for the worker's heart.
    let execution = states.start(&machine, &json!({}));
    states.world.advance_seconds(100);
    assert_eq!(states.status(&execution), "RUNNING");
    states.ok("GetActivityTask", ask);
    states.world.advance_seconds(10);
    assert_eq!(states.describe(&execution)["error"], "States.Timeout");
    states.ok("DeleteActivity", json!({"activityArn": activity}));
    let execution = states.start(&machine, &json!({}));
    assert_eq!(states.describe(&execution)["error"], "States.Runtime");
}

#[test]
fn a_task_waits_for_the_execution_that_it_starts() {
    let mut states = States::new();
    let child = json!({"W": {"Type": "Wait", "Seconds": 30, "Next": "C"},
        "C": {"Type": "Choice", "Default": "F",
              "Choices": [{"Variable": "$.ok", "BooleanEquals": true, "Next": "P"}]},
        "P": {"Type": "Pass", "End": true}, "F": {"Type": "Fail", "Error": "Own"}});
    let child = states.machine("child", "W", child);
    let parameters = json!({"StateMachineArn": child, "Input.$": "$"});
    let parent = |states: &mut States, name: &str, resource: &str| {
        states.machine(name, "T", task(resource, parameters.clone()))
    };
    let text = parent(&mut states, "text", "arn:aws:states:::states:startExecution.sync");
    let parsed = parent(&mut states, "parsed", "arn:aws:states:::states:startExecution.sync:2");
    let (good, bad) = (json!({"ok": true}), json!({"ok": false}));
    let running =
        [states.start(&text, &good), states.start(&parsed, &good), states.start(&text, &bad)];
    states.world.advance_seconds(29);
    assert!(running.iter().all(|it| states.status(it) == "RUNNING"));
    states.world.advance_seconds(1);
    assert_eq!(states.output(&running[0])["Output"], "{\"ok\":true}");
    assert_eq!(states.output(&running[1])["Output"], good);
    let failed = states.describe(&running[2]);
    assert_eq!(failed["error"], "States.TaskFailed");
    assert!(failed["cause"].as_str().is_some_and(|it| it.contains("Own")), "{failed}");
    // Who is stopped stops what it waits for.
    let stopped = states.start(&text, &good);
    states.ok("StopExecution", json!({"executionArn": stopped}));
    let aborted = json!({"stateMachineArn": child, "statusFilter": "ABORTED"});
    let aborted = states.ok("ListExecutions", aborted);
    assert_eq!(aborted["executions"].as_array().map(Vec::len), Some(1));
}

#[test]
fn rules_start_executions() {
    let mut states = States::new();
    let pass = json!({"P": {"Type": "Pass", "End": true}});
    let machine = states.machine("m", "P", pass);
    let pattern = json!({"source": ["shop"]}).to_string();
    states.world.ok("AWSEvents.PutRule", json!({"Name": "r", "EventPattern": pattern}));
    let target = json!([{"Id": "t", "Arn": machine, "RoleArn": super::ROLE}]);
    states.world.ok("AWSEvents.PutTargets", json!({"Rule": "r", "Targets": target}));
    let entry = json!([{"Source": "shop", "DetailType": "d", "Detail": "{\"x\":1}"}]);
    states.world.ok("AWSEvents.PutEvents", json!({"Entries": entry}));
    let listed = states.ok("ListExecutions", json!({"stateMachineArn": machine}));
    let execution = listed["executions"][0]["executionArn"].as_str().expect("one").to_owned();
    assert_eq!(states.output(&execution)["detail"], json!({"x": 1}));
    let whats: Vec<String> =
        states.world.cloud.lineage().entries().map(|it| it.what.words().to_owned()).collect();
    for what in ["started", "entered a state of", "ended"] {
        assert!(whats.iter().any(|it| it == what), "{what}: {whats:?}");
    }
}
