//! Partial batch responses of processes that die at drawn moments: no message is lost.
//!
//! `FUNCTION_CASES` says how many cases are drawn, and `FUNCTION_SEED` where they begin.

use std::collections::BTreeMap;
use std::io::Write as _;

use serde_json::{Value, json};

use crate::functions::{has, zipped};
use crate::process::Skyrig;

/// Each message says what becomes of it at each of its tries, the last of which comes again and
/// again: done, reported as failed, or the process is killed before or after it was dealt with, or
/// behind the whole batch.
const CODE: &str = r#"
import json, os, signal, urllib.request
def die():
    os.kill(os.getpid(), signal.SIGKILL)
def tell(number):
    body = json.dumps({"QueueUrl": "done", "MessageBody": str(number)}).encode()
    head = {"x-amz-target": "AmazonSQS.SendMessage"}
    request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"], body, head)
    urllib.request.urlopen(request).read()
def handler(event, context):
    failed, last = [], False
    for record in event["Records"]:
        message = json.loads(record["body"])
        tries = int(record["attributes"]["ApproximateReceiveCount"])
        fate = message["fates"][min(tries, len(message["fates"])) - 1]
        if fate == "before":
            die()
        if fate == "failed":
            failed.append({"itemIdentifier": record["messageId"]})
            continue
        tell(message["number"])
        if fate == "after":
            die()
        last = last or fate == "last"
    if last:
        die()
    return {"batchItemFailures": failed}
"#;

const FATES: [&str; 6] = ["done", "done", "failed", "before", "after", "last"];
const MESSAGES_MAX: u64 = 12;
const RECEIVES_MAX: usize = 5;
const VISIBILITY_SECONDS: u64 = 30;

/// SplitMix64.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (it ^ (it >> 31)) % bound
    }

    fn fates(&mut self) -> Vec<&'static str> {
        (0..RECEIVES_MAX).map(|_| FATES[self.below(FATES.len() as u64) as usize]).collect()
    }
}

impl Skyrig {
    fn ok(&self, operation: &str, body: Value) -> Value {
        let (status, answer) = self.sqs(operation, body);
        assert_eq!(status, 200, "{operation}: {answer}");
        answer
    }

    /// Messages that are in a queue, visible or not.
    fn count(&self, queue: &str) -> u64 {
        let request = json!({"QueueUrl": queue, "AttributeNames": ["All"]});
        let attributes = self.ok("GetQueueAttributes", request)["Attributes"].clone();
        ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
            .iter()
            .map(|name| attributes[name].as_str().unwrap().parse::<u64>().unwrap())
            .sum()
    }

    /// Takes everything out of a queue; how often each number was in it.
    fn numbers(&self, queue: &str, of: impl Fn(&str) -> u64) -> BTreeMap<u64, u32> {
        let mut numbers = BTreeMap::new();
        loop {
            let request = json!({"QueueUrl": queue, "MaxNumberOfMessages": 10});
            let answer = self.ok("ReceiveMessage", request);
            let Some(messages) = answer["Messages"].as_array() else { return numbers };
            for message in messages {
                let handle = &message["ReceiptHandle"];
                self.ok("DeleteMessage", json!({"QueueUrl": queue, "ReceiptHandle": handle}));
                *numbers.entry(of(message["Body"].as_str().unwrap())).or_default() += 1;
            }
        }
    }
}

fn play(seed: u64) {
    let mut draws = Draws(seed);
    let skyrig = Skyrig::start(&[]);
    skyrig.post("/_skyrig/clock", json!({"mode": "manual"}));
    for name in ["done", "dead"] {
        skyrig.ok("CreateQueue", json!({"QueueName": name}));
    }
    let redrive = json!({
        "deadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:dead",
        "maxReceiveCount": RECEIVES_MAX,
    });
    let attributes = json!({
        "VisibilityTimeout": VISIBILITY_SECONDS.to_string(), "RedrivePolicy": redrive.to_string(),
    });
    skyrig.ok("CreateQueue", json!({"QueueName": "from", "Attributes": attributes}));
    let function = json!({
        "FunctionName": "f", "Runtime": "python3.13", "Handler": "f.handler", "Timeout": 25,
        "Role": "arn:aws:iam::000000000000:role/f", "MemorySize": 512,
        "Code": {"ZipFile": zipped("f.py", CODE)},
    });
    assert_eq!(skyrig.post("/2015-03-31/functions", function).0, 201);
    let count = 1 + draws.below(MESSAGES_MAX);
    for number in 0..count {
        let body = json!({"number": number, "fates": draws.fates()}).to_string();
        skyrig.ok("SendMessage", json!({"QueueUrl": "from", "MessageBody": body}));
    }
    let mapping = json!({
        "FunctionName": "f", "EventSourceArn": "arn:aws:sqs:us-east-1:000000000000:from",
        "BatchSize": 1 + draws.below(4), "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ScalingConfig": {"MaximumConcurrency": 2},
    });
    assert_eq!(skyrig.post("/2015-03-31/event-source-mappings", mapping).0, 202);
    // Moving the clock waits for the functions that run.
    for _ in 0..2 * RECEIVES_MAX * MESSAGES_MAX as usize {
        let step = json!({"advance_seconds": VISIBILITY_SECONDS + 1});
        assert_eq!(skyrig.post("/_skyrig/clock", step).0, 200);
        if skyrig.count("from") == 0 {
            break;
        }
    }
    assert_eq!(skyrig.count("from"), 0, "seed {seed}: something never comes to its end");
    let done = skyrig.numbers("done", |body| body.parse().unwrap());
    let dead = skyrig.numbers("dead", |body| {
        serde_json::from_str::<Value>(body).unwrap()["number"].as_u64().unwrap()
    });
    for number in 0..count {
        let (done, dead) = (done.get(&number), dead.get(&number));
        assert!(done.or(dead).is_some(), "seed {seed}: message {number} is lost");
        assert!(dead.is_none_or(|times| *times == 1), "seed {seed}: {number} is dead twice");
        let tries = done.copied().unwrap_or_default();
        assert!(tries as usize <= RECEIVES_MAX, "seed {seed}: {number} was tried {tries} times");
    }
}

fn of_environment(name: &str, usual: u64) -> u64 {
    let text = std::env::var_os(name).and_then(|text| text.into_string().ok());
    text.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[test]
fn processes_that_die_lose_no_message() {
    if !has("python3") {
        return;
    }
    let (first, cases) = (of_environment("FUNCTION_SEED", 1), of_environment("FUNCTION_CASES", 2));
    for seed in first..first + cases {
        // Nobody may be reading.
        let _closed = writeln!(std::io::stderr(), "FUNCTION_SEED={seed} FUNCTION_CASES=1");
        play(seed);
    }
}
