//! The program `skyrig serve`, as its users run it: started, spoken to over a socket, stopped.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod bad_clients;
mod bad_input;
mod console;
mod dashboards;
mod developer;
mod explain;
mod first_hour;
mod function_urls;
mod functions;
mod hooks;
mod kept;
mod live_tail;
mod log;
mod metrics;
mod outside;
mod pages;
mod partial_batches;
mod process;
mod server;
mod snapshots;
mod tail;
mod tls;
mod worlds;

use std::io::Read as _;
use std::process::Command;

use serde_json::json;

use process::{Skyrig, read};

#[test]
fn header_names_are_spelt_as_aws_spells_them() {
    let skyrig = Skyrig::start(&[]);
    let mut answer = String::new();
    let mut stream = skyrig.start_sqs("ReceiveMessage", &json!({"QueueUrl": "none"}));
    stream.read_to_string(&mut answer).unwrap();
    let head = answer.split("\r\n\r\n").next().unwrap();
    let mut names: Vec<&str> =
        head.lines().skip(1).filter_map(|line| Some(line.split_once(": ")?.0)).collect();
    names.sort_unstable();
    let expected = [
        "Connection",
        "Content-Length",
        "Content-Type",
        "Date",
        "x-amzn-RequestId",
        "x-amzn-query-error",
    ];
    assert_eq!(names, expected, "{head}");
}

#[test]
fn health_names_the_services() {
    let skyrig = Skyrig::start(&[]);
    let (status, health) = skyrig.get("/_skyrig/health");
    assert_eq!((status, &health["status"]), (200, &json!("ok")));
    assert!(health["services"].as_array().unwrap().contains(&json!("sqs")));
    assert_eq!(skyrig.get("/_skyrig/nothing").0, 404);
}

#[test]
fn the_clock_moves_a_long_poll_and_the_trace_tells_the_story() {
    let skyrig = Skyrig::start(&["--clock", "manual"]);
    skyrig.sqs("CreateQueue", json!({"QueueName": "q"}));
    let later = json!({"QueueUrl": "q", "MessageBody": "later", "DelaySeconds": 900});
    let (_, sent) = skyrig.sqs("SendMessage", later);
    let poll = skyrig.start_sqs("ReceiveMessage", &json!({"QueueUrl": "q", "WaitTimeSeconds": 20}));
    skyrig.wait_until_parked();
    let (status, _) = skyrig.post("/_skyrig/clock", json!({"advance_seconds": 20}));
    assert_eq!(status, 200);
    assert_eq!(read(poll), (200, "{}".to_owned()));
    skyrig.post("/_skyrig/clock", json!({"advance_seconds": 880}));
    let (_, received) = skyrig.sqs("ReceiveMessage", json!({"QueueUrl": "q"}));
    assert_eq!(received["Messages"][0]["Body"], "later");
    let id = sent["MessageId"].as_str().unwrap();
    let (_, trace) = skyrig.get(&format!("/_skyrig/trace/{id}"));
    assert_eq!(trace["roots"][0]["what"], "enqueued");
    assert_eq!(trace["roots"][0]["led_to"][0]["what"], "received");
    assert_eq!(skyrig.get("/_skyrig/trace/junk").0, 400);
    assert_eq!(skyrig.post("/_skyrig/clock", json!({"advance_seconds": -1})).0, 400);
    assert_eq!(skyrig.post("/_skyrig/clock", json!({"mode": "scaled"})).0, 400);
}

#[test]
fn reset_begins_anew() {
    let skyrig = Skyrig::start(&[]);
    skyrig.sqs("CreateQueue", json!({"QueueName": "q"}));
    assert_eq!(skyrig.post("/_skyrig/reset", json!({})).0, 200);
    let (status, error) = skyrig.sqs("SendMessage", json!({"QueueUrl": "q", "MessageBody": "b"}));
    assert_eq!((status, &error["__type"]), (400, &json!("com.amazonaws.sqs#QueueDoesNotExist")));
}

