//! `skyrig logs tail` beside a server.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::process::{Skyrig, read};

const START: i64 = 1_767_225_600_000;

fn logs(skyrig: &Skyrig, operation: &str, body: Value) -> u16 {
    read(skyrig.start_json(&format!("Logs_20140328.{operation}"), &body)).0
}

/// Puts messages, a second apart, the first so many seconds after time began.
fn put(skyrig: &Skyrig, from: i64, messages: &[&str]) {
    let at = |number: i64| START + (from + number) * 1000;
    let events: Vec<Value> = (0..)
        .zip(messages)
        .map(|(number, message)| json!({"timestamp": at(number), "message": message}))
        .collect();
    let input = json!({"logGroupName": "g", "logStreamName": "s", "logEvents": events});
    assert_eq!(logs(skyrig, "PutLogEvents", input), 200);
}

/// A server in whose time nothing is old, with a group of seven events.
fn server() -> Skyrig {
    let skyrig = Skyrig::start(&["--clock", "manual"]);
    logs(&skyrig, "CreateLogGroup", json!({"logGroupName": "g"}));
    logs(&skyrig, "CreateLogStream", json!({"logGroupName": "g", "logStreamName": "s"}));
    put(&skyrig, 0, &["1", "2", "3", "4 error", "5", "6", "7"]);
    skyrig
}

fn tail(endpoint: &str, flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_skyrig"));
    command.args(["logs", "tail", "--endpoint", endpoint]).args(flags);
    for name in ["AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID"] {
        command.env_remove(name);
    }
    command
}

fn lines(output: &Output) -> Vec<String> {
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn the_last_events_are_shown() {
    let skyrig = server();
    let endpoint = format!("http://{}", skyrig.address());
    for (flags, wanted) in [
        (&["g", "--no-follow", "--lines", "2"][..], vec!["05.000Z s 6", "06.000Z s 7"]),
        (&["g", "--no-follow", "--filter", "error"], vec!["03.000Z s 4 error"]),
    ] {
        let output = tail(&endpoint, flags).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let wanted: Vec<String> =
            wanted.into_iter().map(|it| format!("2026-01-01T00:00:{it}")).collect();
        assert_eq!(lines(&output), wanted);
    }
}

#[test]
fn what_goes_wrong_is_said() {
    let skyrig = server();
    let endpoint = format!("http://{}", skyrig.address());
    for (endpoint, group, told) in [
        (endpoint.as_str(), "absent", "skyrig: The specified log group does not exist.\n"),
        ("https://127.0.0.1", "g", "is no address of an emulator"),
        ("http://127.0.0.1:1", "g", "skyrig: cannot reach http://127.0.0.1:1: "),
    ] {
        let output = tail(endpoint, &[group]).output().unwrap();
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(told), "{said}");
    }
}

#[test]
fn new_events_are_shown_once_each() {
    let skyrig = server();
    let endpoint = format!("http://{}", skyrig.address());
    let mut process =
        tail(&endpoint, &["g", "--lines", "1"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut next = || said.next().unwrap().unwrap();
    assert!(next().ends_with("s 7"));
    // One is late: its time is before that of what was shown.
    put(&skyrig, 5, &["late"]);
    assert!(next().ends_with("s late"));
    put(&skyrig, 8, &["8"]);
    assert!(next().ends_with("s 8"));
    process.kill().unwrap();
    process.wait().unwrap();
}
