//! Faults drawn from a seed. They all end, so that progress can be demanded afterwards.

use super::Dice;
use crate::script::{KILL, Match, Nemesis, PAUSE, RESTART, Span};
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
const FAULTS_MAX: u64 = 4;
/// Faults begin within so many seconds, and end so many after at most.
const BEGIN_SECONDS: u64 = 120;
const LAST_SECONDS: u64 = 60;
/// By then, counted from the first step, every drawn fault has ended.
pub const ALL_ENDED: Duration = Duration::from_secs(BEGIN_SECONDS + LAST_SECONDS);
/// Keep the schedules apart from each other and from what else is drawn from the same seed.
const AWS_STREAM: u64 = 0x6e65_6d65_7369_735f;
const PROCESS_STREAM: u64 = 0x7072_6f63_6573_735f;

/// Most processes that are disturbed in one case.
const DISTURBED_MAX: u64 = 2;
/// So long before a process is disturbed, calls become slow.
const SLOW_BEFORE: Duration = Duration::from_secs(10);

/// The operations of which single entries may fail.
const BATCHES: [&str; 3] = ["SendMessageBatch", "DeleteMessageBatch", "PutEvents"];

/// None to four faults at AWS for the case of `seed`.
pub fn draw(seed: u64, targets: &[Target]) -> Vec<Nemesis> {
    let mut dice = Dice::new(seed ^ AWS_STREAM);
    let count = dice.between(0, FAULTS_MAX);
    (1..=count).map(|number| one(number, &mut dice, targets)).collect()
}

/// None to two faults of processes for the case of `seed`, each of another role. Where calls take
/// no time, a process has nothing in hand when it dies; so most of these faults come with another
/// one that makes the calls of `slow`, a service, last a while just before.
pub fn draw_disturbances(seed: u64, roles: &[&str], slow: &str) -> Vec<Nemesis> {
    let mut dice = Dice::new(seed ^ PROCESS_STREAM);
    let mut roles = roles.to_vec();
    let count = dice.between(0, DISTURBED_MAX.min(roles.len() as u64));
    let mut faults = Vec::new();
    for _ in 0..count {
        let role = roles.swap_remove(dice.below(roles.len() as u64) as usize);
        let fault = dice.one(&[KILL, KILL, PAUSE, RESTART]);
        // Not at whole seconds, where the script's own steps are.
        let from = Duration::from_millis(dice.below(BEGIN_SECONDS * 1000));
        let until = from + Duration::from_millis(dice.between(1000, LAST_SECONDS * 1000));
        let seconds = dice.one(&[0.05, 0.2, 1.0]);
        let on = Match { role: Some(role.to_owned()), ..Match::default() };
        let disturbance = lasting(format!("{fault} {role}"), fault, on, from, until);
        if dice.chance(75) {
            let on = Match { service: Some(slow.to_owned()), ..Match::default() };
            let name = format!("slow before {}", disturbance.name);
            let slow = lasting(name, "delay", on, from.saturating_sub(SLOW_BEFORE), from);
            faults.push(Nemesis { with: arguments(json!({ "seconds": seconds })), ..slow });
        }
        faults.push(disturbance);
    }
    faults
}

pub(crate) fn lasting(
    name: String,
    fault: &str,
    on: Match,
    from: Duration,
    until: Duration,
) -> Nemesis {
    Nemesis {
        name,
        fault: fault.to_owned(),
        with: Arguments::default(),
        on,
        probability: None,
        times: None,
        from: Some(Span(from)),
        until: Some(Span(until)),
        must_fire: Default::default(),
    }
}

fn one(number: u64, dice: &mut Dice, targets: &[Target]) -> Nemesis {
    let from = dice.below(BEGIN_SECONDS);
    let until = from + dice.between(1, LAST_SECONDS);
    let (fault, with, on) = effect(dice, targets);
    let (from, until) = (Duration::from_secs(from), Duration::from_secs(until));
    Nemesis {
        with,
        probability: Some(dice.one(&[1.0, 0.5, 0.2, 0.05])),
        times: dice.chance(50).then(|| dice.between(1, 8)),
        ..lasting(format!("{number} {fault}"), fault, on, from, until)
    }
}

/// A fault with its arguments and what it acts on.
pub(crate) fn effect(dice: &mut Dice, targets: &[Target]) -> (&'static str, Arguments, Match) {
    let call = |dice: &mut Dice| {
        let target = dice.one(targets);
        let operation = dice.one(target.operations);
        // Half of them strike a whole service.
        Match {
            service: Some(target.service.to_owned()),
            operation: dice.chance(50).then(|| operation.to_owned()),
            ..Match::default()
        }
    };
    let of = |service: &str| Match { service: Some(service.to_owned()), ..Match::default() };
    let seconds = |seconds: u64| arguments(json!({ "seconds": seconds }));
    match dice.below(10) {
        0 => ("throttle", Arguments::default(), call(dice)),
        1 => ("error", arguments(json!({ "code": "ServiceUnavailable" })), call(dice)),
        2 | 3 => ("lose_answer", Arguments::default(), call(dice)),
        4 => ("delay", seconds(dice.between(1, 20)), call(dice)),
        5 => {
            let operation = dice.one(&BATCHES).to_owned();
            let on = Match { operation: Some(operation), ..Match::default() };
            ("fail_entries", arguments(json!({ "share": 0.5 })), on)
        }
        6 => ("duplicate", Arguments::default(), of("sqs")),
        7 => ("reorder", Arguments::default(), of("sqs")),
        8 => ("hide", seconds(dice.between(1, 60)), of("sqs")),
        _ => {
            let times = arguments(json!({ "times": dice.between(1, 6) }));
            ("fail_delivery", times, Match::default())
        }
    }
}

pub(super) fn arguments(value: serde_json::Value) -> Arguments {
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

    /// Another generator, or one draw more, changes every seed that somebody has written down.
    #[test]
    fn what_a_seed_draws_stays() {
        let drawn = |faults: Vec<Nemesis>| -> Vec<String> {
            faults.iter().map(ToString::to_string).collect()
        };
        assert_eq!(
            drawn(draw(1, &TARGETS)),
            [
                "fail_entries share=0.5 on DeleteMessageBatch, probability 0.05, at most 7 times, \
                 from 1m11s, until 1m53s",
                "error code=ServiceUnavailable on sqs SendMessage, probability 1, at most 2 times, \
                 from 0s, until 13s",
                "fail_delivery times=3, probability 0.2, from 1m37s, until 2m20s",
            ]
        );
        assert_eq!(
            drawn(draw_disturbances(3, &["a", "b", "c"], "sqs")),
            [
                "delay seconds=1.0 on sqs, from 58s824ms, until 1m8s824ms",
                "restart on b, from 1m8s824ms, until 1m32s217ms",
            ]
        );
    }

    #[test]
    fn each_role_is_disturbed_once_and_runs_again() {
        let mut kinds = std::collections::BTreeSet::new();
        for seed in 0..200 {
            let faults = draw_disturbances(seed, &["a", "b", "c"], "sqs");
            assert_eq!(faults, draw_disturbances(seed, &["a", "b", "c"], "sqs"));
            assert!(faults.iter().all(|fault| fault.until.is_some()));
            let mut roles: Vec<_> = faults.iter().filter_map(|it| it.on.role.as_ref()).collect();
            roles.sort();
            roles.dedup();
            let disturbed = faults.iter().filter(|fault| fault.is_of_process());
            assert_eq!(disturbed.count(), roles.len());
            kinds.extend(faults.into_iter().map(|fault| fault.fault));
        }
        assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["delay", "kill", "pause", "restart"]);
    }
}
