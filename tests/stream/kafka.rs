//! The contract on librdkafka's mock cluster, and on the brokers that `KAFKA_BOOTSTRAP` names.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use orderflow::adapters::clock::RandomIds;
use orderflow::adapters::kafka::{Endpoint, KafkaSettings, KafkaStream, Security};
use orderflow::ports::{Ids, Stream, StreamError};
use tokio::runtime::{Builder, Runtime};
use tokio::time::Instant;

use crate::contract::{CASES, Case};
use crate::reader::{Progress, Reader};
use crate::world::{World, new_record, new_topic};

/// The brokers to test, HOST:PORT,… as with `--kafka`.
const BOOTSTRAP: &str = "KAFKA_BOOTSTRAP";

/// Cases at a time; most of a case is waiting for a rebalance.
const AT_ONCE: usize = 6;

#[test]
fn the_contract_holds_on_the_embedded_cluster() {
    let able = |it: &&Case| match it.beyond_the_mock {
        None => true,
        Some(reason) => {
            say(&format!("{}: SKIPPED on the embedded cluster: {reason}", it.name));
            false
        }
    };
    runtime().block_on(async {
        let stream = KafkaStream::connect(&Endpoint::Embedded, settings()).unwrap();
        run(stream, CASES.iter().filter(able).collect()).await;
    });
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the one setting of this test binary")]
fn the_contract_holds_on_the_brokers_of_the_environment() {
    let Ok(bootstrap) = std::env::var(BOOTSTRAP) else {
        say("SKIPPED: no brokers in KAFKA_BOOTSTRAP (HOST:PORT,…)");
        return;
    };
    runtime().block_on(async {
        let stream = KafkaStream::connect(&bootstrap.parse().unwrap(), settings()).unwrap();
        run(stream, CASES.iter().collect()).await;
    });
}

/// What tells this binary to be a member of a group: the brokers and the name of the world.
const MEMBER: &str = "STREAM_TEST_MEMBER";

#[test]
#[expect(clippy::disallowed_methods, reason = "how a test of this binary asks for a member")]
fn a_killed_process_is_missed_when_its_session_is_over() {
    if let Ok(member) = std::env::var(MEMBER) {
        return runtime().block_on(be_a_member(&member));
    }
    runtime().block_on(async {
        let embedded = KafkaStream::connect(&Endpoint::Embedded, settings()).unwrap();
        kill_a_member(embedded).await;
        if let Ok(bootstrap) = std::env::var(BOOTSTRAP) {
            let stream = KafkaStream::connect(&bootstrap.parse().unwrap(), settings()).unwrap();
            kill_a_member(stream).await;
        }
    });
}

async fn kill_a_member(stream: KafkaStream) {
    let bootstrap = stream.bootstrap().to_owned();
    let world = world(stream, "killed");
    let topic = world.topic("t", 2).await;
    let mut reader = Reader::join(&world, &[&topic], &Progress::default()).await;
    reader.until(&world, "both", |it| it.assigned.len() == 2).await;
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kafka::a_killed_process_is_missed_when_its_session_is_over"])
        .env(MEMBER, format!("{bootstrap} {}", world.name))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    reader.until(&world, "one for the process", |it| it.assigned.len() == 1).await;
    process.kill().unwrap();
    process.wait().unwrap();
    let killed = Instant::now();
    reader.until(&world, "both again", |it| it.assigned.len() == 2).await;
    // The last heartbeat may have been a while ago.
    assert!(killed.elapsed() > settings().session_timeout / 2, "{:?}", killed.elapsed());
}

/// Reads until it is killed.
async fn be_a_member(member: &str) {
    let (bootstrap, name) = member.split_once(' ').unwrap();
    let stream = KafkaStream::connect(&bootstrap.parse().unwrap(), settings()).unwrap();
    let world = World { name: name.to_owned(), ..world(stream, "") };
    let topic = format!("{name}-t");
    let mut reader = Reader::join(&world, &[&topic], &Progress::default()).await;
    loop {
        reader.step().await.unwrap();
    }
}

#[cfg(feature = "testcontainers")]
#[test]
#[expect(clippy::disallowed_methods, reason = "the second setting of this test binary")]
fn the_contract_holds_on_a_broker_in_a_container() {
    // Without an image to test, an engine that does not run is no failure.
    let image = std::env::var("KAFKA_CONTAINER");
    let endpoint = image.as_deref().unwrap_or("testcontainers").parse().unwrap();
    let stream = match (KafkaStream::connect(&endpoint, settings()), image) {
        (Err(error), Err(_)) => return say(&format!("SKIPPED: {endpoint}: {error}")),
        (connected, _) => connected.unwrap(),
    };
    runtime().block_on(run(stream, CASES.iter().collect()));
}

#[test]
fn brokers_that_are_not_there_are_unreachable() {
    runtime().block_on(async {
        // Nothing listens on this port.
        let endpoint = Endpoint::Brokers {
            bootstrap: "127.0.0.1:1".to_owned(),
            security: Security::Plaintext,
        };
        let second = Duration::from_secs(1);
        let times =
            KafkaSettings { delivery_timeout: second, request_timeout: second, ..settings() };
        let stream = KafkaStream::connect(&endpoint, times).unwrap();
        let down = |it: &StreamError| matches!(it, StreamError::Unreachable(_));
        let results = stream.append(vec![new_record("t", "k", "1")]).await;
        assert!(results[0].as_ref().is_err_and(down), "{results:?}");
        let asked = stream.partitions("t").await;
        assert!(asked.as_ref().is_err_and(down), "{asked:?}");
        let ensured = stream.ensure_topics(&[new_topic("t", 1)]).await;
        assert!(ensured.as_ref().is_err_and(down), "{ensured:?}");
        let joined = stream.join("g", &["t".to_owned()]).await.err();
        assert!(joined.as_ref().is_some_and(down), "{joined:?}");
    });
}

/// The shortest times that brokers take by default.
pub(crate) fn settings() -> KafkaSettings {
    KafkaSettings {
        client_id: "contract".to_owned(),
        session_timeout: Duration::from_secs(6),
        max_poll_interval: Duration::from_secs(7),
        ..KafkaSettings::default()
    }
}

async fn run(stream: KafkaStream, cases: Vec<&'static Case>) {
    let start = |case: &'static Case| {
        let world = world(stream.clone(), case.name);
        async move {
            let ended = tokio::spawn(async move { (case.run)(&world).await }).await;
            say(&format!("{}: {}", case.name, if ended.is_ok() { "passed" } else { "FAILED" }));
            ended.is_err().then_some(case.name)
        }
    };
    let all = stream::iter(cases).map(start).buffer_unordered(AT_ONCE);
    let failed: Vec<&str> = all.filter_map(std::future::ready).collect().await;
    assert!(failed.is_empty(), "failed: {failed:?}");
}

pub(crate) fn world(stream: KafkaStream, case: &str) -> World {
    // Topics and groups outlive a run.
    let run = RandomIds.next_bits() as u32;
    let name = format!("contract-{run:08x}-{case}");
    World { stream: Arc::new(stream), name, patience: Duration::from_secs(90) }
}

/// Past the capture of output: what was skipped must be seen.
pub(crate) fn say(line: &str) {
    std::io::stderr().write_all(format!("stream: {line}\n").as_bytes()).unwrap();
}

pub(crate) fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}
