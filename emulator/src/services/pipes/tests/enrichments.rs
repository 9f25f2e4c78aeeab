//! Functions and state machines as enrichments and targets, and how the lineage goes on behind a
//! pipe.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Clouds, ROLE, arn, pipe};
use crate::cloud::Input;
use crate::kernel::{FunctionEnd, FunctionRun, OutsideRequest, TraceNode, What};

/// What a function does with its payload.
type Code = fn(&Value) -> Result<Value, &'static str>;

impl Clouds {
    /// Makes the function `f`; its ARN.
    fn function(&mut self) -> String {
        let body = json!({
            "FunctionName": "f", "Role": ROLE, "PackageType": "Image",
            "Code": {"ImageUri": "000000000000.dkr.ecr.us-east-1.amazonaws.com/f:1"},
        });
        let at = ("POST", "/2015-03-31/functions");
        let request = crate::cloud::request::rest("lambda", at, body.to_string());
        let made = self.world.send(request).expect("it answers at once");
        assert_eq!(made.status(), 201);
        arn("lambda", "function:f")
    }

    /// Makes the machine `m`, whose only state is this; its ARN.
    fn machine(&mut self, kind: &str, state: &Value) -> String {
        let definition = json!({"StartAt": "S", "States": {"S": state}}).to_string();
        let body = json!({"name": "m", "type": kind, "definition": definition, "roleArn": ROLE});
        self.world.ok("AWSStepFunctions.CreateStateMachine", body);
        arn("states", "stateMachine:m")
    }

    /// Runs what was invoked; gives the payloads.
    fn run(&mut self, code: Code) -> Vec<Value> {
        let mut payloads = Vec::new();
        for call in self.world.take_asked() {
            let OutsideRequest::Function(invocation) = call.request else { panic!("a function") };
            let payload = serde_json::from_slice(&invocation.payload).expect("JSON");
            let end = match code(&payload) {
                Ok(value) => FunctionEnd::Returned { payload: value.to_string().into() },
                Err(message) => FunctionEnd::Failed {
                    payload: Bytes::from(json!({"errorMessage": message}).to_string()),
                    error_type: Some("Error".to_owned()),
                },
            };
            payloads.push(payload);
            self.world.feed(Input::FunctionDone(call.id, Ok(FunctionRun::of(end)))).unwrap();
        }
        payloads
    }
}

fn two_at_once(more: Value) -> Value {
    let mut pipe = json!({"SourceParameters": {"SqsQueueParameters": {
        "BatchSize": 2, "MaximumBatchingWindowInSeconds": 1}}});
    for (name, value) in more.as_object().into_iter().flatten() {
        pipe[name] = value.clone();
    }
    pipe
}

#[test]
fn a_function_enriches() {
    let doubled: Code = |payload| {
        let items = payload.as_array().expect("an array").iter();
        Ok(items.map(|item| json!({"n": item["n"].as_i64().map(|n| 2 * n)})).collect())
    };
    let cases: [(Code, &[&str], (i64, i64)); 6] = [
        (doubled, &["{\"n\":2}", "{\"n\":4}"], (0, 0)),
        (|_| Ok(json!({"all": 1})), &["{\"all\":1}"], (0, 0)),
        (|_| Ok(json!([])), &[], (0, 0)),
        (|_| Ok(Value::Null), &[], (0, 0)),
        (|_| Ok(json!("text")), &["\"text\""], (0, 0)),
        (|_| Err("no"), &[], (0, 2)),
    ];
    for (code, passed, left) in cases {
        let mut clouds = Clouds::new();
        let function = clouds.function();
        let template = json!({"InputTemplate": "<$.body>"});
        let more = json!({"Enrichment": function, "EnrichmentParameters": template});
        clouds.pipe("p", &two_at_once(more));
        clouds.send(&["{\"n\":1}", "{\"n\":2}"]);
        assert_eq!(clouds.run(code), [json!([{"n": 1}, {"n": 2}])]);
        assert_eq!(clouds.taken("to"), passed);
        assert_eq!(clouds.counts("from"), left, "{passed:?}");
    }
}

#[test]
fn an_express_machine_enriches() {
    let fail = json!({"Type": "Fail", "Error": "E"});
    let pass = json!({"Type": "Pass", "Parameters": {"got.$": "$[0].body"}, "End": true});
    let wait = json!({"Type": "Wait", "Seconds": 3, "End": true});
    for (state, seconds, taken, left) in [
        (pass, 0, 1, (0, 0)),
        (fail, 0, 0, (0, 1)),
        (wait.clone(), 2, 0, (0, 1)),
        (wait, 3, 1, (0, 0)),
    ] {
        let mut clouds = Clouds::new();
        let machine = clouds.machine("EXPRESS", &state);
        clouds.pipe("p", &json!({"Enrichment": machine}));
        clouds.send(&["hello"]);
        clouds.world.advance_seconds(seconds);
        let found = clouds.taken("to");
        assert_eq!((found.len(), clouds.counts("from")), (taken, left), "{state} {seconds}");
        if state["Type"] == "Pass" {
            assert_eq!(found, ["{\"got\":\"hello\"}"]);
        }
    }
    // A standard machine answers nothing, so it enriches nothing.
    let mut clouds = Clouds::new();
    let machine = clouds.machine("STANDARD", &json!({"Type": "Succeed"}));
    clouds.pipe("p", &json!({"Enrichment": machine}));
    clouds.send(&["hello"]);
    assert_eq!((clouds.taken("to").len(), clouds.counts("from")), (0, (0, 1)));
}

