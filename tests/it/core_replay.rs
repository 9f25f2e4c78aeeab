//! A cloud is a value: the same inputs give the same bytes, also through a snapshot or a clone.
//!
//! The inputs are recorded from a seeded client that uses what the cloud answers (receipt handles,
//! ARNs), then fed again to clouds that must not tell the difference.

mod client;
mod others;

use bytes::Bytes;
use http::Response;
use sha2::{Digest, Sha256};
use skyrig::Cloud;

use crate::world::{Input, World};

const SEED: u64 = 20_261_121;
const INPUTS: usize = 400;

#[test]
fn the_same_inputs_give_the_same_history() {
    let recorded = record(SEED);
    let first = replay(&recorded, |world| world);
    assert_eq!(replay(&recorded, |world| world), first, "fed again");
}

#[test]
fn a_snapshot_in_the_middle_changes_nothing() {
    let recorded = record(SEED);
    let through_snapshot = replay(&recorded, |world| {
        let bytes = world.cloud.snapshot();
        let restored = Cloud::restore(&bytes).expect("a snapshot can be restored");
        assert_eq!(restored.snapshot(), bytes, "a snapshot of the restored");
        world.around(restored)
    });
    assert_eq!(through_snapshot, replay(&recorded, |world| world));
}

#[test]
fn a_clone_in_the_middle_changes_nothing() {
    let recorded = record(SEED);
    let through_clone = replay(&recorded, |mut world| {
        let cloud = world.cloud.clone();
        let clone = world.around(cloud);
        // What happens to the original afterwards is no matter of the clone's.
        for input in &recorded[..50] {
            world.feed(input.clone());
        }
        clone
    });
    assert_eq!(through_clone, replay(&recorded, |world| world));
}

#[test]
fn another_seed_gives_another_history() {
    let recorded = record(SEED);
    let of_seed = |seed| run(World::new(seed), &recorded, |world| world);
    assert_ne!(of_seed(SEED), of_seed(SEED + 1));
}

#[test]
fn the_recording_is_worth_replaying() {
    let mut world = World::new(SEED);
    let mut refused = 0;
    let mut answers = 0;
    for input in record(SEED) {
        for answer in world.feed(input) {
            answers += 1;
            refused += usize::from(!answer.status().is_success());
        }
    }
    assert!(answers > INPUTS / 2, "only {answers} answers");
    assert!(refused > 5, "only {refused} errors");
    assert!(refused < answers / 2, "{refused} of {answers} are errors");
}

/// What a seeded client does to a fresh cloud.
fn record(seed: u64) -> Vec<Input> {
    let mut world = World::new(seed);
    let mut client = client::Client::new(seed);
    let mut recorded = Vec::new();
    for _ in 0..INPUTS {
        let input = client.next(&world);
        let answers = world.feed(input.clone());
        client.learn(&answers);
        recorded.push(input);
    }
    recorded
}

fn replay(inputs: &[Input], middle: impl FnOnce(World) -> World) -> String {
    run(World::new(SEED), inputs, middle)
}

/// The hash of all replies and of the state in the end; `middle` happens half-way.
fn run(mut world: World, inputs: &[Input], middle: impl FnOnce(World) -> World) -> String {
    let mut history = Sha256::new();
    let (before, after) = inputs.split_at(inputs.len() / 2);
    for input in before {
        note(&mut history, &world.feed(input.clone()));
    }
    world = middle(world);
    for input in after {
        note(&mut history, &world.feed(input.clone()));
    }
    history.update(world.cloud.snapshot());
    let digest = history.finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn note(history: &mut Sha256, answers: &[Response<Bytes>]) {
    for answer in answers {
        history.update(format!("{} {:?}", answer.status(), answer.headers()));
        history.update(answer.body());
    }
}
