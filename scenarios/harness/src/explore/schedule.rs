//! Faults drawn from a seed. They all end, so that progress can be demanded afterwards.

use crate::script::{Match, Nemesis, Span};
use crate::world::Arguments;
use serde_json::json;
use std::time::Duration;

/// Where faults of calls may strike.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub service: &'static str,
    pub operations: &'static [&'static str],
}

/// Most faults of one case.
const FAULTS_MAX: usize = 4;
/// Faults begin within so many seconds, and end so many after at most.
const BEGIN_SECONDS: u64 = 120;
const LAST_SECONDS: u64 = 60;
/// By then, counted from the first step, every drawn fault has ended.
pub const ALL_ENDED: Duration = Duration::from_secs(BEGIN_SECONDS + LAST_SECONDS);
/// Keeps the schedule apart from what else is drawn from the same seed.
const OTHER_STREAM: u64 = 0x6e65_6d65_7369_735f;

/// The operations of which single entries may fail.
const BATCHES: [&str; 3] = ["SendMessageBatch", "DeleteMessageBatch", "PutEvents"];

/// None to four faults for the case of `seed`.
pub fn draw(seed: u64, targets: &[Target]) -> Vec<Nemesis> {
    let mut random = fastrand::Rng::with_seed(seed ^ OTHER_STREAM);
    let count = random.usize(0..=FAULTS_MAX);
    (1..=count).map(|number| one(number, &mut random, targets)).collect()
}

fn one(number: usize, random: &mut fastrand::Rng, targets: &[Target]) -> Nemesis {
    let from = random.u64(0..BEGIN_SECONDS);
    let until = from + random.u64(1..=LAST_SECONDS);
    let (fault, with, on) = effect(random, targets);
    let chances = [1.0, 0.5, 0.2, 0.05];
    let span = |seconds| Some(Span(Duration::from_secs(seconds)));
    Nemesis {
        name: format!("{number} {fault}"),
        fault: fault.to_owned(),
        with,
        on,
        probability: Some(chances[random.usize(..chances.len())]),
        times: random.bool().then(|| random.u64(1..=8)),
        from: span(from),
        until: span(until),
        must_fire: Default::default(),
    }
}

/// A fault with its arguments and what it acts on.
fn effect(random: &mut fastrand::Rng, targets: &[Target]) -> (&'static str, Arguments, Match) {
    let call = |random: &mut fastrand::Rng| {
        let target = targets[random.usize(..targets.len())];
        let operation = target.operations[random.usize(..target.operations.len())];
        // Half of them strike a whole service.
        Match {
            service: Some(target.service.to_owned()),
            operation: random.bool().then(|| operation.to_owned()),
            ..Match::default()
        }
    };
    let of = |service: &str| Match { service: Some(service.to_owned()), ..Match::default() };
    let seconds = |seconds: u64| arguments(json!({ "seconds": seconds }));
    match random.u32(0..10) {
        0 => ("throttle", Arguments::default(), call(random)),
        1 => ("error", arguments(json!({ "code": "ServiceUnavailable" })), call(random)),
        2 | 3 => ("lose_answer", Arguments::default(), call(random)),
        4 => ("delay", seconds(random.u64(1..=20)), call(random)),
        5 => {
            let operation = BATCHES[random.usize(..BATCHES.len())].to_owned();
            let on = Match { operation: Some(operation), ..Match::default() };
            ("fail_entries", arguments(json!({ "share": 0.5 })), on)
        }
        6 => ("duplicate", Arguments::default(), of("sqs")),
        7 => ("reorder", Arguments::default(), of("sqs")),
        8 => ("hide", seconds(random.u64(1..=60)), of("sqs")),
        _ => {
            let times = arguments(json!({ "times": random.u64(1..=6) }));
            ("fail_delivery", times, Match::default())
        }
    }
}

fn arguments(value: serde_json::Value) -> Arguments {
    match value {
        serde_json::Value::Object(arguments) => arguments,
        _ => Arguments::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGETS: [Target; 1] = [Target { service: "sqs", operations: &["SendMessage"] }];

    #[test]
    fn the_seed_decides_and_every_fault_ends() {
        for seed in 0..200 {
            let faults = draw(seed, &TARGETS);
            assert_eq!(faults, draw(seed, &TARGETS));
            assert!(faults.iter().all(|fault| fault.until <= Some(Span(ALL_ENDED))));
            assert!(faults.iter().all(|fault| fault.until.is_some()));
        }
        let kinds: std::collections::BTreeSet<_> =
            (0..200).flat_map(|seed| draw(seed, &TARGETS)).map(|fault| fault.fault).collect();
        assert_eq!(kinds.len(), 9);
    }
}
