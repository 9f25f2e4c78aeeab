//! Live Tail over a socket: frames that come while time passes, and the end of either side.

use std::io::Read as _;
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::process::{Skyrig, read};

fn logs(skyrig: &Skyrig, operation: &str, body: &Value) -> (u16, String) {
    read(skyrig.start_json(&format!("Logs_20140328.{operation}"), body))
}

fn with_stream() -> Skyrig {
    let skyrig = Skyrig::start(&["--clock", "manual"]);
    logs(&skyrig, "CreateLogGroup", &json!({"logGroupName": "g"}));
    logs(&skyrig, "CreateLogStream", &json!({"logGroupName": "g", "logStreamName": "s"}));
    skyrig
}

fn tail(skyrig: &Skyrig) -> TcpStream {
    let arn = "arn:aws:logs:us-east-1:000000000000:log-group:g";
    let input = json!({"logGroupIdentifiers": [arn]});
    let stream = skyrig.start_json("Logs_20140328.StartLiveTail", &input);
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

/// Reads on until a text has come.
fn read_until(stream: &mut TcpStream, seen: &mut String, text: &str) {
    let mut bytes = [0; 4096];
    while !seen.contains(text) {
        let count = stream.read(&mut bytes).unwrap();
        assert!(count > 0, "it ended before {text}: {seen}");
        seen.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
}

#[test]
fn events_are_told_while_they_come() {
    let skyrig = with_stream();
    let (mut stream, mut seen) = (tail(&skyrig), String::new());
    read_until(&mut stream, &mut seen, "\"sessionId\"");
    let head = seen.split("\r\n\r\n").next().unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(head.contains("application/vnd.amazon.eventstream"), "{head}");
    assert!(head.to_lowercase().contains("transfer-encoding: chunked"), "{head}");
    let (_, clock) = skyrig.get("/_skyrig/clock");
    let now = skyrig::Timestamp::parse_iso(clock["now"].as_str().unwrap()).unwrap();
    let event = json!({"timestamp": now.millis(), "message": "hello"});
    let put = json!({"logGroupName": "g", "logStreamName": "s", "logEvents": [event]});
    assert_eq!(logs(&skyrig, "PutLogEvents", &put).0, 200);
    skyrig.post("/_skyrig/clock", json!({"advance_seconds": 1}));
    read_until(&mut stream, &mut seen, "hello");
    // A long time brings what is left of the session, and its end.
    skyrig.post("/_skyrig/clock", json!({"advance_seconds": 10_800}));
    read_until(&mut stream, &mut seen, "SessionTimeoutException");
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
}

#[test]
fn a_client_that_is_gone_ends_its_session() {
    let skyrig = with_stream();
    let mut streams: Vec<TcpStream> = (0..15).map(|_| tail(&skyrig)).collect();
    for stream in &mut streams {
        read_until(stream, &mut String::new(), "\"sessionId\"");
    }
    read_until(&mut tail(&skyrig), &mut String::new(), "LimitExceededException");
    streams.pop();
    // Its connection is closed as soon as the server sees it.
    let took = (0..1_000).any(|_| {
        let mut stream = tail(&skyrig);
        let mut first = [0; 12];
        stream.read_exact(&mut first).unwrap();
        first.ends_with(b"200")
    });
    assert!(took, "the session of a client that is gone was kept");
}

#[test]
fn a_reset_ends_every_session() {
    let skyrig = with_stream();
    let mut stream = tail(&skyrig);
    read_until(&mut stream, &mut String::new(), "\"sessionId\"");
    skyrig.post("/_skyrig/reset", json!({}));
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    skyrig.assert_works();
}
