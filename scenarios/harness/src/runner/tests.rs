mod processes;
mod stopping;

use super::{Played, play};
use crate::catalog::{Argument, Catalog, Kind, Signature};
use crate::faults::Faults;
use crate::processes::{Disturbance, Processes};
use crate::script::{self, Nemesis};
use crate::timeline::{Entry, Timeline};
use crate::world::{Arguments, World, WorldError};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// A counter that each `add` raises after a delay. While the adder is down, `add` waits.
#[derive(Default)]
struct Counter {
    due: Vec<(Instant, i64)>,
    looks: usize,
    adder: Rc<Adder>,
}

/// What became of the adder's process, and whether it runs.
#[derive(Default)]
struct Adder {
    done: RefCell<Vec<Disturbance>>,
    is_down: Cell<bool>,
}

impl Processes for Rc<Adder> {
    async fn disturb(&mut self, role: &str, how: Disturbance) -> Result<(), WorldError> {
        if role == "broken" {
            return Err(WorldError("it does not obey".to_owned()));
        }
        if how == Disturbance::Stop {
            sleep_until(Instant::now() + Duration::from_secs(2)).await;
        }
        self.done.borrow_mut().push(how);
        self.is_down.set(!matches!(how, Disturbance::Start | Disturbance::Resume));
        Ok(())
    }
}

impl World for Counter {
    const CATALOG: Catalog = Catalog {
        actions: &[Signature {
            name: "add",
            about: "Raises the counter, some seconds later.",
            arguments: &[
                Argument::required("amount", Kind::Number),
                Argument::optional("delay", Kind::Number),
            ],
        }],
        observations: &[
            Signature { name: "total", about: "The counter.", arguments: &[] },
            Signature { name: "nothing", about: "Can't be seen.", arguments: &[] },
            Signature {
                name: "twice",
                about: "Twice the number.",
                arguments: &[Argument::required("number", Kind::Number)],
            },
        ],
        has_aws: false,
        invariants: &[
            Signature { name: "small", about: "The counter is at most 20.", arguments: &[] },
            Signature { name: "even", about: "The counter is even.", arguments: &[] },
        ],
        roles: &[
            Signature { name: "adder", about: "Adds.", arguments: &[] },
            Signature { name: "broken", about: "Can't be stopped.", arguments: &[] },
        ],
    };

    async fn act(&mut self, _action: &str, with: &Arguments) -> Result<Value, WorldError> {
        let amount = with["amount"].as_i64().unwrap_or_default();
        while self.adder.is_down.get() {
            sleep_until(Instant::now() + Duration::from_secs(1)).await;
        }
        if amount > 100 {
            return Err(WorldError(format!("{amount} is too much")));
        }
        let delay = with.get("delay").and_then(Value::as_u64).unwrap_or_default();
        self.due.push((Instant::now() + Duration::from_secs(delay), amount));
        Ok(json!({ "amount": amount }))
    }

    async fn observe(&mut self, what: &str, of: &Arguments) -> Result<Value, WorldError> {
        self.looks += 1;
        match what {
            "nothing" => Err(WorldError("there is nothing".to_owned())),
            "twice" => Ok(json!(of["number"].as_i64().unwrap_or_default() * 2)),
            _ => Ok(json!(self.total())),
        }
    }

    fn processes(&mut self) -> impl Processes + use<> {
        Rc::clone(&self.adder)
    }

    async fn at_rest(&mut self) -> Result<bool, WorldError> {
        assert!(!self.adder.is_down.get(), "rest is asked of what runs");
        Ok(self.due.iter().all(|(at, _)| *at <= Instant::now()))
    }

    async fn check(&mut self, invariant: &str) -> Result<(), WorldError> {
        let total = self.total();
        let holds = if invariant == "small" { total <= 20 } else { total % 2 == 0 };
        if holds { Ok(()) } else { Err(WorldError(format!("it is {total}"))) }
    }

    async fn finish(&mut self) -> Value {
        json!(self.due.len())
    }
}

impl Counter {
    fn total(&self) -> i64 {
        let now = Instant::now();
        self.due.iter().filter(|(at, _)| *at <= now).map(|(_, by)| by).sum()
    }
}