#[test]
fn a_function_as_target_says_which_events_failed() {
    let second: Code = |payload| {
        let id = payload[1]["messageId"].clone();
        Ok(json!({"batchItemFailures": [{"itemIdentifier": id}]}))
    };
    let cases: [(Code, (i64, i64)); 4] = [
        (second, (0, 1)),
        (|_| Ok(json!({"batchItemFailures": []})), (0, 0)),
        (|_| Ok(json!({"batchItemFailures": [{"itemIdentifier": "nobody"}]})), (0, 2)),
        (|_| Err("no"), (0, 2)),
    ];
    for (at, (code, left)) in cases.into_iter().enumerate() {
        let mut clouds = Clouds::new();
        let function = clouds.function();
        clouds.pipe("p", &two_at_once(json!({"Target": function})));
        clouds.send(&["a", "b"]);
        assert_eq!(clouds.run(code).len(), 1);
        assert_eq!(clouds.counts("from"), left, "case {at}");
    }
    // Nobody waits for one that is only told.
    let mut clouds = Clouds::new();
    let function = clouds.function();
    let parameters = json!({"LambdaFunctionParameters": {"InvocationType": "FIRE_AND_FORGET"}});
    clouds.pipe("p", &json!({"Target": function, "TargetParameters": parameters}));
    clouds.send(&["a"]);
    assert_eq!(clouds.counts("from"), (0, 0));
    assert_eq!(clouds.run(|_| Err("no")).len(), 1);
}

#[test]
fn machines_are_targets_that_are_waited_for_or_not() {
    let forget = json!({"StepFunctionStateMachineParameters": {
        "InvocationType": "FIRE_AND_FORGET"}});
    let fail = json!({"Type": "Fail", "Error": "E"});
    let succeed = json!({"Type": "Succeed"});
    for (kind, state, parameters, left) in [
        ("EXPRESS", &succeed, json!({}), (0, 0)),
        ("EXPRESS", &fail, json!({}), (0, 1)),
        ("EXPRESS", &fail, forget.clone(), (0, 0)),
        ("STANDARD", &fail, forget, (0, 0)),
        ("STANDARD", &succeed, json!({}), (0, 1)),
    ] {
        let mut clouds = Clouds::new();
        let machine = clouds.machine(kind, state);
        let more = json!({"Target": machine, "TargetParameters": parameters});
        clouds.pipe("p", &more);
        clouds.send(&["a"]);
        assert_eq!(clouds.counts("from"), left, "{kind} {more}");
    }
}

fn whats(node: &TraceNode, all: &mut Vec<What>) {
    all.push(node.what);
    node.led_to.iter().for_each(|node| whats(node, all));
}

#[test]
fn the_story_of_a_message_goes_on_behind_a_pipe_and_a_mapping() {
    let mut clouds = Clouds::new();
    let function = clouds.function();
    let template = json!({"InputTemplate": "<$.body>"});
    let more = json!({"Enrichment": function, "EnrichmentParameters": template});
    clouds.ok("POST", "/v1/pipes/p", &pipe(&more));
    let request = json!({"QueueUrl": "from", "MessageBody": "1"});
    let sent = clouds.world.ok("AmazonSQS.SendMessage", request);
    clouds.run(|payload| Ok(payload.clone()));
    let id = sent["MessageId"].as_str().expect("an id").parse().expect("an id");
    let trace = clouds.world.cloud.lineage().trace(id).expect("it is known");
    assert_eq!(trace.roots.len(), 1, "{trace:?}");
    let mut all = Vec::new();
    whats(&trace.roots[0], &mut all);
    assert_eq!(all.iter().filter(|what| **what == What::Enqueued).count(), 2, "{all:?}");
    assert!(clouds.taken("to").len() == 1);

    let mut clouds = Clouds::new();
    let function = clouds.function();
    let mapping = json!({"FunctionName": function, "EventSourceArn": arn("sqs", "from")});
    let at = ("POST", "/2015-03-31/event-source-mappings");
    let request = crate::cloud::request::rest("lambda", at, mapping.to_string());
    assert_eq!(clouds.world.send(request).expect("it answers at once").status(), 202);
    clouds.world.advance_seconds(60);
    let request = json!({"QueueUrl": "from", "MessageBody": "1"});
    let sent = clouds.world.ok("AmazonSQS.SendMessage", request);
    assert_eq!(clouds.run(|_| Ok(Value::Null)).len(), 1);
    let id = sent["MessageId"].as_str().expect("an id").parse().expect("an id");
    let trace = clouds.world.cloud.lineage().trace(id).expect("it is known");
    let mut all = Vec::new();
    whats(&trace.roots[0], &mut all);
    assert!(all.contains(&What::Invoked), "{all:?}");
}
