//! Message groups against a naive reference: every group is a list, looked through from the front.

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Send { group: u8 },
    Receive { max: usize, timeout: u64 },
    Delete { which: usize },
    Hide { which: usize, seconds: u64 },
    Advance { seconds: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (0..3_u8).prop_map(|group| Step::Send { group }),
        5 => (1..=10_usize, 0..30_u64)
            .prop_map(|(max, timeout)| Step::Receive { max, timeout }),
        3 => any::<usize>().prop_map(|which| Step::Delete { which }),
        4 => (any::<usize>(), 0..30_u64)
            .prop_map(|(which, seconds)| Step::Hide { which, seconds }),
        3 => (0..15_u64).prop_map(|seconds| Step::Advance { seconds }),
    ]
}

/// A message that was sent and is not deleted.
#[derive(Clone, Debug)]
struct Held {
    body: String,
    group: u8,
    /// Visible from then on, in seconds since the test began.
    from: u64,
    handle: Option<Value>,
}

/// All messages in the order in which they were sent.
struct Reference {
    world: World,
    now: u64,
    sent: u32,
    held: Vec<Held>,
}

impl Reference {
    /// What AWS would hand out: group by group, each up to its first invisible message; groups in
    /// the order of their first message.
    fn receivable(&self) -> Vec<usize> {
        let mut groups: Vec<u8> = Vec::new();
        for held in &self.held {
            if !groups.contains(&held.group) {
                groups.push(held.group);
            }
        }
        let of_group = |group: u8| {
            let all = self.held.iter().enumerate().filter(move |(_, held)| held.group == group);
            all.take_while(|(_, held)| held.from <= self.now).map(|(index, _)| index)
        };
        groups.into_iter().flat_map(of_group).collect()
    }

    fn run(&mut self, step: &Step) {
        match *step {
            Step::Send { group } => {
                self.sent += 1;
                let body = format!("{group}:{}", self.sent);
                send_fifo(&mut self.world, &group.to_string(), &body);
                self.held.push(Held { body, group, from: self.now, handle: None });
            }
            Step::Receive { max, timeout } => self.receive(max, timeout),
            Step::Delete { which } => {
                let Some(index) = self.pick(which) else { return };
                let handle = self.held[index].handle.clone();
                let request = json!({"QueueUrl": FIFO, "ReceiptHandle": handle});
                let in_flight = self.held[index].from > self.now;
                let done = self.world.call("AmazonSQS.DeleteMessage", request);
                assert_eq!(done.is_ok(), in_flight, "{}", self.held[index].body);
                if in_flight {
                    self.held.remove(index);
                }
            }
            Step::Hide { which, seconds } => {
                let Some(index) = self.pick(which) else { return };
                let request = json!({
                    "QueueUrl": FIFO, "ReceiptHandle": self.held[index].handle,
                    "VisibilityTimeout": seconds
                });
                self.world.ok("AmazonSQS.ChangeMessageVisibility", request);
                self.held[index].from = self.now + seconds;
            }
            Step::Advance { seconds } => {
                self.world.advance_seconds(seconds);
                self.now += seconds;
            }
        }
    }

    fn receive(&mut self, max: usize, timeout: u64) {
        let mut expected = self.receivable();
        expected.truncate(max);
        let request = json!({
            "QueueUrl": FIFO, "MaxNumberOfMessages": max, "VisibilityTimeout": timeout
        });
        let answer = self.world.ok("AmazonSQS.ReceiveMessage", request);
        let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
        let wanted: Vec<&str> = expected.iter().map(|i| self.held[*i].body.as_str()).collect();
        assert_eq!(bodies(&messages), wanted, "at {}: {:?}", self.now, self.held);
        for (index, message) in expected.into_iter().zip(messages) {
            self.held[index].from = self.now + timeout;
            self.held[index].handle = Some(message["ReceiptHandle"].clone());
        }
    }

    /// One that was received.
    fn pick(&self, which: usize) -> Option<usize> {
        let received: Vec<usize> =
            (0..self.held.len()).filter(|index| self.held[*index].handle.is_some()).collect();
        Some(received[which.checked_rem(received.len())?])
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn a_receive_hands_out_what_the_groups_allow(
        steps in proptest::collection::vec(step(), 1..80)
    ) {
        let mut reference = Reference { world: fifo_world(), now: 0, sent: 0, held: Vec::new() };
        steps.iter().for_each(|step| reference.run(step));
    }
}
