//! A small world to aim at, and what must still hold in it afterwards.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};
use skyrig::cloud::{Driver, Waiting, request};
use skyrig::kernel::CallId;
use skyrig::{Cloud, Settings};

use super::answer;

/// No receive waits longer.
pub(crate) const WAIT_MAX: Duration = Duration::from_secs(20);
/// The statuses of answers: the emulator itself never fails, but it does not have everything.
const STATUSES: Range<u16> = 200..502;
/// The queues of the world: each with the queue that takes its dead letters behind it.
pub(crate) const QUEUES: [&str; 4] = ["q", "dlq", "q.fifo", "dlq.fifo"];

/// What [`World::aimed`] writes for these two bytes: a receipt handle of `q`, one of `q.fifo`, the
/// handle of a move task.
const PLACEHOLDERS: [&[u8; 2]; 3] = [b"~0", b"~1", b"~2"];

#[derive(Clone)]
pub(crate) struct World {
    driver: Driver,
    waiting: BTreeSet<CallId>,
    handles: [String; 3],
}

impl World {
    /// Four empty queues.
    pub(crate) fn with_queues() -> Self {
        thread_local!(static WORLD: World = World::make_queues());
        WORLD.with(World::clone)
    }

    /// The same with messages that wait, are delayed, in flight, dead and being moved.
    pub(crate) fn with_messages() -> Self {
        thread_local!(static WORLD: World = World::make_messages());
        WORLD.with(World::clone)
    }

    fn make_queues() -> Self {
        let settings = Settings { relaxed: true, ..Settings::default() };
        let (driver, waiting) = (Driver::new(settings), BTreeSet::new());
        let mut world = Self { driver, waiting, handles: Default::default() };
        for queue in QUEUES.into_iter().rev() {
            world.ok("CreateQueue", &creation(queue));
        }
        world
    }

    fn make_messages() -> Self {
        let mut world = Self::with_queues();
        for (queue, number) in [("q", 0), ("q", 1), ("q", 2), ("q.fifo", 3), ("q.fifo", 4)] {
            let mut send = json!({"QueueUrl": queue, "MessageBody": format!("message {number}")});
            send["MessageGroupId"] = "group".into();
            world.ok("SendMessage", &send);
        }
        world.ok("SendMessage", &json!({"QueueUrl": "dlq", "MessageBody": "dead"}));
        let delayed = json!({"QueueUrl": "q", "MessageBody": "late", "DelaySeconds": 60});
        world.ok("SendMessage", &delayed);
        let mut receive = |queue| {
            let received = world.ok("ReceiveMessage", &json!({"QueueUrl": queue}));
            received["Messages"][0]["ReceiptHandle"].as_str().expect("a message").to_owned()
        };
        let (standard, fifo) = (receive("q"), receive("q.fifo"));
        let task = json!({
            "SourceArn": arn("dlq"), "DestinationArn": arn("q"), "MaxNumberOfMessagesPerSecond": 1
        });
        let task = world.ok("StartMessageMoveTask", &task);
        let task = task["TaskHandle"].as_str().expect("a handle").to_owned();
        world.handles = [standard, fifo, task];
        world
    }

    /// `bytes` with their placeholders replaced by handles, each as `encode` writes it.
    pub(crate) fn aimed(&self, bytes: &[u8], encode: impl Fn(&str) -> String) -> Bytes {
        let mut out = Vec::with_capacity(bytes.len());
        let mut rest = bytes;
        while let Some(first) = rest.first() {
            let found = PLACEHOLDERS.iter().position(|it| rest.starts_with(&it[..]));
            match found {
                Some(place) => out.extend_from_slice(encode(&self.handles[place]).as_bytes()),
                None => out.push(*first),
            }
            rest = &rest[if found.is_some() { 2 } else { 1 }..];
        }
        out.into()
    }

    /// Any request; `Err` holds the number of the call when it waits.
    pub(crate) fn send(&mut self, request: Request<Bytes>) -> Result<Response<Bytes>, CallId> {
        let answer = self.driver.send(request).inspect_err(|call| {
            self.waiting.insert(*call);
        });
        answer.inspect(|response| answer::check(response, STATUSES))
    }

    /// An operation in awsJson that may wait or be refused.
    pub(crate) fn start(&mut self, operation: &str, body: &Value) -> Result<(u16, Value), CallId> {
        let response = self.send(json_request(operation, Bytes::from(body.to_string())))?;
        Ok((response.status().as_u16(), parse(response.body())))
    }

    /// An operation that is answered at once; `None` when it is refused.
    pub(crate) fn call(&mut self, operation: &str, body: &Value) -> Option<Value> {
        let (status, answer) = self.start(operation, body).expect("it is answered at once");
        (status == 200).then_some(answer)
    }

