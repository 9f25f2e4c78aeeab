//! `skyrig logs tail` beside a server.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use skyrig::Timestamp;

use crate::process::{Skyrig, read};

fn logs(skyrig: &Skyrig, operation: &str, body: Value) -> u16 {
    read(skyrig.start_json(&format!("Logs_20140328.{operation}"), &body)).0
}

/// A server whose time stands still, with a group of seven events.
struct Server {
    skyrig: Skyrig,
    endpoint: String,
    now: Timestamp,
}

impl Server {
    fn start() -> Self {
        let skyrig = Skyrig::start(&["--clock", "manual"]);
        let endpoint = format!("http://{}", skyrig.address());
        let (_, clock) = skyrig.get("/_skyrig/clock");
        let now = Timestamp::parse_iso(clock["now"].as_str().unwrap()).unwrap();
        logs(&skyrig, "CreateLogGroup", json!({"logGroupName": "g"}));
        logs(&skyrig, "CreateLogStream", json!({"logGroupName": "g", "logStreamName": "s"}));
        let server = Self { skyrig, endpoint, now };
        server.put(0, &["1", "2", "3", "4 error", "5", "6", "7"]);
        server
    }

    /// The time of an event, so many seconds after those of the first.
    fn at(&self, number: i64) -> Timestamp {
        Timestamp::from_millis(self.now.millis() + number * 1000)
    }

    /// Puts messages, a second apart.
    fn put(&self, from: i64, messages: &[&str]) {
        let events: Vec<Value> = (from..)
            .zip(messages)
            .map(|(at, message)| json!({"timestamp": self.at(at).millis(), "message": message}))
            .collect();
        let input = json!({"logGroupName": "g", "logStreamName": "s", "logEvents": events});
        assert_eq!(logs(&self.skyrig, "PutLogEvents", input), 200);
    }
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
    let server = Server::start();
    for (flags, wanted) in [
        (&["g", "--no-follow", "--lines", "2"][..], vec![(5, "6"), (6, "7")]),
        (&["g", "--no-follow", "--filter", "error"], vec![(3, "4 error")]),
    ] {
        let output = tail(&server.endpoint, flags).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let line = |(at, text)| format!("{} s {text}", server.at(at).iso_millis());
        let wanted: Vec<String> = wanted.into_iter().map(line).collect();
        assert_eq!(lines(&output), wanted);
    }
}

#[test]
fn what_goes_wrong_is_said() {
    let server = Server::start();
    for (endpoint, group, told) in [
        (server.endpoint.as_str(), "absent", "skyrig: The specified log group does not exist.\n"),
        ("https://127.0.0.1", "g", "is no address of an emulator"),
        ("http://127.0.0.1:1", "g", "skyrig: nobody answers at http://127.0.0.1:1: "),
    ] {
        let output = tail(endpoint, &[group]).output().unwrap();
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(told), "{said}");
    }
}

#[test]
fn new_events_are_shown_once_each() {
    let server = Server::start();
    let mut tail = tail(&server.endpoint, &["g", "--lines", "1"]);
    let mut process = tail.stdout(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut next = || said.next().unwrap().unwrap();
    assert!(next().ends_with("s 7"));
    // One is late: its time is before that of what was shown.
    server.put(5, &["late"]);
    assert!(next().ends_with("s late"));
    server.put(8, &["8"]);
    assert!(next().ends_with("s 8"));
    process.kill().unwrap();
    process.wait().unwrap();
}
