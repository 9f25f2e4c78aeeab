//! States that lead to one another.

use serde_json::{Value, json};
use skyrig_asl::execution::{Input, News, Outcome};

use super::driver::{BEGIN, Driver};

fn one(state: Value) -> Value {
    json!({"StartAt": "S", "States": {"S": state}})
}

fn task(more: Value) -> Value {
    let mut state = json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                           "End": true});
    for (name, value) in more.as_object().expect("an object") {
        state[name] = value.clone();
    }
    one(state)
}

#[test]
fn a_wait_of_nearly_a_year_is_one_wake() {
    // An execution ends after a year.
    let seconds = 364 * 86_400;
    let mut driver =
        Driver::start(&one(json!({"Type": "Wait", "Seconds": seconds, "End": true})), &json!(1));
    assert_eq!(driver.execution.wake_at(), Some(BEGIN + seconds * 1_000));
    driver.advance(seconds * 1_000 - 1);
    assert_eq!(driver.output(), None);
    driver.advance(1);
    assert_eq!(driver.output(), Some(json!(1)));
}

#[test]
fn an_execution_times_out() {
    let mut definition = task(json!({}));
    definition["TimeoutSeconds"] = json!(10);
    let mut driver = Driver::start(&definition, &json!({}));
    driver.advance(9_999);
    assert_eq!(driver.execution.outcome(), None);
    driver.advance(1);
    assert_eq!(driver.execution.outcome(), Some(&Outcome::TimedOut));
    assert_eq!(driver.kinds().last(), Some(&"ExecutionTimedOut"));
}

#[test]
fn an_execution_is_stopped() {
    let mut driver = Driver::start(&task(json!({})), &json!({}));
    driver.step(Input::Stop { error: Some("E".into()), cause: None });
    let aborted = Outcome::Aborted { error: Some("E".into()), cause: None };
    assert_eq!(driver.execution.outcome(), Some(&aborted));
}

/// An answer that is older than its time-out counts, one that comes at the same moment too; one
/// that comes after it is nobody's.
#[test]
fn late_answers_are_nobodys() {
    for (late, wanted) in [(0, true), (1, false)] {
        let mut driver = Driver::start(&task(json!({"TimeoutSeconds": 5})), &json!({}));
        driver.now += 5_000 + late;
        let number = driver.open[0].number;
        if wanted {
            driver.open.clear();
        }
        let output = skyrig_asl::Json::from(json!("late"));
        driver.step(Input::Task { number, news: News::Succeeded { output } });
        assert_eq!(driver.output().is_some(), wanted, "{late} ms late");
    }
}

#[test]
fn retries_wait_as_they_say() {
    let retry = |more: Value| {
        let mut retry = json!({"ErrorEquals": ["A"], "IntervalSeconds": 2, "MaxAttempts": 4});
        for (name, value) in more.as_object().expect("an object") {
            retry[name] = value.clone();
        }
        task(json!({"Retry": [retry]}))
    };
    let cases = [
        (json!({}), vec![2, 4, 8, 16]),
        (json!({"BackoffRate": 1.5}), vec![2, 3, 4, 6]),
        (json!({"BackoffRate": 1}), vec![2, 2, 2, 2]),
        (json!({"MaxDelaySeconds": 5}), vec![2, 4, 5, 5]),
        (json!({"MaxAttempts": 0}), vec![]),
    ];
    for (more, waits) in cases {
        let mut driver = Driver::start(&retry(more.clone()), &json!({}));
        let mut seen = Vec::new();
        while driver.execution.outcome().is_none() {
            driver.fail("A");
            if let Some(wake) = driver.execution.wake_at() {
                seen.push((wake - driver.now) / 1_000);
                driver.advance(wake - driver.now);
            }
        }
        assert_eq!(seen, waits, "{more}");
        assert_eq!(driver.error().as_deref(), Some("A"));
    }
}

#[test]
fn jitter_comes_from_the_seed() {
    let definition = task(json!({"Retry": [{"ErrorEquals": ["A"], "IntervalSeconds": 1000,
                                            "JitterStrategy": "FULL"}]}));
    let delay = |seed| {
        let mut driver = Driver::start_as(&definition, &json!({}), false, seed);
        driver.fail("A");
        driver.execution.wake_at().expect("it waits") - driver.now
    };
    assert_eq!(delay(1), delay(1));
    assert_ne!(delay(1), delay(2));
    assert!((0..20).map(delay).all(|it| (0..=1_000_000).contains(&it)));
}

