//! Every interleaving of answers, errors, heartbeats and time, up to a length, against a second
//! machine that is as simple as can be.

use serde_json::{Value, json};
use skyrig_asl::execution::News;

use super::driver::Driver;

const TIMEOUT: i64 = 5;
const HEARTBEAT: i64 = 3;
/// Inputs of a run.
const LENGTH: usize = 6;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Move {
    Beat,
    FailA,
    FailB,
    Succeed,
    Seconds(i64),
}

const MOVES: [Move; 6] =
    [Move::Beat, Move::FailA, Move::FailB, Move::Succeed, Move::Seconds(1), Move::Seconds(3)];

/// A retrier: the names it takes, how often, its interval, its rate.
type Retry = (&'static [&'static str], u32, i64, i64);

struct Machine {
    retries: &'static [Retry],
    catches: &'static [&'static [&'static str]],
}

const MACHINES: [Machine; 5] = [
    Machine { retries: &[], catches: &[] },
    Machine { retries: &[(&["A"], 1, 1, 1), (&["States.ALL"], 1, 2, 1)], catches: &[] },
    Machine {
        retries: &[(&["States.HeartbeatTimeout"], 2, 1, 2)],
        catches: &[&["States.Timeout"], &["States.TaskFailed"]],
    },
    Machine { retries: &[(&["States.Timeout"], 1, 1, 1)], catches: &[&["B"]] },
    Machine { retries: &[(&["States.TaskFailed"], 2, 2, 2)], catches: &[&["States.ALL"]] },
];

fn definition(machine: &Machine) -> Value {
    let retries: Vec<Value> = machine
        .retries
        .iter()
        .map(|(names, most, interval, rate)| {
            json!({"ErrorEquals": names, "MaxAttempts": most, "IntervalSeconds": interval,
                   "BackoffRate": rate})
        })
        .collect();
    let catches: Vec<Value> = machine
        .catches
        .iter()
        .map(|names| json!({"ErrorEquals": names, "Next": "Caught"}))
        .collect();
    let mut states = json!({
        "Work": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                 "TimeoutSeconds": TIMEOUT, "HeartbeatSeconds": HEARTBEAT, "Retry": retries,
                 "Catch": catches, "End": true},
    });
    if !catches.is_empty() {
        states["Caught"] = json!({"Type": "Pass", "End": true});
    }
    json!({"StartAt": "Work", "States": states})
}

/// What the task does, in the words of the language's description.
#[derive(Clone, Debug, PartialEq)]
enum Model {
    Running { deadline: i64, beat: i64 },
    BackingOff { until: i64 },
    Succeeded,
    Caught(String),
    Failed(String),
}

#[derive(Clone)]
struct Simple {
    now: i64,
    model: Model,
    attempts: Vec<u32>,
}

fn running(now: i64) -> Model {
    Model::Running { deadline: now + TIMEOUT, beat: now + HEARTBEAT }
}

/// Whether a name means an error; a missed heartbeat is a time-out with a second name.
fn means(name: &str, error: &str, heartbeat: bool) -> bool {
    match name {
        "States.ALL" => true,
        "States.TaskFailed" => error != "States.Timeout",
        "States.HeartbeatTimeout" => heartbeat,
        _ => name == error,
    }
}

impl Simple {
    fn fail(&mut self, machine: &Machine, error: &str, heartbeat: bool) {
        let takes = |names: &[&str]| names.iter().any(|name| means(name, error, heartbeat));
        if let Some(index) = machine.retries.iter().position(|retry| takes(retry.0)) {
            let (_, most, interval, rate) = machine.retries[index];
            if self.attempts[index] < most {
                let delay = interval * rate.pow(self.attempts[index]);
                self.attempts[index] += 1;
                self.model = Model::BackingOff { until: self.now + delay };
                return;
            }
        }
        let caught = machine.catches.iter().any(|names| takes(names));
        let error = error.to_owned();
        self.model = if caught { Model::Caught(error) } else { Model::Failed(error) };
    }

    fn apply(&mut self, machine: &Machine, next: Move) {
        match (next, &self.model) {
            (Move::Seconds(seconds), _) => {
                for _ in 0..seconds {
                    self.now += 1;
                    self.tick(machine);
                }
            }
            (Move::Beat, Model::Running { deadline, .. }) => {
                self.model = Model::Running { deadline: *deadline, beat: self.now + HEARTBEAT };
            }
            (Move::FailA, Model::Running { .. }) => self.fail(machine, "A", false),
            (Move::FailB, Model::Running { .. }) => self.fail(machine, "B", false),
            (Move::Succeed, Model::Running { .. }) => self.model = Model::Succeeded,
            _ => {}
        }
    }