    /// # Panics
    /// When the operation is refused.
    pub(crate) fn ok(&mut self, operation: &str, body: &Value) -> Value {
        let answer = self.call(operation, body);
        answer.unwrap_or_else(|| panic!("{operation} was refused: {body}"))
    }

    /// Moves time on.
    pub(crate) fn advance(&mut self, by: Duration) {
        self.driver.advance(by);
    }

    /// The client of a waiting call goes away.
    pub(crate) fn hang_up(&mut self, call: CallId) {
        self.driver.hang_up(call);
        self.waiting.remove(&call);
        // Its answer may have been due at this very moment.
        drop(self.driver.take_answer(call));
    }

    /// The calls that wait.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = CallId> {
        self.waiting.iter().copied()
    }

    /// The answers of calls that waited, since this was last asked.
    pub(crate) fn completed(&mut self) -> Vec<(CallId, Value)> {
        let mut answers = Vec::new();
        for (call, response) in self.driver.take_answers() {
            assert!(self.waiting.remove(&call), "nobody else waits");
            answer::check(&response, STATUSES);
            if response.headers()["content-type"] == "application/x-amz-json-1.0" {
                answers.push((call, parse(response.body())));
            }
        }
        answers
    }

    /// # Panics
    /// When a snapshot does not hold the whole state. Goes on with the state from the snapshot.
    pub(crate) fn check_snapshot(&mut self) {
        let snapshot = self.driver.cloud.snapshot();
        let restored = Cloud::restore(&snapshot, Waiting::Kept);
        self.driver.cloud = restored.expect("its own snapshot");
        assert!(self.driver.cloud.snapshot() == snapshot, "a snapshot of what it restores differs");
    }

    /// # Panics
    /// When a call still waits that should not, a queue does not answer, or a new queue does not
    /// work.
    pub(crate) fn check_sane(&mut self) {
        self.completed();
        self.advance(WAIT_MAX);
        self.completed();
        assert_eq!(self.waiting().count(), 0, "a call waits longer than any may");
        let listed = self.ok("ListQueues", &json!({}));
        for url in listed["QueueUrls"].as_array().into_iter().flatten() {
            self.ok("GetQueueAttributes", &json!({"QueueUrl": url, "AttributeNames": ["All"]}));
        }
        let probe = json!({"QueueUrl": "probe-of-the-world", "MessageBody": "probe"});
        self.ok("CreateQueue", &json!({"QueueName": probe["QueueUrl"]}));
        self.ok("SendMessage", &probe);
        let received = self.ok("ReceiveMessage", &json!({"QueueUrl": probe["QueueUrl"]}));
        let received = &received["Messages"][0];
        assert_eq!(received["Body"], "probe");
        let handle = &received["ReceiptHandle"];
        let deletion = json!({"QueueUrl": probe["QueueUrl"], "ReceiptHandle": handle});
        self.ok("DeleteMessage", &deletion);
        assert_eq!(self.counts("probe-of-the-world"), Some([0; 3]));
    }

    /// How many messages are visible, in flight and delayed; `None` without such a queue.
    pub(crate) fn counts(&mut self, queue: &str) -> Option<[u64; 3]> {
        const NAMES: [&str; 3] = [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
        ];
        let request = json!({"QueueUrl": queue, "AttributeNames": NAMES});
        let answer = self.call("GetQueueAttributes", &request)?;
        let count = |name| answer["Attributes"][name].as_str().and_then(|n| n.parse().ok());
        Some(NAMES.map(|name| count(name).expect("a number")))
    }
}

/// The request that makes one of [`QUEUES`].
pub(crate) fn creation(queue: &str) -> Value {
    let mut attributes = json!({});
    if queue.ends_with(".fifo") {
        attributes["FifoQueue"] = "true".into();
        attributes["ContentBasedDeduplication"] = "true".into();
    }
    if queue.starts_with('q') {
        attributes["RedrivePolicy"] = redrive_policy(queue, 2).into();
    }
    json!({"QueueName": queue, "Attributes": attributes})
}

/// The policy that sends what `queue` received `receives_max` times to its dead-letter queue.
pub(crate) fn redrive_policy(queue: &str, receives_max: u8) -> String {
    let target = arn(&queue.replacen('q', "dlq", 1));
    json!({"deadLetterTargetArn": target, "maxReceiveCount": receives_max}).to_string()
}

pub(crate) fn arn(queue: &str) -> String {
    format!("arn:aws:sqs:us-east-1:000000000000:{queue}")
}

pub(crate) fn json_request(operation: &str, body: Bytes) -> Request<Bytes> {
    request::json(&format!("AmazonSQS.{operation}"), body)
}

fn parse(body: &Bytes) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(body).expect("JSON, as was checked")
}
