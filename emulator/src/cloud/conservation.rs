//! Nothing that is published is lost or doubled on its way from topics and buses to queues, however
//! deliveries fail and whatever is set, deleted and made again meanwhile: each message comes once
//! to each target, or to its dead-letter queue, or the lineage says that it was dropped, and why.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::testing::World;
use crate::kernel::{Settings, TraceNode, What};

/// A way from where something is published to a queue.
struct Way {
    /// Topics, buses and the queue at its end.
    hops: &'static [&'static str],
    queue: &'static str,
    dead_letters: Option<&'static str>,
}

/// The first two begin at the topic `t`, the others at the default bus, each by a rule of its own.
const WAYS: [Way; 5] = [
    Way { hops: &["sqs:a"], queue: "a", dead_letters: Some("a-dead") },
    Way { hops: &["sqs:b"], queue: "b", dead_letters: None },
    Way { hops: &["sqs:c"], queue: "c", dead_letters: Some("c-dead") },
    Way { hops: &["sns:u", "sqs:d"], queue: "d", dead_letters: Some("d-dead") },
    Way { hops: &["events:event-bus/other", "sqs:e"], queue: "e", dead_letters: None },
];
/// The first way that begins at the bus; the ways' numbers are their rules' names.
const RULES: std::ops::Range<usize> = 2..5;
/// SNS and EventBridge.
const SERVICES: [&str; 2] = ["sns", "events"];

#[derive(Clone, Debug)]
enum Step {
    Publish {
        kind: bool,
    },
    Put {
        kind: bool,
    },
    /// The subscription of `a` wants one kind only.
    Filter {
        on: bool,
    },
    Subscribe {
        on: bool,
    },
    Enable {
        rule: usize,
        on: bool,
    },
    /// Whether the queue at a way's end lets anybody in.
    Policy {
        way: usize,
        open: bool,
    },
    /// The queue at a way's end is read to its end and deleted, or made again.
    Delete {
        way: usize,
    },
    Create {
        way: usize,
    },
    /// Each delivery of a service fails so many times.
    Fail {
        service: usize,
        times: u32,
    },
    /// All deliveries of a service are refused.
    Forbid {
        service: usize,
    },
    Wait {
        seconds: u64,
    },
    /// The emulator is started anew from a snapshot.
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let way = || 0..WAYS.len();
    prop_oneof![
        4 => any::<bool>().prop_map(|kind| Step::Publish { kind }),
        4 => any::<bool>().prop_map(|kind| Step::Put { kind }),
        1 => any::<bool>().prop_map(|on| Step::Filter { on }),
        1 => any::<bool>().prop_map(|on| Step::Subscribe { on }),
        1 => (RULES, any::<bool>()).prop_map(|(rule, on)| Step::Enable { rule, on }),
        1 => (way(), any::<bool>()).prop_map(|(way, open)| Step::Policy { way, open }),
        1 => way().prop_map(|way| Step::Delete { way }),
        2 => way().prop_map(|way| Step::Create { way }),
        2 => (0..2_usize, 0..9_u32).prop_map(|(service, times)| Step::Fail { service, times }),
        1 => (0..2_usize).prop_map(|service| Step::Forbid { service }),
        3 => (0..60_u64).prop_map(|seconds| Step::Wait { seconds }),
        1 => Just(Step::Restart),
    ]
}

/// The cloud, and what a publisher and the receivers know of it.
struct Model {
    world: World,
    filtered: bool,
    subscribed: bool,
    enabled: [bool; WAYS.len()],
    /// The ids of all that was published, with the ways that it must go.
    published: Vec<(String, Vec<usize>)>,
    /// How often each number came out of each queue.
    received: BTreeMap<(String, usize), usize>,
}

fn arn(name: &str) -> String {
    let (service, resource) = name.split_once(':').unwrap();
    format!("arn:aws:{service}:us-east-1:000000000000:{resource}")
}

fn queue_arn(name: &str) -> String {
    arn(&format!("sqs:{name}"))
}

