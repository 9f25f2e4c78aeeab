//! `Map`: concurrency, batches, tolerated failures.

use serde_json::{Value, json};

use super::driver::Driver;

fn map(more: Value) -> Value {
    let mut state = json!({"Type": "Map", "End": true, "ItemProcessor": {
        "StartAt": "T", "States": {"T": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}}});
    for (name, value) in more.as_object().expect("an object") {
        state[name] = value.clone();
    }
    json!({"StartAt": "M", "States": {"M": state}})
}

fn distributed(more: Value) -> Value {
    let mut definition = map(more);
    definition["States"]["M"]["ItemProcessor"]["ProcessorConfig"] =
        json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
    definition
}

#[test]
fn so_many_items_run_at_once() {
    let mut driver = Driver::start(&map(json!({"MaxConcurrency": 2})), &json!([1, 2, 3, 4, 5]));
    let mut most = 0;
    while driver.execution.outcome().is_none() {
        most = most.max(driver.open.len());
        let input = driver.open[0].input.value().clone();
        driver.succeed(json!([input]));
    }
    assert_eq!((most, driver.calls), (2, 5));
    assert_eq!(driver.output(), Some(json!([[1], [2], [3], [4], [5]])));
    let all: Vec<Value> = (0..100).map(Value::from).collect();
    let driver = Driver::start(&map(json!({})), &Value::Array(all));
    assert_eq!(driver.open.len(), 40, "inline maps run forty items at once");
}

#[test]
fn results_keep_the_order_of_the_items() {
    let mut driver = Driver::start(&map(json!({})), &json!([1, 2, 3]));
    driver.open.reverse();
    while driver.execution.outcome().is_none() {
        let input = driver.open[0].input.value().clone();
        driver.succeed(input);
    }
    assert_eq!(driver.output(), Some(json!([1, 2, 3])));
}

#[test]
fn one_failed_iteration_ends_an_inline_map() {
    let mut driver = Driver::start(&map(json!({})), &json!([1, 2, 3]));
    driver.fail("A");
    assert_eq!(driver.error().as_deref(), Some("A"));
    let kinds = driver.kinds();
    for kind in ["MapIterationFailed", "MapIterationAborted", "MapStateFailed"] {
        assert!(kinds.contains(&kind), "{kind} is not among {kinds:?}");
    }
}

#[test]
fn a_distributed_map_bears_failures() {
    let cases = [
        (json!({}), 0, true),
        (json!({}), 1, false),
        (json!({"ToleratedFailureCount": 1}), 1, true),
        (json!({"ToleratedFailureCount": 1}), 2, false),
        (json!({"ToleratedFailurePercentage": 50}), 2, true),
        (json!({"ToleratedFailurePercentage": 50}), 3, false),
        (json!({"ToleratedFailurePercentage": 100}), 4, true),
    ];
    for (more, failures, good) in cases {
        let mut driver = Driver::start(&distributed(more.clone()), &json!([1, 2, 3, 4]));
        for _ in 0..failures {
            driver.fail("A");
        }
        while driver.execution.outcome().is_none() {
            driver.succeed(json!("done"));
        }
        assert_eq!(driver.output().is_some(), good, "{more} {failures}");
        let run = &driver.execution.map_runs()[0];
        assert_eq!(run.total, 4);
        assert_eq!(run.failed, failures);
        assert_eq!(run.succeeded_in_the_end, Some(good));
        if !good {
            let error = driver.error();
            assert_eq!(error.as_deref(), Some("States.ExceedToleratedFailureThreshold"));
        }
    }
}

#[test]
fn items_come_in_batches() {
    let batcher = json!({"ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"all.$": "$[0]"}}});
    let mut driver = Driver::start(&distributed(batcher), &json!([1, 2, 3]));
    let inputs: Vec<Value> = driver.open.iter().map(|it| it.input.value().clone()).collect();
    assert_eq!(
        inputs,
        [
            json!({"BatchInput": {"all": 1}, "Items": [1, 2]}),
            json!({"BatchInput": {"all": 1}, "Items": [3]}),
        ]
    );
    driver.succeed(json!("a"));
    driver.succeed(json!("b"));
    assert_eq!(driver.output(), Some(json!(["a", "b"])));
}

#[test]
fn what_needs_s3_is_said() {
    let writer = json!({"ResultWriter": {"Resource": "arn:aws:states:::s3:putObject",
                                         "Parameters": {"Bucket": "b"}}});
    let driver = Driver::start(&distributed(writer), &json!([]));
    assert_eq!(driver.not_honoured, ["ResultWriter"]);
    let reader = json!({"ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
                                       "Parameters": {"Bucket": "b", "Key": "k"}}});
    let driver = Driver::start(&distributed(reader), &json!({}));
    assert_eq!(driver.error().as_deref(), Some("States.ItemReaderFailed"));
    assert!(driver.cause().is_some_and(|it| it.contains("not implemented")));
}
