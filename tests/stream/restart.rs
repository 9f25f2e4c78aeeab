//! A broker that is stopped and started again while records are written and read: a real one of
//! this test's own, so it runs only when it is asked for.

use std::collections::BTreeSet;
use std::process::Command;

use orderflow::adapters::kafka::KafkaStream;
use orderflow::ports::StreamError;
use tokio::task::spawn_blocking;
use tokio::time::Instant;

use crate::kafka::{runtime, say, settings, world};
use crate::reader::{Progress, Reader};
use crate::world::{World, new_record};

/// When it is set, Java 17, and Maven or fetched jars, are there.
const LOCAL: &str = "KAFKA_LOCAL";

/// Not the port of whoever uses the same script.
const PORT: &str = "19292";

const BATCHES: usize = 20;
const BATCH: usize = 500;

#[test]
#[expect(clippy::disallowed_methods, reason = "how this test is asked for")]
fn a_restarted_broker_loses_nothing() {
    if std::env::var(LOCAL).is_err() {
        return say("SKIPPED: a broker that restarts; KAFKA_LOCAL=1 asks for it");
    }
    let bootstrap = local("start");
    runtime().block_on(async {
        let stream = KafkaStream::connect(&bootstrap.parse().unwrap(), settings()).unwrap();
        let world = world(stream, "restart");
        let topic = world.topic("t", 4).await;
        tokio::join!(write(&world, &topic), read(&world, &topic));
    });
    local("clean");
}

async fn write(world: &World, topic: &str) {
    for batch in 0..BATCHES {
        if batch == BATCHES / 2 {
            spawn_blocking(|| local("stop")).await.unwrap();
            // It comes back while the next batch waits in the producer.
            drop(spawn_blocking(|| local("start")));
        }
        let record = |it: usize| new_record(topic, &format!("k{it}"), &it.to_string());
        let mut left: Vec<_> = (batch * BATCH..(batch + 1) * BATCH).map(record).collect();
        let deadline = Instant::now() + world.patience;
        while !left.is_empty() {
            assert!(Instant::now() < deadline, "{} records are left", left.len());
            let results = world.stream.append(left.clone()).await;
            let mut lost = results.into_iter().map(|it| match it {
                Ok(_) => false,
                Err(StreamError::Unreachable(_)) => true,
                Err(error) => panic!("{error}"),
            });
            left.retain(|_| lost.next().unwrap());
        }
    }
}

async fn read(world: &World, topic: &str) {
    let progress = Progress::default();
    let mut reader = Reader::join(world, &[topic], &progress).await;
    let mut numbers = BTreeSet::new();
    let deadline = Instant::now() + 2 * world.patience;
    while numbers.len() < BATCHES * BATCH {
        assert!(Instant::now() < deadline, "{} records were read", numbers.len());
        match reader.step().await {
            Ok(_) | Err(StreamError::Unreachable(_)) => {}
            Err(StreamError::Fenced(_)) => {
                reader = Reader::join(world, &[topic], &progress).await;
            }
            Err(error) => panic!("{error}"),
        }
        numbers.extend(reader.numbers());
        reader.records.clear();
    }
    assert_eq!(numbers.last(), Some(&(BATCHES * BATCH - 1)));
}

/// Runs `tests/kafka/local.sh`; answers what it prints.
fn local(command: &str) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/kafka/local.sh");
    let output = Command::new("bash").args([script, command]).env("KAFKA_PORT", PORT).output();
    let output = output.unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command}: {text}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
