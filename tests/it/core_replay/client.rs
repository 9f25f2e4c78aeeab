//! A client that uses every service at random, from a seed.

use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use http::{Request, Response};
use serde_json::{Value, json};

use super::others;
use skyrig::cloud::{Driver, Input};
use skyrig::kernel::FaultRules;

use crate::world;

const QUEUES: [&str; 4] = ["alpha", "beta", "orders.fifo", "dead"];
const TOPICS: [&str; 2] = ["news", "orders.fifo"];
const RECEIPTS_MAX: usize = 40;

/// What a client does next.
pub(super) enum Next {
    Input(Box<Input>),
    Wait(Duration),
}

impl Next {
    fn now(request: Request<Bytes>) -> Self {
        Self::Input(Box::new(Input::Request(request.into())))
    }
}

pub(super) struct Client {
    rng: Rng,
    /// Queue and receipt handle of messages that were received, oldest first.
    receipts: Vec<(String, String)>,
    /// The queue of the last receive.
    last_queue: String,
    /// Requests with which every run begins.
    opening: Vec<Request<Bytes>>,
}

impl Client {
    pub(super) fn new(seed: u64) -> Self {
        let mut opening = opening();
        opening.reverse();
        Self {
            rng: Rng::with_seed(seed),
            receipts: Vec::new(),
            last_queue: QUEUES[0].to_owned(),
            opening,
        }
    }

    /// The next thing to do.
    pub(super) fn next(&mut self, driver: &Driver) -> Next {
        if let Some(request) = self.opening.pop() {
            return Next::now(request);
        }
        match self.rng.u8(..100) {
            0..15 => Next::Wait(Duration::from_millis(self.rng.u64(..40_000))),
            15..18 => Next::Wait(Duration::from_secs(self.rng.u64(..4 * 3600))),
            18..21 => match driver.cloud.waiting_clients().next() {
                Some(call) => Next::Input(Box::new(Input::ClientGone(call))),
                None => Next::now(self.send()),
            },
            21 => Next::Input(Box::new(Input::Faults(self.faults()))),
            22..65 => Next::now(self.sqs()),
            65..85 => Next::now(others::any(&mut self.rng)),
            _ => Next::now(self.sns()),
        }
    }

    /// Rules that make some things go wrong for a while.
    fn faults(&mut self) -> FaultRules {
        let rules = json!([
            {"effect": "throttle", "probability": 0.1, "until_seconds": 600},
            {"effect": "duplicate", "service": "sqs", "probability": 0.2},
            {"effect": {"fail-delivery": {"times": self.rng.u8(1..4)}}, "service": "sns"},
        ]);
        serde_json::from_value(rules).expect("the rules can be read")
    }

    /// Takes from answers what later requests need.
    pub(super) fn learn(&mut self, answers: &[Response<Bytes>]) {
        for answer in answers {
            let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
            for message in body["Messages"].as_array().into_iter().flatten() {
                let handle = message["ReceiptHandle"].as_str().unwrap_or_default();
                let receipt = (self.last_queue.clone(), handle.to_owned());
                self.receipts.push(receipt);
            }
        }
        let surplus = self.receipts.len().saturating_sub(RECEIPTS_MAX);
        self.receipts.drain(..surplus);
    }

