//! Behaviour of CloudWatch Logs in virtual time: one file a theme. Cases are tables.

mod deliveries;
mod events;
mod filters;
mod groups;
mod live_tail;
mod queries;

use serde_json::{Value, json};

use crate::cloud::testing::World;

/// Where virtual time begins, in milliseconds.
const START: i64 = 1_767_225_600_000;

struct Logs {
    world: World,
}

impl Logs {
    /// A world with the group `g` and its stream `s`.
    fn new() -> Self {
        let mut logs = Self { world: World::new() };
        logs.ok("CreateLogGroup", json!({"logGroupName": "g"}));
        logs.ok("CreateLogStream", json!({"logGroupName": "g", "logStreamName": "s"}));
        logs
    }

    fn ok(&mut self, operation: &str, input: Value) -> Value {
        self.world.ok(&format!("Logs_20140328.{operation}"), input)
    }

    /// The shape and message of an error.
    fn err(&mut self, operation: &str, input: Value) -> (String, String) {
        let refused = self.world.err(&format!("Logs_20140328.{operation}"), input);
        (refused.shape, refused.message)
    }

    /// Puts messages into a stream of `g`, a second apart, the first at `START`.
    fn put(&mut self, stream: &str, messages: &[&str]) -> Value {
        let events: Vec<Value> = (0..)
            .zip(messages)
            .map(|(at, message)| json!({"timestamp": START + at * 1000, "message": message}))
            .collect();
        let names = json!({
            "logGroupName": "g", "logStreamName": stream, "logEvents": events,
        });
        self.ok("PutLogEvents", names)
    }

    /// The messages that FilterLogEvents finds in `g`.
    fn found(&mut self, mut input: Value) -> Vec<String> {
        input["logGroupName"] = "g".into();
        messages(&self.ok("FilterLogEvents", input))
    }
}

fn messages(answer: &Value) -> Vec<String> {
    let events = answer["events"].as_array().expect("a list of events");
    events.iter().map(|event| event["message"].as_str().unwrap().to_owned()).collect()
}
