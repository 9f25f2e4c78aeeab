//! The console's page, and what it asks.

use serde_json::{Value, json};

use crate::process::{Skyrig, read, read_all};

const ARN: &str = "arn:aws:sqs:us-east-1:000000000000:";

/// Queues `letters` and `work`, whose messages are given up after one receive.
fn with_queues(flags: &[&str]) -> Skyrig {
    let skyrig = Skyrig::start(&[&["--clock", "manual"], flags].concat());
    assert_eq!(skyrig.sqs("CreateQueue", json!({"QueueName": "letters"})).0, 200);
    let redrive = json!({"deadLetterTargetArn": format!("{ARN}letters"), "maxReceiveCount": 1});
    let attributes = json!({"RedrivePolicy": redrive.to_string(), "VisibilityTimeout": "30"});
    let work = json!({"QueueName": "work", "Attributes": attributes});
    assert_eq!(skyrig.sqs("CreateQueue", work).0, 200);
    skyrig
}

fn send(skyrig: &Skyrig, body: &str) -> String {
    let (status, sent) =
        skyrig.sqs("SendMessage", json!({"QueueUrl": "work", "MessageBody": body}));
    assert_eq!(status, 200, "{sent}");
    sent["MessageId"].as_str().unwrap().to_owned()
}

fn browse(skyrig: &Skyrig, queue: &str, more: &str) -> Value {
    let (status, found) = skyrig.get(&format!("/_skyrig/messages?queue={ARN}{queue}{more}"));
    assert_eq!(status, 200, "{found}");
    found
}

#[test]
fn the_page_and_its_files_are_served_and_run_nothing_else() {
    let skyrig = Skyrig::start(&[]);
    let ask = |path: &str| read_all(skyrig.send(&format!("GET {path} HTTP/1.1"), b""));
    let (_, page) = ask("/_skyrig/");
    let (_, main) = ask("/_skyrig/console/main.js");
    let named = |text: &str, before: &str| -> Vec<String> {
        let names = text.split(before).skip(1).map(|it| it.split('"').next().unwrap().to_owned());
        names.collect()
    };
    let names = [named(&page, "\"console/"), named(&main, "import(\"./")].concat();
    let mut count = 0;
    for (path, kind) in names
        .into_iter()
        .map(|name| {
            let kind = match name.rsplit('.').next() {
                Some("css") => "text/css",
                Some("svg") => "image/svg+xml",
                _ => "text/javascript",
            };
            (format!("/_skyrig/console/{name}"), kind)
        })
        .chain([("/_skyrig/".to_owned(), "text/html")])
    {
        let (head, body) = ask(&path);
        assert!(head.starts_with("http/1.1 200"), "{path}: {head}");
        for header in [
            &format!("content-type: {kind}"),
            "content-security-policy: default-src 'self'; frame-ancestors 'none'",
            "x-content-type-options: nosniff",
        ] {
            assert!(head.contains(header), "{path}: {head}");
        }
        assert!(!body.is_empty());
        count += 1;
    }
    assert!(count > 20, "{count} files");
    assert!(ask("/_skyrig").0.contains("location: _skyrig/"));
    assert!(ask("/_skyrig/console/none.js").0.starts_with("http/1.1 404"));
}

