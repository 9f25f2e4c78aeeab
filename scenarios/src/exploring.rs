//! `scenario explore`: cases of the order system drawn from seeds.

use crate::workload;
use crate::{library, stages};
use harness::Script;
use harness::explore::schedule::{self, Target};
use harness::explore::{Commands, Plan, explore_and_show};
use harness::stage::Detail;
use orderflow::Role;
use orderflow::config::QueueKind;

/// What the order system calls; faults may strike there.
const TARGETS: [Target; 5] = [
    Target {
        service: "dynamodb",
        operations: &["PutItem", "UpdateItem", "GetItem", "Query", "TransactWriteItems"],
    },
    Target {
        service: "sqs",
        operations: &[
            "ReceiveMessage",
            "SendMessage",
            "DeleteMessageBatch",
            "ChangeMessageVisibility",
        ],
    },
    Target { service: "events", operations: &["PutEvents"] },
    Target { service: "sns", operations: &["Publish"] },
    Target { service: "cloudwatch", operations: &["PutMetricData"] },
];
/// Whose calls are slow just before a process is disturbed, so that it has something in hand.
const SLOW: &str = "dynamodb";

/// The case of a seed: orders and faults.
pub(crate) fn case(seed: u64, orders: u32) -> Script {
    let at_aws = schedule::draw(seed, &TARGETS);
    let disturbances = schedule::draw_disturbances(seed, &Role::ALL.map(Role::as_str), SLOW);
    let nemesis = [at_aws, disturbances].concat();
    Script { nemesis, ..workload::draw(seed, orders) }
}

/// The command that plays the case of a seed again.
pub(crate) fn replay(seed: u64, orders: u32, queues: QueueKind) -> String {
    format!("scenario replay {seed} --orders {orders}{}", flag(queues))
}

/// With which a command plays a system with such queues.
pub(crate) fn flag(queues: QueueKind) -> &'static str {
    match queues {
        QueueKind::Standard => "",
        QueueKind::Fifo => " --fifo",
    }
}

/// True if every seed passed.
pub(crate) fn explore(
    plan: &Plan,
    scenario: Option<&str>,
    orders: u32,
    queues: QueueKind,
) -> Result<bool, String> {
    let play = |case: &Script, seed: u64| stages::play_on(queues, case, seed, Detail::Failures);
    let script = scenario.map(library::find).transpose()?;
    let draw = |seed| script.clone().unwrap_or_else(|| case(seed, orders));
    let run = |file: &str, seed| format!("scenario run {file} --seed {seed}{}", flag(queues));
    let replay = |seed| match scenario {
        Some(scenario) => run(scenario, seed),
        None => replay(seed, orders, queues),
    };
    explore_and_show(plan, draw, play, &Commands { replay: &replay, run: &run })
}

#[cfg(test)]
mod tests {
    use super::case;
    use crate::stages;
    use harness::record::Hashes;
    use harness::stage::Detail;
    use orderflow::config::QueueKind;
    use serde_json::json;
    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::Mutex;
    use std::thread;

    /// Fewer than a user explores with, so that all seeds take half a minute.
    const ORDERS: u32 = 2;
    const SEEDS: u64 = 40;

    /// The hashes of each seed's run. The threads take the seeds as they come, so that each run has
    /// other runs beside it and other runs before it on its thread.
    fn hashes(seeds: impl Iterator<Item = u64> + Send) -> BTreeMap<u64, Hashes> {
        let (left, hashes) = (Mutex::new(seeds), Mutex::new(BTreeMap::new()));
        let next = || left.lock().expect("no panic").next();
        thread::scope(|scope| {
            for _ in 0..thread::available_parallelism().map_or(2, |it| it.get().max(2)) {
                scope.spawn(|| {
                    while let Some(seed) = next() {
                        // Every fourth on FIFO queues.
                        let queues =
                            if seed % 4 == 0 { QueueKind::Fifo } else { QueueKind::Standard };
                        let case = case(seed, ORDERS);
                        let run = stages::play_on(queues, &case, seed, Detail::Failures);
                        let run = run.expect("a world");
                        assert!(run.passed, "{}", run.text("-"));
                        let one = run.hashes.expect("a simulation has them");
                        hashes.lock().expect("no panic").insert(seed, one);
                    }
                });
            }
        });
        hashes.into_inner().expect("no panic")
    }

    /// Another generator, or one draw more, changes every seed that somebody has written down.
    #[test]
    fn what_a_seed_draws_stays() {
        let case = case(1, 1);
        let faults: Vec<_> = case.nemesis.iter().map(|one| one.fault.as_str()).collect();
        assert_eq!(faults, ["fail_entries", "error", "fail_delivery"]);
        let acts = case.when.iter().filter_map(|step| step.act.as_ref());
        let acts: Vec<_> = acts.map(|act| (act.action.as_str(), json!(act.with))).collect();
        let items = json!([
            { "product": "desk", "quantity": 1, "unit_price": "310.00" },
            { "product": "lamp", "quantity": 4, "unit_price": "49.90" },
        ]);
        let confirmed =
            json!({ "order": "${o1.id}", "payment_method": "card", "if_allowed": true });
        assert_eq!(
            acts,
            [
                ("lag_stream", json!({ "topic": "customers", "partition": 0, "seconds": 2 })),
                ("place_order", json!({ "customer": "dan", "id": "o-0001", "items": items })),
                ("confirm_order", confirmed),
            ]
        );
    }

    #[test]
    fn one_seed_has_one_history_and_one_state() {
        let first = hashes(1..=SEEDS);
        assert_eq!(first.len() as u64, SEEDS);
        assert_eq!(first, hashes((1..=SEEDS).rev()));
        let distinct: BTreeSet<_> = first.values().map(|one| &one.history).collect();
        assert_eq!(distinct.len() as u64, SEEDS);
    }
}
