//! `trace` and `why`, as pages and as commands that ask a running emulator.

use std::process::Command;

use serde_json::{Value, json};

use crate::process::Skyrig;

/// Runs `skyrig` with these arguments; whether it succeeded, and what it wrote.
fn ask(skyrig: &Skyrig, arguments: &[&str]) -> (bool, String) {
    let endpoint = format!("http://{}", skyrig.address());
    let mut program = Command::new(env!("CARGO_BIN_EXE_skyrig"));
    let program = program.args(arguments).args(["--endpoint", &endpoint]);
    let output = program.output().unwrap();
    let written = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(written).unwrap())
}

#[test]
fn messages_are_explained_by_page_and_command() {
    let skyrig = Skyrig::start(&["--clock", "manual"]);
    skyrig.sqs("CreateQueue", json!({"QueueName": "q"}));
    let send = json!({"QueueUrl": "q", "MessageBody": "order o-17", "DelaySeconds": 5});
    let (_, sent) = skyrig.sqs("SendMessage", send);
    let id = sent["MessageId"].as_str().unwrap();
    let (status, trace) = skyrig.get("/_skyrig/trace?text=o-17");
    assert_eq!((status, &trace["roots"][0]["subject"]), (200, &json!(id)), "{trace}");
    assert!(trace["roots"][0]["now"].as_str().unwrap().contains("delayed until"), "{trace}");
    assert_eq!(skyrig.get("/_skyrig/trace?text=o-1").0, 404);
    assert_eq!(skyrig.get("/_skyrig/trace?text=").0, 400);
    assert_eq!(skyrig.get("/_skyrig/trace").0, 400);
    for what in [id, "o-17"] {
        let (succeeded, text) = ask(&skyrig, &["trace", what]);
        assert!(succeeded && text.contains("enqueued in queue q"), "{text}");
    }
    let unknown = "11111111-1111-4111-8111-111111111111";
    assert_eq!(skyrig.get(&format!("/_skyrig/trace/{unknown}")).0, 404);
    let (succeeded, text) = ask(&skyrig, &["trace", unknown]);
    assert!(!succeeded && text.contains("nothing that is still kept mentions"), "{text}");
}

#[test]
fn an_empty_queue_is_explained_by_page_and_command() {
    let skyrig = Skyrig::start(&["--clock", "manual"]);
    skyrig.sqs("CreateQueue", json!({"QueueName": "q"}));
    let arn = "arn:aws:sqs:us-east-1:000000000000:q";
    for name in ["q", arn, "http:%2F%2Flocalhost%2F000000000000%2Fq"] {
        let (status, why) = skyrig.get(&format!("/_skyrig/why/{name}"));
        assert_eq!((status, &why[0]["resource"]), (200, &json!(arn)), "{why}");
    }
    let url = format!("http://{}/000000000000/q", skyrig.address());
    for name in ["q", arn, &url] {
        let (succeeded, text) = ask(&skyrig, &["why", name]);
        assert!(succeeded && text.contains("nothing sends to queue q"), "{text}");
    }
    let (_, text) = ask(&skyrig, &["why", "q", "--json"]);
    let data: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(data[0]["senders"], json!([]));
    let (succeeded, text) = ask(&skyrig, &["why", "w"]);
    assert!(
        !succeeded && text.contains("no queue, topic or bus w") && text.contains(arn),
        "{text}"
    );
}

#[test]
fn who_does_not_answer_is_named() {
    for (endpoint, reason) in [
        ("http://127.0.0.1:1", "is `skyrig serve` running?"),
        ("https://127.0.0.1:1", "no address of an emulator"),
        ("http://", "no address of an emulator"),
    ] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_skyrig"));
        let output = program.args(["why", "q", "--endpoint", endpoint]).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(reason), "{said}");
    }
}