/// Every fault fires as often as its name has letters.
#[derive(Default)]
struct Letters(Vec<Vec<String>>);

impl Faults for Letters {
    async fn set_faults(&mut self, faults: &[Nemesis]) -> Result<(), String> {
        if faults.iter().any(|fault| fault.name == "impossible") {
            return Err("no such thing".to_owned());
        }
        self.0.push(faults.iter().map(|fault| fault.name.clone()).collect());
        Ok(())
    }

    async fn fired(&mut self) -> Result<BTreeMap<String, u64>, String> {
        let last = self.0.last().cloned().unwrap_or_default();
        Ok(last.iter().map(|name| (name.clone(), name.len() as u64)).collect())
    }
}

fn run(when: &str, then: &str) -> (Played, Timeline, usize) {
    let (played, timeline, looks, _) = run_all(&format!("when:\n{when}\nthen:\n{then}\n"), 1);
    (played, timeline, looks)
}

fn run_all(parts: &str, seed: u64) -> (Played, Timeline, usize, Letters) {
    let text = format!("name: n\nstory: s\n{parts}");
    let script = script::parse("test.yaml", &text, &Counter::CATALOG).expect("a good script");
    let builder = &mut tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_time().start_paused(true).build().expect("a runtime");
    runtime.block_on(async {
        let (mut world, timeline) = (Counter::default(), Timeline::new());
        let mut letters = Letters::default();
        let played = play(&script, seed, &mut world, &mut letters, &timeline).await;
        (played, timeline, world.looks, letters)
    })
}

/// The verdict of the first expectation: passed, the second it was decided, what was seen.
fn check(when: &str, then: &str, passed: bool, second: u64, seen: &str) {
    let (played, ..) = run(when, then);
    let verdict = &played.verdicts[0];
    let found = (verdict.passed, verdict.at.as_secs(), verdict.seen.as_str());
    assert_eq!(found, (passed, second, seen), "{when} {then} {:?}", played.stopped);
}

#[test]
fn expectations_are_decided_in_time() {
    let late = "  - { do: add, with: { amount: 5, delay: 60 } }";
    let eventually = "  - eventually: { see: total, equals: 5, within: 2m }";
    check(late, eventually, true, 60, "last seen: 5");
    let too_late = "  - { do: add, with: { amount: 5, delay: 121 } }";
    check(too_late, eventually, false, 120, "last seen: 0");
    let always = "  - always: { see: total, at_most: 4, within: 2m }";
    check(late, always, false, 60, "last seen: 5");
    check(too_late, always, true, 120, "last seen: 0");
    let never = "  - never: { see: total, at_least: 5, within: 2m }";
    check(late, never, false, 60, "last seen: 5");
    check(too_late, never, true, 120, "last seen: 0");
    let blind = "  - never: { see: nothing, equals: 5, within: 10s }";
    check(late, blind, false, 10, "nothing to see: there is nothing");
    // Between the steps, too: the counter is at 5 only from 60 s to 70 s.
    let peak = format!("{late}\n  - {{ at: 70s, do: add, with: {{ amount: -5 }} }}");
    check(&peak, "  - never: { see: total, equals: 5 }", false, 60, "last seen: 5");
    check(
        &peak,
        "  - eventually: { see: total, equals: 5, within: 1m }",
        false,
        130,
        "last seen: 0",
    );
}

#[test]
fn sometimes_is_seen_between_the_steps_too() {
    let peak = "  - { do: add, with: { amount: 5, delay: 60 } }\n\
                \x20 - { at: 70s, do: add, with: { amount: -5 } }";
    let sometimes = |wanted: u32| format!("  - sometimes: {{ see: total, equals: {wanted} }}");
    check(peak, &sometimes(5), true, 60, "last seen: 5");
    check(peak, &sometimes(7), false, 70, "last seen: 0");
    let late = "  - { do: add, with: { amount: 5, delay: 60 } }";
    check(late, "  - sometimes: { see: total, equals: 5, within: 2m }", true, 60, "last seen: 5");
}