#[test]
fn a_client_that_waits_is_told_of_a_reset_in_its_own_protocol() {
    let skyrig = Skyrig::start(&["--clock", "manual"]);
    skyrig.sqs("CreateQueue", json!({"QueueName": "q"}));
    let form = b"Action=ReceiveMessage&Version=2012-11-05&QueueUrl=q&WaitTimeSeconds=20";
    let kind = "content-type: application/x-www-form-urlencoded";
    let by_form = skyrig.send(&format!("POST / HTTP/1.1\r\n{kind}"), form);
    skyrig.wait_until_parked();
    skyrig.post("/_skyrig/reset", json!({}));
    let (status, body) = read(by_form);
    assert_eq!(status, 503);
    assert!(body.starts_with("<?xml") && body.contains("<Code>InternalFailure</Code>"), "{body}");
    skyrig.sqs("CreateQueue", json!({"QueueName": "q"}));
    let in_json =
        skyrig.start_sqs("ReceiveMessage", &json!({"QueueUrl": "q", "WaitTimeSeconds": 20}));
    skyrig.wait_until_parked();
    skyrig.post("/_skyrig/reset", json!({}));
    let (status, body) = read(in_json);
    assert_eq!(status, 503);
    assert!(body.contains("\"__type\":\"com.amazonaws.sqs#InternalFailure\""), "{body}");
}

#[test]
fn bad_requests_get_clear_errors() {
    let skyrig = Skyrig::start(&[]);
    let too_long = vec![b'x'; 16 * 1024 * 1024 + 1];
    let (status, body) =
        skyrig.request("POST / HTTP/1.1\r\nx-amz-target: AmazonSQS.SendMessage", &too_long);
    assert_eq!(status, 413, "{body}");
    let (status, body) =
        skyrig.request("POST / HTTP/1.1\r\nx-amz-target: AmazonSQS.SendMessage", b"{");
    assert_eq!(status, 400);
    assert!(body.contains("SerializationException"), "{body}");
    let (status, body) = skyrig.request("PUT /bucket HTTP/1.1", b"");
    assert_eq!(status, 405);
    assert!(body.contains("MethodNotAllowed"), "{body}");
    let (status, body) =
        skyrig.request("POST / HTTP/1.1\r\nx-amz-target: AmazonKinesis.PutRecord", b"{}");
    assert_eq!(status, 400);
    assert!(body.contains("the service AmazonKinesis is not implemented"), "{body}");
}

#[test]
fn a_busy_port_is_one_clear_line() {
    let skyrig = Skyrig::start(&[]);
    let second = Command::new(env!("CARGO_BIN_EXE_skyrig"))
        .args(["serve", "--listen", skyrig.address()])
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(1));
    let message = String::from_utf8(second.stderr).unwrap();
    assert_eq!(message.lines().count(), 1, "{message}");
    assert!(message.contains("is in use by another program"), "{message}");
}

#[test]
fn a_signal_ends_it_although_a_client_waits() {
    let skyrig = Skyrig::start(&[]);
    skyrig.sqs("CreateQueue", json!({"QueueName": "q"}));
    let poll = skyrig.start_sqs("ReceiveMessage", &json!({"QueueUrl": "q", "WaitTimeSeconds": 20}));
    skyrig.wait_until_parked();
    assert!(skyrig.terminate());
    assert_eq!(read(poll).0, 503);
}

