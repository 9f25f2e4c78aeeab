//! Worlds: many clouds behind one port, each found by path, header, access key or host.

use std::process::Command;

use serde_json::{Value, json};

use crate::process::{Skyrig, read};

/// A request of SQS, whose head is `POST PATH` and has some lines more.
fn sqs(
    skyrig: &Skyrig,
    (path, host): (&str, &str),
    more: &str,
    asked: (&str, Value),
) -> (u16, Value) {
    let (operation, body) = asked;
    let head = format!("POST {path} HTTP/1.1\r\nx-amz-target: AmazonSQS.{operation}{more}");
    let (status, body) = read(skyrig.send_to_host(host, &head, body.to_string().as_bytes()));
    (status, serde_json::from_str(&body).unwrap_or_default())
}

/// The ways to name a world: the path, the host, and header lines.
fn ways(world: &str) -> [(String, String, String); 5] {
    let key = |account: &str| {
        format!(
            "\r\nauthorization: AWS4-HMAC-SHA256 Credential={world}-{account}/20260101/us-east-1/\
             sqs/aws4_request, SignedHeaders=host, Signature=0"
        )
    };
    let way = |path: &str, host: &str, more: &str| (path.into(), host.into(), more.into());
    [
        way(&format!("/w/{world}/"), "localhost", ""),
        way(&format!("/w/{world}"), "127.0.0.1", ""),
        way("/", "localhost", &format!("\r\nx-skyrig-world: {world}")),
        way("/", "localhost", &key("000000000000")),
        way("/", &format!("{world}.localhost"), ""),
    ]
}

