//! Event source mappings; who runs the function's code is played by the test.

mod groups;
mod idle;
mod windows;

use std::collections::BTreeMap;

use bytes::Bytes;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::cloud::Input;
use crate::cloud::testing::World;
use crate::kernel::{FunctionEnd, FunctionRun, OutsideId, OutsideRequest, Settings};

const MAPPINGS: &str = "/2015-03-31/event-source-mappings";

fn arn(service: &str, resource: &str) -> String {
    format!("arn:aws:{service}:us-east-1:000000000000:{resource}")
}

/// A cloud with the queues `from` and `dead` and the function `f`.
struct Mapped {
    world: World,
}

/// A batch that the function is given.
struct Batch {
    id: OutsideId,
    event: Value,
    records: Vec<Value>,
}

impl Batch {
    fn bodies(&self) -> Vec<&str> {
        self.records.iter().map(|record| record["body"].as_str().unwrap()).collect()
    }

    /// What was written of the table `orders`.
    fn numbers(&self) -> Vec<&str> {
        let mut numbers = Vec::new();
        for record in &self.records {
            numbers.push(record["dynamodb"]["NewImage"]["n"]["N"].as_str().unwrap());
        }
        numbers
    }

    /// Adds its bodies to those that were seen of each group.
    fn note(&self, seen: &mut BTreeMap<String, Vec<String>>) {
        for (record, body) in self.records.iter().zip(self.bodies()) {
            let group = record["attributes"]["MessageGroupId"].as_str().unwrap().to_owned();
            seen.entry(group).or_default().push(body.to_owned());
        }
    }
}

impl Mapped {
    fn new() -> Self {
        let mut mapped = Self { world: World::with(Settings::default()) };
        for (name, attributes) in [
            ("from", json!({"VisibilityTimeout": "30"})),
            ("dead", json!({})),
            ("in.fifo", json!({"FifoQueue": "true", "ContentBasedDeduplication": "true"})),
        ] {
            let request = json!({"QueueName": name, "Attributes": attributes});
            mapped.world.ok("AmazonSQS.CreateQueue", request);
        }
        let function = json!({
            "FunctionName": "f", "Role": "arn:aws:iam::000000000000:role/r",
            "PackageType": "Image",
            "Code": {"ImageUri": "000000000000.dkr.ecr.us-east-1.amazonaws.com/i:1"},
        });
        mapped.ask("POST", "/2015-03-31/functions", &function);
        mapped
    }

    fn ask(&mut self, method: &str, uri: &str, body: &Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = crate::cloud::request::rest("lambda", (method, uri), body);
        let response = self.world.send(request).expect("it answers at once");
        let body = serde_json::from_slice(response.body()).unwrap_or_default();
        (response.status().as_u16(), body)
    }

    /// Makes a mapping of the queue `from`; `more` replaces some members.
    fn map(&mut self, more: &Value) -> Value {
        let mut body = json!({"FunctionName": "f", "EventSourceArn": arn("sqs", "from")});
        let members = more.as_object().into_iter().flatten();
        members.for_each(|(name, value)| body[name] = value.clone());
        let (status, told) = self.ask("POST", MAPPINGS, &body);
        assert_eq!(status, 202, "{told}");
        told
    }

    fn send(&mut self, bodies: &[&str]) {
        for body in bodies {
            let request = json!({"QueueUrl": "from", "MessageBody": body});
            self.world.ok("AmazonSQS.SendMessage", request);
        }
    }

    /// Makes the table `orders`, and says the ARN of its stream.
    fn stream(&mut self) -> Value {
        let created = self.world.ok(
            "DynamoDB_20120810.CreateTable",
            json!({
                "TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
                "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
            }),
        );
        created["TableDescription"]["LatestStreamArn"].clone()
    }

    /// Writes these numbers into the table `orders`.
    fn write(&mut self, numbers: std::ops::Range<u32>) {
        for number in numbers {
            let item = json!({"k": {"S": "a"}, "n": {"N": number.to_string()}});
            let request = json!({"TableName": "orders", "Item": item});
            self.world.ok("DynamoDB_20120810.PutItem", request);
        }
    }

