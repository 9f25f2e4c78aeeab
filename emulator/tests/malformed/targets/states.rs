//! State machines of any text, and paths, intrinsic functions and JSONata in them.
//!
//! A machine that is taken is run: its tasks succeed, fail or never answer, as the text's length
//! says. An expression stands on the first line, what it is about on the second.

use std::collections::VecDeque;

use serde_json::{Value, json};
use skyrig_asl::definition::ExecutionType;
use skyrig_asl::execution::{About, Effect, Input, News, PAYLOAD_BYTES_MAX};
use skyrig_asl::trial::{Progress, Request, Trial};
use skyrig_asl::{Definition, Execution, Json};

/// When everything begins, in milliseconds since 1970.
const BEGIN: i64 = 1_700_000_000_000;
/// Steps of an execution that somebody looks at.
const STEPS: usize = 50;

fn about(express: bool) -> About {
    About {
        id: "arn:aws:states:us-east-1:000000000000:execution:m:e".into(),
        name: "e".into(),
        machine_arn: "arn:aws:states:us-east-1:000000000000:stateMachine:m".into(),
        machine_name: "m".into(),
        role_arn: None,
        region: "us-east-1".into(),
        express,
    }
}

pub(crate) fn run_definition(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    for (kind, express) in [(ExecutionType::Standard, false), (ExecutionType::Express, true)] {
        match Definition::parse(&text, kind) {
            Ok((definition, _)) => run(&definition, express, text.len()),
            Err(found) => assert!(!found.is_empty(), "it is refused without a reason"),
        }
    }
}

fn run(definition: &Definition, express: bool, turn: usize) {
    let document = json!({"a": [1, {"b": "x"}], "c": null, "n": 1.5, "t": "2024-01-01T00:00:00Z"});
    let mut execution = Execution::new(about(express), Json::from(document), 1);
    let (mut now, mut last, mut calls) = (BEGIN, 0, turn);
    let mut inputs = VecDeque::from([Input::Start]);
    for _ in 0..STEPS {
        let Some(input) = inputs.pop_front() else {
            let Some(wake) = execution.wake_at() else { break };
            now = now.max(wake);
            inputs.push_back(Input::Time);
            continue;
        };
        for effect in execution.step(definition, now, input) {
            match effect {
                Effect::Record(event) => {
                    last += 1;
                    assert_eq!(event.id, last, "events are numbered");
                    assert!(event.previous_event_id < event.id, "{event:?}");
                }
                Effect::Call(call) => {
                    calls += 1;
                    let number = call.number;
                    let news = match calls % 3 {
                        0 => News::Succeeded { output: call.input },
                        1 => News::Failed { error: Some("E".into()), cause: None },
                        _ => continue,
                    };
                    inputs.push_back(Input::Task { number, news });
                }
                _ => {}
            }
        }
        if execution.outcome().is_some() {
            assert_eq!(execution.wake_at(), None, "it has ended");
            break;
        }
    }
    let written = serde_json::to_string(&execution).expect("an execution is data");
    let read: Execution = serde_json::from_str(&written).expect("it can be read");
    assert_eq!(read.wake_at(), execution.wake_at());
}

pub(crate) fn run_path(input: &[u8]) {
    let (path, document) = halves(input);
    for field in ["InputPath", "OutputPath", "ResultPath"] {
        let mut state = json!({"Type": "Pass", "End": true});
        state[field] = path.as_str().into();
        try_state(&state, &document);
    }
    let choice = json!({"Variable": path, "IsPresent": true, "Next": "N"});
    let state = json!({"Type": "Choice", "Choices": [choice], "Default": "N"});
    try_state(&state, &document);
}

pub(crate) fn run_intrinsic(input: &[u8]) {
    let (call, document) = halves(input);
    try_state(&json!({"Type": "Pass", "Parameters": {"v.$": call}, "End": true}), &document);
}

pub(crate) fn run_jsonata(input: &[u8]) {
    let (expression, document) = halves(input);
    let output = format!("{{% {expression} %}}");
    let state = json!({"Type": "Pass", "QueryLanguage": "JSONata", "Output": output, "End": true});
    try_state(&state, &document);
}

fn halves(input: &[u8]) -> (String, String) {
    let text = String::from_utf8_lossy(input).into_owned();
    match text.split_once('\n') {
        Some((expression, document)) => (expression.to_owned(), document.to_owned()),
        None => (text, r#"{"a": [1, 2, {"b": "x"}], "c": {"d": null}}"#.to_owned()),
    }
}

/// Tries a state, twice: nothing but what it is given decides.
fn try_state(state: &Value, document: &str) {
    let definition = state.to_string();
    let request = Request { definition: &definition, input: Some(document), ..Request::default() };
    let tried = || match Trial::begin(&request, about(true), BEGIN, 1) {
        Ok((_, Progress::Ended(tested))) => Ok(tested),
        Ok((_, Progress::Call(call))) => panic!("it calls {call:?}"),
        Err(refusal) => Err(refusal),
    };
    let (first, second) = (tried(), tried());
    assert_eq!(format!("{first:?}"), format!("{second:?}"), "{definition} {document}");
    if let Ok(tested) = first
        && let Some(output) = tested.output
    {
        assert!(output.text().len() <= PAYLOAD_BYTES_MAX, "{definition}: its output is too long");
        assert!(serde_json::from_str::<Value>(output.text()).is_ok(), "{definition}: no JSON");
    }
}
