//! `scenario explore`: cases of the order system drawn from seeds.

use crate::form::Form;
use crate::words::CATALOG;
use crate::{library, stages, swarm, workload};
use harness::explore::schedule::{self, Target};
use harness::explore::swarm::{self as faults, Scope};
use harness::explore::{Commands, Plan, explore_and_show};
use harness::stage::Detail;
use harness::{Run, Script};
use orderflow::{Role, Saga};

/// What the order system calls; faults may strike there.
const TARGETS: [Target; 6] = [
    Target {
        service: "dynamodb",
        operations: &[
            "PutItem",
            "UpdateItem",
            "GetItem",
            "Query",
            "TransactWriteItems",
            "BatchExecuteStatement",
            "BatchGetItem",
            "BatchWriteItem",
        ],
    },
    Target {
        service: "sqs",
        operations: &[
            "ReceiveMessage",
            "SendMessage",
            "SendMessageBatch",
            "DeleteMessageBatch",
            "ChangeMessageVisibility",
        ],
    },
    Target { service: "events", operations: &["PutEvents"] },
    Target { service: "sns", operations: &["PublishBatch"] },
    Target { service: "cloudwatch", operations: &["PutMetricData"] },
    Target {
        service: "states",
        operations: &["StartExecution", "SendTaskSuccess", "SendTaskFailure"],
    },
];
/// The last of which only a state machine's saga calls.
const WITHOUT_MACHINE: usize = TARGETS.len() - 1;
/// Whose calls are slow just before a process is disturbed, so that it has something in hand.
const SLOW: &str = "dynamodb";

/// Of these each entry may fail by itself.
const BATCHES: [&str; 6] = [
    "SendMessageBatch",
    "DeleteMessageBatch",
    "PutEvents",
    "PublishBatch",
    "BatchGetItem",
    "BatchWriteItem",
];
/// By service, as scripts name them.
const RESOURCES: [(&str, &[&str]); 2] = [
    (
        "dynamodb",
        &[
            "event-store",
            "outbox",
            "orders",
            "inbox",
            "audit",
            "analytics",
            "failures",
            "simulated-gateway",
        ],
    ),
    (
        "sqs",
        &[
            "orders",
            "inventory",
            "payments",
            "fulfilment",
            "notifications",
            "projector",
            "audit",
            "bridge",
        ],
    ),
];

/// How a case is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Draw {
    /// Of any size and density, with some features and some kinds of faults.
    #[default]
    Swarm,
    /// So many orders in two minutes, and faults of a minute at most.
    Plain,
}

impl Draw {
    /// What the end of a command says of it.
    fn flag(self) -> &'static str {
        match self {
            Self::Swarm => "",
            Self::Plain => " --draw plain",
        }
    }
}

fn targets(form: Form) -> &'static [Target] {
    match form.saga {
        Saga::Choreography => &TARGETS[..WITHOUT_MACHINE],
        Saga::StepFunctions => &TARGETS,
    }
}

/// The case of a seed: orders and faults.
pub(crate) fn case(draw: Draw, seed: u64, orders: u32, form: Form) -> Script {
    match draw {
        Draw::Plain => plain(seed, orders, form),
        Draw::Swarm => {
            let (script, seconds) = swarm::draw(seed, orders);
            let scope = Scope {
                targets: targets(form),
                resources: &RESOURCES,
                batches: &BATCHES,
                roles: &Role::ALL.map(Role::as_str),
                slow: SLOW,
            };
            Script { nemesis: faults::draw(seed, &scope, seconds), ..script }
        }
    }
}

/// Orders within two minutes, and faults of at most one.
pub(crate) fn plain(seed: u64, orders: u32, form: Form) -> Script {
    let targets = targets(form);
    let at_aws = schedule::draw(seed, targets);
    let disturbances = schedule::draw_disturbances(seed, &Role::ALL.map(Role::as_str), SLOW);
    let nemesis = [at_aws, disturbances].concat();
    Script { nemesis, ..workload::draw(seed, orders) }
}

/// The command that plays the case of a seed again.
pub(crate) fn replay(draw: Draw, seed: u64, orders: u32, form: Form) -> String {
    format!("scenario replay {seed} --orders {orders}{}{}", draw.flag(), form.flags())
}

