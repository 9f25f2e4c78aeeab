//! What is no good request: each is answered, and the server goes on.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::json;

use crate::process::{Skyrig, read, read_all};

const HEALTH: &str = "GET /_skyrig/health HTTP/1.1\r\nHost: a\r\n";
const LIST: &str = "POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: AmazonSQS.ListQueues\r\n";

/// The statuses of all answers to `bytes` on one connection, and the answers.
fn answers(skyrig: &Skyrig, bytes: &[u8]) -> (Vec<u16>, String) {
    let mut stream = TcpStream::connect(skyrig.address()).unwrap();
    stream.write_all(bytes).unwrap();
    let mut text = Vec::new();
    stream.read_to_end(&mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    let statuses = heads(&text).map(|head| head[2..5].parse().unwrap()).collect();
    (statuses, text)
}

/// What follows `HTTP/1.` in each status line.
fn heads(text: &str) -> impl Iterator<Item = &str> {
    let is_status = |head: &&str| head.get(2..5).is_some_and(|it| it.parse::<u16>().is_ok());
    text.split("HTTP/1.").filter(is_status)
}

#[test]
fn what_is_no_http_gets_an_answer() {
    let skyrig = Skyrig::start(&[]);
    let long = "x".repeat(70_000);
    let many: String = (0..101).map(|number| format!("h{number}: v\r\n")).collect();
    let end = "Connection: close\r\n\r\n";
    let cases = [
        ("no HTTP\r\n\r\n".to_owned(), &[400][..]),
        ("\u{16}\u{3}\u{1}\u{2}\r\n\r\n".to_owned(), &[400]),
        (format!("GET / HTTP/1.1\r\nHost: a\r\nno header\r\n{end}"), &[400]),
        (format!("GET / HTTP/3.1\r\nHost: a\r\n{end}"), &[400]),
        (format!("GET /{long} HTTP/1.1\r\nHost: a\r\n{end}"), &[414]),
        (format!("{HEALTH}long: {long}{long}{long}\r\n{end}"), &[431]),
        (format!("{HEALTH}{many}{end}"), &[431]),
        (format!("GET /_skyrig/health HTTP/1.1\r\n{end}"), &[400]),
        (format!("POST / HTTP/1.1\r\nX-Amz-Target: AmazonSQS.ListQueues\r\n{end}"), &[400]),
        (format!("{HEALTH}Host: b\r\n{end}"), &[400]),
        ("GET /_skyrig/health HTTP/1.0\r\n\r\n".to_owned(), &[200]),
        // What follows a request does not keep back its answer.
        (format!("{HEALTH}\r\nno HTTP\r\n\r\n"), &[200, 400]),
        (format!("{LIST}Content-Length: 2\r\n\r\n{{}}and more\r\n\r\n"), &[200, 400]),
        (format!("{HEALTH}\r\n{HEALTH}\r\n{HEALTH}{end}"), &[200, 200, 200]),
        (format!("{LIST}Content-Length: 17000000\r\n\r\n"), &[413]),
        (format!("{LIST}Content-Length: 17000000000000000000000\r\n\r\n"), &[400]),
        (format!("{LIST}Content-Length: two\r\n\r\n{{}}"), &[400]),
        (format!("{LIST}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n"), &[200]),
        (format!("{LIST}Transfer-Encoding: chunked\r\n\r\nno chunk\r\n\r\n"), &[400]),
    ];
    for (bytes, expected) in cases {
        // The first line is enough to know a case by.
        let case = &bytes[..bytes.len().min(160)];
        // Whoever has no `Connection: close` would have it kept open.
        let closes = expected.last() != Some(&200) || bytes.ends_with(end);
        let bytes = match closes || bytes.contains("HTTP/1.0") {
            true => bytes.clone(),
            false => bytes.replacen("Host: a\r\n", "Host: a\r\nConnection: close\r\n", 1),
        };
        let (statuses, text) = answers(&skyrig, bytes.as_bytes());
        assert_eq!(statuses, expected, "{case}: {text}");
        for answer in heads(&text).filter(|answer| answer[2..].starts_with('4')) {
            assert!(answer.contains("\r\nx-amzn-RequestId: "), "{case}: {answer}");
            let small = answer.to_ascii_lowercase();
            assert!(small.contains("\r\ndate: ") && small.contains("\r\ncontent-length: "));
            assert!(small.contains("message"), "{case}: {answer}");
        }
    }
    skyrig.assert_works();
}

#[test]
fn a_client_that_is_still_sending_gets_the_answer() {
    let skyrig = Skyrig::start(&[]);
    let head = "POST / HTTP/1.1\r\nx-amz-target: AmazonSQS.ListQueues";
    for _ in 0..5 {
        let (head, body) = read_all(skyrig.send(head, &vec![b' '; 17 << 20]));
        assert!(head.starts_with("http/1.1 413 ") && head.contains("\r\nconnection: close"));
        assert!(body.contains("RequestEntityTooLarge"), "{body}");
    }
}

#[test]
fn code_of_functions_may_be_longer_than_other_bodies() {
    let skyrig = Skyrig::start(&[]);
    let scope = "Credential=test/20260101/us-east-1/lambda/aws4_request";
    let post = "POST /2015-03-31/functions HTTP/1.1\r\nAuthorization: AWS4-HMAC-SHA256";
    // Without any member it is refused for that; 67 MiB are more than AWS takes.
    for (mebibytes, status) in [(17, 400), (67, 413)] {
        let body = vec![b' '; mebibytes << 20];
        let (head, body) = read_all(skyrig.send(&format!("{post} {scope}"), &body));
        assert!(head.starts_with(&format!("http/1.1 {status} ")), "{head}{body}");
    }
    skyrig.assert_works();
}

#[test]
fn a_structure_is_no_list() {
    let skyrig = Skyrig::start(&[]);
    let list = json!({"QueueUrl": "q", "Entries": [["1", "b"]]}).to_string();
    let attribute = r#"{"QueueUrl":"q","MessageBody":"b","MessageAttributes":{"a":["String"]}}"#;
    skyrig.assert_works();
    for (target, body) in [
        ("AmazonSQS.ListQueues", "[]"),
        ("AmazonSQS.CreateQueue", r#"["q"]"#),
        ("AmazonSQS.ListQueues", "null"),
        ("AmazonSQS.ListQueues", "7"),
        ("AmazonSQS.ListQueues", r#""q""#),
        ("AmazonSQS.SendMessageBatch", &list),
        ("AmazonSQS.SendMessage", attribute),
        ("DynamoDB_20120810.ListTables", "[]"),
        ("DynamoDB_20120810.PutItem", "[]"),
        ("DynamoDB_20120810.PutItem", r#"{"TableName":"t","Item":[]}"#),
        ("AWSEvents.PutEvents", "[]"),
        ("AWSEvents.PutEvents", r#"{"Entries":[[]]}"#),
    ] {
        let head = format!("POST / HTTP/1.1\r\nx-amz-target: {target}");
        let (status, answer) = skyrig.request(&head, body.as_bytes());
        assert_eq!(status, 400, "{target} {body}: {answer}");
        assert!(answer.contains("SerializationException"), "{target} {body}: {answer}");
    }
}

#[test]
fn the_clock_refuses_what_it_cannot_do() {
    let skyrig = Skyrig::start(&[]);
    skyrig.assert_works();
    for (change, reason) in [
        (r#"{"mode": "scaled", "factor": 1e25}"#, "factor must be between 0.001 and 1000000"),
        (r#"{"mode": "scaled", "factor": 1e308}"#, "factor must be"),
        (r#"{"mode": "scaled", "factor": 1000000.1}"#, "factor must be"),
        (r#"{"mode": "scaled", "factor": 0.0009}"#, "factor must be"),
        (r#"{"mode": "scaled", "factor": 1e-300}"#, "factor must be"),
        (r#"{"mode": "scaled", "factor": 0}"#, "factor must be"),
        (r#"{"mode": "scaled", "factor": -1}"#, "factor must be"),
        (r#"{"mode": "scaled", "factor": 1e999}"#, "number out of range"),
        (r#"{"mode": "scaled"}"#, "mode is"),
        (r#"{"mode": "real", "factor": 2}"#, "mode is"),
        (r#"{"advance_seconds": -0.001}"#, "must not be below 0"),
        (r#"{"advance_seconds": 1e12}"#, "virtual time ends with the year 9999"),
        (r#"{"advance_seconds": 1e308}"#, "virtual time ends with the year 9999"),
        (r#"{"mode": "manual", "advance_seconds": 1e300}"#, "virtual time ends"),
        (r#"[]"#, "expected struct"),
    ] {
        let before = skyrig.get("/_skyrig/clock").1;
        let head = "POST /_skyrig/clock HTTP/1.1";
        let (status, answer) = skyrig.request(head, change.as_bytes());
        assert_eq!(status, 400, "{change}: {answer}");
        assert!(answer.contains(reason), "{change}: {answer}");
        let after = skyrig.get("/_skyrig/clock").1;
        assert_eq!(before["mode"], after["mode"], "{change}");
        skyrig.assert_works();
    }
}

#[test]
fn the_clock_works_at_its_bounds_and_at_the_end_of_time() {
    let skyrig = Skyrig::start(&[]);
    for factor in [0.001, 1e6] {
        let (status, clock) =
            skyrig.post("/_skyrig/clock", json!({"mode": "scaled", "factor": factor}));
        assert_eq!((status, &clock["factor"]), (200, &json!(factor)));
        skyrig.assert_works();
    }
    // Timers fire at the highest speed, too.
    let poll = skyrig.start_sqs("ReceiveMessage", &json!({"QueueUrl": "q", "WaitTimeSeconds": 20}));
    assert_eq!(read(poll).0, 200);
    skyrig.post("/_skyrig/clock", json!({"mode": "manual"}));
    // As far as it goes, in steps; then no further.
    for step in [1e11, 1e10, 1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1.0] {
        let advance = || skyrig.post("/_skyrig/clock", json!({ "advance_seconds": step })).0;
        while advance() == 200 {}
    }
    let (_, health) = skyrig.get("/_skyrig/health");
    assert!(health["now"].as_str().unwrap().starts_with("9999-12-31T23:59:59"), "{health}");
    let send = json!({"QueueUrl": "q", "MessageBody": "last", "DelaySeconds": 0});
    assert_eq!(skyrig.sqs("SendMessage", send).0, 200);
    let received = skyrig.sqs("ReceiveMessage", json!({"QueueUrl": "q"})).1;
    assert_eq!(received["Messages"][0]["Body"], "last");
    skyrig.post("/_skyrig/clock", json!({"mode": "real"}));
    skyrig.assert_works();
}

#[test]
fn a_signal_ends_it_whatever_is_under_way() {
    let skyrig = Skyrig::start(&[]);
    skyrig.assert_works();
    let big = "b".repeat(1 << 20);
    for _ in 0..10 {
        skyrig.sqs("SendMessage", json!({"QueueUrl": "q", "MessageBody": big}));
    }
    let all = json!({"QueueUrl": "q", "MaxNumberOfMessages": 10});
    let stuck = skyrig.start_sqs("ReceiveMessage", &all);
    // Its answer has begun, and is longer than what sockets hold.
    assert_eq!(stuck.peek(&mut [0]).unwrap(), 1);
    let mut under_way = vec![stuck];
    skyrig.sqs("CreateQueue", json!({"QueueName": "empty"}));
    let wait = json!({"QueueUrl": "empty", "WaitTimeSeconds": 20});
    let polls: Vec<TcpStream> =
        (0..20).map(|_| skyrig.start_sqs("ReceiveMessage", &wait)).collect();
    skyrig.wait_until_parked();
    for start in ["", "POST / HT", LIST, &format!("{LIST}Content-Length: 9\r\n\r\n{{")] {
        for _ in 0..20 {
            let mut stream = TcpStream::connect(skyrig.address()).unwrap();
            stream.write_all(start.as_bytes()).unwrap();
            under_way.push(stream);
        }
    }
    // Its exit code tells that it ended in order.
    assert!(skyrig.terminate());
    for poll in polls {
        assert_eq!(read(poll).0, 503);
    }
}

#[test]
fn few_file_descriptors_are_enough_for_a_good_client() {
    let mut skyrig = Skyrig::limited_to_files(64);
    let log = skyrig.take_log();
    let mut idle = Vec::new();
    for start in ["", "POST / HT", &format!("{LIST}Content-Length: 9\r\n\r\n{{")] {
        for _ in 0..100 {
            let mut stream = TcpStream::connect(skyrig.address()).unwrap();
            let _ended = stream.write_all(start.as_bytes());
            idle.push(stream);
        }
    }
    for _ in 0..50 {
        skyrig.assert_works();
    }
    drop(idle);
    skyrig.assert_works();
    skyrig.terminate();
    let mut text = String::new();
    let mut log = log;
    log.read_to_string(&mut text).unwrap();
    assert!(text.contains("no room for another connection"), "{text}");
    assert!(text.lines().count() < 5, "{text}");
}
