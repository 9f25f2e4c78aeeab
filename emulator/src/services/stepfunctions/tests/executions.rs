//! How executions begin, wait, end, are listed, redriven and forgotten.

use serde_json::{Value, json};

use super::States;

const YEAR: u64 = 365 * 86_400;

fn wait(seconds: u64) -> Value {
    json!({"W": {"Type": "Wait", "Seconds": seconds, "End": true}})
}

#[test]
fn a_wait_of_most_of_a_year_is_over_when_time_has_moved() {
    let mut states = States::new();
    let machine = states.machine("m", "W", wait(300 * 86_400));
    let execution = states.start(&machine, &json!({"a": 1}));
    states.world.advance_seconds(300 * 86_400 - 1);
    // A restart loses nothing.
    states.world.restart();
    assert_eq!(states.status(&execution), "RUNNING");
    states.world.advance_seconds(1);
    assert_eq!(states.output(&execution), json!({"a": 1}));
    let types = ["ExecutionStarted", "WaitStateEntered", "WaitStateExited", "ExecutionSucceeded"];
    assert_eq!(states.events(&execution), types);
    states.world.advance_seconds(90 * 86_400 + 1);
    let gone = states.err("DescribeExecution", json!({"executionArn": execution}));
    assert_eq!(gone.0, "ExecutionDoesNotExist");
}

#[test]
fn nothing_takes_longer_than_a_year() {
    let mut states = States::new();
    let machine = states.machine("m", "W", wait(99_999_999));
    let execution = states.start(&machine, &json!({}));
    states.world.advance_seconds(YEAR - 1);
    assert_eq!(states.status(&execution), "RUNNING");
    states.world.advance_seconds(1);
    assert_eq!(states.status(&execution), "TIMED_OUT");
}

#[test]
fn the_same_name_means_the_same_execution_while_it_runs() {
    let mut states = States::new();
    let machine = states.machine("m", "W", wait(60));
    let start = |input: &str| json!({"stateMachineArn": machine, "name": "n", "input": input});
    let first = states.ok("StartExecution", start("{}"));
    states.world.advance_seconds(5);
    assert_eq!(states.ok("StartExecution", start("{}")), first);
    assert_eq!(states.err("StartExecution", start("[]")).0, "ExecutionAlreadyExists");
    states.world.advance_seconds(55);
    assert_eq!(states.err("StartExecution", start("{}")).0, "ExecutionAlreadyExists");
    states.world.advance_seconds(90 * 86_400 + 1);
    states.ok("StartExecution", start("{}"));
}

#[test]
fn what_cannot_be_started_is_refused() {
    let mut states = States::new();
    let machine = states.machine("m", "W", wait(1));
    let other = format!("{machine}x");
    let long = format!("\"{}\"", "x".repeat(262_144));
    let cases = [
        (json!({"stateMachineArn": other}), "StateMachineDoesNotExist"),
        (json!({"stateMachineArn": "m"}), "InvalidArn"),
        (json!({"stateMachineArn": format!("{machine}:7")}), "StateMachineDoesNotExist"),
        (json!({"stateMachineArn": machine, "name": "a/b"}), "InvalidName"),
        (json!({"stateMachineArn": machine, "input": ""}), "InvalidExecutionInput"),
        (json!({"stateMachineArn": machine, "input": "{"}), "InvalidExecutionInput"),
        (json!({"stateMachineArn": machine, "input": long}), "InvalidExecutionInput"),
        (json!({}), "ValidationException"),
    ];
    for (request, shape) in cases {
        assert_eq!(states.err("StartExecution", request.clone()).0, shape);
    }
    let listed = states.ok("ListExecutions", json!({"stateMachineArn": machine}));
    assert_eq!(listed, json!({"executions": []}));
}