    /// The batches that the function is given since this was last called.
    fn batches(&mut self) -> Vec<Batch> {
        let batch = |call: crate::kernel::OutsideCall| match call.request {
            OutsideRequest::Function(invocation) => {
                let event: Value = serde_json::from_slice(&invocation.payload).unwrap();
                let records = event["Records"].as_array().unwrap().clone();
                Batch { id: call.id, event, records }
            }
            OutsideRequest::Http { .. } => panic!("no server is asked"),
        };
        self.world.take_asked().into_iter().map(batch).collect()
    }

    fn one(&mut self) -> Batch {
        let mut batches = self.batches();
        assert_eq!(batches.len(), 1);
        batches.remove(0)
    }

    fn returns(&mut self, batch: &Batch, answer: &str) {
        let payload = Bytes::copy_from_slice(answer.as_bytes());
        self.end(batch, FunctionEnd::Returned { payload });
    }

    fn fails(&mut self, batch: &Batch) {
        self.end(batch, FunctionEnd::TimedOut);
    }

    fn end(&mut self, batch: &Batch, end: FunctionEnd) {
        let done = Input::FunctionDone(batch.id, Ok(FunctionRun::of(end)));
        self.world.feed(done).unwrap();
    }

    fn counts(&mut self, queue: &str) -> (i64, i64) {
        let request = json!({"QueueUrl": queue, "AttributeNames": ["All"]});
        let answer = self.world.ok("AmazonSQS.GetQueueAttributes", request);
        let count = |name: &str| answer["Attributes"][name].as_str().unwrap().parse().unwrap();
        (count("ApproximateNumberOfMessages"), count("ApproximateNumberOfMessagesNotVisible"))
    }
}

#[test]
fn a_mapping_is_made_changed_and_removed() {
    let mut mapped = Mapped::new();
    let made = mapped.map(&json!({"Enabled": false}));
    assert_eq!((&made["State"], &made["BatchSize"]), (&json!("Creating"), &json!(10)));
    let uri = format!("{MAPPINGS}/{}", made["UUID"].as_str().unwrap());
    assert_eq!(mapped.ask("GET", &uri, &Value::Null).1["State"], "Disabled");
    let again = json!({"FunctionName": "f", "EventSourceArn": arn("sqs", "from")});
    let (status, told) = mapped.ask("POST", MAPPINGS, &again);
    assert_eq!(status, 409, "{told}");
    mapped.send(&["a"]);
    assert!(mapped.batches().is_empty());
    let (_, told) = mapped.ask("PUT", &uri, &json!({"Enabled": true, "BatchSize": 1}));
    assert_eq!((&told["State"], &told["BatchSize"]), (&json!("Enabling"), &json!(1)));
    assert_eq!(mapped.ask("GET", &uri, &Value::Null).1["State"], "Enabled");
    let batch = mapped.one();
    assert_eq!(batch.bodies(), ["a"]);
    mapped.returns(&batch, "null");
    assert_eq!(mapped.counts("from"), (0, 0));
    let listed = mapped.ask("GET", &format!("{MAPPINGS}?FunctionName=f"), &Value::Null).1;
    assert_eq!(listed["EventSourceMappings"].as_array().unwrap().len(), 1);
    assert_eq!(mapped.ask("DELETE", &uri, &Value::Null).1["State"], "Deleting");
    assert_eq!(mapped.ask("GET", &uri, &Value::Null).0, 404);
    mapped.send(&["b"]);
    assert_eq!((mapped.batches().len(), mapped.counts("from")), (0, (1, 0)));
    // A visibility timeout that was waited for, although nobody waits any more.
    mapped.world.advance_seconds(31);
    assert_eq!(mapped.world.cloud.next_deadline(), None);
}

