//! A sequence of operations on a few queues: messages are conserved whatever happens.
//!
//! Each step is a byte that picks the operation and a few that are its parameters. The model knows
//! what was sent and deleted; time-outs, delays and dead letters are the emulator's own.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};

use super::world::{QUEUES, World, arn, creation, redrive_policy};

/// Keeps a case short enough for a fuzzer.
const STEPS_MAX: usize = 32;
/// Steps of time in seconds; [`STEPS_MAX`] of the longest are less than the four days for which a
/// queue retains its messages when nobody sets anything else.
const LEAPS: [u64; 8] = [0, 1, 5, 29, 31, 61, 300, 600];

pub(crate) fn run(input: &[u8]) {
    let mut bytes = input.iter().copied();
    let mut model = Model::new();
    for _ in 0..STEPS_MAX {
        let Some(step) = bytes.next() else { break };
        let mut parameters = Parameters(&mut bytes);
        let held = model.held();
        model.fresh = 0;
        model.step(step, &mut parameters);
        model.look(held);
    }
    model.world.check_sane();
}

/// The bytes that follow; zeros when there are no more.
struct Parameters<'a>(&'a mut dyn Iterator<Item = u8>);

impl Parameters<'_> {
    fn below(&mut self, end: u8) -> u8 {
        self.0.next().unwrap_or_default() % end
    }

    fn queue(&mut self) -> &'static str {
        QUEUES[usize::from(self.below(4))]
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let place = usize::from(self.below(u8::MAX));
        all.get(place.checked_rem(all.len())?)
    }
}

/// What was received: where, which message, and by which handle.
#[derive(Clone)]
struct Received {
    queue: &'static str,
    body: String,
    handle: Value,
}

/// What a client knows.
struct Model {
    world: World,
    /// The ids that sends were answered with. A message that a task moves gets another.
    ids: BTreeSet<String>,
    /// The bodies of all messages; no two are alike.
    sent: BTreeSet<String>,
    /// The bodies of those that were deleted.
    deleted: BTreeSet<String>,
    received: Vec<Received>,
    /// The queue of each call that waits.
    waiting: BTreeMap<skyrig::kernel::CallId, &'static str>,
    tasks: Vec<Value>,
    /// How many messages this step added.
    fresh: u64,
    bodies: u32,
    /// Whether messages went in other ways than by a delete.
    lost: bool,
}

impl Model {
    fn new() -> Self {
        Self {
            world: World::with_queues(),
            ids: BTreeSet::new(),
            sent: BTreeSet::new(),
            deleted: BTreeSet::new(),
            received: Vec::new(),
            waiting: BTreeMap::new(),
            tasks: Vec::new(),
            fresh: 0,
            bodies: 0,
            lost: false,
        }
    }

    fn step(&mut self, step: u8, parameters: &mut Parameters<'_>) {
        match step % 16 {
            0 | 1 => self.send(parameters),
            2 => self.send_batch(parameters),
            3 => self.receive(parameters, false),
            4 => self.receive(parameters, true),
            5 => self.delete(parameters),
            6 => self.hide(parameters),
            7 => self.set_attributes(parameters),
            8 => {
                let request = json!({"QueueUrl": parameters.queue()});
                self.lost |= self.world.call("PurgeQueue", &request).is_some();
            }
            9 | 10 => {
                let leap = LEAPS[usize::from(parameters.below(8))];
                self.world.advance(Duration::from_secs(leap));
            }
            11 => self.start_task(parameters),
            12 => {
                if let Some(task) = parameters.of(&self.tasks) {
                    self.world.call("CancelMessageMoveTask", &json!({"TaskHandle": task}));
                }
            }
            13 => {
                let calls: Vec<_> = self.waiting.keys().copied().collect();
                if let Some(call) = parameters.of(&calls) {
                    self.waiting.remove(call);
                    self.world.hang_up(*call);
                }
            }
            14 => {
                let request = json!({"QueueUrl": parameters.queue()});
                self.lost |= self.world.call("DeleteQueue", &request).is_some();
            }
            _ => {
                self.world.call("CreateQueue", &creation(parameters.queue()));
            }
        }
    }

