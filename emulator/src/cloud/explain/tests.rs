//! Explanations as people ask for them: by ids, by texts, and why nothing is there.

use std::time::Duration;

use serde_json::{Value, json};

use super::Why;
use crate::cloud::testing::World;
use crate::kernel::{Trace, What};

const TOPIC: &str = "arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3At";
const QUEUE: &str = "arn:aws:sqs:us-east-1:000000000000:q";
const RULE: &str = "arn:aws:events:us-east-1:000000000000:rule/r";

struct Shop(World);

impl Shop {
    /// A queue that SNS and EventBridge may send to.
    fn new() -> Self {
        let mut world = World::new();
        let services = ["events.amazonaws.com", "sns.amazonaws.com"];
        let statement = json!({"Effect": "Allow", "Principal": {"Service": services},
            "Action": "sqs:SendMessage", "Resource": "*"});
        let attributes = json!({"Policy": json!({"Statement": statement}).to_string()});
        world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "q", "Attributes": attributes}));
        world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "closed"}));
        let mut shop = Self(world);
        shop.sns("Action=CreateTopic&Name=t");
        shop
    }

    /// With a rule `r` for events of one kind that sends their orders' numbers to the queue.
    fn with_rule() -> Self {
        let mut shop = Self::new();
        let pattern = r#"{"detail":{"kind":["a"]}}"#;
        shop.0.ok("AWSEvents.PutRule", json!({"Name": "r", "EventPattern": pattern}));
        let transformer = json!({"InputPathsMap": {"o": "$.detail.order"},
            "InputTemplate": r#"{"order":<o>}"#});
        let target = json!({"Id": "t", "Arn": QUEUE, "InputTransformer": transformer});
        shop.0.ok("AWSEvents.PutTargets", json!({"Rule": "r", "Targets": [target]}));
        shop
    }

    fn sns(&mut self, form: &str) -> String {
        let (status, body) = self.0.query("sns", &format!("{form}&Version=2010-03-31"));
        assert_eq!(status, 200, "{body}");
        body
    }

    fn subscribe(&mut self, queue: &str, policy: &str) {
        let queue = QUEUE.replace(":q", &format!(":{queue}")).replace(':', "%3A");
        self.sns(&format!(
            "Action=Subscribe&TopicArn={TOPIC}&Protocol=sqs&Endpoint={queue}\
             &Attributes.entry.1.key=FilterPolicy&Attributes.entry.1.value={policy}"
        ));
    }

    fn publish(&mut self, kind: &str, text: &str) {
        self.sns(&format!(
            "Action=Publish&TopicArn={TOPIC}&Message={text}\
             &MessageAttributes.entry.1.Name=kind&MessageAttributes.entry.1.Value.DataType=String\
             &MessageAttributes.entry.1.Value.StringValue={kind}"
        ));
    }

    fn put(&mut self, detail: &Value) -> String {
        let entry = json!({"Source": "s", "DetailType": "d", "Detail": detail.to_string()});
        let answer = self.0.ok("AWSEvents.PutEvents", json!({"Entries": [entry]}));
        answer["Entries"][0]["EventId"].as_str().unwrap().to_owned()
    }

    fn receive(&mut self) -> Value {
        self.0.ok("AmazonSQS.ReceiveMessage", json!({"QueueUrl": "q"}))["Messages"][0].clone()
    }

    fn trace(&self, id: &str) -> Trace {
        self.0.cloud.trace(id.parse().unwrap()).unwrap()
    }

    fn why(&self, name: &str) -> Why {
        self.0.cloud.why(name).remove(0)
    }
}

#[test]
fn a_story_says_what_did_not_match_and_where() {
    let mut shop = Shop::with_rule();
    let id = shop.put(&json!({"kind": "b"}));
    let missed = &shop.trace(&id).roots[0].missed;
    let reason = &missed[0].reasons[0];
    assert_eq!((missed.len(), missed[0].by.as_str()), (1, RULE));
    assert_eq!(reason.field.as_deref(), Some("detail.kind"));
    assert_eq!(reason.values, [r#""b""#]);
    assert_eq!(reason.wanted.as_deref(), Some(r#"["a"]"#));
    shop.subscribe("q", r#"{"kind":["a"]}"#);
    shop.publish("b", "hello");
    let text = shop.0.cloud.trace_text("hello").unwrap();
    let filtered = &text.roots[0].led_to[0];
    assert_eq!(filtered.what, What::FilteredOut);
    assert_eq!(filtered.missed[0].reasons[0].reason, r#"kind is "b", wanted ["a"]"#);
    assert!(text.to_string().contains(r#"kind is "b", wanted ["a"]"#), "{text}");
}

#[test]
fn a_story_says_what_targets_get_and_where_the_message_is_now() {
    let mut shop = Shop::with_rule();
    let id = shop.put(&json!({"kind": "a", "order": "o-17"}));
    let now = |shop: &Shop| {
        let matched = shop.trace(&id).roots[0].led_to[0].clone();
        assert_eq!(matched.what, What::RuleMatched);
        assert_eq!(matched.inputs[0].body.as_deref(), Some(r#"{"order":"o-17"}"#));
        matched.led_to[0].now.clone()
    };
    assert_eq!(now(&shop).as_deref(), Some("it can be received"));
    let message = shop.receive();
    assert!(now(&shop).unwrap().contains("in flight until"));
    shop.0.advance_seconds(31);
    assert!(now(&shop).unwrap().contains("it was once already, and not deleted"));
    let handle = message["ReceiptHandle"].clone();
    let delete = json!({"QueueUrl": "q", "ReceiptHandle": handle});
    shop.0.ok("AmazonSQS.DeleteMessage", delete);
    assert_eq!(now(&shop), None);
}

#[test]
fn a_text_that_a_client_chose_finds_what_mentions_it() {
    let mut shop = Shop::with_rule();
    let seventeen = shop.put(&json!({"kind": "a", "order": "o-17"}));
    shop.put(&json!({"kind": "a", "order": "o-1"}));
    let found = shop.0.cloud.trace_text("o-17").unwrap();
    assert_eq!(found.roots.len(), 1);
    assert_eq!(found.roots[0].subject, seventeen);
    assert_eq!(shop.0.cloud.trace_text("o-1").unwrap().roots.len(), 1);
    assert!(shop.0.cloud.trace_text("o").is_none());
    assert!(shop.0.cloud.trace_text("").is_none());
    for number in 0..30 {
        let body = format!("order x-5, part {number}");
        shop.0.ok("AmazonSQS.SendMessage", json!({"QueueUrl": "q", "MessageBody": body}));
    }
    let found = shop.0.cloud.trace_text("x-5").unwrap();
    assert_eq!((found.roots.len(), found.left_out), (20, 10));
}

#[test]
fn a_request_has_a_story() {
    let mut shop = Shop::with_rule();
    let entry = json!({"Source": "s", "DetailType": "d", "Detail": r#"{"kind":"a"}"#});
    let body = json!({"Entries": [entry, entry]});
    let response = shop.0.start("AWSEvents.PutEvents", body).unwrap();
    let id = response.headers()["x-amzn-requestid"].to_str().unwrap().to_owned();
    let story = shop.trace(&id);
    let whats: Vec<What> = story.roots.iter().map(|root| root.what).collect();
    assert_eq!(whats, [What::EventPut, What::EventPut]);
    assert_eq!(story.id, id);
}

#[test]
fn the_next_try_is_told_while_there_is_one() {
    let mut shop = Shop::with_rule();
    let faults = json!([{"service": "events", "effect": {"fail-delivery": {"times": 1}}}]);
    shop.0.set_faults(serde_json::from_value(faults).unwrap()).unwrap();
    let id = shop.put(&json!({"kind": "a", "order": 1}));
    let retried = |shop: &Shop| shop.trace(&id).roots[0].led_to[0].led_to[0].clone();
    let told = retried(&shop).now.unwrap();
    let at = shop.0.cloud.next_deadline().unwrap();
    assert_eq!(told, format!("the next try for queue q is at {}", at.iso_millis()));
    assert!(shop.why("q").senders[0].lost[0].reasons[0].reason.contains("is tried again"));
    shop.0.advance(Duration::from_secs(2));
    let retried = retried(&shop);
    assert_eq!((retried.now, retried.led_to[0].what), (None, What::Enqueued));
}

#[test]
fn an_empty_queue_says_why() {
    let mut shop = Shop::with_rule();
    let check = |shop: &Shop, name: &str, answer: &str| {
        let why = shop.why(name);
        assert!(why.answer.contains(answer), "{answer}: {why}");
        let text = serde_json::to_string(&why).unwrap();
        assert_eq!(serde_json::from_str::<Why>(&text).unwrap(), why);
    };
    check(&shop, "closed", "nothing sends to queue closed, and nobody sent to it lately");
    check(&shop, "q", "nothing was published lately");
    shop.subscribe("closed", "{}");
    let missing = r#"add {"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"}"#;
    check(&shop, "closed", missing);
    shop.publish("a", "refused");
    check(&shop, "closed", "refused: queue policy of");
    shop.put(&json!({"kind": "b"}));
    check(&shop, "q", r#"rule r: detail.kind is "b", wanted ["a"]"#);
    check(&shop, QUEUE, "rule r");
    check(&shop, "http://localhost:4566/000000000000/q", "rule r");
    shop.put(&json!({"kind": "a", "order": 1}));
    check(&shop, "q", "a message can be received");
    let sender = &shop.why("q").senders[0];
    assert_eq!((sender.published, sender.passed, sender.lost.len()), (2, 1, 1));
    let message = shop.receive();
    check(&shop, "q", "in flight until");
    let handle = &message["ReceiptHandle"];
    let delete = json!({"QueueUrl": "q", "ReceiptHandle": handle});
    shop.0.ok("AmazonSQS.DeleteMessage", delete);
    check(&shop, "q", "received once");
    shop.0.ok("AWSEvents.DisableRule", json!({"Name": "r"}));
    shop.0.advance_seconds(1);
    shop.put(&json!({"kind": "a", "order": 2}));
    check(&shop, "q", "the rule is disabled");
    assert!(shop.0.cloud.why("nowhere").is_empty());
}

#[test]
fn what_happens_to_messages_in_a_queue_is_told() {
    let mut shop = Shop::new();
    let redrive = json!({"deadLetterTargetArn": QUEUE.replace(":q", ":closed"),
        "maxReceiveCount": 1});
    let attributes = json!({"MessageRetentionPeriod": "60", "DelaySeconds": "5",
        "VisibilityTimeout": "0", "RedrivePolicy": redrive.to_string()});
    shop.0.ok("AmazonSQS.SetQueueAttributes", json!({"QueueUrl": "q", "Attributes": attributes}));
    shop.0.ok("AmazonSQS.SendMessage", json!({"QueueUrl": "q", "MessageBody": "m"}));
    assert!(shop.why("q").answer.contains("it is delayed until"), "{}", shop.why("q"));
    let state = shop.why("q").state.join("\n");
    for told in ["delayed by 5 s", "forgotten after 60 s", "received once, a message goes to"] {
        assert!(state.contains(told), "{state}");
    }
    shop.0.advance_seconds(5);
    shop.receive();
    assert_eq!(shop.receive(), Value::Null);
    assert!(shop.why("q").answer.contains("DEAD-LETTERED to queue closed"), "{}", shop.why("q"));
    let dead = shop.why("closed");
    assert!(dead.answer.contains("a message can be received"), "{dead}");
    assert!(dead.to_string().contains("dead letters of queue q"), "{dead}");
    shop.0.ok("AmazonSQS.SendMessage", json!({"QueueUrl": "q", "MessageBody": "m"}));
    shop.0.advance_seconds(61);
    assert!(shop.why("q").answer.contains("its retention period is over"), "{}", shop.why("q"));
}

#[test]
fn a_fifo_queue_says_that_a_group_is_blocked() {
    let mut shop = Shop::new();
    let attributes = json!({"FifoQueue": "true", "ContentBasedDeduplication": "true"});
    let create = json!({"QueueName": "f.fifo", "Attributes": attributes});
    shop.0.ok("AmazonSQS.CreateQueue", create);
    for body in ["1", "2"] {
        let send = json!({"QueueUrl": "f.fifo", "MessageBody": body, "MessageGroupId": "g"});
        shop.0.ok("AmazonSQS.SendMessage", send);
    }
    shop.0.ok("AmazonSQS.ReceiveMessage", json!({"QueueUrl": "f.fifo"}));
    let fates = shop.why("f.fifo").arrived;
    assert!(fates[0].fate.contains("before it in its message group"), "{}", fates[0].fate);
    assert!(fates[1].fate.contains("in flight"), "{}", fates[1].fate);
}

#[test]
fn what_was_lost_further_up_is_told_too() {
    let mut shop = Shop::new();
    let topic = "arn:aws:sns:us-east-1:000000000000:t";
    let policy = json!({"Statement": {"Effect": "Allow", "Principal": "*",
        "Action": "sns:Publish", "Resource": "*"}});
    let policy = policy.to_string();
    shop.sns(&format!(
        "Action=SetTopicAttributes&TopicArn={TOPIC}&AttributeName=Policy&AttributeValue={policy}"
    ));
    shop.subscribe("q", "{}");
    let pattern = r#"{"detail":{"kind":["a"]}}"#;
    shop.0.ok("AWSEvents.PutRule", json!({"Name": "r", "EventPattern": pattern}));
    let target = json!({"Id": "t", "Arn": topic});
    shop.0.ok("AWSEvents.PutTargets", json!({"Rule": "r", "Targets": [target]}));
    shop.put(&json!({"kind": "b"}));
    let why = shop.why("q");
    assert_eq!(why.senders.len(), 2);
    assert_eq!(why.senders[1].feed.by, RULE);
    assert_eq!(why.senders[1].lost.len(), 1);
    shop.put(&json!({"kind": "a"}));
    let why = shop.why("q");
    assert_eq!((why.senders[0].passed, why.senders[1].passed), (1, 1), "{why}");
    assert!(shop.why("t").arrived[0].fate.contains("enqueued in queue q"), "{}", shop.why("t"));
    assert!(shop.why("default").arrived[0].fate.contains("matched rule r"));
}

#[test]
fn a_schedule_says_when_its_time_comes() {
    let mut shop = Shop::new();
    let target = json!({"Arn": QUEUE, "Input": "m", "RoleArn": "arn:aws:iam::000000000000:role/r"});
    let body = json!({"ScheduleExpression": "rate(5 minutes)", "Target": target,
        "FlexibleTimeWindow": {"Mode": "OFF"}});
    let at = ("POST", "/schedules/s");
    let request = crate::cloud::request::rest("scheduler", at, body.to_string());
    let response = shop.0.send(request).unwrap();
    assert_eq!(response.status(), 200, "{response:?}");
    let why = shop.why("q");
    assert!(why.answer.contains("schedule default/s: its time comes next at"), "{why}");
    // A rate begins at once, before whatever is asked next.
    shop.0.ok("AmazonSQS.PurgeQueue", json!({"QueueUrl": "q"}));
    let why = shop.why("q").to_string();
    assert!(why.contains("schedule default/s, to queue q: rate(5 minutes)"), "{why}");
    assert!(why.contains("NOW: its time comes next at 2026-01-01T00:05:00.000Z"), "{why}");
    assert!(why.contains("purged from queue q"), "{why}");
}

#[test]
fn a_topic_says_which_subscription_got_nothing_and_why() {
    let mut shop = Shop::with_rule();
    let endpoint = "http://10.9.8.7/in";
    shop.0.query(
        "sns",
        &format!("Action=Subscribe&TopicArn={TOPIC}&Protocol=http&Endpoint={endpoint}"),
    );
    shop.publish("a", "hello");
    let withheld = shop.0.cloud.trace_text("hello").unwrap().roots[0].led_to.clone();
    let withheld = withheld.iter().find(|it| it.what == What::Withheld).unwrap();
    assert_eq!(withheld.note.as_deref(), Some("it waits to be confirmed"));
    for asked in ["t", endpoint] {
        let why = shop.why(asked);
        assert!(why.answer.contains("it waits to be confirmed"), "{asked}: {why}");
        let is_told = |line: &String| line.starts_with(&format!("NOT SENT to {endpoint}"));
        assert!(why.state.iter().any(is_told), "{asked}: {why}");
    }
}
