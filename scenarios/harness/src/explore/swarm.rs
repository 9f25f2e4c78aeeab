//! Faults as diverse as life: each seed does without some kinds, and what is left strikes one
//! resource, one caller or one attempt, for seconds or for half an hour, and one process again and
//! again. They all end.
//!
//! Source: Groce and others, "Swarm testing", ISSTA 2012.

use super::Dice;
use super::schedule::{Target, arguments, lasting};
use crate::script::{KILL, Match, Nemesis, PAUSE, RESTART};
use crate::world::Arguments;
use serde_json::json;
use std::time::Duration;

/// What there is to disturb.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    pub targets: &'a [Target],
    /// Names of queues, tables and the like by service, as scripts name them.
    pub resources: &'a [(&'a str, &'a [&'a str])],
    /// Operations that take several entries.
    pub batches: &'a [&'a str],
    pub roles: &'a [&'a str],
    /// The service whose calls are slow before a process is disturbed.
    pub slow: &'a str,
}

/// Kinds of which a seed does without some.
const KINDS: [&str; 12] = [
    "throttle",
    "error",
    "conflict",
    "lose_answer",
    "delay",
    "fail_entries",
    "duplicate",
    "reorder",
    "hide",
    "fail_delivery",
    "processes",
    "long",
];
const FAULTS_MAX: u64 = 6;
const DISTURBED_MAX: u64 = 6;
/// Keeps the schedule apart from what else is drawn from the same seed.
const STREAM: u64 = 0x7377_6172_6d5f_666c;
const LONG_SECONDS: u64 = 40 * 60;
const SLOW_BEFORE: Duration = Duration::from_secs(10);

/// The faults of `seed`, beginning within so many seconds of its story.
pub fn draw(seed: u64, scope: &Scope<'_>, story_seconds: u64) -> Vec<Nemesis> {
    let mut dice = Dice::apart(seed, STREAM);
    // One seed in eight has no faults at all: what then goes wrong has no excuse.
    if dice.below(8) == 0 {
        return Vec::new();
    }
    let with: Vec<&str> = KINDS.into_iter().filter(|_| dice.chance(50)).collect();
    let kinds: Vec<&str> =
        with.iter().copied().filter(|kind| !["processes", "long"].contains(kind)).collect();
    let story = story_seconds.max(60);
    let is_long = with.contains(&"long");
    let mut faults = Vec::new();
    if !kinds.is_empty() {
        for number in 1..=dice.between(1, FAULTS_MAX) {
            faults.push(one(&mut dice, number, &kinds, scope, story, is_long));
        }
    }
    if with.contains(&"processes") {
        faults.extend(disturbances(&mut dice, scope, story));
    }
    faults
}

fn one(
    dice: &mut Dice,
    number: u64,
    kinds: &[&str],
    scope: &Scope<'_>,
    story: u64,
    is_long: bool,
) -> Nemesis {
    let kind = dice.one(kinds);
    let (fault, with, on) = effect(dice, kind, scope);
    let from = dice.below(story);
    let long = is_long && dice.chance(25);
    let until = from + if long { dice.between(60, LONG_SECONDS) } else { dice.between(1, 60) };
    let (from, until) = (Duration::from_secs(from), Duration::from_secs(until));
    let few = dice.chance(50).then(|| dice.between(1, 8));
    // What lasts long does not strike always: nothing would ever get through.
    let probability = if long { dice.one(&[0.2, 0.05]) } else { dice.one(&[1.0, 0.5, 0.2, 0.05]) };
    Nemesis {
        with,
        probability: Some(probability),
        times: few,
        ..lasting(format!("{number} {kind}"), fault, on, from, until)
    }
}

/// A fault with its arguments and what it acts on.
fn effect(dice: &mut Dice, kind: &str, scope: &Scope<'_>) -> (&'static str, Arguments, Match) {
    let seconds = |seconds: u64| arguments(json!({ "seconds": seconds }));
    match kind {
        "throttle" => ("throttle", Arguments::default(), call(dice, scope)),
        "error" => ("error", arguments(json!({ "code": "ServiceUnavailable" })), call(dice, scope)),
        // Two writers of one item: of single writes, as transactions name their reasons.
        "conflict" => {
            let operation = dice.one(&["PutItem", "UpdateItem"]).to_owned();
            let on = Match {
                service: Some("dynamodb".to_owned()),
                operation: Some(operation),
                ..Match::default()
            };
            let with = json!({ "code": "TransactionConflictException", "status": 400,
                "message": "Transaction is ongoing for the item" });
            ("error", arguments(with), on)
        }
        "lose_answer" => ("lose_answer", Arguments::default(), call(dice, scope)),
        "delay" => ("delay", seconds(dice.between(1, 20)), call(dice, scope)),
        "fail_entries" => {
            let operation = Some(dice.one(scope.batches).to_owned());
            let share = dice.one(&[1.0, 0.5, 0.2]);
            let on = Match { operation, ..Match::default() };
            ("fail_entries", arguments(json!({ "share": share })), on)
        }
        "duplicate" => ("duplicate", Arguments::default(), queue(dice, scope)),
        "reorder" => ("reorder", Arguments::default(), queue(dice, scope)),
        "hide" => ("hide", seconds(dice.between(1, 60)), queue(dice, scope)),
        _ => {
            let times = arguments(json!({ "times": dice.between(1, 6) }));
            ("fail_delivery", times, Match { service: None, ..queue(dice, scope) })
        }
    }
}

