//! EventBridge Pipes over restJson1: one file a theme. Cases are tables.

mod batches;
mod enrichments;
mod pipes;
mod properties;
mod streams;
mod targets;

use serde_json::{Value, json};

use crate::cloud::testing::World;
use crate::kernel::Settings;

const ROLE: &str = "arn:aws:iam::000000000000:role/r";

/// The ARN of a resource of the tests' account.
fn arn(service: &str, resource: &str) -> String {
    format!("arn:aws:{service}:us-east-1:000000000000:{resource}")
}

/// A cloud with the queues `from`, `to` and `dead`.
struct Clouds {
    world: World,
}

impl Clouds {
    fn new() -> Self {
        Self::with(Settings::default())
    }

    fn with(settings: Settings) -> Self {
        let mut world = World::with(settings);
        for name in ["from", "to", "dead"] {
            world.ok("AmazonSQS.CreateQueue", json!({"QueueName": name}));
        }
        Self { world }
    }

    /// Status, error's name, body.
    fn ask(&mut self, method: &str, uri: &str, body: &Value) -> (u16, String, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = crate::cloud::request::rest("pipes", (method, uri), body);
        let response = self.world.send(request).expect("it answers at once");
        let error = response.headers().get("x-amzn-errortype");
        let error = error.map(|name| name.to_str().unwrap().to_owned()).unwrap_or_default();
        let body = serde_json::from_slice(response.body()).unwrap_or_default();
        (response.status().as_u16(), error, body)
    }

    fn ok(&mut self, method: &str, uri: &str, body: &Value) -> Value {
        let (status, error, body) = self.ask(method, uri, body);
        assert_eq!((status, error.as_str()), (200, ""), "{method} {uri}: {body}");
        body
    }

    /// Makes a pipe from `from` to `to`; `more` replaces some of its members.
    fn pipe(&mut self, name: &str, more: &Value) {
        let body = pipe(more);
        self.ok("POST", &format!("/v1/pipes/{name}"), &body);
    }

    fn state(&mut self, name: &str) -> (Value, Value) {
        let body = self.ok("GET", &format!("/v1/pipes/{name}"), &Value::Null);
        (body["CurrentState"].clone(), body["StateReason"].clone())
    }

    fn send(&mut self, bodies: &[&str]) {
        for body in bodies {
            let request = json!({"QueueUrl": "from", "MessageBody": body});
            self.world.ok("AmazonSQS.SendMessage", request);
        }
    }

    /// The bodies of all messages that can be received, taken out of the queue.
    fn taken(&mut self, queue: &str) -> Vec<String> {
        let mut all = Vec::new();
        loop {
            let request = json!({"QueueUrl": queue, "MaxNumberOfMessages": 10});
            let answer = self.world.ok("AmazonSQS.ReceiveMessage", request);
            let Some(messages) = answer["Messages"].as_array() else { return all };
            for message in messages {
                let handle = &message["ReceiptHandle"];
                let request = json!({"QueueUrl": queue, "ReceiptHandle": handle});
                self.world.ok("AmazonSQS.DeleteMessage", request);
                all.push(message["Body"].as_str().unwrap().to_owned());
            }
        }
    }

    /// How many messages a queue holds: to be received, and in flight.
    fn counts(&mut self, queue: &str) -> (i64, i64) {
        let request = json!({"QueueUrl": queue, "AttributeNames": ["All"]});
        let answer = self.world.ok("AmazonSQS.GetQueueAttributes", request);
        let count = |name: &str| answer["Attributes"][name].as_str().unwrap().parse().unwrap();
        (count("ApproximateNumberOfMessages"), count("ApproximateNumberOfMessagesNotVisible"))
    }

    fn faults(&mut self, rules: Value) {
        self.world.set_faults(serde_json::from_value(rules).unwrap()).unwrap();
    }
}

/// The members of a pipe from `from` to `to`; `more` replaces some.
fn pipe(more: &Value) -> Value {
    let mut body = json!({
        "RoleArn": ROLE, "Source": arn("sqs", "from"), "Target": arn("sqs", "to"),
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    body
}

fn template(text: &str) -> Value {
    json!({"TargetParameters": {"InputTemplate": text}})
}
