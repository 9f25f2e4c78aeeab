//! What bounds an execution.

use serde_json::json;
use skyrig_asl::execution::{HISTORY_EVENTS_MAX, PAYLOAD_BYTES_MAX};

use super::driver::{BEGIN, Driver};

/// A loop that waits for nothing goes on in steps, until its history is full.
#[test]
fn a_loop_ends_with_its_history() {
    let definition = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Next": "C"},
        "C": {"Type": "Choice", "Choices": [
            {"Variable": "$.stop", "IsPresent": true, "Next": "D"}], "Default": "A"},
        "D": {"Type": "Succeed"}}});
    let mut driver = Driver::start(&definition, &json!({}));
    assert_eq!(driver.execution.wake_at(), Some(BEGIN), "it goes on at once");
    assert!(driver.events.len() < 5_000, "one step did {} events", driver.events.len());
    let mut steps = 1;
    while driver.execution.outcome().is_none() {
        driver.step(skyrig_asl::execution::Input::Time);
        steps += 1;
    }
    assert!((5..100).contains(&steps), "{steps} steps");
    assert_eq!(driver.events.len() as u64, HISTORY_EVENTS_MAX);
    assert!(driver.cause().is_some_and(|it| it.contains("maximum number of history events")));
}

#[test]
fn results_have_a_size() {
    let definition = |catch: bool| {
        let mut state = json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                               "End": true});
        if catch {
            state["Catch"] = json!([{"ErrorEquals": ["States.ALL"], "Next": "T"}]);
        }
        let mut states = json!({"S": state});
        if catch {
            states["T"] = json!({"Type": "Pass", "End": true});
        }
        json!({"StartAt": "S", "States": states})
    };
    let text = |length: usize| json!("x".repeat(length - 2));
    let mut driver = Driver::start(&definition(false), &json!({}));
    driver.succeed(text(PAYLOAD_BYTES_MAX));
    assert!(driver.output().is_some());
    let mut driver = Driver::start(&definition(false), &json!({}));
    driver.succeed(text(PAYLOAD_BYTES_MAX + 1));
    assert_eq!(driver.error().as_deref(), Some("States.DataLimitExceeded"));
    let mut driver = Driver::start(&definition(true), &json!({}));
    driver.succeed(text(PAYLOAD_BYTES_MAX + 1));
    let output = driver.output().expect("it was caught");
    assert_eq!(output["Error"], "States.DataLimitExceeded");
}

/// Machines in machines, up to the bound, and one more.
#[test]
fn nesting_has_a_bound() {
    let nested = |depth: usize| {
        let mut machine = json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}});
        for level in 0..depth {
            let name = format!("L{level}");
            let state = json!({"Type": "Parallel", "Branches": [machine], "End": true});
            machine = json!({"StartAt": name, "States": {name.as_str(): state}});
        }
        machine
    };
    let driver = Driver::start(&nested(29), &json!(1));
    let mut output = driver.output().expect("it ends");
    for _ in 0..29 {
        output = output[0].clone();
    }
    assert_eq!(output, json!(1));
    let found = skyrig_asl::Definition::parse(
        &nested(30).to_string(),
        skyrig_asl::definition::ExecutionType::Standard,
    )
    .expect_err("it is too deep");
    assert!(found.iter().any(|it| it.code == "TOO_DEEPLY_NESTED"), "{found:?}");
}

/// A loop that wraps its input, or a variable, each time.
#[test]
fn documents_have_a_depth() {
    let cases = [
        json!({"Parameters": {"x.$": "$"}}),
        json!({"Assign": {"x.$": "States.Array($x)"}}),
        json!({"QueryLanguage": "JSONata", "Output": "{% [[$states.input]] %}"}),
        json!({"QueryLanguage": "JSONata", "Assign": {"x": {"y": "{% $x %}"}}}),
    ];
    for case in cases {
        let mut state = json!({"Type": "Pass", "Next": "C"});
        for (name, value) in case.as_object().expect("an object") {
            state[name] = value.clone();
        }
        let definition = json!({"StartAt": "I", "States": {
            "I": {"Type": "Pass", "Assign": {"x": []}, "Next": "A"},
            "A": state,
            "C": {"Type": "Choice", "Choices": [
                {"Variable": "$$.Nothing", "IsPresent": true, "Next": "D"}], "Default": "A"},
            "D": {"Type": "Succeed"}}});
        let mut driver = Driver::start(&definition, &json!({}));
        while driver.execution.outcome().is_none() {
            driver.step(skyrig_asl::execution::Input::Time);
        }
        // What JSONata makes itself, it refuses itself.
        let cause = driver.cause().unwrap_or_default();
        assert!(cause.contains("too deep") || cause.contains("D2015"), "{case}: {cause}");
    }
}

/// An execution that waits costs nothing: no wake before its time, and no work when it is asked.
#[test]
fn waiting_costs_nothing() {
    let definition = json!({"StartAt": "W", "States": {
        "W": {"Type": "Wait", "Seconds": 1000, "End": true}}});
    let mut driver = Driver::start(&definition, &json!({}));
    let events = driver.events.len();
    for _ in 0..999 {
        driver.now += 1_000;
        driver.step(skyrig_asl::execution::Input::Time);
    }
    assert_eq!(driver.events.len(), events);
    assert_eq!(driver.execution.wake_at(), Some(BEGIN + 1_000_000));
}
