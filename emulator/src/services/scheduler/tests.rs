//! EventBridge Scheduler over restJson1: one file a theme. Cases are tables.

mod ringing;
mod schedules;
mod targets;
mod zones;

use serde_json::{Value, json};

use crate::cloud::testing::World;
use crate::kernel::Settings;
use crate::wire::Timestamp;

const ROLE: &str = "arn:aws:iam::000000000000:role/r";
const QUEUE: &str = "arn:aws:sqs:us-east-1:000000000000:q";

struct Scheduler {
    world: World,
}

/// An answer: status, error's name if it is one, body.
#[derive(Debug, PartialEq)]
struct Answer {
    status: u16,
    error: Option<String>,
    body: Value,
}

impl Scheduler {
    fn new() -> Self {
        Self::with(Settings::default())
    }

    fn with(settings: Settings) -> Self {
        let mut world = World::with(settings);
        world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "q"}));
        Self { world }
    }

    fn ask(&mut self, method: &str, uri: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = crate::cloud::request::rest("scheduler", (method, uri), body);
        let response = self.world.send(request).expect("it answers at once");
        let error = response.headers().get("x-amzn-errortype");
        Answer {
            status: response.status().as_u16(),
            error: error.map(|name| name.to_str().unwrap().to_owned()),
            body: serde_json::from_slice(response.body()).unwrap_or_default(),
        }
    }

    fn ok(&mut self, method: &str, uri: &str, body: &Value) -> Value {
        let answer = self.ask(method, uri, body);
        assert_eq!((answer.status, &answer.error), (200, &None), "{method} {uri}: {answer:?}");
        answer.body
    }

    /// The error's name and text.
    fn err(&mut self, method: &str, uri: &str, body: &Value) -> (u16, String, String) {
        let answer = self.ask(method, uri, body);
        let told = answer.body["Message"].as_str().unwrap_or_default().to_owned();
        (answer.status, answer.error.unwrap_or_default(), told)
    }

    /// Makes a schedule that sends to the queue.
    fn schedule(&mut self, name: &str, expression: &str, more: &Value) {
        let body = schedule(expression, more);
        self.ok("POST", &format!("/schedules/{name}"), &body);
    }

    /// The bodies of all messages in `queue`, taken out of it.
    fn messages(&mut self, queue: &str) -> Vec<Value> {
        let mut all = Vec::new();
        loop {
            let request = json!({
                "QueueUrl": queue, "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"],
            });
            let answer = self.world.ok("AmazonSQS.ReceiveMessage", request);
            let Some(messages) = answer["Messages"].as_array() else { return all };
            for message in messages {
                let handle = &message["ReceiptHandle"];
                let request = json!({"QueueUrl": queue, "ReceiptHandle": handle});
                self.world.ok("AmazonSQS.DeleteMessage", request);
                all.push(message.clone());
            }
        }
    }

    fn bodies(&mut self) -> Vec<String> {
        let body = |it: Value| it["Body"].as_str().unwrap().to_owned();
        self.messages("q").into_iter().map(body).collect()
    }
}

/// The members of a schedule for the queue; `more` replaces some.
fn schedule(expression: &str, more: &Value) -> Value {
    let mut body = json!({
        "ScheduleExpression": expression,
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {
            "Arn": QUEUE, "RoleArn": ROLE, "Input": "<aws.scheduler.scheduled-time>",
        },
    });
    merge(&mut body, more);
    body
}

fn merge(into: &mut Value, more: &Value) {
    for (name, value) in more.as_object().into_iter().flatten() {
        match &mut into[name] {
            known @ Value::Object(_) if value.is_object() => merge(known, value),
            place => *place = value.clone(),
        }
    }
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse_iso(text).unwrap()
}