fn story(timeline: &Timeline) -> Vec<String> {
    let line = |entry: &Entry| format!("{} {}", entry.at.as_secs(), entry.what);
    timeline.entries().iter().map(line).collect()
}

#[test]
fn steps_repeat() {
    let check = |when: &str, wanted: &[&str]| {
        let then = "  - never: { see: total, equals: -1 }";
        let (played, timeline, _) = run(when, then);
        assert!(played.passed(), "{played:?}");
        assert_eq!(story(&timeline), wanted, "{when}");
    };
    check(
        "  - { at: 1s, do: add, with: { amount: '${n}' }, every: 10s, times: 3, as: all }\n\
         \x20 - { do: add, with: { amount: '${all.2.amount}' }, gives: { equals: { amount: 3 } } }",
        &["1 add amount=1", "11 add amount=2", "21 add amount=3", "21 add amount=3"],
    );
    check(
        "  - { at: 5s, do: add, with: { amount: 1 }, every: 10s, until: 25s }\n\
         \x20 - { do: add, with: { amount: 2 } }",
        &["5 add amount=1", "15 add amount=1", "25 add amount=2"],
    );
    check(
        "  - { do: add, with: { amount: '${each}' }, each: [4, 5], every: 1s, as: some }\n\
         \x20 - { each: '${some}', do: add, with: { amount: '${each.amount}', delay: '${n}' } }",
        &["0 add amount=4", "1 add amount=5", "1 add amount=4 delay=1", "1 add amount=5 delay=2"],
    );
    check(
        "  - { do: add, with: { amount: 1000 }, fails_with: much, every: 1s, times: 1 }",
        &["0 add amount=1000", "0 refused as expected: 1000 is too much"],
    );
}

#[test]
fn a_rate_is_drawn_from_the_seed() {
    let parts = "when:\n  - { do: add, with: { amount: 1 }, rate: { per_minute: 60, for: 100s } }\n\
                 \x20 - { do: add, with: { amount: 0 } }\n\
                 then:\n  - eventually: { see: total, at_least: 70, within: 0s }\n";
    let drawn = |seed| {
        let (played, timeline, ..) = run_all(parts, seed);
        assert!(played.passed(), "{played:?}");
        timeline.entries()
    };
    assert_eq!(drawn(1), drawn(1));
    assert_ne!(drawn(1), drawn(2));
    assert_eq!(drawn(1).last().map(|entry| entry.at.as_secs()), Some(100));
}

#[test]
fn each_entry_is_judged() {
    let when = "  - { do: add, with: { amount: '${n}' }, every: 1s, times: 4, as: all }";
    let of = "see: twice, of: { number: '${each.amount}' }";
    let check_each = |mode: &str, wanted: &str, passed: bool, second: u64, seen: &str| {
        let then = format!("  - {{ each: '${{all}}', {mode}: {{ {of}, {wanted} }} }}");
        check(when, &then, passed, second, seen);
    };
    check_each("eventually", "at_least: 2, within: 1m", true, 3, "holds for all 4");
    check_each("always", "at_most: 8, within: 1m", true, 63, "holds for all 4");
    check_each("sometimes", "at_least: 2, within: 1m", true, 3, "holds for all 4");
    check_each("never", "equals: 6", false, 2, "fails for 1 of 4: number=3: last seen: 6");
    let seen = "fails for 4 of 4: number=1: last seen: 2; number=2: last seen: 4; \
                number=3: last seen: 6; …";
    check_each("eventually", "equals: 0, within: 1m", false, 63, seen);
    let empty = "  - { each: [], eventually: { see: total, at_least: 0, within: 0s } }";
    check(when, empty, false, 3, "the list is empty, which proves nothing");
    let no_list = "  - { each: '${all.0}', eventually: { see: total, at_least: 0, within: 0s } }";
    check(when, no_list, false, 3, "the list is empty, which proves nothing");
}