    /// What must hold after each step, when `held` messages were held before it.
    fn look(&mut self, held: u64) {
        for (call, answer) in self.world.completed() {
            if let Some(queue) = self.waiting.remove(&call) {
                self.was_received(queue, &answer["Messages"]);
            }
        }
        self.world.check_snapshot();
        let now_held = self.held();
        assert!(now_held <= held + self.fresh, "a message was made of nothing");
        let most = self.sent.len() - self.deleted.len();
        assert!(now_held as usize <= most, "{now_held} messages are held, {most} can be");
        if !self.lost {
            assert_eq!(now_held as usize, most, "a message is lost");
        }
    }

    fn held(&mut self) -> u64 {
        let counts = QUEUES.into_iter().filter_map(|queue| self.world.counts(queue));
        counts.flatten().sum()
    }

    fn entry(&mut self, queue: &str, parameters: &mut Parameters<'_>) -> Value {
        self.bodies += 1;
        let mut entry =
            json!({"Id": self.bodies.to_string(), "MessageBody": self.bodies.to_string()});
        let (group, delay) = (parameters.below(4), parameters.below(8));
        if queue.ends_with(".fifo") {
            entry["MessageGroupId"] = group.to_string().into();
            if delay > 3 {
                entry["MessageDeduplicationId"] = delay.to_string().into();
            }
        } else {
            entry["DelaySeconds"] = (delay * 10).into();
        }
        entry
    }

    fn send(&mut self, parameters: &mut Parameters<'_>) {
        let queue = parameters.queue();
        let mut request = self.entry(queue, parameters);
        request["QueueUrl"] = queue.into();
        if let Some(answer) = self.world.call("SendMessage", &request) {
            self.was_sent(queue, &answer, &request);
        }
    }

    fn send_batch(&mut self, parameters: &mut Parameters<'_>) {
        let queue = parameters.queue();
        let count = parameters.below(11);
        let entries: Vec<_> = (0..count).map(|_| self.entry(queue, parameters)).collect();
        let request = json!({"QueueUrl": queue, "Entries": entries});
        let Some(answer) = self.world.call("SendMessageBatch", &request) else { return };
        let sent = answer["Successful"].as_array().expect("what was sent");
        assert_eq!(sent.len(), entries.len(), "all entries are valid");
        for (sent, entry) in sent.iter().zip(&entries) {
            self.was_sent(queue, sent, entry);
        }
    }

    fn was_sent(&mut self, queue: &str, answer: &Value, request: &Value) {
        if self.ids.insert(text(&answer["MessageId"])) {
            self.fresh += 1;
            self.sent.insert(text(&request["MessageBody"]));
        } else {
            assert!(queue.ends_with(".fifo"), "a message id came twice");
        }
    }

    fn receive(&mut self, parameters: &mut Parameters<'_>, waits: bool) {
        let queue = parameters.queue();
        let mut request = json!({
            "QueueUrl": queue,
            "MaxNumberOfMessages": parameters.below(10) + 1,
            "AttributeNames": ["All"],
        });
        let (timeout, wait) = (parameters.below(64), parameters.below(21));
        if timeout < 60 {
            request["VisibilityTimeout"] = timeout.into();
        }
        request["WaitTimeSeconds"] = if waits { wait } else { 0 }.into();
        if queue.ends_with(".fifo") && wait > 16 {
            request["ReceiveRequestAttemptId"] = wait.to_string().into();
        }
        match self.world.start("ReceiveMessage", &request) {
            Ok((200, answer)) => self.was_received(queue, &answer["Messages"]),
            Ok(_) => {}
            Err(call) => {
                self.waiting.insert(call, queue);
            }
        }
    }

