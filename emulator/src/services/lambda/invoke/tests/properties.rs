//! Events are conserved: each ends in a success, at a destination or as a dead letter, and none is
//! run more often than it may.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Lambda, failed, returned};
use crate::kernel::FunctionEnd;

/// What happens next.
#[derive(Clone, Copy, Debug)]
enum Step {
    Send,
    /// A run ends, one of those under way.
    End(usize, Outcome),
    Wait(u64),
    /// So many may run at once; none: as many as there are.
    Reserve(u32),
    Restart,
}

#[derive(Clone, Copy, Debug)]
enum Outcome {
    Returns,
    Fails,
    TimesOut,
    NobodyThere,
}

fn step() -> impl Strategy<Value = Step> {
    let outcome = prop_oneof![
        2 => Just(Outcome::Returns),
        3 => Just(Outcome::Fails),
        1 => Just(Outcome::TimesOut),
        1 => Just(Outcome::NobodyThere),
    ];
    prop_oneof![
        4 => Just(Step::Send),
        6 => (0..8_usize, outcome).prop_map(|(at, how)| Step::End(at, how)),
        4 => (1..400_u64).prop_map(Step::Wait),
        1 => (0..4_u32).prop_map(Step::Reserve),
        1 => Just(Step::Restart),
    ]
}

/// How often each event was run, and how it went the last time.
#[derive(Default)]
struct Runs {
    tries: BTreeMap<u64, u32>,
    succeeded: BTreeMap<u64, u32>,
    open: Vec<super::Asked>,
}

impl Runs {
    fn look(&mut self, lambda: &mut Lambda) {
        self.open.extend(lambda.asked());
    }

    fn end(&mut self, lambda: &mut Lambda, at: usize, how: Outcome) {
        if self.open.is_empty() {
            return;
        }
        let asked = self.open.remove(at % self.open.len());
        let number = asked.payload()["n"].as_u64().unwrap();
        let end = match how {
            Outcome::Returns => returned("1"),
            Outcome::Fails => failed(),
            Outcome::TimesOut => FunctionEnd::TimedOut,
            Outcome::NobodyThere => return lambda.ran(&asked, Err("nobody".to_owned())),
        };
        *self.tries.entry(number).or_default() += 1;
        if matches!(how, Outcome::Returns) {
            *self.succeeded.entry(number).or_default() += 1;
        }
        lambda.done(&asked, end);
    }
}

/// How often each event's number is in the messages of a queue.
fn numbers(messages: &[Value], of: impl Fn(&Value) -> Value) -> BTreeMap<u64, u32> {
    let mut found = BTreeMap::new();
    for message in messages {
        let body: Value = serde_json::from_str(message["Body"].as_str().unwrap()).unwrap();
        *found.entry(of(&body)["n"].as_u64().unwrap()).or_default() += 1;
    }
    found
}

fn play(steps: &[Step], retries: u32, faults: u64) {
    let mut lambda = Lambda::new();
    let letters = lambda.queue("letters");
    lambda.create("g", &json!({"DeadLetterConfig": {"TargetArn": letters}}));
    let (good, bad) = (lambda.queue("good"), lambda.queue("bad"));
    let told = json!({"OnSuccess": {"Destination": good}, "OnFailure": {"Destination": bad}});
    lambda.event_config("g", &json!({
        "MaximumRetryAttempts": retries, "MaximumEventAgeInSeconds": 900, "DestinationConfig": told,
    }));
    // Never more in a row than a record is sent again.
    if faults > 0 {
        let rule = json!({"effect": "throttle", "operation": "SendMessage", "times": faults});
        lambda.world.set_faults(serde_json::from_value(json!([rule])).unwrap()).unwrap();
    }
    let (mut runs, mut sent) = (Runs::default(), 0_u64);
    for step in steps {
        match *step {
            Step::Send => {
                lambda.event("g", &json!({"n": sent}));
                sent += 1;
            }
            Step::End(at, how) => runs.end(&mut lambda, at, how),
            Step::Wait(seconds) => lambda.world.advance_seconds(seconds),
            Step::Reserve(count) => lambda.reserve("g", count),
            Step::Restart => lambda.world.restart(),
        }
        runs.look(&mut lambda);
    }
    // Everything comes to its end.
    for _ in 0..200 {
        while !runs.open.is_empty() {
            runs.end(&mut lambda, 0, Outcome::Fails);
            runs.look(&mut lambda);
        }
        lambda.world.advance_seconds(60);
        runs.look(&mut lambda);
    }
    assert_eq!(lambda.world.cloud.next_deadline(), None, "nothing is left");
    let succeeded = numbers(&lambda.messages("good"), |body| body["requestPayload"].clone());
    let gave_up = numbers(&lambda.messages("bad"), |body| body["requestPayload"].clone());
    let dead = numbers(&lambda.messages("letters"), Value::clone);
    assert_eq!(succeeded, runs.succeeded);
    assert_eq!(gave_up, dead);
    for number in 0..sent {
        let ends = [&succeeded, &gave_up].map(|it| it.get(&number).copied().unwrap_or_default());
        assert_eq!(ends.iter().sum::<u32>(), 1, "event {number} ended {ends:?}");
        let tries = runs.tries.get(&number).copied().unwrap_or_default();
        assert!(tries <= retries + 1, "event {number} was run {tries} times");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn events_are_conserved(
        steps in proptest::collection::vec(step(), 1..40),
        retries in 0..3_u32,
        faults in 0..4_u64,
    ) {
        play(&steps, retries, faults);
    }
}
