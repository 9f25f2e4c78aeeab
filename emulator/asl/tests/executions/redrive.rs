//! Executions that go on where they failed.

use serde_json::json;
use skyrig_asl::execution::Input;

use super::driver::Driver;

#[test]
fn a_failed_task_is_begun_again() {
    let definition = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Result": "a", "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "C"},
        "C": {"Type": "Pass", "Parameters": {"again.$": "$$.Execution.RedriveCount"},
              "End": true}}});
    let mut driver = Driver::start(&definition, &json!({}));
    assert!(!driver.execution.is_redrivable());
    driver.fail("A");
    assert!(driver.execution.is_redrivable());
    driver.step(Input::Redrive);
    assert_eq!(driver.open[0].input.value(), &json!("a"));
    driver.succeed(json!("b"));
    assert_eq!(driver.output(), Some(json!({"again": 1})));
    let again = driver.kinds().iter().position(|kind| *kind == "ExecutionRedriven");
    let again = again.expect("it was redriven");
    assert_eq!(driver.kinds()[again + 1], "TaskScheduled");
    assert!(!driver.execution.is_redrivable(), "it succeeded");
}

/// What succeeded in a branch is not done again.
#[test]
fn only_what_failed_is_done_again() {
    let branch = |name: &str| {
        json!({"StartAt": name, "States": {name: {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"name": name}, "End": true}}})
    };
    let definition = json!({"StartAt": "P", "States": {"P": {
        "Type": "Parallel", "Branches": [branch("Left"), branch("Right")], "End": true}}});
    let mut driver = Driver::start(&definition, &json!({}));
    driver.succeed(json!("left"));
    driver.fail("A");
    driver.step(Input::Redrive);
    assert_eq!(driver.open.len(), 1);
    assert_eq!(driver.open[0].input.value(), &json!({"name": "Right"}));
    driver.succeed(json!("right"));
    assert_eq!(driver.output(), Some(json!(["left", "right"])));
}

#[test]
fn a_caught_failure_leaves_nothing_to_redrive() {
    let definition = json!({"StartAt": "P", "States": {
        "P": {"Type": "Parallel", "End": true, "Branches": [
                  {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "A"}}}],
              "Catch": [{"ErrorEquals": ["A"], "Next": "T"}]},
        "T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}});
    let mut driver = Driver::start(&definition, &json!({}));
    driver.fail("B");
    driver.step(Input::Redrive);
    // The task goes on, not the branch that failed before it.
    assert_eq!(driver.open.len(), 1);
    assert_eq!(driver.open[0].state, "T");
}

#[test]
fn a_stopped_execution_goes_on() {
    let definition = json!({"StartAt": "W", "States": {
        "W": {"Type": "Wait", "Seconds": 10, "End": true}}});
    let mut driver = Driver::start(&definition, &json!(1));
    driver.step(Input::Stop { error: None, cause: None });
    driver.step(Input::Redrive);
    driver.advance(10_000);
    assert_eq!(driver.output(), Some(json!(1)));
}