#[test]
fn what_is_wrong_is_refused() {
    let mut mapped = Mapped::new();
    let filter = json!({"Filters": [{"Pattern": "{\"a\":1}"}]});
    for (more, text) in [
        (json!({"EventSourceArn": "arn:aws:s3:::b"}), "Unrecognized event source."),
        (json!({"FunctionName": "none"}), "Function not found"),
        (json!({"BatchSize": 11}), "must be greater than 0 if maximum batch size"),
        (json!({"BatchSize": 10_001}), "at 'batchSize' failed to satisfy"),
        (json!({"ScalingConfig": {"MaximumConcurrency": 1}}), "scalingConfig.maximumConcurrency"),
        (json!({"StartingPosition": "LATEST"}), "StartingPosition is not valid for SQS"),
        (json!({"FilterCriteria": filter}), "Invalid filter pattern definition."),
        (
            json!({
                "EventSourceArn": arn("dynamodb", "table/orders/stream/1"),
                "StartingPosition": "LATEST", "MaximumRecordAgeInSeconds": 59,
            }),
            "Maximum record age must be -1 or between 60 and 604800 seconds.",
        ),
        (json!({"EventSourceArn": arn("dynamodb", "table/orders/stream/1")}), "startingPosition"),
        (
            json!({
                "EventSourceArn": arn("sqs", "in.fifo"), "MaximumBatchingWindowInSeconds": 1,
            }),
            "Batching window is not supported for FIFO queues.",
        ),
    ] {
        let mut body = json!({"FunctionName": "f", "EventSourceArn": arn("sqs", "from")});
        let members = more.as_object().into_iter().flatten();
        members.for_each(|(name, value)| body[name] = value.clone());
        let (status, told) = mapped.ask("POST", MAPPINGS, &body);
        assert!(status >= 400 && told["message"].as_str().unwrap().contains(text), "{more} {told}");
    }
}

#[test]
fn what_failed_comes_again_and_the_rest_does_not() {
    let mut mapped = Mapped::new();
    mapped.map(&json!({
        "FunctionResponseTypes": ["ReportBatchItemFailures"], "BatchSize": 3,
        "MaximumBatchingWindowInSeconds": 5,
    }));
    mapped.send(&["a", "b", "c"]);
    let batch = mapped.one();
    assert_eq!(batch.bodies(), ["a", "b", "c"]);
    let id = &batch.records[1]["messageId"];
    let said = json!({"batchItemFailures": [{"itemIdentifier": id}]}).to_string();
    mapped.returns(&batch, &said);
    assert_eq!(mapped.counts("from"), (0, 1));
    mapped.world.advance_seconds(35);
    let batch = mapped.one();
    assert_eq!(batch.bodies(), ["b"]);
    assert_eq!(batch.records[0]["attributes"]["ApproximateReceiveCount"], "2");
    mapped.fails(&batch);
    assert_eq!(mapped.counts("from"), (0, 1));
    mapped.world.advance_seconds(35);
    let batch = mapped.one();
    mapped.returns(&batch, "{\"batchItemFailures\":[{\"itemIdentifier\":\"x\"}]}");
    assert_eq!(mapped.counts("from"), (0, 1), "an unknown item fails the whole batch");
}

#[test]
fn no_more_batches_at_once_than_are_allowed() {
    let mut mapped = Mapped::new();
    mapped.map(&json!({"BatchSize": 1, "ScalingConfig": {"MaximumConcurrency": 2}}));
    mapped.send(&["a", "b", "c"]);
    let batches = mapped.batches();
    assert_eq!((batches.len(), mapped.counts("from")), (2, (1, 2)));
    mapped.returns(&batches[0], "1");
    assert_eq!(mapped.one().bodies(), ["c"]);
}

#[test]
fn groups_stay_in_order() {
    let mut mapped = Mapped::new();
    mapped.map(&json!({"EventSourceArn": arn("sqs", "in.fifo"), "BatchSize": 2}));
    for number in 0..6 {
        let request = json!({
            "QueueUrl": "in.fifo", "MessageBody": number.to_string(),
            "MessageGroupId": (number % 2).to_string(),
        });
        mapped.world.ok("AmazonSQS.SendMessage", request);
    }
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut has_failed = false;
    for _ in 0..20 {
        // All in time, or their visibility timeouts pass.
        let mut batches = mapped.batches();
        while let Some(batch) = batches.pop() {
            if has_failed {
                batch.note(&mut seen);
                mapped.returns(&batch, "");
            } else {
                has_failed = true;
                mapped.fails(&batch);
            }
            batches.extend(mapped.batches());
        }
        mapped.world.advance_seconds(31);
    }
    assert_eq!(
        (&seen["0"], &seen["1"]),
        (
            &["0", "2", "4"].map(str::to_owned).to_vec(),
            &["1", "3", "5"].map(str::to_owned).to_vec(),
        )
    );
}