#[test]
fn errors_of_data_have_their_names() {
    let pass = |more: Value| {
        let mut state = json!({"Type": "Pass", "End": true});
        for (name, value) in more.as_object().expect("an object") {
            state[name] = value.clone();
        }
        one(state)
    };
    let cases = [
        (pass(json!({"Result": 1, "ResultPath": "$.a.b"})), "States.ResultPathMatchFailure"),
        (pass(json!({"Parameters": {"x.$": "States.MathAdd($.a, 1)"}})), "States.IntrinsicFailure"),
        (pass(json!({"Parameters": {"x.$": "$.missing"}})), "States.Runtime"),
        (pass(json!({"OutputPath": "$.missing"})), "States.Runtime"),
        (
            one(json!({"Type": "Choice", "Choices": [
                {"Variable": "$.a", "StringEquals": "no", "Next": "S"}]})),
            "",
        ),
        (
            pass(json!({"QueryLanguage": "JSONata", "Output": "{% 1 + 'a' %}"})),
            "States.QueryEvaluationError",
        ),
    ];
    for (definition, error) in cases {
        if error.is_empty() {
            continue;
        }
        let driver = Driver::start(&definition, &json!({"a": "text"}));
        assert_eq!(driver.error().as_deref(), Some(error), "{definition}");
        assert!(
            driver.cause().is_some_and(|it| it.contains("executing the state 'S' (entered at")),
            "{:?}",
            driver.cause()
        );
    }
}

#[test]
fn a_choice_without_a_match_fails() {
    let definition = json!({"StartAt": "S", "States": {
        "S": {"Type": "Choice", "Choices": [
            {"Variable": "$.a", "StringEquals": "no", "Next": "T"}]},
        "T": {"Type": "Succeed"}}});
    let driver = Driver::start(&definition, &json!({"a": "text"}));
    assert_eq!(driver.error().as_deref(), Some("States.NoChoiceMatched"));
    let driver = Driver::start(&definition, &json!({}));
    assert_eq!(driver.error().as_deref(), Some("States.Runtime"));
    assert!(driver.cause().is_some_and(|it| it.contains("condition path references an invalid")));
}

#[test]
fn variables_are_seen_inside_and_stay_inside() {
    let definition = json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "B"},
        "B": {"Type": "Parallel", "Next": "C", "Branches": [
            {"StartAt": "D", "States": {"D": {"Type": "Pass", "Assign": {"y": "{% $x + 1 %}"},
                                              "Next": "E"},
                                        "E": {"Type": "Pass", "Output": "{% $y %}",
                                              "End": true}}}]},
        "C": {"Type": "Pass", "Output": {"x": "{% $x %}", "y": "{% $exists($y) %}",
                                         "result": "{% $states.input %}"}, "End": true}}});
    let driver = Driver::start(&definition, &json!({}));
    assert_eq!(driver.output(), Some(json!({"x": 1, "y": false, "result": [2]})));
}

/// Assignments of one state all see the values from before it.
#[test]
fn assignments_swap() {
    let definition = json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Assign": {"x": 1, "y": 2}, "Next": "B"},
        "B": {"Type": "Pass", "Assign": {"x": "{% $y %}", "y": "{% $x %}"}, "Next": "C"},
        "C": {"Type": "Pass", "Output": "{% [$x, $y] %}", "End": true}}});
    assert_eq!(Driver::start(&definition, &json!({})).output(), Some(json!([2, 1])));
}

#[test]
fn an_activity_waits_for_its_worker() {
    let definition = one(json!({"Type": "Task", "End": true, "HeartbeatSeconds": 5,
        "Resource": "arn:aws:states:eu-central-1:111111111111:activity:work"}));
    let mut driver = Driver::start(&definition, &json!({}));
    assert!(driver.open[0].token.is_some());
    // No heart beats before somebody has the task.
    driver.advance(60_000);
    driver.news(News::Started { worker: Some("me".into()) });
    driver.advance(4_000);
    driver.news(News::Heartbeat);
    driver.advance(4_000);
    assert_eq!(driver.execution.outcome(), None);
    driver.advance(1_000);
    assert_eq!(driver.error().as_deref(), Some("States.Timeout"));
    let wanted = [
        "ExecutionStarted",
        "TaskStateEntered",
        "ActivityScheduled",
        "ActivityStarted",
        "ActivityTimedOut",
        "ExecutionFailed",
    ];
    assert_eq!(driver.kinds(), wanted);
}