impl Model {
    fn new() -> Self {
        let world = World::with(Settings { relaxed: true, ..Settings::default() });
        let mut model = Self {
            world,
            filtered: false,
            subscribed: true,
            enabled: [true; WAYS.len()],
            published: Vec::new(),
            received: BTreeMap::new(),
        };
        for way in &WAYS {
            model.create(way.queue);
            way.dead_letters.into_iter().for_each(|queue| model.create(queue));
        }
        for topic in ["t", "u"] {
            model.sns(&format!("Action=CreateTopic&Name={topic}"));
        }
        let open = json!({"Statement": {"Effect": "Allow", "Principal": "*",
            "Action": "sns:Publish", "Resource": "*"}});
        model.sns(&format!(
            "Action=SetTopicAttributes&TopicArn={}&AttributeName=Policy&AttributeValue={open}",
            arn("sns:u")
        ));
        model.subscribe("t", "a", Some("a-dead"));
        model.subscribe("t", "b", None);
        model.subscribe("u", "d", Some("d-dead"));
        model.events("CreateEventBus", json!({"Name": "other"}));
        let few = json!({"MaximumRetryAttempts": 4});
        for number in RULES {
            let way = &WAYS[number];
            // One rule wants one kind of event only.
            let kinds = if number == 2 { json!(["a"]) } else { json!(["a", "b"]) };
            let pattern = json!({"detail": {"kind": kinds}}).to_string();
            let name = number.to_string();
            model.events("PutRule", json!({"Name": name, "EventPattern": pattern}));
            let mut target = json!({"Id": "t", "Arn": arn(way.hops[0]), "RetryPolicy": few});
            if let Some(queue) = way.dead_letters {
                target["DeadLetterConfig"] = json!({"Arn": queue_arn(queue)});
            }
            model.events("PutTargets", json!({"Rule": name, "Targets": [target]}));
        }
        let pattern = json!({"source": ["s"]}).to_string();
        let rule = json!({"Name": "on", "EventBusName": "other", "EventPattern": pattern});
        model.events("PutRule", rule);
        let target = json!({"Id": "t", "Arn": queue_arn("e"), "RetryPolicy": few});
        let targets = json!({"Rule": "on", "EventBusName": "other", "Targets": [target]});
        model.events("PutTargets", targets);
        model
    }

    fn sns(&mut self, form: &str) -> String {
        let form = form.replace(':', "%3A");
        let (status, body) = self.world.query("sns", &format!("{form}&Version=2010-03-31"));
        assert_eq!(status, 200, "{body}");
        body
    }

    fn events(&mut self, operation: &str, body: Value) -> Value {
        self.world.ok(&format!("AWSEvents.{operation}"), body)
    }

    fn create(&mut self, queue: &str) {
        let attributes = json!({"VisibilityTimeout": "43200", "Policy": open_policy()});
        let create = json!({"QueueName": queue, "Attributes": attributes});
        // One with a closed policy may be there.
        drop(self.world.call("AmazonSQS.CreateQueue", create));
    }

    fn subscribe(&mut self, topic: &str, queue: &str, dead_letters: Option<&str>) -> String {
        let redrive = dead_letters.map_or_else(String::new, |dead| {
            let policy = json!({"deadLetterTargetArn": queue_arn(dead)});
            format!("&Attributes.entry.1.key=RedrivePolicy&Attributes.entry.1.value={policy}")
        });
        let xml = self.sns(&format!(
            "Action=Subscribe&TopicArn={}&Protocol=sqs&Endpoint={}{redrive}",
            arn(&format!("sns:{topic}")),
            queue_arn(queue)
        ));
        between(&xml, "<SubscriptionArn>").to_owned()
    }

    fn set_faults(&mut self, rules: Value) {
        self.world.set_faults(serde_json::from_value(rules).unwrap()).unwrap();
    }

    /// Takes all that a queue holds; it stays hidden there.
    fn read(&mut self, queue: &str) {
        loop {
            let request = json!({"QueueUrl": queue, "MaxNumberOfMessages": 10});
            let Ok(answer) = self.world.call("AmazonSQS.ReceiveMessage", request) else { break };
            let Some(messages) = answer["Messages"].as_array() else { break };
            for message in messages {
                let body = message["Body"].as_str().unwrap();
                let (_, rest) = body.split_once("msg").unwrap();
                let number = rest.split_once('x').unwrap().0.parse().unwrap();
                *self.received.entry((queue.to_owned(), number)).or_default() += 1;
            }
        }
    }

    fn publish(&mut self, kind: bool) {
        let number = self.published.len();
        let xml = self.sns(&format!(
            "Action=Publish&TopicArn={}&Message=msg{number}x&MessageAttributes.entry.1.Name=kind\
             &MessageAttributes.entry.1.Value.DataType=String\
             &MessageAttributes.entry.1.Value.StringValue={}",
            arn("sns:t"),
            word(kind)
        ));
        let mut ways = vec![1];
        ways.extend((self.subscribed && (kind || !self.filtered)).then_some(0));
        self.published.push((between(&xml, "<MessageId>").to_owned(), ways));
    }

