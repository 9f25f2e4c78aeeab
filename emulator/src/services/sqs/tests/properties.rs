//! Whatever happens in whatever order, messages are conserved and FIFO order holds.
//!
//! A plain model follows every operation in virtual time: what was sent, what was seen last by
//! which handle, and what was deleted. Time-outs, delays and redrives are the emulator's own.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

const DEAD_LETTERS: &str = "http://localhost:4566/000000000000/dead_letters";
const FIFO_DEAD_LETTERS: &str = "http://localhost:4566/000000000000/dead_letters.fifo";

#[derive(Clone, Debug)]
enum Step {
    Send { group: u8, delay: u8 },
    SendBatch { group: u8, count: u8 },
    Receive { max: u8, timeout: u8 },
    Wait,
    HangUp,
    Delete { which: u8 },
    Hide { which: u8, seconds: u8 },
    Advance { seconds: u8 },
    Snapshot,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..4_u8, 0..20_u8).prop_map(|(group, delay)| Step::Send { group, delay }),
        2 => (0..4_u8, 1..=10_u8).prop_map(|(group, count)| Step::SendBatch { group, count }),
        5 => (1..=10_u8, 0..40_u8).prop_map(|(max, timeout)| Step::Receive { max, timeout }),
        1 => Just(Step::Wait),
        1 => Just(Step::HangUp),
        3 => any::<u8>().prop_map(|which| Step::Delete { which }),
        2 => (any::<u8>(), 0..40_u8).prop_map(|(which, seconds)| Step::Hide { which, seconds }),
        3 => (0..30_u8).prop_map(|seconds| Step::Advance { seconds }),
        1 => Just(Step::Snapshot),
    ]
}

/// What a client knows.
struct Model {
    world: World,
    fifo: bool,
    sent: BTreeMap<String, (u8, u64)>,
    deleted: BTreeSet<String>,
    received: Vec<Value>,
    waiting: Vec<crate::kernel::CallId>,
    next: u64,
    /// Per group: what came back out of order would be lower than this.
    last_sequence: u128,
}

impl Model {
    fn new(fifo: bool) -> Self {
        let mut world = World::new();
        let (queue, dead_letters) =
            if fifo { ("q.fifo", "dead_letters.fifo") } else { ("q", "dead_letters") };
        let fifo_attribute = || if fifo { json!({"FifoQueue": "true"}) } else { json!({}) };
        let create = json!({"QueueName": dead_letters, "Attributes": fifo_attribute()});
        world.ok("AmazonSQS.CreateQueue", create);
        let mut attributes = fifo_attribute();
        let arn = format!("arn:aws:sqs:us-east-1:000000000000:{dead_letters}");
        let redrive = json!({"deadLetterTargetArn": arn, "maxReceiveCount": 4}).to_string();
        attributes["RedrivePolicy"] = redrive.into();
        world.ok("AmazonSQS.CreateQueue", json!({"QueueName": queue, "Attributes": attributes}));
        Self {
            world,
            fifo,
            sent: BTreeMap::new(),
            deleted: BTreeSet::new(),
            received: Vec::new(),
            waiting: Vec::new(),
            next: 0,
            last_sequence: 0,
        }
    }