#[test]
fn a_stream_is_tried_again_in_order_and_then_given_up() {
    let mut mapped = Mapped::new();
    let stream = mapped.stream();
    let made = mapped.map(&json!({
        "EventSourceArn": stream,
        "StartingPosition": "LATEST", "MaximumRetryAttempts": 1,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "DestinationConfig": {"OnFailure": {"Destination": arn("sqs", "dead")}},
        "BatchSize": 3, "MaximumBatchingWindowInSeconds": 2,
    }));
    assert_eq!(mapped.world.cloud.next_deadline(), None, "an idle mapping costs nothing");
    mapped.write(0..3);
    let batch = mapped.one();
    assert_eq!(batch.numbers(), ["0", "1", "2"]);
    let id = &batch.records[1]["dynamodb"]["SequenceNumber"];
    let said = json!({"batchItemFailures": [{"itemIdentifier": id}]}).to_string();
    mapped.returns(&batch, &said);
    mapped.world.advance_seconds(2);
    let batch = mapped.one();
    assert_eq!(batch.numbers(), ["1", "2"]);
    mapped.fails(&batch);
    let uri = format!("{MAPPINGS}/{}", made["UUID"].as_str().unwrap());
    let told = mapped.ask("GET", &uri, &Value::Null).1;
    assert_eq!(told["LastProcessingResult"], "PROBLEM: Function call failed");
    let letter = mapped.world.ok("AmazonSQS.ReceiveMessage", json!({"QueueUrl": "dead"}));
    let letter: Value =
        serde_json::from_str(letter["Messages"][0]["Body"].as_str().unwrap()).unwrap();
    assert_eq!(letter["requestContext"]["condition"], "RetryAttemptsExhausted");
    assert_eq!(letter["DDBStreamBatchInfo"]["batchSize"], 2);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// Whatever the function does with its batches, each message is dealt with once, or given up.
    #[test]
    fn messages_are_conserved(
        ends in prop::collection::vec(0..4_u8, 1..40), size in 1..5_i32, count in 1..12_usize,
    ) {
        let mut mapped = Mapped::new();
        let redrive = json!({"deadLetterTargetArn": arn("sqs", "dead"), "maxReceiveCount": 4});
        let attributes = json!({"RedrivePolicy": redrive.to_string()});
        let request = json!({"QueueUrl": "from", "Attributes": attributes});
        mapped.world.ok("AmazonSQS.SetQueueAttributes", request);
        mapped.map(&json!({
            "BatchSize": size, "FunctionResponseTypes": ["ReportBatchItemFailures"],
        }));
        let bodies: Vec<String> = (0..count).map(|number| number.to_string()).collect();
        mapped.send(&bodies.iter().map(String::as_str).collect::<Vec<_>>());
        let (mut done, mut ends) = (Vec::new(), ends.into_iter().cycle());
        for _ in 0..8 {
            for batch in mapped.batches() {
                match ends.next().unwrap_or_default() {
                    0 => mapped.fails(&batch),
                    1 => {
                        let id = &batch.records[0]["messageId"];
                        let said = json!({"batchItemFailures": [{"itemIdentifier": id}]});
                        mapped.returns(&batch, &said.to_string());
                        done.extend(batch.bodies()[1..].iter().map(|body| (*body).to_owned()));
                    }
                    2 => mapped.returns(&batch, "no JSON"),
                    _ => {
                        mapped.returns(&batch, "{}");
                        done.extend(batch.bodies().iter().map(|body| (*body).to_owned()));
                    }
                }
            }
            mapped.world.advance_seconds(31);
        }
        let (dead, _) = mapped.counts("dead");
        prop_assert_eq!(mapped.counts("from"), (0, 0));
        let total = done.len();
        done.sort_unstable();
        done.dedup();
        prop_assert_eq!(done.len(), total, "nothing is dealt with twice");
        prop_assert_eq!(total + usize::try_from(dead).unwrap(), count);
    }
}