#[test]
fn each_way_leads_to_the_same_world_and_links_lead_back() {
    let skyrig = Skyrig::start(&["--worlds"]);
    for (number, (path, host, more)) in ways("one").iter().enumerate() {
        let way = (path.as_str(), host.as_str());
        let name = format!("q{number}");
        let (status, made) = sqs(&skyrig, way, more, ("CreateQueue", json!({"QueueName": name})));
        assert_eq!(status, 200, "{way:?} {more} {made}");
        let url = made["QueueUrl"].as_str().unwrap();
        let (_, rest) = url.split_once("://").unwrap();
        let (host, path) = rest.split_once('/').unwrap();
        // As an SDK does that takes a queue's URL for its endpoint, and knows of no worlds.
        let send = json!({"QueueUrl": url, "MessageBody": "m"});
        let (status, sent) = sqs(&skyrig, (&format!("/{path}"), host), "", ("SendMessage", send));
        assert_eq!(status, 200, "{url}: {sent}");
    }
    for (path, host, more) in &ways("one") {
        let (_, list) = sqs(&skyrig, (path, host), more, ("ListQueues", json!({})));
        assert_eq!(list["QueueUrls"].as_array().unwrap().len(), 5, "{list}");
    }
    let (_, list) = sqs(&skyrig, ("/", "localhost"), "", ("ListQueues", json!({})));
    assert_eq!(list["QueueUrls"], Value::Null);
    let (_, list) = sqs(&skyrig, ("/w/other/", "localhost"), "", ("ListQueues", json!({})));
    assert_eq!(list["QueueUrls"], Value::Null);
    let names = |told: &Value| -> Vec<String> {
        let worlds = told["worlds"].as_array().unwrap().iter();
        worlds.map(|world| world["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&skyrig.get("/_skyrig/worlds").1), ["default", "one", "other"]);
    let (status, error) =
        sqs(&skyrig, ("/w/one/", "other.localhost"), "", ("ListQueues", json!({})));
    assert_eq!(
        (status, &error["__type"]),
        (400, &json!("com.amazon.coral.service#NoSuchWorldException"))
    );
}

#[test]
fn each_has_its_own_clock_faults_and_pages() {
    let skyrig = Skyrig::start(&["--worlds", "--clock", "manual"]);
    let now = |path: &str| skyrig.get(path).1["now"].clone();
    let before = now("/_skyrig/clock");
    let of_a = now("/w/a/_skyrig/clock");
    let advance = json!({"advance_seconds": 60});
    assert_eq!(skyrig.post("/_skyrig/worlds/a/clock", advance).0, 200);
    assert_ne!(now("/w/a/_skyrig/clock"), of_a);
    assert_eq!(now("/_skyrig/clock"), before);
    let effect = r#"{"error": {"code": "X", "status": 400}}"#;
    let rule = format!(r#"[{{"name": "no", "operation": "CreateQueue", "effect": {effect}}}]"#);
    let put = "PUT /w/a/_skyrig/faults HTTP/1.1";
    let (status, told) = skyrig.request(put, rule.as_bytes());
    assert_eq!(status, 200, "{told}");
    let create = || ("CreateQueue", json!({"QueueName": "q"}));
    assert_eq!(sqs(&skyrig, ("/w/a/", "localhost"), "", create()).0, 400);
    assert_eq!(sqs(&skyrig, ("/w/b/", "localhost"), "", create()).0, 200);
    assert_eq!(skyrig.get("/_skyrig/faults").1["faults"], json!([]));
    let status = skyrig.get("/w/b/_skyrig/status").1;
    assert_eq!(status["places"][0]["queues"][0]["name"], "q");
    assert_eq!(skyrig.get("/_skyrig/status").1["places"], json!([]));
    assert_eq!(skyrig.post("/w/b/_skyrig/reset", json!({})).0, 200);
    assert_eq!(skyrig.get("/w/b/_skyrig/status").1["places"], json!([]));
    // A call that waits in a world is told when that is given up.
    assert_eq!(sqs(&skyrig, ("/w/b/", "localhost"), "", create()).0, 200);
    let head = "POST /w/b/ HTTP/1.1\r\nx-amz-target: AmazonSQS.ReceiveMessage";
    let wait = json!({"QueueUrl": "q", "WaitTimeSeconds": 20}).to_string();
    let poll = skyrig.send(head, wait.as_bytes());
    let parked = |_| !skyrig.get("/w/b/_skyrig/clock").1["next_deadline"].is_null();
    assert!((0..10_000).any(parked));
    assert_eq!(skyrig.request("DELETE /_skyrig/worlds/b HTTP/1.1", b"").0, 200);
    assert_eq!(read(poll).0, 503);
}

#[test]
fn worlds_are_made_by_hand_where_requests_may_not() {
    let skyrig = Skyrig::start(&[]);
    let list = || ("ListQueues", json!({}));
    let (status, error) = sqs(&skyrig, ("/w/a/", "localhost"), "", list());
    assert_eq!(status, 400, "{error}");
    assert!(error["message"].as_str().unwrap().contains("there is no world a"), "{error}");
    assert_eq!(skyrig.get("/w/a/_skyrig/clock").0, 404);
    // A host that never meant a world means none.
    assert_eq!(sqs(&skyrig, ("/", "a.localhost"), "", list()).0, 200);
    let settings = json!({"seed": 7, "clock": "manual", "start": "2030-01-01T00:00:00Z"});
    let (status, made) = skyrig.post("/_skyrig/worlds/a", settings);
    assert_eq!((status, &made["now"]), (201, &json!("2030-01-01T00:00:00.000Z")));
    assert_eq!((&made["seed"], &made["mode"]), (&json!(7), &json!("manual")));
    assert_eq!(skyrig.post("/_skyrig/worlds/a", json!({})).0, 409);
    let put = |name: &str| skyrig.request(&format!("PUT /_skyrig/worlds/{name} HTTP/1.1"), b"").0;
    assert_eq!((put("a"), put("b")), (200, 201));
    let created = ("CreateQueue", json!({"QueueName": "q"}));
    assert_eq!(sqs(&skyrig, ("/", "a.localhost"), "", created).0, 200);
    for (name, body, status) in [
        ("sqs", json!({}), 400),
        ("A", json!({}), 400),
        ("default", json!({}), 409),
        ("c", json!({"clock": "fast"}), 400),
        ("c", json!({"start": "soon"}), 400),
        ("c", json!({"speed": 1}), 400),
        ("c?from=nobody", json!({}), 404),
        ("c?from=a", json!({"seed": 1}), 400),
        ("a?from=b", json!({}), 409),
    ] {
        let path = format!("/_skyrig/worlds/{name}");
        assert_eq!(skyrig.post(&path, body.clone()).0, status, "{name} {body}");
    }
    // One that was forked goes on by itself, at its own time.
    assert_eq!(skyrig.post("/_skyrig/worlds/c?from=a", json!({})).0, 201);
    let send = || ("SendMessage", json!({"QueueUrl": "q", "MessageBody": "m"}));
    assert_eq!(sqs(&skyrig, ("/w/c/", "localhost"), "", send()).0, 200);
    let visible = |world: &str| {
        let status = skyrig.get(&format!("/w/{world}/_skyrig/status")).1;
        status["places"][0]["queues"][0]["visible"].clone()
    };
    assert_eq!((visible("a"), visible("c")), (json!(0), json!(1)));
    let now = skyrig.get("/w/c/_skyrig/clock").1["now"].clone();
    assert_eq!(now, "2030-01-01T00:00:00.000Z");
    let give_up =
        |name: &str| skyrig.request(&format!("DELETE /_skyrig/worlds/{name} HTTP/1.1"), b"").0;
    assert_eq!((give_up("a"), give_up("a"), give_up("default")), (200, 404, 400));
    // Whoever still means it is not led to another one.
    assert_eq!(sqs(&skyrig, ("/", "a.localhost"), "", list()).0, 400);
}

#[test]
fn there_is_a_most_and_idle_ones_are_given_up() {
    let skyrig = Skyrig::start(&["--worlds", "--worlds-max", "2", "--world-idle", "1"]);
    let list = |world: &str| {
        sqs(&skyrig, (&format!("/w/{world}/"), "localhost"), "", ("ListQueues", json!({}))).0
    };
    assert_eq!((list("a"), list("b"), list("c")), (200, 200, 503));
    let are_gone = |_| skyrig.get("/_skyrig/worlds").1["worlds"].as_array().unwrap().len() == 1;
    assert!((0..100_000).any(are_gone), "they are still there");
    assert_eq!(list("c"), 200);
}

#[test]
fn two_hundred_worlds_at_once_know_nothing_of_one_another() {
    let skyrig = Skyrig::start(&["--worlds"]);
    let work = |world: String| {
        let place = format!("/w/{world}/");
        let ask = |operation: &str, body: Value| {
            let (status, answer) = sqs(&skyrig, (&place, "localhost"), "", (operation, body));
            assert_eq!(status, 200, "{world}: {answer}");
            answer
        };
        ask("CreateQueue", json!({"QueueName": "orders"}));
        for number in 0..5 {
            let body = format!("{world} {number}");
            ask("SendMessage", json!({"QueueUrl": "orders", "MessageBody": body}));
        }
        let received =
            ask("ReceiveMessage", json!({"QueueUrl": "orders", "MaxNumberOfMessages": 10}));
        let bodies = received["Messages"].as_array().unwrap().iter();
        let bodies: Vec<&str> = bodies.map(|message| message["Body"].as_str().unwrap()).collect();
        let expected: Vec<String> = (0..5).map(|number| format!("{world} {number}")).collect();
        assert_eq!(bodies, expected);
    };
    std::thread::scope(|scope| {
        for thread in 0..20 {
            let work = &work;
            scope.spawn(move || (0..10).for_each(|number| work(format!("t{thread}-{number}"))));
        }
    });
    assert_eq!(skyrig.get("/_skyrig/worlds").1["worlds"].as_array().unwrap().len(), 201);
}

/// What a command says, and whether it went well.
pub(crate) fn said(skyrig: &Skyrig, arguments: &[&str]) -> (bool, String) {
    let endpoint = format!("http://{}", skyrig.address());
    let output = Command::new(env!("CARGO_BIN_EXE_skyrig"))
        .args(arguments)
        .env("AWS_ENDPOINT_URL", endpoint)
        .env_remove("SKYRIG_WORLD")
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

#[test]
fn commands_know_of_worlds() {
    let skyrig = Skyrig::start(&[]);
    let (good, told) = said(&skyrig, &["worlds", "make", "a", "--seed", "3"]);
    assert!(good && told.contains("/w/a"), "{told}");
    assert!(said(&skyrig, &["worlds", "make", "b", "--from", "a"]).0);
    let (_, told) = said(&skyrig, &["worlds"]);
    let names: Vec<&str> = told.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names, ["default", "a", "b"]);
    let created = ("CreateQueue", json!({"QueueName": "q"}));
    assert_eq!(sqs(&skyrig, ("/w/a/", "localhost"), "", created).0, 200);
    let sent = ("SendMessage", json!({"QueueUrl": "q", "MessageBody": "m"}));
    assert_eq!(sqs(&skyrig, ("/w/a/", "localhost"), "", sent).0, 200);
    let (_, told) = said(&skyrig, &["status", "--world", "a"]);
    assert!(told.contains("queue          q  1 visible  0 in flight  0 delayed"), "{told}");
    assert!(told.ends_with("worlds: default, a, b\n"), "{told}");
    let (_, told) = said(&skyrig, &["status"]);
    assert!(told.contains("nothing is there yet"), "{told}");
    let (_, told) = said(&skyrig, &["watch", "--world", "a", "--all", "--no-follow"]);
    assert!(told.contains(" enqueued in q"), "{told}");
    let (good, told) = said(&skyrig, &["status", "--world", "nobody"]);
    assert!(!good && told.contains("there is no world nobody"), "{told}");
    assert!(said(&skyrig, &["worlds", "remove", "b"]).0);
    assert!(!said(&skyrig, &["worlds", "remove", "b"]).0);
}

#[test]
fn functions_of_a_world_call_it_and_are_called_in_it() {
    if !crate::functions::has("python3") {
        return;
    }
    let skyrig = Skyrig::start(&["--worlds"]);
    let code = "import json, os, urllib.request\n\
                def handler(event, context):\n    \
                    own = os.environ\n    \
                    asked = urllib.request.Request(own['AWS_ENDPOINT_URL'], b'{}', \
                        {'x-amz-target': 'AmazonSQS.ListQueues'})\n    \
                    answer = json.load(urllib.request.urlopen(asked))\n    \
                    return [own['AWS_ACCESS_KEY_ID'], answer]\n";
    let request = json!({
        "FunctionName": "f",
        "Runtime": "python3.13",
        "Handler": "f.handler",
        "Role": "arn:aws:iam::000000000000:role/f",
        "Timeout": 60,
        "Code": {"ZipFile": crate::functions::zipped("f.py", code)},
    });
    let (status, body) = skyrig.post("/w/a/2015-03-31/functions", request);
    assert_eq!(status, 201, "{body}");
    let created = ("CreateQueue", json!({"QueueName": "only-there"}));
    assert_eq!(sqs(&skyrig, ("/w/a/", "localhost"), "", created).0, 200);
    let head = "POST /w/a/2015-03-31/functions/f/invocations HTTP/1.1";
    let (status, answer) = skyrig.request(head, b"{}");
    assert_eq!(status, 200, "{answer}");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer[0], "a-000000000000", "{answer}");
    let url = answer[1]["QueueUrls"][0].as_str().unwrap();
    assert!(url.ends_with("/w/a/000000000000/only-there"), "{url}");
    // Its address is one of that world, and of no other.
    let (status, made) =
        skyrig.post("/w/a/2021-10-31/functions/f/url", json!({"AuthType": "NONE"}));
    assert_eq!(status, 201, "{made}");
    let url = made["FunctionUrl"].as_str().unwrap();
    let host = url.strip_prefix("http://").unwrap().trim_end_matches('/');
    assert!(host.contains(".lambda-url.us-east-1.a.localhost"), "{url}");
    for action in ["InvokeFunctionUrl", "InvokeFunction"] {
        let statement = json!({
            "StatementId": action, "Action": format!("lambda:{action}"), "Principal": "*",
        });
        assert_eq!(skyrig.post("/w/a/2015-03-31/functions/f/policy", statement).0, 201);
    }
    let (status, told) = read(skyrig.send_to_host(host, "GET / HTTP/1.1", b""));
    assert_eq!(status, 200, "{told}");
    let elsewhere = host.replace(".a.localhost", ".b.localhost");
    assert_ne!(read(skyrig.send_to_host(&elsewhere, "GET / HTTP/1.1", b"")).0, 200);
}
