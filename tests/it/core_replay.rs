//! A cloud is a value: the same inputs give the same bytes, also through a snapshot, a clone or a
//! journal on disk.
//!
//! The inputs are recorded from a seeded client that uses what the cloud answers (receipt handles,
//! ARNs), then fed again to clouds that must not tell the difference.

mod client;
mod others;

use bytes::Bytes;
use http::Response;
use sha2::{Digest, Sha256};
use skyrig::cloud::{Driver, Recorded, Waiting};
use skyrig::wire::cbor;
use skyrig::{Cloud, Timestamp};

use crate::world;

const SEED: u64 = 20_261_121;
const INPUTS: usize = 400;

#[test]
fn the_same_inputs_give_the_same_history() {
    let (recorded, snapshot) = record(SEED);
    let first = replay(&recorded, |driver| driver);
    assert_eq!(replay(&recorded, |driver| driver), first, "fed again");
    assert_eq!(first.snapshot, snapshot, "the state of the recording");
}

#[test]
fn inputs_that_were_written_down_replay_to_the_same_state() {
    let (recorded, _) = record(SEED);
    let journal: Vec<Vec<u8>> =
        recorded.iter().map(|input| cbor::to_vec(input).expect("inputs are data")).collect();
    let read = |bytes: &Vec<u8>| -> Recorded { cbor::from_slice(bytes).expect("it is ours") };
    let read: Vec<Recorded> = journal.iter().map(read).collect();
    assert_eq!(replay(&read, |driver| driver), replay(&recorded, |driver| driver));
    let json: Vec<Recorded> = recorded
        .iter()
        .map(|it| serde_json::to_string(it).expect("in JSON too"))
        .map(|text| serde_json::from_str(&text).expect("it is ours"))
        .collect();
    assert_eq!(replay(&json, |driver| driver), replay(&recorded, |driver| driver));
}

#[test]
fn a_snapshot_in_the_middle_changes_nothing() {
    let (recorded, _) = record(SEED);
    let through_snapshot = replay(&recorded, |driver| {
        let bytes = driver.cloud.snapshot();
        let restored = Cloud::restore(&bytes, Waiting::Kept).expect("a snapshot can be restored");
        assert_eq!(restored.snapshot(), bytes, "a snapshot of the restored");
        world::around(restored)
    });
    assert_eq!(through_snapshot, replay(&recorded, |driver| driver));
}

#[test]
fn a_clone_in_the_middle_changes_nothing() {
    let (recorded, _) = record(SEED);
    let through_clone = replay(&recorded, |mut driver| {
        let clone = driver.clone();
        // What happens to the original afterwards is no matter of the clone's.
        for input in &recorded[..50] {
            drop(driver.replay(input));
        }
        clone
    });
    assert_eq!(through_clone, replay(&recorded, |driver| driver));
}

#[test]
fn another_seed_gives_another_history() {
    let (recorded, _) = record(SEED);
    let of_seed = |seed| run(world::of_seed(seed), &recorded, |driver| driver).history;
    assert_ne!(of_seed(SEED), of_seed(SEED + 1));
}

#[test]
fn the_recording_is_worth_replaying() {
    let mut driver = world::of_seed(SEED);
    let mut refused = 0;
    let mut answers = 0;
    for input in &record(SEED).0 {
        for answer in feed(&mut driver, input) {
            answers += 1;
            refused += usize::from(!answer.status().is_success());
        }
    }
    assert!(answers > INPUTS / 2, "only {answers} answers");
    assert!(refused > 5, "only {refused} errors");
    assert!(refused < answers / 2, "{refused} of {answers} are errors");
    let fired: u64 = driver.cloud.faults().iter().map(|report| report.fired).sum();
    assert!(fired > 0, "no fault rule fired");
}

/// What a seeded client does to a fresh cloud, and the state that it leaves.
fn record(seed: u64) -> (Vec<Recorded>, Vec<u8>) {
    let mut driver = world::of_seed(seed);
    driver.record();
    let mut client = client::Client::new(seed);
    for _ in 0..INPUTS {
        match client.next(&driver) {
            client::Next::Wait(time) => driver.advance(time),
            client::Next::Input(input) => {
                let answers = world::feed(&mut driver, *input);
                client.learn(&answers);
            }
        }
    }
    (driver.take_recorded(), driver.cloud.snapshot())
}

/// What a run comes to.
#[derive(Debug, PartialEq)]
struct Outcome {
    /// The hash of all replies.
    history: String,
    snapshot: Vec<u8>,
    now: Timestamp,
}

fn replay(inputs: &[Recorded], middle: impl FnOnce(Driver) -> Driver) -> Outcome {
    run(world::of_seed(SEED), inputs, middle)
}

/// Feeds everything again; `middle` happens half-way.
fn run(mut driver: Driver, inputs: &[Recorded], middle: impl FnOnce(Driver) -> Driver) -> Outcome {
    let mut history = Sha256::new();
    let (before, after) = inputs.split_at(inputs.len() / 2);
    for input in before {
        note(&mut history, &feed(&mut driver, input));
    }
    driver = middle(driver);
    for input in after {
        note(&mut history, &feed(&mut driver, input));
    }
    let digest = history.finalize();
    Outcome {
        history: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        snapshot: driver.cloud.snapshot(),
        now: driver.cloud.now(),
    }
}

fn feed(driver: &mut Driver, input: &Recorded) -> Vec<Response<Bytes>> {
    let refused = driver.replay(input).err().map(|refusal| *refusal);
    refused.into_iter().chain(driver.take_answers().into_values()).collect()
}

fn note(history: &mut Sha256, answers: &[Response<Bytes>]) {
    for answer in answers {
        history.update(format!("{} {:?}", answer.status(), answer.headers()));
        history.update(answer.body());
    }
}
