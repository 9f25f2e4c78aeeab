//! What a message costs that a topic or a rule delivers to a queue, beside one that a client sends
//! there: through `Cloud::apply` alone, requests read and answers unwritten, by turns.
//!
//! `cargo run --release -p benches --example delivered`. The bar is 1.5.

use std::io::Write as _;
use std::time::{Duration, Instant};

use http::Request;
use serde_json::json;
use skyrig::cloud::{Call, Driver, Input, request};
use skyrig::{Settings, registry};

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 41;
/// Requests a round.
const REQUESTS: usize = 400;
/// Queues behind a topic and a rule; a rule may have five.
const QUEUES: usize = 5;
const BODY_BYTES: usize = 256;
/// The most that a delivered message may cost.
const BAR: f64 = 1.5;

fn main() {
    let (alone, fan) = (world(0), world(QUEUES));
    let body = "x".repeat(BODY_BYTES);
    let send =
        || json_request("AmazonSQS.SendMessage", &json!({"QueueUrl": "q0", "MessageBody": body}));
    let publish = || {
        let topic = "arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3At";
        request::query(
            "sns",
            format!("Action=Publish&Version=2010-03-31&TopicArn={topic}&Message={body}"),
        )
    };
    let put = || {
        let detail = json!({"text": body}).to_string();
        let entry = json!({"Source": "s", "DetailType": "d", "Detail": detail});
        json_request("AWSEvents.PutEvents", &json!({"Entries": [entry]}))
    };
    type Make<'a> = &'a dyn Fn() -> Request<bytes::Bytes>;
    let ways: [(&str, Make<'_>); 2] = [("topic", &publish), ("rule", &put)];
    for (name, make) in ways {
        let mut ratios = Vec::new();
        for _ in 0..ROUNDS {
            let sent = time(&fan, &send);
            // What publishing itself costs is not the delivered messages'.
            let [without, with] = [time(&alone, make), time(&fan, make)];
            let delivered = with.saturating_sub(without).as_secs_f64() / QUEUES as f64;
            ratios.push(delivered / sent.as_secs_f64());
        }
        ratios.sort_by(f64::total_cmp);
        let median = ratios[ROUNDS / 2];
        let met = if median <= BAR { "met" } else { "not met" };
        let line = format!(
            "a message that a {name} delivers costs {median:.2} Queue::send (at most {BAR}: {met})"
        );
        let _untold = writeln!(std::io::stdout(), "{line}");
    }
}

/// A queue `q0`, a topic `t` and a rule `r`; so many queues behind each of the two.
fn world(queues: usize) -> Driver {
    let mut world = Driver::new(Settings::default());
    let policy = json!({"Statement": {"Effect": "Allow", "Principal": "*",
        "Action": "sqs:SendMessage", "Resource": "*"}});
    let mut ask = |request| {
        let response = world.send(request).expect("nothing here waits");
        assert!(response.status().is_success(), "{response:?}");
    };
    ask(request::query("sns", "Action=CreateTopic&Version=2010-03-31&Name=t"));
    let rule = json!({"Name": "r", "EventPattern": r#"{"source":["s"]}"#});
    ask(json_request("AWSEvents.PutRule", &rule));
    for number in 0..queues.max(1) {
        let attributes = json!({"Policy": policy.to_string()});
        let create = json!({"QueueName": format!("q{number}"), "Attributes": attributes});
        ask(json_request("AmazonSQS.CreateQueue", &create));
    }
    for number in 0..queues {
        let arn = format!("arn:aws:sqs:us-east-1:000000000000:q{number}");
        let target = json!({"Id": number.to_string(), "Arn": arn});
        ask(json_request("AWSEvents.PutTargets", &json!({"Rule": "r", "Targets": [target]})));
        let arn = arn.replace(':', "%3A");
        let topic = "arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3At";
        ask(request::query(
            "sns",
            format!(
                "Action=Subscribe&Version=2010-03-31&TopicArn={topic}&Protocol=sqs&Endpoint={arn}"
            ),
        ));
    }
    world
}

fn json_request(target: &str, body: &serde_json::Value) -> Request<bytes::Bytes> {
    request::json(target, body.to_string())
}

/// How long a round's requests take in a copy of a world, each on average.
#[expect(clippy::disallowed_methods, reason = "this measures")]
fn time(world: &Driver, make: &dyn Fn() -> Request<bytes::Bytes>) -> Duration {
    let mut cloud = world.cloud.clone();
    let now = cloud.now();
    let prepare = |_| -> Input<Call> {
        let input = Input::Request(make().into());
        registry().prepare(&input).expect("it reaches an operation")
    };
    let calls: Vec<_> = (0..REQUESTS).map(prepare).collect();
    let begun = Instant::now();
    let effects: Vec<_> = calls.into_iter().map(|call| cloud.apply(now, call)).collect();
    let taken = begun.elapsed();
    assert_eq!(effects.iter().map(|it| it.list.len()).sum::<usize>(), REQUESTS);
    taken / REQUESTS as u32
}