    fn was_received(&mut self, queue: &'static str, messages: &Value) {
        let mut bodies = BTreeSet::new();
        let mut last: BTreeMap<String, u128> = BTreeMap::new();
        for message in messages.as_array().into_iter().flatten() {
            let body = text(&message["Body"]);
            assert!(self.sent.contains(&body), "a message that nobody sent");
            assert!(!self.deleted.contains(&body), "a deleted message came back");
            assert!(bodies.insert(body.clone()), "a message came twice in one receive");
            if queue.ends_with(".fifo") {
                let group = text(&message["Attributes"]["MessageGroupId"]);
                let sequence = text(&message["Attributes"]["SequenceNumber"]);
                let sequence = sequence.parse().expect("a number");
                let before = last.insert(group, sequence);
                assert!(before.is_none_or(|before| before < sequence), "the order of a group");
            }
            let handle = message["ReceiptHandle"].clone();
            self.received.push(Received { queue, body, handle });
        }
    }

    /// Deletes with any handle that was ever seen, and looks whether the message went.
    fn delete(&mut self, parameters: &mut Parameters<'_>) {
        let in_batch = parameters.below(2) == 1;
        let Some(received) = parameters.of(&self.received).cloned() else { return };
        let before = self.held();
        if in_batch {
            let entry = json!({"Id": "only", "ReceiptHandle": received.handle});
            let request = json!({"QueueUrl": received.queue, "Entries": [entry]});
            self.world.call("DeleteMessageBatch", &request);
        } else {
            let request = json!({"QueueUrl": received.queue, "ReceiptHandle": received.handle});
            self.world.call("DeleteMessage", &request);
        }
        let gone = before - self.held();
        assert!(gone <= 1, "a delete took {gone} messages");
        if gone == 1 {
            assert!(self.deleted.insert(received.body), "a message was deleted twice");
        }
    }

    fn hide(&mut self, parameters: &mut Parameters<'_>) {
        let seconds = parameters.below(64);
        let Some(Received { queue, handle, .. }) = parameters.of(&self.received) else { return };
        let seconds = if seconds < 60 { u32::from(seconds) } else { 43_200 };
        let request =
            json!({"QueueUrl": queue, "ReceiptHandle": handle, "VisibilityTimeout": seconds});
        self.world.call("ChangeMessageVisibility", &request);
    }

    fn set_attributes(&mut self, parameters: &mut Parameters<'_>) {
        let queue = parameters.queue();
        let (which, value) = (parameters.below(7), parameters.below(21));
        let (name, value) = match which {
            0 => ("VisibilityTimeout", value.to_string()),
            1 => ("DelaySeconds", value.to_string()),
            2 => ("ReceiveMessageWaitTimeSeconds", value.to_string()),
            3 => ("MessageRetentionPeriod", (60 + u32::from(value) * 60).to_string()),
            4 => ("RedrivePolicy", redrive_policy(queue, value)),
            5 => ("RedrivePolicy", String::new()),
            _ => {
                ("DeduplicationScope", ["queue", "messageGroup"][usize::from(value % 2)].to_owned())
            }
        };
        let request = json!({"QueueUrl": queue, "Attributes": {name: value}});
        let done = self.world.call("SetQueueAttributes", &request).is_some();
        self.lost |= done && name == "MessageRetentionPeriod";
    }

    fn start_task(&mut self, parameters: &mut Parameters<'_>) {
        let (source, destination) = (parameters.queue(), parameters.below(8));
        let mut request = json!({"SourceArn": arn(source)});
        if let Some(destination) = QUEUES.get(usize::from(destination)) {
            request["DestinationArn"] = arn(destination).into();
        }
        match parameters.below(8) {
            0 => {}
            rate => request["MaxNumberOfMessagesPerSecond"] = rate.into(),
        }
        if let Some(answer) = self.world.call("StartMessageMoveTask", &request) {
            self.tasks.push(answer["TaskHandle"].clone());
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
