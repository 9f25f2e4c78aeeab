//! What an execution of ten states costs, beside one message that a client sends to a queue:
//! through `Cloud::apply` alone, requests read and answers unwritten, by turns.
//!
//! `cargo run --release -p benches --example execution`. The bar is 20.

use std::io::Write as _;
use std::time::{Duration, Instant};

use http::Request;
use serde_json::{Map, Value, json};
use skyrig::cloud::{Call, Driver, Input, request};
use skyrig::{Settings, registry};

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 41;
/// Requests a round.
const REQUESTS: usize = 400;
const STATES: usize = 10;
const BODY_BYTES: usize = 256;
/// The most that an execution may cost, in messages.
const BAR: f64 = 20.0;

fn main() {
    let body = "x".repeat(BODY_BYTES);
    let send =
        || json_request("AmazonSQS.SendMessage", &json!({"QueueUrl": "q", "MessageBody": body}));
    let input = json!({"order": {"id": "o-1", "total": 12}, "text": body}).to_string();
    for kind in ["STANDARD", "EXPRESS"] {
        let world = world(kind);
        let machine = "arn:aws:states:us-east-1:000000000000:stateMachine:m";
        let start = || {
            let start = json!({"stateMachineArn": machine, "input": input});
            json_request("AWSStepFunctions.StartExecution", &start)
        };
        let mut ratios = Vec::new();
        for _ in 0..ROUNDS {
            let [sent, started] = [time(&world, &send), time(&world, &start)];
            ratios.push(started.as_secs_f64() / sent.as_secs_f64());
        }
        ratios.sort_by(f64::total_cmp);
        let median = ratios[ROUNDS / 2];
        let met = if median <= BAR { "met" } else { "not met" };
        let line = format!(
            "a {kind} execution of {STATES} states costs {median:.1} SendMessage (at most {BAR}: \
             {met})"
        );
        let _untold = writeln!(std::io::stdout(), "{line}");
    }
}

/// A queue `q` and a machine `m`: states that pass, choose and compute, one after the other.
fn world(kind: &str) -> Driver {
    let mut world = Driver::new(Settings::default());
    let mut ask = |request| {
        let response = world.send(request).expect("nothing here waits");
        assert!(response.status().is_success(), "{response:?}");
    };
    ask(json_request("AmazonSQS.CreateQueue", &json!({"QueueName": "q"})));
    let mut states = Map::new();
    for number in 1..=STATES {
        let next = format!("S{}", number + 1);
        let mut state = match number % 5 {
            0 => json!({"Type": "Choice", "Default": next, "Choices": [
                {"Variable": "$.order.total", "NumericGreaterThan": 100, "Next": "S1"}]}),
            1 => json!({"Type": "Pass", "Result": {"done": true}, "ResultPath": "$.done"}),
            2 => json!({"Type": "Pass", "ResultPath": "$.name", "Parameters": {
                "text.$": "States.Format('order {}', $.order.id)"}}),
            _ => json!({"Type": "Pass"}),
        };
        if number == STATES {
            state = json!({"Type": "Succeed"});
        } else if number % 5 != 0 {
            state["Next"] = next.into();
        }
        states.insert(format!("S{number}"), state);
    }
    let definition = json!({"StartAt": "S1", "States": Value::Object(states)}).to_string();
    let role = "arn:aws:iam::000000000000:role/r";
    let machine = json!({"name": "m", "type": kind, "definition": definition, "roleArn": role});
    ask(json_request("AWSStepFunctions.CreateStateMachine", &machine));
    world
}

fn json_request(target: &str, body: &Value) -> Request<bytes::Bytes> {
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
