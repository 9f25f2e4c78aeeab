//! Cases drawn from seeds: a story as it is, with faults at AWS and deaths of processes.

use super::system::System;
use crate::explore::Dice;
use crate::explore::schedule::{self, Target};
use crate::script::{Act, KILL, Match, Nemesis, PAUSE, RESTART, Script, Span};
use crate::world::Arguments;
use serde_json::json;
use std::time::Duration;

/// Where faults of calls may strike: what systems call most.
const TARGETS: [Target; 5] = [
    Target {
        service: "sqs",
        operations: &["ReceiveMessage", "SendMessage", "DeleteMessage", "SendMessageBatch"],
    },
    Target {
        service: "dynamodb",
        operations: &["PutItem", "UpdateItem", "GetItem", "Query", "TransactWriteItems"],
    },
    Target { service: "sns", operations: &["Publish", "PublishBatch"] },
    Target { service: "events", operations: &["PutEvents"] },
    Target { service: "states", operations: &["StartExecution", "SendTaskSuccess"] },
];
/// Most faults at AWS and most deaths of one case; there is at least one of either.
const FAULTS_MAX: u64 = 3;
const DEATHS_MAX: u64 = 2;
/// A fault fires at most so often, so that SDKs and retries may get the better of it.
const TIMES_MAX: u64 = 4;
/// A process is down for no longer than this.
const DOWN_SECONDS_MAX: u64 = 20;
/// Keeps what is drawn here apart from what the story draws.
const STREAM: u64 = 0x7265_6865_6172_7365;

/// How cases are drawn for a system.
#[derive(Clone, Debug)]
pub struct Drawing {
    roles: Vec<String>,
    over: Duration,
}

impl Drawing {
    /// For the processes of `system`; faults begin within `over` after the first step.
    pub fn new(system: &System, over: Duration) -> Self {
        let roles = system.members().into_iter().map(|(name, _)| name).collect();
        Self { roles, over }
    }

    /// The case of a seed. Calls of the system's own interface may fail meanwhile.
    pub fn case(&self, story: &Script, seed: u64) -> Script {
        let mut dice = Dice::new(seed ^ STREAM);
        let deaths = dice.between(0, DEATHS_MAX.min(self.roles.len() as u64));
        let faults = dice.between(u64::from(deaths == 0), FAULTS_MAX);
        let mut case = story.clone();
        case.name = format!("{}-{seed}", story.name);
        case.nemesis.extend((1..=faults).map(|number| self.fault(number, &mut dice)));
        let mut roles = self.roles.clone();
        for number in 1..=deaths {
            let role = roles.swap_remove(dice.below(roles.len() as u64) as usize);
            case.nemesis.extend(self.death(number, role, &mut dice));
        }
        // Of what the story brings about itself, two of one process could overlap.
        let own: Vec<_> = story.nemesis.iter().filter_map(|one| one.on.role.clone()).collect();
        let added = case.nemesis.split_off(story.nemesis.len());
        let apart = |one: &Nemesis| one.on.role.as_ref().is_none_or(|role| !own.contains(role));
        case.nemesis.extend(added.into_iter().filter(apart));
        let steps = case.when.iter_mut().filter_map(|step| step.act.as_mut());
        steps.for_each(bear);
        case
    }

    fn fault(&self, number: u64, dice: &mut Dice) -> Nemesis {
        let (fault, with, on) = schedule::effect(dice, &TARGETS);
        // Half of them act from the beginning, when most stories do most.
        let from = if dice.chance(50) { Duration::ZERO } else { self.moment(dice) };
        let until = from + self.over;
        Nemesis {
            with,
            probability: Some(dice.one(&[1.0, 0.5, 0.2])),
            times: Some(dice.between(1, TIMES_MAX)),
            ..schedule::lasting(format!("drawn {number} {fault}"), fault, on, from, until)
        }
    }

    /// A process dies, and calls last a while before, so that it has something in hand: else time
    /// would stand still while it works, and no death would ever meet it at work.
    fn death(&self, number: u64, role: String, dice: &mut Dice) -> [Nemesis; 2] {
        let fault = dice.one(&[KILL, KILL, KILL, PAUSE, RESTART]);
        let from = self.moment(dice) + Duration::from_millis(1);
        let until = from + Duration::from_millis(dice.between(1, DOWN_SECONDS_MAX * 1000));
        let seconds = dice.one(&[0.02, 0.1, 0.5]);
        let slow = {
            let name = format!("drawn slowness {number}");
            let nemesis = schedule::lasting(name, "delay", Match::default(), Duration::ZERO, from);
            let with = Arguments::from_iter([("seconds".to_owned(), json!(seconds))]);
            Nemesis { with, ..nemesis }
        };
        let on = Match { role: Some(role.clone()), ..Match::default() };
        [slow, schedule::lasting(format!("{fault} {role}"), fault, on, from, until)]
    }

    /// Not at whole seconds, where the script's own steps are; early ones are more likely.
    fn moment(&self, dice: &mut Dice) -> Duration {
        let millis = u64::try_from(self.over.as_millis()).unwrap_or(u64::MAX).max(1);
        let furthest = dice.between(1, millis);
        Duration::from_millis(dice.below(furthest))
    }

    /// By then, counted from the first step, all that was drawn has ended.
    pub fn ended(&self) -> Span {
        Span(self.over + self.over.max(Duration::from_secs(DOWN_SECONDS_MAX)))
    }
}

/// While things go wrong, what somebody asks the system for may fail; that is no end of the story.
/// Who insists goes on asking.
fn bear(act: &mut Act) {
    if act.action == "http" && act.fails_with.is_none() {
        act.may_fail = true;
    }
}

#[cfg(test)]
mod tests {
    use super::Drawing;
    use crate::rehearse::{catalog, system};
    use crate::script;
    use std::collections::BTreeSet;
    use std::time::Duration;

    const SYSTEM: &str = "processes: { api: { command: x }, worker: { command: y, copies: 2 } }";
    const STORY: &str = "\
name: story
story: Orders.
when:
  - { do: http, with: { url: /orders, body: { id: 1 } } }
then:
  - eventually: { see: queue_depth, of: { queue: orders }, equals: 0, within: 5m }
";

    #[test]
    fn every_case_can_be_read_again_and_every_fault_ends() {
        let system = system::parse("system.yaml", SYSTEM).expect("a system");
        let catalog = catalog(Some(&system));
        let story = script::parse("story.yaml", STORY, &catalog).expect("a story");
        let drawing = Drawing::new(&system, Duration::from_secs(30));
        let mut kinds = BTreeSet::new();
        for seed in 0..300 {
            let case = drawing.case(&story, seed);
            assert_eq!(case, drawing.case(&story, seed), "the seed decides");
            assert!(!case.nemesis.is_empty(), "{seed}: nothing goes wrong");
            let ended = |it: &script::Nemesis| it.until.is_some_and(|it| it <= drawing.ended());
            assert!(case.nemesis.iter().all(ended), "{seed}");
            let written = case.to_yaml().expect("YAML");
            let read = script::parse("case.yaml", &written, &catalog).expect(&written);
            assert_eq!(read, case);
            kinds.extend(case.nemesis.into_iter().map(|it| it.fault));
        }
        assert!(kinds.len() >= 12, "{kinds:?}");
    }
}
