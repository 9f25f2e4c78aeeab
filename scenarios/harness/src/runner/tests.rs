use super::{Played, play};
use crate::catalog::{Argument, Catalog, Kind, Signature};
use crate::script;
use crate::timeline::Timeline;
use crate::world::{Arguments, World, WorldError};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

/// A counter that each `add` raises after a delay.
#[derive(Default)]
struct Counter {
    due: Vec<(Instant, i64)>,
    looks: usize,
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
        ],
    };

    async fn act(&mut self, _action: &str, with: &Arguments) -> Result<Value, WorldError> {
        let amount = with["amount"].as_i64().unwrap_or_default();
        if amount > 100 {
            return Err(WorldError(format!("{amount} is too much")));
        }
        let delay = with.get("delay").and_then(Value::as_u64).unwrap_or_default();
        self.due.push((Instant::now() + Duration::from_secs(delay), amount));
        Ok(json!({ "amount": amount }))
    }

    async fn observe(&mut self, what: &str, _of: &Arguments) -> Result<Value, WorldError> {
        self.looks += 1;
        if what == "nothing" {
            return Err(WorldError("there is nothing".to_owned()));
        }
        let now = Instant::now();
        let total: i64 = self.due.iter().filter(|(at, _)| *at <= now).map(|(_, by)| by).sum();
        Ok(json!(total))
    }

    async fn finish(&mut self) -> Value {
        json!(self.due.len())
    }
}

fn run(when: &str, then: &str) -> (Played, Timeline, usize) {
    let text = format!("name: n\nstory: s\nwhen:\n{when}\nthen:\n{then}\n");
    let script = script::parse("test.yaml", &text, &Counter::CATALOG).expect("a good script");
    let builder = &mut tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_time().start_paused(true).build().expect("a runtime");
    runtime.block_on(async {
        let (mut world, timeline) = (Counter::default(), Timeline::new());
        let played = play(&script, &mut world, &timeline).await;
        (played, timeline, world.looks)
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
    let story: Vec<_> =
        timeline.entries().iter().map(|e| format!("{} {}", e.at.as_secs(), e.what)).collect();
    assert_eq!(
        story,
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
fn a_script_stops_where_it_breaks() {
    let expectation = "  - eventually: { see: total, equals: 0, within: 5m }";
    let check = |when: &str, reason: &str| {
        let (played, ..) = run(when, expectation);
        assert_eq!(played.stopped.as_deref(), Some(reason));
        assert!(!played.passed());
        assert_eq!(played.verdicts[0].seen, "not decided, because the script stopped");
    };
    check("  - { do: add, with: { amount: 1000 } }", "step 1: add: 1000 is too much");
    check(
        "  - { do: add, with: { amount: 1 }, fails_with: much }",
        "step 1: add should fail with `much` but succeeded",
    );
    check(
        "  - { do: add, with: { amount: 1 }, gives: { equals: { amount: 2 } } }",
        "step 1: add should give what equals amount=2 but gave amount=1",
    );
    check(
        "  - once: { see: total, equals: 7, within: 5m }",
        "step 1: waited 5m for total equals 7 within 5m; last seen: 0",
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