    fn put(&mut self, kind: bool) {
        let number = self.published.len();
        let detail = json!({"kind": word(kind), "text": format!("msg{number}x")});
        let entry = json!({"Source": "s", "DetailType": "d", "Detail": detail.to_string()});
        let answer = self.events("PutEvents", json!({"Entries": [entry]}));
        let id = answer["Entries"][0]["EventId"].as_str().unwrap().to_owned();
        let wanted = |rule: &usize| self.enabled[*rule] && (kind || *rule != 2);
        self.published.push((id, RULES.filter(wanted).collect()));
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Publish { kind } => self.publish(kind),
            Step::Put { kind } => self.put(kind),
            Step::Filter { on } => {
                // What ended and is taken up again keeps its attributes.
                let subscription = self.subscribe("t", "a", Some("a-dead"));
                (self.subscribed, self.filtered) = (true, on);
                let policy = if on { r#"{"kind":["a"]}"# } else { "{}" };
                self.sns(&format!(
                    "Action=SetSubscriptionAttributes&SubscriptionArn={subscription}\
                     &AttributeName=FilterPolicy&AttributeValue={policy}"
                ));
            }
            Step::Subscribe { on } => {
                let subscription = self.subscribe("t", "a", Some("a-dead"));
                if !on {
                    self.sns(&format!("Action=Unsubscribe&SubscriptionArn={subscription}"));
                } else if !self.subscribed {
                    self.sns(&format!(
                        "Action=SetSubscriptionAttributes&SubscriptionArn={subscription}\
                         &AttributeName=FilterPolicy&AttributeValue={{}}"
                    ));
                    self.filtered = false;
                }
                self.subscribed = on;
            }
            Step::Enable { rule, on } => {
                self.enabled[rule] = on;
                let operation = if on { "EnableRule" } else { "DisableRule" };
                self.events(operation, json!({"Name": rule.to_string()}));
            }
            Step::Policy { way, open } => {
                let policy = if open { open_policy() } else { String::new() };
                let set = json!({"QueueUrl": WAYS[way].queue, "Attributes": {"Policy": policy}});
                drop(self.world.call("AmazonSQS.SetQueueAttributes", set));
            }
            Step::Delete { way } => {
                self.read(WAYS[way].queue);
                let delete = json!({"QueueUrl": WAYS[way].queue});
                drop(self.world.call("AmazonSQS.DeleteQueue", delete));
            }
            Step::Create { way } => self.create(WAYS[way].queue),
            Step::Fail { times: 0, .. } => self.set_faults(json!([])),
            Step::Fail { service, times } => {
                let effect = json!({"fail-delivery": {"times": times}});
                self.set_faults(json!([{"service": SERVICES[service], "effect": effect}]));
            }
            Step::Forbid { service } => {
                let effect = json!("remove-policy");
                self.set_faults(json!([{"service": SERVICES[service], "effect": effect}]));
            }
            Step::Wait { seconds } => self.world.advance_seconds(seconds),
            Step::Restart => self.world.restart(),
        }
    }

    /// What must hold in the end.
    fn check(mut self) {
        self.set_faults(json!([]));
        self.world.advance_seconds(3600);
        for way in &WAYS {
            self.read(way.queue);
            way.dead_letters.into_iter().for_each(|queue| self.read(queue));
        }
        for (number, (id, ways)) in self.published.iter().enumerate() {
            let trace = self.world.cloud.trace(id.parse().unwrap()).expect("it is remembered");
            for (of, way) in WAYS.iter().enumerate() {
                let came = |queue: &str| {
                    self.received.get(&(queue.to_owned(), number)).copied().unwrap_or(0)
                };
                let dead = way.dead_letters.map_or(0, came);
                let dropped: usize = trace.roots.iter().map(|it| dropped(it, way)).sum();
                let ends = (came(way.queue), dead, dropped);
                let all = ends.0 + ends.1 + ends.2;
                let wanted = usize::from(ways.contains(&of));
                assert_eq!(all, wanted, "message {number} to {}: {ends:?}\n{trace}", way.queue);
            }
        }
    }
}

fn word(kind: bool) -> &'static str {
    if kind { "a" } else { "b" }
}

/// How often something was dropped on this way; each says why.
fn dropped(node: &TraceNode, way: &Way) -> usize {
    let on_way = way.hops.iter().any(|hop| arn(hop) == node.resource);
    let is_drop = |it: &&TraceNode| it.what == What::Dropped;
    let here = match node.what {
        What::Refused if on_way => node.led_to.iter().filter(is_drop).count(),
        _ => 0,
    };
    assert!(here == 0 || node.note.as_ref().is_some_and(|note| !note.is_empty()), "{node:?}");
    here + node.led_to.iter().map(|node| dropped(node, way)).sum::<usize>()
}

fn open_policy() -> String {
    let statement = json!({"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage",
        "Resource": "*"});
    json!({"Statement": statement}).to_string()
}

fn between<'t>(xml: &'t str, tag: &str) -> &'t str {
    xml.split_once(tag).unwrap().1.split_once('<').unwrap().0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn each_message_comes_once_or_says_why_not(
        steps in proptest::collection::vec(step(), 1..40)
    ) {
        let mut model = Model::new();
        steps.into_iter().for_each(|step| model.step(step));
        model.check();
    }
}