/// The verdicts as `holds|fails expectation: seen`.
fn check_parts(parts: &str, wanted: &[&str]) -> (Timeline, Letters) {
    let (played, timeline, _, letters) = run_all(parts, 1);
    assert_eq!(played.stopped, None);
    let told = played.verdicts.iter().map(|verdict| {
        let mark = if verdict.passed { "holds" } else { "fails" };
        format!("{mark} {}: {}", verdict.expectation, verdict.seen)
    });
    assert_eq!(told.collect::<Vec<_>>(), wanted, "{parts}");
    (timeline, letters)
}

#[test]
fn invariants_are_checked_at_rest() {
    let when = "when:\n  - { do: add, with: { amount: 25, delay: 60 } }\n";
    let small = "fails invariant small: it is 25";
    let even = "fails invariant even: it is 25";
    check_parts(&format!("{when}invariants: all\n"), &[small, even]);
    check_parts(&format!("{when}invariants: [even]\n"), &[even]);
    let even = when.replace("25", "2");
    check_parts(&format!("{even}invariants: [even]\n"), &["holds invariant even: it holds"]);
    let restless = when.replace("60", "6000");
    check_parts(
        &format!("{restless}invariants: [even]\n"),
        &[
            "fails the system comes to rest: it is still at work after 1800 s",
            "holds invariant even: it holds",
        ],
    );
}

#[test]
fn faults_must_fire() {
    let (timeline, letters) = check_parts(
        "nemesis:\n\
         \x20 - { name: abc, fault: lose_answer, on: { service: sqs }, must_fire: 3, times: 5 }\n\
         \x20 - { name: d, fault: throttle, from: 5s, until: 1m, must_fire: 2 }\n\
         \x20 - { fault: delay, with: { seconds: 2 }, must_fire: true }\n\
         when:\n  - { do: add, with: { amount: 2 } }\n\
         invariants: [even]\n",
        &[
            "holds fault abc fires at least 3 times: fired 3 times",
            "fails fault d fires at least 2 times: fired once",
            "holds fault delay-3 fires at least once: fired 7 times",
            "holds invariant even: it holds",
        ],
    );
    assert_eq!(
        story(&timeline),
        [
            "0 abc: lose_answer on sqs, at most 5 times",
            "0 d: throttle, from 5s, until 1m",
            "0 delay-3: delay seconds=2",
            "0 add amount=2",
            "0 abc: fired 3 times",
            "0 d: fired once",
            "0 delay-3: fired 7 times",
        ]
    );
    // They are lifted before the invariants are checked.
    assert_eq!(letters.0, [vec!["abc", "d", "delay-3"], vec![]]);
    let impossible = "nemesis:\n  - { name: impossible, fault: throttle }\nwhen: []\n\
                      then:\n  - never: { see: total, equals: 1 }\n";
    let stopped = run_all(impossible, 1).0.stopped;
    assert_eq!(stopped.as_deref(), Some("nemesis: no such thing"));
}

#[test]
fn steps_start_when_they_say() {
    let (played, timeline, _) = run(
        "  - { do: add, with: { amount: 5, delay: 60 }, gives: { contains: { amount: 5 } }, as: first }\n\
         \x20 - once: { see: total, equals: '${first.amount}', within: 5m }\n\
         \x20   do: add\n    with: { amount: '${first.amount}' }\n\
         \x20 - { after: 30s, do: add, with: { amount: 1 } }\n\
         \x20 - { at: 2m, do: add, with: { amount: 1000 }, fails_with: too much }",
        "  - eventually: { see: total, equals: 11, within: 0s }",
    );
    assert!(played.passed(), "{played:?}");
    assert_eq!(
        story(&timeline),
        [
            "0 add amount=5 delay=60",
            "60 saw total equals 5 within 5m",
            "60 add amount=5",
            "90 add amount=1",
            "120 add amount=1000",
            "120 refused as expected: 1000 is too much",
        ]
    );
}

#[test]
fn waiting_a_fortnight_costs_hundreds_of_looks() {
    let (played, _, looks) = run(
        "  - { do: add, with: { amount: 5, delay: 1209600 } }",
        "  - eventually: { see: total, equals: 5, within: 15d }",
    );
    assert!(played.passed(), "{played:?}");
    assert!(looks < 2000, "{looks}");
}
