//! TestState, ValidateStateMachineDefinition and the runs of distributed maps.

use serde_json::{Value, json};

use super::States;

#[test]
fn a_state_is_tried_with_what_it_calls() {
    let mut states = States::new();
    let queue = states.queue("q");
    let definition = json!({"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {"QueueUrl": queue, "MessageBody.$": "$.body"},
        "ResultSelector": {"id.$": "$.MessageId"}, "Next": "Other"});
    let tried = json!({"definition": definition.to_string(), "input": "{\"body\":\"hi\"}",
                       "roleArn": super::ROLE, "inspectionLevel": "DEBUG"});
    let tried = states.soon("TestState", tried);
    assert_eq!((&tried["status"], &tried["nextState"]), (&json!("SUCCEEDED"), &json!("Other")));
    assert!(tried["output"].as_str().is_some_and(|it| it.contains("id")), "{tried}");
    assert!(tried["inspectionData"]["afterParameters"].is_string(), "{tried}");
    assert_eq!(states.message(&queue), Some(json!("hi")));
    let callback = json!({"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": queue, "MessageBody.$": "$$.Task.Token"}});
    let refused = states.err("TestState", json!({"definition": callback.to_string()}));
    assert_eq!(refused.0, "ValidationException");
}

/// Source: API reference "InspectionData" and "InspectionErrorDetails".
#[test]
fn a_look_inside_has_waits_and_variables() {
    let mut states = States::new();
    let mut check = |state: Value, more: Value, field: &str, wanted: Value| {
        let mut asked = json!({"definition": state.to_string(), "inspectionLevel": "DEBUG"});
        asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let tried = states.ok("TestState", asked);
        assert_eq!(tried["inspectionData"][field], wanted, "{tried}");
    };
    let retried = json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
        "Parameters": {"FunctionName": "f"}, "Retry": [{"ErrorEquals": ["X"], "MaxAttempts": 5,
        "IntervalSeconds": 3, "BackoffRate": 2, "MaxDelaySeconds": 10}]});
    for (count, seconds) in [(0, 3), (1, 6), (2, 10)] {
        let mock = json!({"mock": {"errorOutput": {"error": "X"}},
            "stateConfiguration": {"retrierRetryCount": count}});
        let wanted = json!({"retryIndex": 0, "retryBackoffIntervalSeconds": seconds});
        check(retried.clone(), mock, "errorDetails", wanted);
    }
    let pass = |assign: Value| json!({"Type": "Pass", "Assign": assign, "Next": "B"});
    check(pass(json!({"v": 1})), json!({}), "variables", json!("{\"v\":1}"));
    let given = json!({"variables": "{\"v\":1,\"w\":2}"});
    check(pass(json!({"w": 3})), given.clone(), "variables", json!("{\"v\":1,\"w\":3}"));
    check(json!({"Type": "Succeed"}), given, "variables", json!("{\"v\":1,\"w\":2}"));
    check(json!({"Type": "Succeed"}), json!({}), "variables", json!(null));
}

#[test]
fn definitions_are_judged() {
    let mut states = States::new();
    let good = json!({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}).to_string();
    let judged = states.ok("ValidateStateMachineDefinition", json!({"definition": good}));
    assert_eq!(judged, json!({"diagnostics": [], "result": "OK", "truncated": false}));
    let bad = json!({"StartAt": "A", "States": {"A": {"Type": "Pass"}, "B": {"Type": "Pass"}}});
    let asked = json!({"definition": bad.to_string(), "maxResults": 1});
    let judged = states.ok("ValidateStateMachineDefinition", asked);
    assert_eq!((&judged["result"], &judged["truncated"]), (&json!("FAIL"), &json!(true)));
    assert_eq!(judged["diagnostics"].as_array().map(Vec::len), Some(1));
}

#[test]
fn runs_of_maps_are_described_and_changed() {
    let mut states = States::new();
    let map = json!({"M": {"Type": "Map", "MaxConcurrency": 1, "End": true, "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 10, "End": true}}}}});
    let machine = states.machine("m", "M", map);
    let execution = states.start(&machine, &json!([1, 2, 3, 4]));
    let runs = states.ok("ListMapRuns", json!({"executionArn": execution}));
    let run = runs["mapRuns"][0]["mapRunArn"].clone();
    let ask = json!({"mapRunArn": run});
    let described = states.ok("DescribeMapRun", ask.clone());
    assert_eq!(
        (&described["status"], &described["itemCounts"]["total"]),
        (&json!("RUNNING"), &json!(4))
    );
    states.world.advance_seconds(10);
    states.ok("UpdateMapRun", json!({"mapRunArn": run, "maxConcurrency": 3}));
    states.world.advance_seconds(10);
    let described = states.ok("DescribeMapRun", ask.clone());
    assert_eq!(
        (&described["status"], &described["maxConcurrency"]),
        (&json!("SUCCEEDED"), &json!(3))
    );
    assert_eq!(states.output(&execution), json!([1, 2, 3, 4]));
    assert_eq!(states.err("UpdateMapRun", ask).0, "ValidationException");
}
