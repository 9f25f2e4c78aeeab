//! Child executions of distributed maps: listed, described, with histories of their own.

use serde_json::{Value, json};

use super::States;

/// A map over tasks of an activity, so that children wait.
fn map(kind: &str) -> Value {
    json!({"M": {"Type": "Map", "Label": "each", "ToleratedFailureCount": 1, "End": true,
    "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": kind},
        "StartAt": "C", "States": {
            "C": {"Type": "Choice", "Default": "W",
                  "Choices": [{"Variable": "$", "NumericEquals": 2, "Next": "F"}]},
            "F": {"Type": "Fail", "Error": "E", "Cause": "two"},
            "W": {"Type": "Wait", "Seconds": 10, "End": true},
        },
    }}})
}

impl States {
    /// Starts the map over these items; the execution and the map's run.
    fn map_run(&mut self, kind: &str, items: &Value) -> (String, String) {
        let machine = self.machine("m", "M", map(kind));
        let execution = self.start(&machine, items);
        let runs = self.ok("ListMapRuns", json!({"executionArn": execution}));
        let run = runs["mapRuns"][0]["mapRunArn"].as_str().expect("a run").to_owned();
        (execution, run)
    }

    fn children(&mut self, run: &str, more: &Value) -> Vec<Value> {
        let mut asked = json!({"mapRunArn": run});
        for (name, value) in more.as_object().into_iter().flatten() {
            asked[name] = value.clone();
        }
        let listed = self.ok("ListExecutions", asked);
        listed["executions"].as_array().expect("a list").clone()
    }
}

#[test]
fn children_are_listed_and_described() {
    let mut states = States::new();
    let (execution, run) = states.map_run("STANDARD", &json!([1, 2, 3]));
    // Nothing is lost by a restart.
    states.world.restart();
    let children = states.children(&run, &json!({}));
    let statuses: Vec<&Value> = children.iter().map(|it| &it["status"]).collect();
    assert_eq!(statuses, ["RUNNING", "FAILED", "RUNNING"]);
    let of_status = |states: &mut States, status: &str| {
        states.children(&run, &json!({"statusFilter": status})).len()
    };
    assert_eq!((of_status(&mut states, "FAILED"), of_status(&mut states, "SUCCEEDED")), (1, 0));
    let begin = "arn:aws:states:us-east-1:000000000000:execution:m/each:";
    let second = children[1]["executionArn"].as_str().expect("an ARN").to_owned();
    assert!(second.starts_with(begin), "{second}");
    assert_eq!((&children[1]["itemCount"], &children[1]["mapRunArn"]), (&json!(1), &json!(run)));
    let described = states.describe(&second);
    for (member, wanted) in [
        ("status", json!("FAILED")),
        ("error", json!("E")),
        ("cause", json!("two")),
        ("input", json!("2")),
        ("mapRunArn", json!(run)),
        ("redriveStatus", json!("REDRIVABLE_BY_MAP_RUN")),
        ("stateMachineArn", json!("arn:aws:states:us-east-1:000000000000:stateMachine:m/each")),
    ] {
        assert_eq!(described[member], wanted, "{member}");
    }
    let types = [
        "ExecutionStarted",
        "ChoiceStateEntered",
        "ChoiceStateExited",
        "FailStateEntered",
        "ExecutionFailed",
    ];
    assert_eq!(states.events(&second), types);
    states.world.advance_seconds(10);
    assert_eq!(states.status(&execution), "SUCCEEDED");
    assert_eq!(of_status(&mut states, "SUCCEEDED"), 2);
    let first = children[2]["executionArn"].as_str().expect("an ARN").to_owned();
    assert_eq!(states.output(&first), json!(1));
    let machine = states.ok("DescribeStateMachineForExecution", json!({"executionArn": first}));
    assert_eq!((&machine["label"], &machine["name"]), (&json!("each"), &json!("m/each")));
    // The machine's own list has no children.
    let asked = json!({"stateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:m"});
    let own = states.ok("ListExecutions", asked);
    assert_eq!(own["executions"].as_array().map(Vec::len), Some(1));
}

#[test]
fn children_come_in_pages_and_are_counted() {
    let mut states = States::new();
    let (execution, run) = states.map_run("STANDARD", &json!([1, 2, 3, 4, 5]));
    let mut seen = Vec::new();
    let mut asked = json!({"mapRunArn": run, "maxResults": 2});
    loop {
        let page = states.ok("ListExecutions", asked.clone());
        seen.extend(page["executions"].as_array().expect("a list").clone());
        match &page["nextToken"] {
            Value::Null => break,
            token => asked["nextToken"] = token.clone(),
        }
    }
    assert_eq!(seen.len(), 5);
    let counts = |states: &mut States| {
        let described = states.ok("DescribeMapRun", json!({"mapRunArn": run}));
        let count = |name: &str| described["executionCounts"][name].as_i64().expect("a number");
        ["total", "running", "failed", "succeeded", "aborted"].map(count)
    };
    assert_eq!(counts(&mut states), [5, 4, 1, 0, 0]);
    states.ok("StopExecution", json!({"executionArn": execution}));
    assert_eq!(counts(&mut states), [5, 0, 1, 0, 4]);
    let child = seen[0]["executionArn"].as_str().expect("an ARN").to_owned();
    assert_eq!(states.status(&child), "ABORTED");
    assert_eq!(states.events(&child).last().map(String::as_str), Some("ExecutionAborted"));
}

#[test]
fn what_is_no_child_is_refused() {
    let mut states = States::new();
    let (_, run) = states.map_run("STANDARD", &json!([1]));
    let child = states.children(&run, &json!({}))[0]["executionArn"].clone();
    let child = child.as_str().expect("an ARN");
    let other = format!("{child}x");
    for (operation, asked, error) in [
        ("DescribeExecution", json!({"executionArn": other}), "ExecutionDoesNotExist"),
        ("GetExecutionHistory", json!({"executionArn": other}), "ExecutionDoesNotExist"),
        ("StopExecution", json!({"executionArn": child}), "NotImplementedException"),
        ("ListExecutions", json!({"mapRunArn": format!("{run}x")}), "ResourceNotFound"),
        ("ListExecutions", json!({}), "ValidationException"),
        ("ListExecutions", json!({"mapRunArn": run, "nextToken": "x"}), "InvalidToken"),
    ] {
        assert_eq!(states.err(operation, asked.clone()).0, error, "{operation} {asked}");
    }
    let mut states = States::new();
    let (_, run) = states.map_run("EXPRESS", &json!([1]));
    let refused = states.err("ListExecutions", json!({"mapRunArn": run}));
    assert_eq!(refused.0, "StateMachineTypeNotSupported");
}