    fn queue(&self) -> &'static str {
        if self.fifo { FIFO } else { QUEUE }
    }

    fn dead_letters(&self) -> &'static str {
        if self.fifo { FIFO_DEAD_LETTERS } else { DEAD_LETTERS }
    }

    fn entry(&mut self, group: u8) -> Value {
        self.next += 1;
        let mut entry = json!({
            "Id": self.next.to_string(), "MessageBody": format!("{group}:{}", self.next)
        });
        if self.fifo || group > 1 {
            entry["MessageGroupId"] = group.to_string().into();
        }
        if self.fifo {
            entry["MessageDeduplicationId"] = self.next.to_string().into();
        }
        entry
    }

    fn was_sent(&mut self, answer: &Value, body: &str) {
        let (group, number) = body.split_once(':').unwrap();
        let id = answer["MessageId"].as_str().unwrap().to_owned();
        let fresh = self.sent.insert(id, (group.parse().unwrap(), number.parse().unwrap()));
        assert!(fresh.is_none(), "a message id came twice");
        if self.fifo {
            let sequence: u128 = answer["SequenceNumber"].as_str().unwrap().parse().unwrap();
            assert!(sequence > self.last_sequence, "sequence numbers only rise");
            self.last_sequence = sequence;
        }
    }

    fn was_received(&mut self, messages: &Value) {
        let messages = messages.as_array().cloned().unwrap_or_default();
        let mut last: BTreeMap<u8, u64> = BTreeMap::new();
        for message in &messages {
            let id = message["MessageId"].as_str().unwrap();
            let (group, number) = self.sent[id];
            assert!(!self.deleted.contains(id), "a deleted message came back");
            assert_eq!(message["Body"], format!("{group}:{number}"));
            if self.fifo {
                let before = last.insert(group, number);
                assert!(before.is_none_or(|before| before < number), "order within a receive");
            }
        }
        self.received.extend(messages);
    }

    fn run(&mut self, step: &Step) {
        match *step {
            Step::Send { group, delay } => {
                let mut request = self.entry(group);
                let body = request["MessageBody"].as_str().unwrap().to_owned();
                request["QueueUrl"] = self.queue().into();
                if !self.fifo {
                    request["DelaySeconds"] = delay.into();
                }
                let answer = self.world.ok("AmazonSQS.SendMessage", request);
                self.was_sent(&answer, &body);
            }
            Step::SendBatch { group, count } => {
                let entries: Vec<_> = (0..count).map(|_| self.entry(group)).collect();
                let request = json!({"QueueUrl": self.queue(), "Entries": entries});
                let answer = self.world.ok("AmazonSQS.SendMessageBatch", request);
                let sent = answer["Successful"].as_array().unwrap().clone();
                assert_eq!(sent.len(), entries.len());
                for (sent, entry) in sent.iter().zip(&entries) {
                    self.was_sent(sent, entry["MessageBody"].as_str().unwrap());
                }
            }
            Step::Receive { max, timeout } => {
                let request = json!({
                    "QueueUrl": self.queue(), "MaxNumberOfMessages": max,
                    "VisibilityTimeout": timeout
                });
                let answer = self.world.ok("AmazonSQS.ReceiveMessage", request);
                self.was_received(&answer["Messages"]);
            }
            Step::Wait => self.wait(),
            Step::HangUp => {
                if let Some(call) = self.waiting.pop() {
                    self.world.hang_up(call);
                }
            }
            Step::Delete { which } => self.delete(which),
            Step::Hide { which, seconds } => self.hide(which, seconds),
            Step::Advance { seconds } => self.world.advance_seconds(seconds.into()),
            Step::Snapshot => self.world.restart(),
        }
        for call in std::mem::take(&mut self.waiting) {
            match self.world.answer(call) {
                Some(answer) => self.was_received(&answer.unwrap()["Messages"]),
                None => self.waiting.push(call),
            }
        }
    }

    fn wait(&mut self) {
        let request = json!({"QueueUrl": self.queue(), "WaitTimeSeconds": 15});
        match self.world.start("AmazonSQS.ReceiveMessage", request) {
            Err(call) => self.waiting.push(call),
            Ok(response) => {
                let answer: Value = serde_json::from_slice(response.body()).unwrap();
                self.was_received(&answer["Messages"]);
            }
        }
    }

    fn pick(&self, which: u8) -> Option<Value> {
        let index = usize::from(which).checked_rem(self.received.len())?;
        Some(self.received[index].clone())
    }

    /// Deletes with any handle that was ever seen, and looks whether the message went.
    fn delete(&mut self, which: u8) {
        let Some(message) = self.pick(which) else { return };
        let before = self.held();
        let request = json!({"QueueUrl": self.queue(), "ReceiptHandle": message["ReceiptHandle"]});
        let done = self.world.call("AmazonSQS.DeleteMessage", request);
        assert!(done.is_ok() || self.fifo, "a standard queue refuses no handle of its own");
        if self.held() < before {
            let id = message["MessageId"].as_str().unwrap().to_owned();
            assert!(self.deleted.insert(id), "a message was deleted twice");
        }
    }

    fn hide(&mut self, which: u8, seconds: u8) {
        let Some(message) = self.pick(which) else { return };
        let request = json!({
            "QueueUrl": self.queue(), "ReceiptHandle": message["ReceiptHandle"],
            "VisibilityTimeout": seconds
        });
        // Refused for a message that is gone or was received again since.
        let _refused = self.world.call("AmazonSQS.ChangeMessageVisibility", request);
    }

    fn held(&mut self) -> u64 {
        let (queue, dead_letters) = (self.queue(), self.dead_letters());
        let sum = |counts: [u64; 3]| counts.iter().sum::<u64>();
        sum(counts(&mut self.world, queue)) + sum(counts(&mut self.world, dead_letters))
    }

    /// Everything that was sent and not deleted is still there, once, and can be received.
    fn settle(mut self) {
        for call in std::mem::take(&mut self.waiting) {
            self.world.hang_up(call);
        }
        assert_eq!(self.held() as usize, self.sent.len() - self.deleted.len());
        self.world.advance_seconds(1000);
        let mut found = BTreeSet::new();
        let mut last: BTreeMap<u8, u64> = BTreeMap::new();
        for queue in [self.queue(), self.dead_letters()] {
            last.clear();
            loop {
                let messages = receive(&mut self.world, queue, 10);
                if messages.is_empty() {
                    // What counts as visible can be received: or this would never end.
                    assert_eq!(counts(&mut self.world, queue)[0], 0, "a message is out of reach");
                    break;
                }
                for message in messages {
                    let id = message["MessageId"].as_str().unwrap().to_owned();
                    let (group, number) = self.sent[&id];
                    if self.fifo {
                        let before = last.insert(group, number);
                        assert!(before.is_none_or(|before| before < number), "order of a group");
                    }
                    delete(&mut self.world, queue, &message);
                    assert!(found.insert(id), "a message was there twice");
                }
            }
        }
        let expected: BTreeSet<_> =
            self.sent.keys().filter(|id| !self.deleted.contains(*id)).cloned().collect();
        assert_eq!(found, expected);
    }
}

fn check(fifo: bool, steps: &[Step]) {
    let mut model = Model::new(fifo);
    steps.iter().for_each(|step| model.run(step));
    model.settle();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_standard_queue_conserves_messages(steps in proptest::collection::vec(step(), 1..120)) {
        check(false, &steps);
    }

    #[test]
    fn a_fifo_queue_conserves_messages_and_order(
        steps in proptest::collection::vec(step(), 1..120)
    ) {
        check(true, &steps);
    }
}