/// Calls of one service, and often of one operation, one resource, one caller or one attempt.
fn call(dice: &mut Dice, scope: &Scope<'_>) -> Match {
    let target = dice.one(scope.targets);
    let operation = dice.one(target.operations);
    let resources = scope.resources.iter().find(|(service, _)| *service == target.service);
    let resource = resources.map(|(_, names)| dice.one(names));
    Match {
        service: Some(target.service.to_owned()),
        operation: dice.chance(50).then(|| operation.to_owned()),
        resource: resource.filter(|_| dice.chance(40)).map(str::to_owned),
        caller: dice.chance(25).then(|| dice.one(scope.roles).to_owned()),
        attempt: dice.chance(20).then(|| dice.between(1, 2) as u32),
        role: None,
    }
}

/// Messages of one queue, or of all.
fn queue(dice: &mut Dice, scope: &Scope<'_>) -> Match {
    let queues = scope.resources.iter().find(|(service, _)| *service == "sqs");
    let resource = queues.map(|(_, names)| dice.one(names)).filter(|_| dice.chance(40));
    let resource = resource.map(str::to_owned);
    Match { service: Some("sqs".to_owned()), resource, ..Match::default() }
}

/// One to six disturbances, one after the other where they are of the same role.
fn disturbances(dice: &mut Dice, scope: &Scope<'_>, story: u64) -> Vec<Nemesis> {
    let mut faults = Vec::new();
    // Few roles, so that one is disturbed several times.
    let few: Vec<&str> = (0..dice.between(1, 3)).map(|_| dice.one(scope.roles)).collect();
    let mut free_from = std::collections::BTreeMap::<&str, u64>::new();
    for number in 1..=dice.between(1, DISTURBED_MAX) {
        let role = dice.one(&few);
        let fault = dice.one(&[KILL, KILL, PAUSE, RESTART]);
        let free = free_from.get(role).copied().unwrap_or(0);
        // Not at whole seconds, where the script's own steps are.
        let from = free + 1 + dice.below(story * 1000);
        let until = from + dice.between(1000, 60_000);
        free_from.insert(role, until + 1);
        let (from, until) = (Duration::from_millis(from), Duration::from_millis(until));
        let on = Match { role: Some(role.to_owned()), ..Match::default() };
        let disturbance = lasting(format!("{fault} {role} {number}"), fault, on, from, until);
        if dice.chance(60) {
            let on = Match {
                service: Some(scope.slow.to_owned()),
                caller: dice.chance(50).then(|| role.to_owned()),
                ..Match::default()
            };
            let name = format!("slow before {}", disturbance.name);
            let with = arguments(json!({ "seconds": dice.one(&[0.05, 0.2, 1.0]) }));
            let slow = lasting(name, "delay", on, from.saturating_sub(SLOW_BEFORE), from);
            faults.push(Nemesis { with, ..slow });
        }
        faults.push(disturbance);
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const SCOPE: Scope<'_> = Scope {
        targets: &[Target { service: "sqs", operations: &["SendMessage"] }],
        resources: &[("sqs", &["orders", "payments"])],
        batches: &["SendMessageBatch"],
        roles: &["a", "b", "c"],
        slow: "dynamodb",
    };

    #[test]
    fn the_seed_decides_and_every_fault_ends() {
        let mut seen = BTreeSet::new();
        let (mut none, mut long, mut twice) = (0, 0, 0);
        for seed in 0..400 {
            let faults = draw(seed, &SCOPE, 120);
            assert_eq!(faults, draw(seed, &SCOPE, 120));
            assert!(faults.iter().all(|fault| fault.until > fault.from));
            none += u32::from(faults.is_empty());
            for fault in &faults {
                let lasts = fault.until.expect("an end").0 - fault.from.expect("a beginning").0;
                long += u32::from(lasts > Duration::from_secs(60));
                seen.insert(fault.fault.clone());
                let on = &fault.on;
                let limits = [
                    ("resource", on.resource.is_some()),
                    ("caller", on.caller.is_some()),
                    ("attempt", on.attempt.is_some()),
                    (
                        "conflict",
                        fault.with.get("code") == Some(&"TransactionConflictException".into()),
                    ),
                ];
                seen.extend(limits.into_iter().filter(|it| it.1).map(|it| it.0.to_owned()));
            }
            let mut roles: Vec<_> = faults.iter().filter_map(|it| it.on.role.as_ref()).collect();
            let all = roles.len();
            roles.sort();
            roles.dedup();
            twice += u32::from(roles.len() < all);
        }
        assert_eq!(seen.len(), 12 + 4, "{seen:?}");
        assert!(none > 20 && long > 20 && twice > 20, "{none} {long} {twice}");
    }

    /// Twelve kinds, half of which each seed does without.
    #[test]
    fn each_seed_does_without_some() {
        let kinds = |seed: u64| -> BTreeSet<String> {
            draw(seed, &SCOPE, 120).into_iter().map(|fault| fault.fault).collect()
        };
        assert!((0..400).all(|seed| kinds(seed).len() < 10));
    }
}
