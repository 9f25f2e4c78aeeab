//! `--data`: what was answered is there after the program was killed, or ended in order.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::process::{Skyrig, read};

/// How often the program is killed; `just crash-journal` asks for more.
const CRASHES: usize = 100;
const CLIENTS: usize = 3;
const QUEUE: &str = "http://localhost/000000000000/orders";
/// Where a rule sends events.
const EVENTS: &str = "http://localhost/000000000000/events";
const MACHINE: &str = "arn:aws:states:us-east-1:000000000000:stateMachine:orders";

/// A folder of this test's own, removed when dropped.
struct Data(PathBuf);

impl Data {
    fn new(name: &str) -> Self {
        let folder = format!("skyrig-kept-{}-{name}", std::process::id());
        Self(std::env::temp_dir().join(folder))
    }

    fn start(&self, flags: &[&str]) -> Skyrig {
        let folder = self.0.to_str().unwrap();
        Skyrig::start(&[&["--data", folder], flags].concat())
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

fn ask(skyrig: &Skyrig, target: &str, input: &Value) -> (u16, Value) {
    let (status, body) = read(skyrig.start_json(target, input));
    (status, serde_json::from_str(&body).unwrap_or_default())
}

fn set_up(skyrig: &Skyrig) {
    assert_eq!(skyrig.sqs("CreateQueue", json!({"QueueName": "orders"})).0, 200);
    let table = json!({
        "TableName": "orders",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    });
    assert_eq!(ask(skyrig, "DynamoDB_20120810.CreateTable", &table).0, 200);
    let ready = json!({"TableName": "orders"});
    assert_eq!(ask(skyrig, "DynamoDB_20120810.DescribeTable", &ready).0, 200);
}

/// What else is done while it is killed: a rule with a queue, and a state machine.
fn set_up_events(skyrig: &Skyrig) {
    let queue = "arn:aws:sqs:us-east-1:000000000000:events";
    let policy = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage", "Resource": queue,
    }]});
    let created = json!({"QueueName": "events", "Attributes": {"Policy": policy.to_string()}});
    assert_eq!(skyrig.sqs("CreateQueue", created).0, 200);
    let rule = json!({"Name": "all", "EventPattern": "{\"source\": [\"orders\"]}"});
    assert_eq!(ask(skyrig, "AWSEvents.PutRule", &rule).0, 200);
    let target = json!({"Rule": "all", "Targets": [{"Id": "q", "Arn": queue}]});
    assert_eq!(ask(skyrig, "AWSEvents.PutTargets", &target).0, 200);
    let definition = json!({"StartAt": "Done", "States": {"Done": {"Type": "Pass", "End": true}}});
    let machine = json!({
        "name": "orders", "definition": definition.to_string(),
        "roleArn": "arn:aws:iam::000000000000:role/orders",
    });
    assert_eq!(ask(skyrig, "AWSStepFunctions.CreateStateMachine", &machine).0, 200);
}

/// All messages of the queue, each with how often it came.
fn drain(skyrig: &Skyrig) -> BTreeMap<String, usize> {
    drain_of(skyrig, QUEUE)
}

fn drain_of(skyrig: &Skyrig, queue: &str) -> BTreeMap<String, usize> {
    let mut bodies = BTreeMap::new();
    loop {
        let input = json!({"QueueUrl": queue, "MaxNumberOfMessages": 10, "VisibilityTimeout": 600});
        let (status, answer) = skyrig.sqs("ReceiveMessage", input);
        assert_eq!(status, 200, "{answer}");
        let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
        if messages.is_empty() {
            return bodies;
        }
        for message in messages {
            *bodies.entry(message["Body"].as_str().unwrap().to_owned()).or_default() += 1;
            let handle = json!({"QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"]});
            assert_eq!(skyrig.sqs("DeleteMessage", handle).0, 200);
        }
    }
}

/// What clients were told.
#[derive(Default)]
struct Told {
    messages: Vec<String>,
    items: Vec<String>,
    events: Vec<String>,
    executions: Vec<String>,
}

