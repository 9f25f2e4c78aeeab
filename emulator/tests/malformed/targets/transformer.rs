//! Input transformers: a line with the template, one with the paths as a JSON object, the event's
//! detail. Whatever they are, the event arrives once, at the queue or at its dead-letter queue.

use http::Response;
use serde_json::{Value, json};
use skyrig::Settings;
use skyrig::cloud::{Driver, request};

use super::answer;
use super::pattern::lines;

const POLICY: &str = r#"{"Statement":{"Effect":"Allow","Principal":"*",
    "Action":"sqs:SendMessage","Resource":"*"}}"#;

pub(crate) fn run(input: &[u8]) {
    thread_local!(static WORLD: Driver = make());
    let mut world = WORLD.with(Clone::clone);
    let [template, paths, detail] = lines(input);
    let paths: Value = serde_json::from_str(&paths).unwrap_or_else(|_| json!({}));
    let transformer = json!({"InputTemplate": template, "InputPathsMap": paths});
    let target = json!({"Id": "t", "Arn": arn("q"), "InputTransformer": transformer,
        "DeadLetterConfig": {"Arn": arn("dlq")}});
    let put = call(&mut world, "AWSEvents.PutTargets", &json!({"Rule": "r", "Targets": [target]}));
    if put.is_none_or(|put| put["FailedEntryCount"] != 0) {
        return;
    }
    let entry = json!({"Source": "s", "DetailType": "d", "Detail": detail});
    let entries = json!({"Entries": [entry]});
    let Some(put) = call(&mut world, "AWSEvents.PutEvents", &entries) else { return };
    let taken = u64::from(put["FailedEntryCount"] == 0);
    let held = count(&mut world, "q") + count(&mut world, "dlq");
    assert_eq!(held, taken, "an event was lost or doubled");
    if let Some(id) = put["Entries"][0]["EventId"].as_str() {
        let story = world.cloud.trace(id.parse().expect("an id")).expect("it is remembered");
        let matched = &story.roots[0].led_to[0];
        let [made] = matched.inputs.as_slice() else { panic!("{matched:?}") };
        assert_eq!(made.body.is_some(), count(&mut world, "q") == 1, "{made:?}");
    }
}

fn make() -> Driver {
    let mut world = Driver::new(Settings::default());
    for queue in ["q", "dlq"] {
        let create = json!({"QueueName": queue, "Attributes": {"Policy": POLICY}});
        call(&mut world, "AmazonSQS.CreateQueue", &create).expect("a queue");
    }
    let rule = json!({"Name": "r", "EventPattern": r#"{"source":["s"]}"#});
    call(&mut world, "AWSEvents.PutRule", &rule).expect("a rule");
    world
}

/// The answer, if it is no refusal.
fn call(world: &mut Driver, target: &str, body: &Value) -> Option<Value> {
    let response: Response<_> =
        world.send(request::json(target, body.to_string())).expect("it answers at once");
    answer::check(&response, 200..500);
    let is_success = response.status().is_success();
    is_success.then(|| serde_json::from_slice(response.body()).unwrap_or(Value::Null))
}

fn count(world: &mut Driver, queue: &str) -> u64 {
    let names = ["ApproximateNumberOfMessages"];
    let ask = json!({"QueueUrl": queue, "AttributeNames": names});
    let answer = call(world, "AmazonSQS.GetQueueAttributes", &ask).expect("the queue is there");
    answer["Attributes"][names[0]].as_str().and_then(|it| it.parse().ok()).expect("a number")
}

fn arn(queue: &str) -> String {
    format!("arn:aws:sqs:us-east-1:000000000000:{queue}")
}
