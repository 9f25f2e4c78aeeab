//! SQS without a server: what reading a request, running it and writing its answer cost, and
//! that the cost does not grow with what is queued.
//!
//! `cargo bench -p benches`. Compare the numbers of one run; machines differ.

use std::hint::black_box;

use bytes::Bytes;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use http::{Request, Response};
use serde_json::{Value, json};
use skyrig::Settings;
use skyrig::cloud::{Driver, request as of};

const BODY_BYTES: usize = 256;
const BACKLOGS: [u64; 3] = [10, 10_000, 1_000_000];

struct World(Driver);

impl World {
    fn with_backlog(messages: u64) -> Self {
        let mut world = Self(Driver::new(Settings::default()));
        world.call(request("CreateQueue", &json!({"QueueName": "q"})));
        for _ in 0..messages {
            world.call(send());
        }
        world
    }

    fn call(&mut self, request: Request<Bytes>) -> Response<Bytes> {
        self.0.send(request).expect("nothing here waits")
    }
}

fn request(operation: &str, body: &Value) -> Request<Bytes> {
    of::json(&format!("AmazonSQS.{operation}"), body.to_string())
}

fn send() -> Request<Bytes> {
    request("SendMessage", &json!({"QueueUrl": "q", "MessageBody": "x".repeat(BODY_BYTES)}))
}

fn send_message(criterion: &mut Criterion) {
    let mut world = World::with_backlog(0);
    criterion.bench_function("sqs send", |bencher| {
        bencher.iter_batched(send, |request| black_box(world.call(request)), BatchSize::SmallInput);
    });
}

fn cycle(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sqs send, receive and delete, with queued");
    for backlog in BACKLOGS {
        let mut world = World::with_backlog(backlog);
        group.bench_function(backlog.to_string(), |bencher| {
            bencher.iter(|| {
                world.call(send());
                let received = world.call(request("ReceiveMessage", &json!({"QueueUrl": "q"})));
                let received: Value =
                    serde_json::from_slice(received.body()).expect("an answer in JSON");
                let handle = &received["Messages"][0]["ReceiptHandle"];
                let delete = json!({"QueueUrl": "q", "ReceiptHandle": handle});
                black_box(world.call(request("DeleteMessage", &delete)));
            });
        });
    }
    group.finish();
}

/// What idle schedules of EventBridge Scheduler cost those who send.
fn beside_schedules(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sqs send, beside idle schedules");
    for schedules in [0, 10_000] {
        let mut world = World::with_backlog(0);
        for number in 0..schedules {
            let body = json!({
                "ScheduleExpression": "cron(0 9 1 1 ? *)",
                "FlexibleTimeWindow": {"Mode": "OFF"},
                "Target": {
                    "Arn": "arn:aws:sqs:us-east-1:000000000000:q",
                    "RoleArn": "arn:aws:iam::000000000000:role/r",
                },
            });
            let uri = format!("/schedules/s{number}");
            world.call(of::rest("scheduler", ("POST", &uri), body.to_string()));
        }
        group.bench_function(schedules.to_string(), |bencher| {
            bencher.iter_batched(send, |it| black_box(world.call(it)), BatchSize::SmallInput);
        });
    }
}

criterion_group!(benches, send_message, cycle, beside_schedules);
criterion_main!(benches);