/// Whether a request was answered; a killed program answers none, or half of one.
fn was_taken(skyrig: &Skyrig, target: &str, input: &Value) -> bool {
    try_ask(skyrig.address(), target, input).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

fn try_ask(address: &str, target: &str, input: &Value) -> io::Result<String> {
    let (mut stream, body) = (TcpStream::connect(address)?, input.to_string());
    write!(
        stream,
        "POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: {target}\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn work(skyrig: &Skyrig, round: usize, client: usize, told: &Mutex<Told>, taken: &AtomicUsize) {
    for number in 0.. {
        let name = format!("{round}-{client}-{number}");
        let message = json!({"QueueUrl": QUEUE, "MessageBody": name});
        if !was_taken(skyrig, "AmazonSQS.SendMessage", &message) {
            return;
        }
        told.lock().unwrap().messages.push(name.clone());
        taken.fetch_add(1, Ordering::Relaxed);
        let item = json!({"TableName": "orders", "Item": {"id": {"S": name}}});
        if !was_taken(skyrig, "DynamoDB_20120810.PutItem", &item) {
            return;
        }
        told.lock().unwrap().items.push(name.clone());
        taken.fetch_add(1, Ordering::Relaxed);
        let detail = json!({"name": name}).to_string();
        let entry = json!({"Source": "orders", "DetailType": "Placed", "Detail": detail});
        if !was_taken(skyrig, "AWSEvents.PutEvents", &json!({"Entries": [entry]})) {
            return;
        }
        told.lock().unwrap().events.push(name.clone());
        taken.fetch_add(1, Ordering::Relaxed);
        let execution = json!({"stateMachineArn": MACHINE, "name": name});
        if !was_taken(skyrig, "AWSStepFunctions.StartExecution", &execution) {
            return;
        }
        told.lock().unwrap().executions.push(name);
        taken.fetch_add(1, Ordering::Relaxed);
    }
}

/// The names in the events that came to the rule's queue, each with how often it did.
fn drain_events(skyrig: &Skyrig) -> BTreeMap<String, usize> {
    let mut names = BTreeMap::new();
    for (body, times) in drain_of(skyrig, EVENTS) {
        let event: Value = serde_json::from_str(&body).unwrap();
        *names.entry(event["detail"]["name"].as_str().unwrap().to_owned()).or_default() += times;
    }
    names
}

#[test]
fn what_was_answered_outlives_kills_at_drawn_moments() {
    let crashes = std::env::var_os("SKYRIG_CRASHES");
    let crashes = crashes.map_or(CRASHES, |count| count.to_str().unwrap().parse().unwrap());
    let data = Data::new("crashes");
    let mut random = fastrand::Rng::with_seed(7);
    let first = data.start(&[]);
    set_up(&first);
    set_up_events(&first);
    drop(first);
    for round in 0..crashes {
        let sync = ["batch", "always"][round % 2];
        let skyrig = Arc::new(data.start(&["--sync", sync]));
        let (told, taken) = (Arc::<Mutex<Told>>::default(), Arc::<AtomicUsize>::default());
        let until = random.usize(1..40);
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (skyrig, told, taken) =
                    (Arc::clone(&skyrig), Arc::clone(&told), Arc::clone(&taken));
                std::thread::spawn(move || work(&skyrig, round, client, &told, &taken))
            })
            .collect();
        while taken.load(Ordering::Relaxed) < until {
            std::thread::yield_now();
        }
        skyrig.kill();
        clients.into_iter().for_each(|client| client.join().unwrap());
        // The folder is free when the program is gone.
        drop(Arc::into_inner(skyrig).unwrap());
        let again = data.start(&[]);
        let there = drain(&again);
        let told = told.lock().unwrap();
        for name in &told.messages {
            assert_eq!(there.get(name), Some(&1), "message {name} of round {round}");
        }
        assert!(there.values().all(|times| *times == 1), "{there:?}");
        for name in &told.items {
            let key = json!({"TableName": "orders", "Key": {"id": {"S": name}}});
            let (_, answer) = ask(&again, "DynamoDB_20120810.GetItem", &key);
            assert_eq!(answer["Item"]["id"]["S"], json!(name), "round {round}");
        }
        let events = drain_events(&again);
        for name in &told.events {
            assert_eq!(events.get(name), Some(&1), "event {name} of round {round}");
        }
        assert!(events.values().all(|times| *times == 1), "{events:?}");
        for name in &told.executions {
            let arn = format!("{}:{name}", MACHINE.replace("stateMachine", "execution"));
            let (_, answer) =
                ask(&again, "AWSStepFunctions.DescribeExecution", &json!({"executionArn": arn}));
            assert_eq!(
                answer["status"], "SUCCEEDED",
                "execution {name} of round {round}: {answer}"
            );
        }
    }
}

#[test]
fn an_end_in_order_is_gone_on_from_and_time_has_passed() {
    let data = Data::new("order");
    let skyrig = data.start(&["--clock", "manual"]);
    set_up(&skyrig);
    let late = json!({"QueueUrl": QUEUE, "MessageBody": "late", "DelaySeconds": 60});
    assert_eq!(skyrig.sqs("SendMessage", late).0, 200);
    assert_eq!(skyrig.post("/_skyrig/clock", json!({"advance_seconds": 59})).0, 200);
    let before = skyrig.get("/_skyrig/clock").1["now"].clone();
    assert!(skyrig.terminate());
    let again = data.start(&["--clock", "manual"]);
    assert_eq!(again.get("/_skyrig/clock").1["now"], before);
    assert!(drain(&again).is_empty());
    assert_eq!(again.post("/_skyrig/clock", json!({"advance_seconds": 1})).0, 200);
    assert_eq!(drain(&again).into_keys().collect::<Vec<_>>(), ["late"]);
}

#[test]
fn a_folder_is_of_one_server_and_of_its_user_alone() {
    let data = Data::new("one");
    let skyrig = data.start(&[]);
    skyrig.assert_works();
    let folder = data.0.to_str().unwrap();
    let second = std::process::Command::new(env!("CARGO_BIN_EXE_skyrig"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data", folder])
        .output()
        .unwrap();
    assert!(!second.status.success());
    let told = String::from_utf8(second.stderr).unwrap();
    assert!(told.contains("is in use by another skyrig"), "{told}");
    #[cfg(unix)]
    for entry in std::fs::read_dir(&data.0).unwrap() {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
