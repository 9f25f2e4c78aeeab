//! The real Rust SDKs, in process: for each service something that works, and an error that the
//! SDK turns into its own type.

mod cloudwatch;
mod dynamodb;
mod endpoints;
mod eventbridge;
mod functions;
mod sns;
mod sqs;
mod sts;

use skyrig::Emulator;

/// An emulator whose ids are the same in every run.
fn emulator() -> Emulator {
    Emulator::builder().seed(7).build()
}

const QUEUE_ARN: &str = "arn:aws:sqs:us-east-1:000000000000:inbox";

/// A queue `inbox` that lets the service `principal` send; returns its client and URL.
async fn inbox(emulator: &Emulator, principal: &str) -> (aws_sdk_sqs::Client, String) {
    let statement = serde_json::json!({
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": "sqs:SendMessage",
        "Resource": QUEUE_ARN,
    });
    let policy = serde_json::json!({"Version": "2012-10-17", "Statement": [statement]});
    let sqs = aws_sdk_sqs::Client::new(&emulator.sdk_config());
    let name = aws_sdk_sqs::types::QueueAttributeName::Policy;
    let create = sqs.create_queue().queue_name("inbox");
    let created = create.attributes(name, policy.to_string()).send().await;
    let url = created.unwrap().queue_url.unwrap();
    (sqs, url)
}

/// The body of the one message in the queue.
async fn receive(sqs: &aws_sdk_sqs::Client, url: &str) -> String {
    let received = sqs.receive_message().queue_url(url).send().await.unwrap();
    let [message] = received.messages() else {
        panic!("one message is expected: {received:?}");
    };
    message.body().unwrap().to_owned()
}