fn play(case: &Script, seed: u64, form: Form) -> Result<Run, String> {
    stages::play_simulated(case, seed, Detail::Failures, form)
}

/// What long exploring reaches at some time: every command, every kind of fault that is drawn, and
/// every end of an order.
fn sometimes() -> Vec<String> {
    const FAULTS: [&str; 12] = [
        "throttle",
        "error",
        "lose_answer",
        "delay",
        "fail_entries",
        "duplicate",
        "reorder",
        "hide",
        "fail_delivery",
        "kill",
        "pause",
        "restart",
    ];
    const ENDS: [&str; 6] = [
        "OrderDelivered",
        "OrderCancelled for CustomerRequest: ReservationReleased, PaymentRefunded",
        "OrderCancelled for CustomerRequest: ReservationReleased, PaymentVoided",
        "OrderCancelled for PaymentFailed",
        "OrderCancelled for ReservationFailed",
        "OrderCancelled for TimedOut",
    ];
    let commands = CATALOG.actions.iter().map(|action| action.name);
    commands.chain(FAULTS).chain(ENDS).map(str::to_owned).collect()
}

/// True if every seed passed.
pub(crate) fn explore(
    plan: Plan,
    scenario: Option<&str>,
    (how, orders): (Draw, u32),
    form: Form,
) -> Result<bool, String> {
    let script = scenario.map(library::find).transpose()?;
    let draw = |seed| script.clone().unwrap_or_else(|| case(how, seed, orders, form));
    let run = |file: &str, seed| format!("scenario run {file} --seed {seed}{}", form.flags());
    let replay = |seed| match scenario {
        Some(scenario) => run(scenario, seed),
        None => replay(how, seed, orders, form),
    };
    let play = |case: &Script, seed| play(case, seed, form);
    let cases = match scenario {
        Some(scenario) => scenario.to_owned(),
        None => format!("{how:?} of {orders} orders{}", form.flags()),
    };
    let sometimes = if scenario.is_none() && how == Draw::Swarm { sometimes() } else { vec![] };
    let plan = Plan { cases, sometimes, ..plan };
    explore_and_show(&plan, draw, play, &Commands { replay: &replay, run: &run })
}

#[cfg(test)]
mod tests {
    use super::{Draw, case, plain, play};
    use crate::form::Form;
    use harness::record::Hashes;
    use serde_json::json;
    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::Mutex;
    use std::thread;

    /// Fewer than a user explores with, so that all seeds take half a minute.
    const ORDERS: u32 = 2;
    const SEEDS: u64 = 40;

    /// The hashes of each seed's run. The threads take the seeds as they come, so that each run has
    /// other runs beside it and other runs before it on its thread.
    fn hashes(seeds: impl Iterator<Item = u64> + Send, form: Form) -> BTreeMap<u64, Hashes> {
        let (left, hashes) = (Mutex::new(seeds), Mutex::new(BTreeMap::new()));
        let next = || left.lock().expect("no panic").next();
        thread::scope(|scope| {
            for _ in 0..thread::available_parallelism().map_or(2, |it| it.get().max(2)) {
                scope.spawn(|| {
                    while let Some(seed) = next() {
                        // Every fourth on FIFO queues.
                        let form = Form { fifo: seed % 4 == 0, ..form };
                        let draw = if seed % 2 == 0 { Draw::Swarm } else { Draw::Plain };
                        let run = play(&case(draw, seed, ORDERS, form), seed, form);
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
        let case = plain(1, 1, Form::default());
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
        let form = Form::default();
        let first = hashes(1..=SEEDS, form);
        assert_eq!(first.len() as u64, SEEDS);
        assert_eq!(first, hashes((1..=SEEDS).rev(), form));
        let distinct: BTreeSet<_> = first.values().map(|one| &one.history).collect();
        assert_eq!(distinct.len() as u64, SEEDS);
    }

    #[test]
    fn one_seed_has_one_history_also_where_a_state_machine_leads() {
        const FEW: u64 = 12;
        let first = hashes(1..=FEW, Form::LED);
        assert_eq!(first, hashes((1..=FEW).rev(), Form::LED));
    }
}