    fn queue(&mut self) -> &'static str {
        QUEUES[self.rng.usize(..QUEUES.len())]
    }

    fn sqs(&mut self) -> Request<Bytes> {
        match self.rng.u8(..100) {
            0..30 => self.send(),
            30..55 => self.receive(),
            55..75 => self.with_receipt(),
            75..80 => self.send_batch(),
            80..85 => {
                let form = format!("QueueUrl={}&MessageBody=by+form", url(self.queue()));
                world::query("sqs", &format!("Action=SendMessage&Version=2012-11-05&{form}"))
            }
            85..93 => sqs(
                "GetQueueAttributes",
                json!({"QueueUrl": url(self.queue()), "AttributeNames": ["All"]}),
            ),
            93..95 => sqs("PurgeQueue", json!({"QueueUrl": url(self.queue())})),
            95..97 => sqs("SendMessage", json!({"QueueUrl": url("missing"), "MessageBody": "x"})),
            _ => sqs("ListQueues", json!({"MaxResults": self.rng.u8(1..4)})),
        }
    }

    fn send(&mut self) -> Request<Bytes> {
        let queue = self.queue();
        let mut body = json!({"QueueUrl": url(queue), "MessageBody": self.text()});
        if queue.ends_with(".fifo") {
            body["MessageGroupId"] = json!(format!("group-{}", self.rng.u8(..4)));
            body["MessageDeduplicationId"] = json!(format!("{}", self.rng.u8(..50)));
        } else if self.rng.u8(..4) == 0 {
            body["DelaySeconds"] = json!(self.rng.u16(..900));
        }
        sqs("SendMessage", body)
    }

    fn send_batch(&mut self) -> Request<Bytes> {
        // Ids repeat now and then, which is an error.
        let id = self.rng.u8(..3);
        let entry = |id: u8| json!({"Id": format!("e{id}"), "MessageBody": format!("entry {id}")});
        let entries = [entry(id), entry(1), entry(7)];
        sqs("SendMessageBatch", json!({"QueueUrl": url("alpha"), "Entries": entries}))
    }

    fn receive(&mut self) -> Request<Bytes> {
        let queue = self.queue();
        queue.clone_into(&mut self.last_queue);
        let body = json!({
            "QueueUrl": url(queue),
            "MaxNumberOfMessages": self.rng.u8(1..=10),
            "WaitTimeSeconds": if self.rng.bool() { self.rng.u8(..=20) } else { 0 },
            "MessageSystemAttributeNames": ["All"],
        });
        sqs("ReceiveMessage", body)
    }

    fn with_receipt(&mut self) -> Request<Bytes> {
        let Some(index) =
            (!self.receipts.is_empty()).then(|| self.rng.usize(..self.receipts.len()))
        else {
            return self.receive();
        };
        let (queue, handle) = self.receipts[index].clone();
        let body = json!({"QueueUrl": url(&queue), "ReceiptHandle": handle});
        if self.rng.u8(..4) == 0 {
            let mut body = body;
            body["VisibilityTimeout"] = json!(self.rng.u16(..120));
            return sqs("ChangeMessageVisibility", body);
        }
        self.receipts.remove(index);
        sqs("DeleteMessage", body)
    }

    fn sns(&mut self) -> Request<Bytes> {
        match self.rng.u8(..100) {
            0..60 => {
                let topic = TOPICS[self.rng.usize(..TOPICS.len())];
                let mut form = format!("TopicArn={}&Message={}", topic_arn(topic), self.text());
                if topic.ends_with(".fifo") {
                    let group = self.rng.u8(..4);
                    let id = self.rng.u8(..50);
                    form += &format!("&MessageGroupId=g{group}&MessageDeduplicationId={id}");
                }
                sns("Publish", &form)
            }
            60..75 => sns("ListSubscriptions", ""),
            75..85 => sns("Publish", "TopicArn=arn:aws:sns:us-east-1:000000000000:none&Message=x"),
            85..95 => sns("GetTopicAttributes", &format!("TopicArn={}", topic_arn("news"))),
            _ => sns("ListTopics", ""),
        }
    }

    fn text(&mut self) -> String {
        let length = self.rng.usize(1..40);
        (0..length).map(|_| self.rng.lowercase()).collect()
    }
}

/// The resources that the rest uses.
fn opening() -> Vec<Request<Bytes>> {
    let mut requests: Vec<_> = QUEUES.iter().rev().map(|name| create_queue(name)).collect();
    requests.extend(TOPICS.iter().map(|name| {
        let fifo = "&Attributes.entry.1.key=FifoTopic&Attributes.entry.1.value=true";
        let fifo = if name.ends_with(".fifo") { fifo } else { "" };
        sns("CreateTopic", &format!("Name={name}{fifo}"))
    }));
    for (topic, queue) in [("news", "alpha"), ("news", "beta"), ("orders.fifo", "orders.fifo")] {
        let (topic, queue) = (topic_arn(topic), queue_arn(queue));
        let form = format!("TopicArn={topic}&Protocol=sqs&Endpoint={queue}");
        requests.push(sns("Subscribe", &form));
    }
    requests.extend(others::opening(&queue_arn("alpha")));
    requests
}

fn create_queue(name: &str) -> Request<Bytes> {
    let mut attributes = json!({"VisibilityTimeout": "25", "Policy": policy(name)});
    if name.ends_with(".fifo") {
        attributes["FifoQueue"] = json!("true");
    }
    if name == "alpha" {
        let redrive = json!({"deadLetterTargetArn": queue_arn("dead"), "maxReceiveCount": "2"});
        attributes["RedrivePolicy"] = json!(redrive.to_string());
        attributes["MessageRetentionPeriod"] = json!("3600");
    }
    sqs("CreateQueue", json!({"QueueName": name, "Attributes": attributes}))
}

/// Lets topics deliver, but to `beta`, where they are refused.
fn policy(queue: &str) -> String {
    let effect = if queue == "beta" { "Deny" } else { "Allow" };
    let statement = json!({
        "Effect": effect,
        "Principal": {"Service": ["sns.amazonaws.com", "events.amazonaws.com"]},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn(queue),
    });
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

fn url(queue: &str) -> String {
    format!("http://localhost:4566/000000000000/{queue}")
}

fn queue_arn(queue: &str) -> String {
    format!("arn:aws:sqs:us-east-1:000000000000:{queue}")
}

fn topic_arn(topic: &str) -> String {
    format!("arn:aws:sns:us-east-1:000000000000:{topic}")
}

fn sqs(operation: &str, body: Value) -> Request<Bytes> {
    world::json(&format!("AmazonSQS.{operation}"), &body)
}

fn sns(operation: &str, form: &str) -> Request<Bytes> {
    world::query("sns", &format!("Action={operation}&Version=2010-03-31&{form}"))
}
