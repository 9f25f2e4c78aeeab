//! The program's log: what becomes of it never matters to a call.

use std::io::Read as _;
use std::process::Command;

use serde_json::json;

use crate::process::{Skyrig, read};

/// A queue that SNS may not send to, and a topic that does.
fn set_up_delivery_without_policy(skyrig: &Skyrig) {
    skyrig.assert_works();
    skyrig.form("Action=CreateTopic&Version=2010-03-31&Name=t");
    let (status, answer) = skyrig.form(&format!(
        "Action=Subscribe&Version=2010-03-31&TopicArn={TOPIC}&Protocol=sqs&Endpoint=\
         arn:aws:sqs:us-east-1:000000000000:q"
    ));
    assert_eq!(status, 200, "{answer}");
}

const TOPIC: &str = "arn:aws:sns:us-east-1:000000000000:t";

fn publish(skyrig: &Skyrig) {
    let (status, answer) =
        skyrig.form(&format!("Action=Publish&Version=2010-03-31&TopicArn={TOPIC}&Message=m"));
    assert_eq!(status, 200, "{answer}");
}

/// Logs far more than a pipe holds: each line is another, and near the longest.
fn fill(skyrig: &Skyrig) {
    let long = "x".repeat(190);
    for number in 0..1500 {
        let target = format!("Service{number}.{long}");
        assert_eq!(read(skyrig.start_json(&target, &json!({}))).0, 400);
    }
}

#[test]
fn a_warning_that_repeats_is_counted() {
    let skyrig = Skyrig::with_log(&["--policies", "warn"], &[]);
    set_up_delivery_without_policy(&skyrig);
    (0..200).for_each(|_| publish(&skyrig));
    let log = skyrig.into_log();
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len(), 2, "{log}");
    assert!(lines[0].contains("delivered all the same, as policies only warn"), "{log}");
    assert!(lines[1].ends_with("(199 more within a minute)"), "{log}");
}

#[test]
fn calls_are_answered_while_nobody_reads_the_log() {
    // Lines below a warning are told each time, so they fill the pipe.
    let mut skyrig = Skyrig::with_log(&[], &[("RUST_LOG", "skyrig=debug")]);
    let mut log = skyrig.take_log();
    fill(&skyrig);
    for _ in 0..3000 {
        // No HTTP: each such connection is a line.
        read_nothing(&skyrig);
    }
    skyrig.assert_works();
    let mut start = [0; 16];
    log.read_exact(&mut start).unwrap();
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        log.read_to_string(&mut text).map(|_| text)
    });
    skyrig.assert_works();
    assert!(skyrig.terminate());
    let text = reader.join().unwrap().unwrap();
    let note = "lines of this log could not be written";
    assert!(text.contains(note), "nothing was dropped: {} bytes", text.len());
}

fn read_nothing(skyrig: &Skyrig) {
    use std::io::Write as _;
    let mut stream = std::net::TcpStream::connect(skyrig.address()).unwrap();
    stream.write_all(b"no HTTP\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    // The server may break the connection instead of closing it.
    let _broken = stream.read_to_end(&mut answer);
}

#[test]
fn calls_are_answered_when_the_log_is_closed() {
    let mut skyrig = Skyrig::with_log(&["--policies", "warn"], &[]);
    drop(skyrig.take_log());
    set_up_delivery_without_policy(&skyrig);
    publish(&skyrig);
    assert_eq!(skyrig.sqs("MakeCoffee", json!({})).0, 400);
    let received = skyrig.sqs("ReceiveMessage", json!({"QueueUrl": "q"})).1;
    assert!(received["Messages"][0]["Body"].is_string(), "{received}");
    assert_eq!(skyrig.get("/_skyrig/health").0, 200);
    assert!(skyrig.terminate());
}

#[test]
fn a_pipe_gets_no_colours() {
    let skyrig = Skyrig::with_log(&[], &[]);
    skyrig.sqs("MakeCoffee", json!({}));
    let log = skyrig.into_log();
    assert!(log.contains("MakeCoffee") && !log.contains('\x1b'), "{log}");
}

#[test]
fn a_bad_filter_is_refused_at_start() {
    for filter in ["skyrig=loud", "wran"] {
        let refused = Command::new(env!("CARGO_BIN_EXE_skyrig"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("RUST_LOG", filter)
            .output()
            .unwrap();
        assert_eq!(refused.status.code(), Some(1));
        assert!(refused.stdout.is_empty());
        let message = String::from_utf8(refused.stderr).unwrap();
        let start = format!("skyrig: RUST_LOG={filter} is not understood: ");
        assert!(message.starts_with(&start) && message.lines().count() == 1, "{message}");
    }
    let skyrig = Skyrig::with_log(&[], &[("RUST_LOG", "off")]);
    skyrig.sqs("MakeCoffee", json!({}));
    assert_eq!(skyrig.into_log(), "");
}