    fn tick(&mut self, machine: &Machine) {
        match self.model {
            Model::Running { deadline, beat } if beat <= self.now && beat < deadline => {
                self.fail(machine, "States.Timeout", true);
            }
            Model::Running { deadline, .. } if deadline <= self.now => {
                self.fail(machine, "States.Timeout", false);
            }
            Model::BackingOff { until } if until <= self.now => self.model = running(self.now),
            _ => {}
        }
    }
}

fn apply(driver: &mut Driver, next: Move) {
    let open = !driver.open.is_empty();
    match next {
        Move::Seconds(seconds) => driver.advance(seconds * 1_000),
        Move::Beat if open => driver.news(News::Heartbeat),
        Move::FailA if open => driver.fail("A"),
        Move::FailB if open => driver.fail("B"),
        Move::Succeed if open => driver.succeed(json!("done")),
        _ => {}
    }
}

fn agree(driver: &Driver, simple: &Simple) -> bool {
    match &simple.model {
        Model::Running { .. } => driver.execution.outcome().is_none() && driver.open.len() == 1,
        Model::BackingOff { until } => {
            let wake = driver.execution.wake_at().map(|at| (at - super::driver::BEGIN) / 1_000);
            driver.open.is_empty() && wake == Some(*until)
        }
        Model::Succeeded => driver.output() == Some(json!("done")),
        Model::Caught(error) => {
            driver.output().is_some_and(|output| output["Error"] == error.as_str())
        }
        Model::Failed(error) => driver.error().as_deref() == Some(error),
    }
}

#[test]
fn every_interleaving_is_as_the_simple_machine_has_it() {
    for machine in &MACHINES {
        let driver = Driver::start(&definition(machine), &json!({}));
        let attempts = vec![0; machine.retries.len()];
        let simple = Simple { now: 0, model: running(0), attempts };
        let mut runs = 0;
        explore(machine, &driver, &simple, &mut Vec::new(), &mut runs);
        assert!(runs > 300, "only {runs} runs");
    }
}

fn explore(
    machine: &Machine,
    driver: &Driver,
    simple: &Simple,
    path: &mut Vec<Move>,
    runs: &mut usize,
) {
    *runs += 1;
    assert!(agree(driver, simple), "after {path:?}: {:?}, not {:?}", driver.kinds(), simple.model);
    let ended = driver.execution.outcome().is_some();
    if path.len() == LENGTH || ended {
        return;
    }
    // What is written down and read again goes on the same way.
    let driver = if path.len() == LENGTH / 2 { driver.written() } else { driver.clone() };
    for next in MOVES {
        let (mut driver, mut simple) = (driver.clone(), simple.clone());
        apply(&mut driver, next);
        simple.apply(machine, next);
        path.push(next);
        explore(machine, &driver, &simple, path, runs);
        path.pop();
    }
}

/// Two branches, each with a task: whatever happens in whatever order, nothing is left open, and
/// the first failure decides.
#[test]
fn branches_end_together_in_every_order() {
    let task = |name: &str| {
        json!({"StartAt": name, "States": {name: {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSeconds": 2,
            "Retry": [{"ErrorEquals": ["A"], "MaxAttempts": 1, "IntervalSeconds": 1}],
            "End": true}}})
    };
    let definition = json!({"StartAt": "Both", "States": {"Both": {
        "Type": "Parallel", "Branches": [task("Left"), task("Right")], "End": true}}});
    let mut open = vec![(Driver::start(&definition, &json!({})), 0)];
    let mut ended = 0;
    while let Some((driver, length)) = open.pop() {
        if driver.execution.outcome().is_some() {
            ended += 1;
            let good = driver.output() == Some(json!(["done", "done"]));
            assert!(good || driver.error().is_some(), "{:?}", driver.execution.outcome());
            continue;
        }
        if length == 5 {
            continue;
        }
        for next in [Move::FailA, Move::FailB, Move::Succeed, Move::Seconds(1)] {
            for turned in [false, true] {
                let mut driver = driver.clone();
                if turned {
                    driver.open.reverse();
                }
                apply(&mut driver, next);
                open.push((driver, length + 1));
            }
        }
    }
    assert!(ended > 500, "only {ended} ends");
}
