//! `scenario explore`: cases of the order system drawn from seeds, and what is shown of them.

use crate::workload;
use crate::{library, stages};
use harness::explore::schedule::{self, Target};
use harness::explore::shrink::shrink;
use harness::explore::{Failure, Plan, explore as explore_all};
use harness::script::{Act, Span, Start, Step};
use harness::stage::simulated::Detail;
use harness::{Arguments, Run, Script};
use orderflow::Role;
use std::fs;
use std::time::Duration;

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
/// Failing cases that are shrunk and saved; the others are only named.
const SHRUNK_MAX: usize = 3;

/// When the operator sends back what was given up, counted from the first step. By the first
/// time every fault has ended; what then fails again is looked at once more.
const REDRIVEN_AFTER: [Duration; 2] = [Duration::from_secs(300), Duration::from_secs(420)];

/// The case of a seed: orders and faults, and an operator who cleans up after an outage.
pub(crate) fn case(seed: u64, orders: u32) -> Script {
    let mut case =
        Script { nemesis: schedule::draw(seed, &TARGETS), ..workload::draw(seed, orders) };
    if !case.nemesis.is_empty() {
        let redrives =
            REDRIVEN_AFTER.iter().flat_map(|at| Role::consumers().map(|role| (*at, role)));
        case.when.extend(redrives.map(|(at, role)| redrive(at, role)));
    }
    case
}

fn redrive(at: Duration, role: Role) -> Step {
    let with = Arguments::from_iter([("queue".to_owned(), role.to_string().into())]);
    let action = "redrive".to_owned();
    let act = Act { action, with, alias: None, gives: None, fails_with: None, may_fail: true };
    Step { start: Start::At(Span(at)), repeat: None, act: Some(act) }
}

/// The command that plays the case of a seed again.
pub(crate) fn replay(seed: u64, orders: u32) -> String {
    format!("scenario replay {seed} --orders {orders}")
}

fn play(case: &Script, seed: u64) -> Result<Run, String> {
    stages::play_simulated(case, seed, Detail::Failures)
}

/// True if every seed passed.
pub(crate) fn explore(plan: &Plan, scenario: Option<&str>, orders: u32) -> Result<bool, String> {
    let script = scenario.map(library::find).transpose()?;
    let draw = |seed| script.clone().unwrap_or_else(|| case(seed, orders));
    let explored = explore_all(plan, draw, play);
    for (number, (seed, failure)) in explored.failures.iter().enumerate() {
        let again = match scenario {
            Some(scenario) => format!("scenario run {scenario} --seed {seed}"),
            None => replay(*seed, orders),
        };
        println!("seed {seed}: {again}");
        match failure {
            Failure::Diverged { first, second } => {
                println!("  it has two histories: {first} and {second}");
            }
            Failure::Broken(error) => println!("  {error}"),
            Failure::Failed(run) if number < SHRUNK_MAX => {
                let play = |case: &Script| play(case, *seed);
                let least = shrink(&draw(*seed), run, play);
                let file = format!("case-{seed}.yaml");
                fs::write(&file, least.case.to_yaml()?).map_err(|e| format!("{file}: {e}"))?;
                let (steps, faults) = (least.case.when.len(), least.case.nemesis.len());
                let again = format!("scenario run {file} --seed {seed}");
                println!("  shrunk to {steps} steps and {faults} faults: {again}");
                println!("{}", least.run.text(&again));
            }
            Failure::Failed(run) => {
                let failed = run.verdicts.iter().filter(|verdict| !verdict.passed);
                failed.for_each(|it| println!("  {}: {}", it.expectation, it.seen));
                run.stopped.iter().for_each(|reason| println!("  stopped: {reason}"));
            }
        }
    }
    let failed = explored.failures.len();
    print!("{}", explored.coverage);
    println!("{} seeds, each played twice: {failed} failed", explored.seeds);
    Ok(explored.failures.is_empty())
}