#[test]
fn a_lost_answer_breaks_the_connection_although_the_message_was_sent() {
    let skyrig = Skyrig::start(&[]);
    skyrig.sqs("CreateQueue", json!({"QueueName": "q"}));
    let rule =
        r#"[{"name": "lost", "operation": "SendMessage", "effect": "lose-answer", "times": 1}]"#;
    let (status, answer) = skyrig.put_faults(rule);
    assert_eq!((status, &answer["faults"][0]["fired"]), (200, &json!(0)));
    let request = json!({"QueueUrl": "q", "MessageBody": "m"});
    let mut broken = skyrig.start_sqs("SendMessage", &request);
    let mut nothing = Vec::new();
    broken.read_to_end(&mut nothing).unwrap();
    assert!(nothing.is_empty());
    let received = skyrig.sqs("ReceiveMessage", json!({"QueueUrl": "q"})).1;
    assert_eq!(received["Messages"][0]["Body"], "m");
    assert_eq!(skyrig.get("/_skyrig/faults").1["faults"][0]["fired"], 1);
    let (status, answer) = skyrig.put_faults(r#"[{"effect": "explode"}]"#);
    assert_eq!(status, 400);
    assert!(answer["error"].as_str().unwrap().contains("unknown variant `explode`"), "{answer}");
}

/// The program's end when it cannot begin: what it writes to standard error.
fn refused(flags: &[&str], environment: &[(&str, &str)]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_skyrig"))
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(flags)
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn verifying_needs_keys() {
    let verify = ["--signatures", "verify"];
    let half = [("AWS_ACCESS_KEY_ID", "a")];
    for (flags, environment, reason) in [
        (&verify[..], &[][..], "needs keys: --credentials FILE"),
        (&verify, &half, "make a key only together"),
        (&["--credentials", "no/such/file"], &[], "cannot read no/such/file"),
        (&["--credentials", "src/main.rs"], &[], "src/main.rs, line 1:"),
    ] {
        let told = refused(flags, environment);
        assert!(told.contains(reason), "{told}");
    }
}

#[test]
fn signatures_are_verified_when_asked_to() {
    let flags = ["--signatures", "verify", "--access-key-id", "A", "--secret-access-key", "s"];
    let skyrig = Skyrig::start(&flags);
    let (status, error) = skyrig.sqs("ListQueues", json!({}));
    let shape = "com.amazon.coral.service#MissingAuthenticationTokenException";
    assert_eq!((status, &error["__type"]), (403, &json!(shape)));
    assert_eq!(skyrig.get("/_skyrig/health").0, 200, "the admin API is no AWS service");
}

#[test]
fn mail_can_be_read_and_its_links_work() {
    let skyrig = Skyrig::start(&[]);
    let follow = |path: &str| skyrig.request(&format!("GET {path} HTTP/1.1"), b"").0;
    let topic = "arn:aws:sns:us-east-1:000000000000:t";
    follow("/?Action=CreateTopic&Version=2010-03-31&Name=t");
    let subscribe = format!("/?Action=Subscribe&Version=2010-03-31&TopicArn={topic}");
    follow(&format!("{subscribe}&Protocol=email&Endpoint=a%40b.example"));
    follow(&format!("{subscribe}&Protocol=sms&Endpoint=%2B15551234567"));
    let letters =
        |filter: &str| skyrig.get(&format!("/_skyrig/outbox{filter}")).1["letters"].clone();
    let asked = letters("?to=a%40b.example");
    assert_eq!((&asked[0]["number"], &asked[0]["protocol"]), (&json!(1), &json!("email")));
    let body = asked[0]["body"].as_str().unwrap();
    let link = body.split_whitespace().find(|word| word.starts_with("http://")).unwrap();
    let (_, path) = link.split_once("/?").unwrap();
    assert_eq!(follow(&format!("/?{path}")), 200);
    follow(&format!("/?Action=Publish&Version=2010-03-31&TopicArn={topic}&Message=hello"));
    assert_eq!(letters("?after=1").as_array().unwrap().len(), 2);
    assert_eq!(letters("?protocol=sms")[0]["body"], "hello");
    assert_eq!(letters("")[1]["from"], topic);
    let answer = |from: &str| json!({"from": from, "body": "STOP"});
    assert_eq!(skyrig.post("/_skyrig/outbox/answers", answer("+15551234567")).0, 200);
    assert_eq!(skyrig.post("/_skyrig/outbox/answers", answer("+15551234568")).0, 404);
    assert_eq!(skyrig.post("/_skyrig/outbox/answers", json!({"from": 1})).0, 400);
    follow(&format!("/?Action=Publish&Version=2010-03-31&TopicArn={topic}&Message=again"));
    assert_eq!(letters("?protocol=sms").as_array().unwrap().len(), 1);
}