#[test]
fn a_look_into_a_queue_takes_nothing() {
    let skyrig = with_queues(&[]);
    let first = send(&skyrig, r#"{"order": "o-1"}"#);
    let second = send(&skyrig, &"x".repeat(10_000));
    for _ in 0..2 {
        let found = browse(&skyrig, "work", "");
        let messages = found["messages"].as_array().unwrap();
        assert_eq!(messages.len(), 2);
        assert_eq!(messages[0]["id"], first.as_str());
        assert_eq!(
            (&messages[0]["state"], &messages[0]["receive_count"]),
            (&json!("visible"), &json!(0))
        );
        assert_eq!(messages[1]["bytes"], 10_000);
        assert_eq!(messages[1]["body"].as_str().unwrap().len(), 2048);
        assert_eq!(messages[0]["receipt_handle"], Value::Null);
    }
    // In parts, by a text, and whole.
    let part = browse(&skyrig, "work", "&count=1");
    let next = part["next"].as_u64().unwrap();
    let rest = browse(&skyrig, "work", &format!("&from={next}&whole=true"));
    assert_eq!(rest["messages"][0]["id"], second.as_str());
    assert_eq!(rest["messages"][0]["body"].as_str().unwrap().len(), 10_000);
    assert_eq!(rest["next"], Value::Null);
    assert_eq!(browse(&skyrig, "work", "&text=o-1")["messages"].as_array().unwrap().len(), 1);
    assert_eq!(browse(&skyrig, "work", "&text=none")["messages"], json!([]));
    assert_eq!(skyrig.get(&format!("/_skyrig/messages?queue={ARN}none")).0, 404);
    assert_eq!(skyrig.get("/_skyrig/messages?queue=work").0, 400);
}

#[test]
fn a_message_in_flight_has_its_handle_and_a_dead_letter_its_reason() {
    let skyrig = with_queues(&[]);
    send(&skyrig, "a");
    let receive = json!({"QueueUrl": "work"});
    let (_, received) = skyrig.sqs("ReceiveMessage", receive.clone());
    let found = browse(&skyrig, "work", "");
    let message = &found["messages"][0];
    assert_eq!(message["state"], "in-flight");
    assert_eq!(message["receipt_handle"], received["Messages"][0]["ReceiptHandle"]);
    let (_, due) = skyrig.get("/_skyrig/due");
    assert_eq!(due["due"][0]["resource"], format!("{ARN}work"));
    assert_eq!(due["due"][0]["at"], message["until"]);
    // It can be given back by that handle, and is given up then.
    let handle = &message["receipt_handle"];
    let change = json!({"QueueUrl": "work", "ReceiptHandle": handle, "VisibilityTimeout": 0});
    assert_eq!(skyrig.sqs("ChangeMessageVisibility", change).0, 200);
    assert_eq!(browse(&skyrig, "work", "")["messages"][0]["state"], "visible");
    skyrig.sqs("ReceiveMessage", receive);
    assert_eq!(browse(&skyrig, "work", "")["messages"], json!([]));
    let letter = &browse(&skyrig, "letters", "")["messages"][0];
    assert_eq!(letter["given_up_by"], format!("{ARN}work"));
    assert!(letter["reason"].as_str().unwrap().contains("1 receives"), "{letter}");
}

#[test]
fn the_graph_shows_what_is_set_up_and_what_went() {
    let skyrig = with_queues(&[]);
    let (_, before) = skyrig.get("/_skyrig/topology");
    let (from, to) = (format!("{ARN}work"), format!("{ARN}letters"));
    let way = json!({"from": from, "to": to, "kind": "dead-letters"});
    assert_eq!(before["ways"], json!([way]));
    assert_eq!(before["flows"], json!([]));
    send(&skyrig, "a");
    skyrig.sqs("ReceiveMessage", json!({"QueueUrl": "work", "VisibilityTimeout": 0}));
    skyrig.sqs("ReceiveMessage", json!({"QueueUrl": "work"}));
    let (_, after) = skyrig.get("/_skyrig/topology");
    let places = after["places"].as_array().unwrap();
    let place = |name: &str| {
        let arn = format!("{ARN}{name}");
        places.iter().find(|place| place["arn"] == arn.as_str()).unwrap()
    };
    assert_eq!(place("letters")["figures"]["visible"], 1);
    assert_eq!(place("work")["figures"]["visible"], 0);
    let flows = after["flows"].as_array().unwrap();
    let bad = flows.iter().find(|flow| flow["is_bad"] == true).unwrap();
    assert_eq!((&bad["from"], &bad["count"]), (&way["from"], &json!(1)));
    assert_eq!((&bad["to"], &bad["what"]), (&way["to"], &json!("dead-lettered")));
    let (_, latest) = skyrig.get("/_skyrig/latest");
    let what = |node: &Value| node["what"].as_str().unwrap().to_owned();
    assert_eq!(what(&latest[0]), "enqueued");
    let led_to: Vec<String> = latest[0]["led_to"].as_array().unwrap().iter().map(what).collect();
    assert_eq!(led_to, ["received", "dead-lettered"]);
    // Only what is new, and only what is looked for.
    let entries = after["revision"]["entries"].as_u64().unwrap();
    let (_, none) = skyrig.get(&format!("/_skyrig/topology?after={}", entries - 1));
    assert_eq!(none["flows"], json!([]));
    let (_, some) = skyrig.get("/_skyrig/topology?limit=1");
    assert_eq!(some["places"].as_array().unwrap().len(), 1);
    assert!(some["left_out"]["sqs"].as_u64().unwrap() >= 1, "{some}");
    assert_eq!(skyrig.get("/_skyrig/topology?text=nowhere").1["places"], json!([]));
}

#[test]
fn queues_come_in_pages_and_orders() {
    let skyrig = with_queues(&[]);
    send(&skyrig, "a");
    let get = |more: &str| skyrig.get(&format!("/_skyrig/queues{more}")).1;
    let names = |found: &Value| -> Vec<String> {
        let rows = found["rows"].as_array().unwrap().iter();
        rows.map(|row| row["arn"].as_str().unwrap().rsplit(':').next().unwrap().to_owned())
            .collect()
    };
    let all = get("");
    assert_eq!((&all["all"], &all["total"]), (&json!(2), &json!(2)));
    assert_eq!(names(&all), ["letters", "work"]);
    assert_eq!(names(&get("?sort=depth")), ["work", "letters"]);
    assert_eq!(names(&get("?sort=age")), ["work", "letters"]);
    assert_eq!(names(&get("?from=1&count=1")), ["work"]);
    assert_eq!(names(&get("?text=let")), ["letters"]);
}

#[test]
fn a_pulse_tells_that_something_changed() {
    let skyrig = with_queues(&[]);
    let pulse = || skyrig.get("/_skyrig/pulse").1;
    let first = pulse();
    assert_eq!(pulse(), first, "looking changes nothing");
    skyrig.get("/_skyrig/topology");
    skyrig.get("/_skyrig/queues");
    assert_eq!(pulse(), first);
    send(&skyrig, "a");
    let second = pulse();
    assert_ne!(second["revision"], first["revision"]);
    assert_eq!(skyrig.post("/_skyrig/reset", json!({})).0, 200);
    assert_eq!(pulse()["revision"]["resets"], 1);
}

#[test]
fn only_what_looks_is_asked_and_faults_spare_it() {
    let skyrig = with_queues(&[]);
    let ask = |body: Value| skyrig.post("/_skyrig/ask", body);
    let rule = json!([{"name": "down", "effect": "throttle"}]);
    assert_eq!(skyrig.put_faults(&rule.to_string()).0, 200);
    let list = json!({"service": "sqs", "operation": "ListQueues"});
    let (status, found) = ask(list.clone());
    assert_eq!((status, found["QueueUrls"].as_array().map(Vec::len)), (200, Some(2)), "{found}");
    assert_eq!(skyrig.sqs("ListQueues", json!({})).0, 400, "others do meet the fault");
    let (_, faults) = skyrig.get("/_skyrig/faults");
    assert_eq!(faults["faults"][0]["fired"], 1);
    for (service, operation) in
        [("sqs", "DeleteQueue"), ("sqs", "ReceiveMessage"), ("states", "GetActivityTask")]
    {
        let (status, told) = ask(json!({"service": service, "operation": operation}));
        assert_eq!(status, 400, "{operation}");
        assert!(told["error"].as_str().unwrap().contains("does not only look"), "{told}");
    }
    assert_eq!(ask(json!({"service": "sqs", "operation": "ListNothing"})).0, 400);
    assert_eq!(ask(json!({"service": "sqs"})).0, 400);
    let head = "POST /_skyrig/ask HTTP/1.1\r\norigin: http://evil.example";
    assert_eq!(read(skyrig.send(head, list.to_string().as_bytes())).0, 403);
}

#[test]
fn a_pattern_is_tried_and_the_field_that_fails_is_named() {
    let skyrig = Skyrig::start(&[]);
    let check = |trial: Value| {
        let (status, told) = skyrig.post("/_skyrig/pattern", trial);
        assert_eq!(status, 200, "{told}");
        told
    };
    let pattern = json!({"detail": {"kind": ["paid"]}}).to_string();
    let good = check(json!({"pattern": pattern, "event": {"detail": {"kind": "paid"}}}));
    assert_eq!(good, json!({"matches": true, "mismatches": []}));
    let bad = check(json!({"pattern": pattern, "event": {"detail": {"kind": "open"}}}));
    assert_eq!(bad["matches"], false);
    assert_eq!(bad["mismatches"][0]["field"], "detail.kind");
    let policy = json!({"kind": ["paid"]}).to_string();
    for scope in ["MessageAttributes", "MessageBody"] {
        let trial =
            |kind: &str| json!({"pattern": policy, "event": {"kind": kind}, "scope": scope});
        assert_eq!(check(trial("paid"))["matches"], true, "{scope}");
        assert_eq!(check(trial("open"))["mismatches"][0]["field"], "kind", "{scope}");
    }
    for wrong in [
        json!({"pattern": "{", "event": {}}),
        json!({"pattern": policy, "event": {}, "scope": "Elsewhere"}),
        json!({"event": {}}),
    ] {
        assert_eq!(skyrig.post("/_skyrig/pattern", wrong).0, 400);
    }
}

#[test]
fn what_is_stored_without_effect_is_told() {
    let skyrig = Skyrig::start(&[]);
    let (status, stored) = skyrig.get("/_skyrig/stored");
    assert_eq!(status, 200);
    let told = stored["sns"]["SetTopicAttributes"].as_array().unwrap();
    assert!(told.contains(&json!("Attributes.KmsMasterKeyId")), "{told:?}");
}
