//! What it costs that SNS signs: a message that is published to a topic and received from a queue,
//! with and without a signature, by turns.
//!
//! `cargo run --release -p skyrig --example signature-cost`. Compare the numbers of one run;
//! machines differ.

use std::io::Write as _;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use skyrig::cloud::{Driver, request as of};
use skyrig::{Settings, SigningMode};

const MESSAGES: u32 = 2_000;
const ROUNDS: usize = 9;

struct World(Driver);

impl World {
    fn new(signing: SigningMode) -> Self {
        let mut world = Self(Driver::new(Settings { signing, ..Settings::default() }));
        let policy = json!({"Statement": {
            "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*",
        }});
        let attributes = json!({"Policy": policy.to_string()});
        world.sqs("CreateQueue", &json!({"QueueName": "q", "Attributes": attributes}));
        world.send(of::query("sns", "Action=CreateTopic&Version=2010-03-31&Name=t"));
        let queue = "arn:aws:sqs:us-east-1:000000000000:q";
        let subscribe = format!("Protocol=sqs&Endpoint={queue}&TopicArn={TOPIC}");
        world.send(of::query("sns", format!("Action=Subscribe&Version=2010-03-31&{subscribe}")));
        world
    }

    fn send(&mut self, request: Request<Bytes>) -> Bytes {
        let response = self.0.send(request).expect("nothing here waits");
        assert_eq!(response.status(), 200);
        response.into_body()
    }

    fn sqs(&mut self, operation: &str, body: &Value) -> Bytes {
        self.send(of::json(&format!("AmazonSQS.{operation}"), body.to_string()))
    }

    /// How long publishing took, and receiving.
    fn round(&mut self) -> (Duration, Duration) {
        let text = "x".repeat(256);
        let form = format!("Action=Publish&Version=2010-03-31&TopicArn={TOPIC}&Message={text}");
        let published = timed(|| {
            for _ in 0..MESSAGES {
                self.send(of::query("sns", form.clone()));
            }
        });
        let received = timed(|| {
            for _ in 0..MESSAGES {
                let body = self.sqs("ReceiveMessage", &json!({"QueueUrl": "q"}));
                assert!(body.len() > 500, "a message is expected");
            }
        });
        self.sqs("DeleteQueue", &json!({"QueueUrl": "q"}));
        (published, received)
    }
}

const TOPIC: &str = "arn:aws:sns:us-east-1:000000000000:t";

#[expect(clippy::disallowed_methods, reason = "it measures how long something really takes")]
fn timed(what: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    what();
    begun.elapsed() / MESSAGES
}

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout();
    for signing in [SigningMode::Off, SigningMode::On] {
        let mut rounds: Vec<_> = (0..ROUNDS).map(|_| World::new(signing).round()).collect();
        rounds.sort();
        let (published, received) = rounds[ROUNDS / 2];
        writeln!(out, "signing {signing:?}: publish {published:?}, receive {received:?}")?;
    }
    Ok(())
}
