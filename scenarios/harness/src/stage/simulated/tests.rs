//! A real SDK client in simulations: a cloud that answers after a while, and a fifth of all calls
//! with 503, so that the client's retries and jitter are part of the history.

use super::{Simulation, play};
use crate::catalog::{Argument, Catalog, Kind, Signature};
use crate::explore::{Dice, Failure, Plan, explore};
use crate::report::Run;
use crate::script::{self, Script};
use crate::world::{Arguments, World, WorldError};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, TimeSource};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_types::SdkConfig;
use aws_types::region::Region;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use tokio::time::{Instant, sleep};

const SCRIPT: &str = "\
name: flaky
story: A client and a cloud that fails a fifth of all calls.
when:
  - { do: send, with: { times: 50 } }
then:
  - eventually: { see: sent, equals: 50, within: 1s }
";

#[derive(Clone, Debug)]
struct FlakyCloud(Arc<Mutex<Dice>>);

impl HttpConnector for FlakyCloud {
    fn call(&self, _request: HttpRequest) -> HttpConnectorFuture {
        let mut dice = self.0.lock().expect("no panic");
        let (wait, fails) = (dice.between(1, 49), dice.chance(20));
        HttpConnectorFuture::new(async move {
            sleep(Duration::from_millis(wait)).await;
            let status: u16 = if fails { 503 } else { 200 };
            let status = status.try_into().expect("a status");
            Ok(HttpResponse::new(status, SdkBody::from(r#"{"MessageId":"1"}"#)))
        })
    }
}

impl HttpClient for FlakyCloud {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// The wall clock of a simulation starts at a billion seconds and follows tokio's.
#[derive(Debug)]
struct VirtualTime(Instant);

impl TimeSource for VirtualTime {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000) + self.0.elapsed()
    }
}

struct Sender {
    client: aws_sdk_sqs::Client,
    sent: usize,
}

impl World for Sender {
    const CATALOG: Catalog = Catalog {
        actions: &[Signature {
            name: "send",
            about: "Sends messages one after another.",
            arguments: &[Argument::required("times", Kind::Number)],
        }],
        observations: &[Signature { name: "sent", about: "Messages sent.", arguments: &[] }],
        has_aws: false,
        invariants: &[],
        roles: &[],
    };

    async fn act(&mut self, _action: &str, with: &Arguments) -> Result<Value, WorldError> {
        for number in 0..with["times"].as_u64().unwrap_or_default() {
            let call = self.client.send_message().queue_url("http://sqs.test/1/q");
            let sent = call.message_body(format!("number {number}")).send().await;
            // Three attempts may all fail; that is part of the history, too.
            self.sent += 1;
            drop(sent);
        }
        Ok(Value::Null)
    }

    async fn observe(&mut self, _what: &str, _of: &Arguments) -> Result<Value, WorldError> {
        Ok(json!(self.sent))
    }

    async fn finish(&mut self) -> Value {
        json!({ "sent": self.sent })
    }
}

async fn sender(simulation: &Simulation) -> Result<Sender, String> {
    let dice = Dice::new(simulation.seed);
    let cloud = SharedHttpClient::new(FlakyCloud(Arc::new(Mutex::new(dice))));
    let sdk = SdkConfig::builder()
        .behavior_version(aws_sdk_sqs::config::BehaviorVersion::latest())
        .region(Region::from_static("eu-central-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::from_keys(
            "a", "b", None,
        )))
        .http_client(cloud)
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .time_source(SharedTimeSource::new(VirtualTime(Instant::now())))
        .build();
    let sdk = simulation.recorded(&sdk);
    let config = aws_sdk_sqs::config::Builder::from(&sdk)
        .retry_partition(simulation.retry_partition())
        .build();
    Ok(Sender { client: aws_sdk_sqs::Client::from_conf(config), sent: 0 })
}

fn script() -> Script {
    script::parse("flaky.yaml", SCRIPT, &Sender::CATALOG).expect("a good script")
}

fn run(seed: u64) -> Run {
    let run = play(&script(), seed, sender).expect("a world");
    assert!(run.passed, "{}", run.text("-"));
    assert!(run.calls > 50, "nothing was retried");
    run
}

#[test]
fn the_same_seed_gives_the_same_history() {
    let first = run(7);
    let second = run(7);
    assert_eq!((first.hashes, first.elapsed), (second.hashes, second.elapsed));
}

#[test]
fn another_seed_gives_another_history() {
    let history = |seed| run(seed).hashes.expect("a simulation has them").history;
    assert_ne!(history(7), history(8));
}

#[test]
fn simulations_run_side_by_side() {
    let alone: Vec<_> = (0..4).map(|seed| run(seed).hashes).collect();
    let together: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|seed| scope.spawn(move || run(seed).hashes)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert_eq!(alone, together);
}

#[test]
fn exploring_finds_the_seeds_that_fail() {
    let odd_seeds_fail = |_: &Script, seed| {
        let mut run = run(seed);
        run.passed = seed % 2 == 0;
        Ok(run)
    };
    let plan = Plan::new(0..6);
    let explored = explore(&plan, |_| script(), odd_seeds_fail);
    let seeds: Vec<_> = explored.failures.iter().map(|(seed, _)| *seed).collect();
    assert_eq!((explored.seeds, seeds), (6, vec![1, 3, 5]));
}

#[test]
fn exploring_notices_what_the_seed_does_not_decide() {
    let other = std::sync::atomic::AtomicU64::new(0);
    let random = |_: &Script, _| Ok(run(other.fetch_add(1, std::sync::atomic::Ordering::Relaxed)));
    let explored = explore(&Plan::new(7..8), |_| script(), random);
    assert!(matches!(explored.failures[..], [(7, Failure::Diverged { .. })]));
}

#[test]
fn exploring_notices_a_state_that_the_seed_does_not_decide() {
    let other = std::sync::atomic::AtomicU64::new(0);
    let elsewhere = |_: &Script, seed| {
        let mut run = run(seed);
        let number = other.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        run.hashes.as_mut().expect("a simulation has them").state = number.to_string();
        Ok(run)
    };
    let explored = explore(&Plan::new(7..8), |_| script(), elsewhere);
    assert!(matches!(explored.failures[..], [(7, Failure::Diverged { .. })]));
}