#[test]
fn executions_are_stopped_listed_and_redriven() {
    let mut states = States::new();
    let machine = states.machine("m", "W", wait(60));
    let first = states.start(&machine, &json!({}));
    states.world.advance_seconds(1);
    let second = states.start(&machine, &json!({}));
    states.ok("StopExecution", json!({"executionArn": first, "error": "E", "cause": "c"}));
    let described = states.describe(&first);
    assert_eq!((&described["status"], &described["error"]), (&json!("ABORTED"), &json!("E")));
    assert_eq!(described["redriveStatus"], "REDRIVABLE");
    let list = |states: &mut States, filter: Value| {
        let mut request = json!({"stateMachineArn": machine});
        if !filter.is_null() {
            request["statusFilter"] = filter;
        }
        let listed = states.ok("ListExecutions", request);
        let all = listed["executions"].as_array().expect("executions").clone();
        all.iter().map(|it| it["executionArn"].as_str().expect("an ARN").to_owned()).collect()
    };
    let all: Vec<String> = list(&mut states, Value::Null);
    assert_eq!(all, [second.clone(), first.clone()]);
    assert_eq!(list(&mut states, json!("ABORTED")), std::slice::from_ref(&first));
    states.ok("RedriveExecution", json!({"executionArn": first}));
    assert_eq!(list(&mut states, json!("RUNNING")), [second.clone(), first.clone()]);
    states.world.advance_seconds(60);
    let described = states.describe(&first);
    assert_eq!(
        (&described["status"], &described["redriveCount"]),
        (&json!("SUCCEEDED"), &json!(1))
    );
    let again = states.err("RedriveExecution", json!({"executionArn": first}));
    assert_eq!(again.0, "ExecutionNotRedrivable");
}

#[test]
fn histories_come_in_pages_both_ways() {
    let mut states = States::new();
    let pass = json!({"P": {"Type": "Pass", "End": true}});
    let machine = states.machine("m", "P", pass);
    let execution = states.start(&machine, &json!({"secret": 1}));
    let mut asked = json!({"executionArn": execution, "maxResults": 3});
    let first = states.ok("GetExecutionHistory", asked.clone());
    asked["nextToken"] = first["nextToken"].clone();
    let rest = states.ok("GetExecutionHistory", asked.clone());
    let ids = |page: &Value| -> Vec<u64> {
        page["events"]
            .as_array()
            .expect("events")
            .iter()
            .filter_map(|it| it["id"].as_u64())
            .collect()
    };
    assert_eq!((ids(&first), ids(&rest)), (vec![1, 2, 3], vec![4]));
    assert!(rest.get("nextToken").is_none());
    let reversed = json!({"executionArn": execution, "reverseOrder": true,
                          "includeExecutionData": false});
    let reversed = states.ok("GetExecutionHistory", reversed);
    assert_eq!(ids(&reversed), [4, 3, 2, 1]);
    assert!(!reversed.to_string().contains("secret"));
    asked["nextToken"] = "x".into();
    assert_eq!(states.err("GetExecutionHistory", asked).0, "InvalidToken");
}

#[test]
fn loops_come_to_an_end() {
    let mut states = States::new();
    let endless = json!({"P": {"Type": "Pass", "Next": "C"}, "D": {"Type": "Succeed"},
        "C": {"Type": "Choice", "Default": "P",
              "Choices": [{"Variable": "$.end", "IsPresent": true, "Next": "D"}]}});
    let machine = states.machine("m", "P", endless.clone());
    let execution = states.start(&machine, &json!({}));
    states.world.advance_seconds(1);
    let described = states.describe(&execution);
    assert_eq!(described["status"], "FAILED");
    assert!(described["cause"].as_str().is_some_and(|it| it.contains("25000")), "{described}");
    let express = states.express("e", "P", endless);
    let call = states.waits("StartSyncExecution", json!({"stateMachineArn": express}));
    states.world.advance_seconds(299);
    assert!(states.answer(call).is_none());
    states.world.advance_seconds(1);
    assert_eq!(states.answer(call).expect("it has ended")["status"], "TIMED_OUT");
    // One that starts itself anew without end.
    let itself = "arn:aws:states:us-east-1:000000000000:stateMachine:again";
    let task = json!({"S": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution",
                            "Parameters": {"StateMachineArn": itself}, "End": true}});
    let machine = states.machine("again", "S", task);
    states.start(&machine, &json!({}));
    let listed = json!({"stateMachineArn": machine, "statusFilter": "FAILED"});
    let failed = states.ok("ListExecutions", listed);
    assert_eq!(failed["executions"].as_array().map(Vec::len), Some(1));
}

