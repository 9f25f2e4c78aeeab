//! `Map`: concurrency, batches, tolerated failures.

use serde_json::{Value, json};
use skyrig_asl::execution::{ChildPlace, Input, Outcome};

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

const TASK: [&str; 5] =
    ["ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSucceeded"];

#[test]
fn each_item_of_a_distributed_map_is_an_execution() {
    let more = json!({"ToleratedFailureCount": 1, "MaxConcurrency": 2, "Label": "each"});
    let mut driver = Driver::start(&distributed(more), &json!(["a", "b", "c"]));
    assert_eq!(driver.execution.map_runs()[0].children.len(), 2, "the third waits");
    driver.fail("A");
    driver.succeed(json!("B"));
    driver.succeed(json!("C"));
    assert_eq!(driver.output(), Some(json!(["B", "C"])));
    let run = &driver.execution.map_runs()[0];
    let outcomes: Vec<_> = run.children.iter().map(|it| it.outcome.clone()).collect();
    assert!(
        matches!(&outcomes[0], Some(Outcome::Failed { error: Some(error), .. }) if error == "A")
    );
    assert!(
        matches!(&outcomes[1], Some(Outcome::Succeeded { output }) if output.text() == "\"B\"")
    );
    let arn = run.child_arn(&run.children[0]);
    let begin = "arn:aws:states:eu-central-1:111111111111:execution:machine/each:";
    assert!(arn.starts_with(begin), "{arn}");
    assert_eq!(driver.kinds_of_child(0, 0)[..4], TASK[..4]);
    assert_eq!(driver.kinds_of_child(0, 0)[4..], ["TaskFailed", "ExecutionFailed"]);
    assert_eq!(driver.kinds_of_child(0, 2)[..5], TASK);
    assert_eq!(driver.kinds_of_child(0, 2)[5..], ["TaskStateExited", "ExecutionSucceeded"]);
    let of_children = ["TaskScheduled", "MapIterationStarted"];
    assert!(!driver.kinds().iter().any(|kind| of_children.contains(kind)), "{:?}", driver.kinds());
}

#[test]
fn children_are_aborted_with_their_run() {
    for stopped in [false, true] {
        let mut driver = Driver::start(&distributed(json!({})), &json!([1, 2, 3]));
        driver.succeed(json!(1));
        match stopped {
            true => driver.step(Input::Stop { error: None, cause: None }),
            false => driver.fail("A"),
        }
        let run = &driver.execution.map_runs()[0];
        let last = &run.children[2].outcome;
        assert!(matches!(last, Some(Outcome::Aborted { .. })), "{last:?}");
        assert!(run.stopped_at.is_some());
        assert_eq!(driver.kinds_of_child(0, 2).last(), Some(&"ExecutionAborted"));
        assert_eq!(driver.kinds_of_child(0, 0).last(), Some(&"ExecutionSucceeded"));
        let is_of_task = |kind: &&&str| kind.starts_with("TaskState");
        assert_eq!(driver.kinds().iter().filter(is_of_task).count(), 0);
    }
}

#[test]
fn a_redrive_goes_on_with_the_children_that_failed() {
    let mut driver = Driver::start(&distributed(json!({})), &json!([1, 2]));
    driver.succeed(json!("one"));
    driver.fail("A");
    assert!(driver.output().is_none());
    driver.step(Input::Redrive);
    assert_eq!(driver.open.len(), 1, "only the second goes on");
    driver.succeed(json!("two"));
    assert_eq!(driver.output(), Some(json!(["one", "two"])));
    let run = &driver.execution.map_runs()[0];
    assert_eq!((run.succeeded, run.failed, run.redrives), (2, 0, 1));
    assert_eq!((run.children[0].redrives, run.children[1].redrives), (0, 1));
    assert!(driver.kinds_of_child(0, 1).contains(&"ExecutionRedriven"));
}

#[test]
fn a_child_knows_itself_and_its_history_has_a_bound() {
    let context = json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true,
        "Parameters": {"id.$": "$$.Execution.Id", "input.$": "$$.Execution.Input",
                       "machine.$": "$$.StateMachine.Name"}}}});
    let mut definition = distributed(json!({"Label": "l"}));
    let config = definition["States"]["M"]["ItemProcessor"]["ProcessorConfig"].clone();
    definition["States"]["M"]["ItemProcessor"] = context;
    definition["States"]["M"]["ItemProcessor"]["ProcessorConfig"] = config.clone();
    let driver = Driver::start(&definition, &json!(["item"]));
    let output = driver.output().expect("it ends")[0].clone();
    let run = &driver.execution.map_runs()[0];
    assert_eq!(output["id"], run.child_arn(&run.children[0]));
    assert_eq!((&output["input"], &output["machine"]), (&json!("item"), &json!("machine/l")));

    let choice = json!({"Variable": "$", "IsPresent": true, "Next": "R"});
    let round = json!({"StartAt": "P", "ProcessorConfig": config, "States": {
        "P": {"Type": "Choice", "Choices": [choice], "Default": "Q"},
        "Q": {"Type": "Succeed"},
        "R": {"Type": "Pass", "Next": "P"},
    }});
    definition["States"]["M"]["ItemProcessor"] = round;
    let mut driver = Driver::start(&definition, &json!(["item"]));
    for _ in 0..100 {
        driver.advance(1);
    }
    assert_eq!(driver.error().as_deref(), Some("States.ExceedToleratedFailureThreshold"));
    assert_eq!(driver.of_children[&(0, 0)].len(), 25_000);
}

#[test]
fn maps_in_children_have_runs_of_their_own() {
    let mut definition = distributed(json!({}));
    let mut inner = distributed(json!({"ItemsPath": "$.inner"}))["States"]["M"].clone();
    inner["ItemProcessor"]["States"] = json!({"P": {"Type": "Pass", "End": true}});
    inner["ItemProcessor"]["StartAt"] = json!("P");
    definition["States"]["M"]["ItemProcessor"]["States"]["T"] = inner;
    let driver = Driver::start(&definition, &json!([{"inner": [1]}, {"inner": [2, 3]}]));
    assert_eq!(driver.output(), Some(json!([[1], [2, 3]])));
    let parents: Vec<_> = driver.execution.map_runs().iter().map(|run| run.parent).collect();
    let place = |index| Some(ChildPlace { run: 0, index });
    assert_eq!(parents, [None, place(0), place(1)]);
    assert!(driver.kinds_of_child(0, 0).contains(&"MapRunSucceeded"));
    assert_eq!(driver.kinds_of_child(2, 1).last(), Some(&"ExecutionSucceeded"));
}
