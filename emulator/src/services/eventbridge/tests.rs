//! Behaviour of EventBridge, driven as a client drives it.

mod api_destinations;
mod archives;
mod buses;
mod connections;
mod deliveries;
mod endpoints;
mod events;
mod inputs;
mod logging;
mod metrics;
mod replays;
mod rules;
mod schedules;

use serde_json::{Value, json};

use crate::cloud::testing::{Refused, World};

const ACCOUNT: &str = "000000000000";
const PATTERN: &str = r#"{"source":["shop"]}"#;

fn arn(service: &str, resource: &str) -> String {
    format!("arn:aws:{service}:us-east-1:{ACCOUNT}:{resource}")
}

struct Events(World);

impl Events {
    fn new() -> Self {
        Self(World::new())
    }

    /// With a rule `r` that sends all events of the shop to the queue `q`.
    fn with_rule() -> Self {
        let mut events = Self::new();
        events.queue("q");
        events.ok("PutRule", json!({"Name": "r", "EventPattern": PATTERN}));
        events.target("r", json!({"Id": "t", "Arn": arn("sqs", "q")}));
        events
    }

    fn ok(&mut self, operation: &str, body: Value) -> Value {
        self.0.ok(&format!("AWSEvents.{operation}"), body)
    }

    fn err(&mut self, operation: &str, body: Value) -> Refused {
        self.0.err(&format!("AWSEvents.{operation}"), body)
    }

    fn refused(&mut self, operation: &str, body: Value, shape: &str, message: &str) {
        let refused = self.err(operation, body);
        assert_eq!((refused.shape.as_str(), refused.message.as_str()), (shape, message));
    }

    fn queue(&mut self, name: &str) {
        let policy = json!({"Statement": {
            "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage", "Resource": "*",
        }});
        let mut attributes = json!({"Policy": policy.to_string()});
        if name.ends_with(".fifo") {
            attributes["FifoQueue"] = json!("true");
            attributes["ContentBasedDeduplication"] = json!("true");
        }
        let request = json!({"QueueName": name, "Attributes": attributes});
        self.0.ok("AmazonSQS.CreateQueue", request);
    }

    fn target(&mut self, rule: &str, target: Value) {
        let answer = self.ok("PutTargets", json!({"Rule": rule, "Targets": [target]}));
        assert_eq!(answer, json!({"FailedEntryCount": 0, "FailedEntries": []}));
    }

    /// Puts one event and returns its id.
    fn put(&mut self, detail: &Value) -> String {
        let entry =
            json!({"Source": "shop", "DetailType": "OrderPlaced", "Detail": detail.to_string()});
        let answer = self.ok("PutEvents", json!({"Entries": [entry]}));
        assert_eq!(answer["FailedEntryCount"], 0);
        answer["Entries"][0]["EventId"].as_str().unwrap().to_owned()
    }

    fn receive(&mut self, queue: &str) -> Vec<Value> {
        let answer = self.0.ok(
            "AmazonSQS.ReceiveMessage",
            json!({
                "QueueUrl": format!("http://localhost/{ACCOUNT}/{queue}"),
                "MaxNumberOfMessages": 10,
                "MessageAttributeNames": ["All"],
                "MessageSystemAttributeNames": ["All"],
            }),
        );
        answer["Messages"].as_array().cloned().unwrap_or_default()
    }

    fn bodies(&mut self, queue: &str) -> Vec<String> {
        let messages = self.receive(queue);
        messages.iter().map(|message| message["Body"].as_str().unwrap().to_owned()).collect()
    }
}