#[test]
fn express_executions_answer_or_go_on_alone() {
    let mut states = States::new();
    let machine = states.express("e", "W", wait(2));
    let sync = json!({"stateMachineArn": machine, "input": "[1]", "name": "n"});
    let call = states.waits("StartSyncExecution", sync);
    states.world.advance_seconds(2);
    let answer = states.answer(call).expect("it has ended");
    assert_eq!((&answer["status"], &answer["output"]), (&json!("SUCCEEDED"), &json!("[1]")));
    assert_eq!(answer["billingDetails"]["billedDurationInMilliseconds"], 2000);
    let execution = states.start(&machine, &json!({}));
    for operation in ["DescribeExecution", "GetExecutionHistory", "StopExecution"] {
        assert_eq!(states.err(operation, json!({"executionArn": execution})).0, "InvalidArn");
    }
    let list = states.err("ListExecutions", json!({"stateMachineArn": machine}));
    assert_eq!(list.0, "StateMachineTypeNotSupported");
    let standard = states.machine("m", "W", wait(1));
    let refused = states.err("StartSyncExecution", json!({"stateMachineArn": standard}));
    assert_eq!(refused.0, "StateMachineTypeNotSupported");
}

#[test]
fn status_events_logs_and_metrics_tell_of_executions() {
    let mut states = States::new();
    let queue = states.queue("q");
    let pattern = json!({"source": ["aws.states"]}).to_string();
    states.world.ok("AWSEvents.PutRule", json!({"Name": "r", "EventPattern": pattern}));
    let target = json!([{"Id": "t", "Arn": "arn:aws:sqs:us-east-1:000000000000:q"}]);
    states.world.ok("AWSEvents.PutTargets", json!({"Rule": "r", "Targets": target}));
    states.world.ok("Logs_20140328.CreateLogGroup", json!({"logGroupName": "g"}));
    let definition = json!({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E"}}});
    let group = "arn:aws:logs:us-east-1:000000000000:log-group:g:*";
    let made = states.soon(
        "CreateStateMachine",
        json!({"name": "m", "definition": definition.to_string(), "roleArn": super::ROLE,
               "loggingConfiguration": {"level": "ERROR", "destinations": [
                   {"cloudWatchLogsLogGroup": {"logGroupArn": group}}]}}),
    );
    let machine = made["stateMachineArn"].as_str().expect("an ARN").to_owned();
    states.start(&machine, &json!({"hidden": 1}));
    for status in ["RUNNING", "FAILED"] {
        let event = states.message(&queue).expect("an event");
        assert_eq!(event["detail"]["status"], status, "{event}");
    }
    let logged = json!({"logGroupName": "g", "logStreamNamePrefix": "states/m/"});
    let logged = states.world.ok("Logs_20140328.FilterLogEvents", logged);
    let lines = logged["events"].as_array().expect("events");
    assert_eq!(lines.len(), 2, "{logged}");
    assert!(!logged.to_string().contains("hidden"), "{logged}");
    states.world.advance_seconds(120);
    let asked = json!({"Namespace": "AWS/States"});
    let metrics = states.world.ok("GraniteServiceVersion20100801.ListMetrics", asked);
    for name in ["ExecutionsStarted", "ExecutionsFailed", "ExecutionTime"] {
        assert!(metrics.to_string().contains(name), "{name}: {metrics}");
    }
}
