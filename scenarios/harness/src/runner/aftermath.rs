//! After the last expectation is decided: which faults fired, and the system's invariants once
//! it has come to rest.

use super::time::{LOOK_EVERY, next_look};
use super::trouble::Trouble;
use super::watch::Verdict;
use crate::clock::Clock;
use crate::faults::Faults;
use crate::processes::Processes;
use crate::script::{Invariants, Script};
use crate::symptom::Symptom;
use crate::timeline::Timeline;
use crate::world::{World, WorldError};
use std::collections::BTreeMap;
use std::time::Duration;

/// A system that is not at rest by then, counted from the last decision, never will be.
const REST_WITHIN: Duration = Duration::from_secs(30 * 60);

/// A verdict for each fault that had to fire. `stopped` scripts may not have come that far.
pub(super) async fn faults_fired(
    script: &Script,
    faults: &mut impl Faults,
    trouble: &Trouble<'_, impl Processes>,
    timeline: &Timeline,
) -> (BTreeMap<String, u64>, Vec<Verdict>) {
    let at_aws = match script.faults_at_aws().next() {
        Some(_) => faults.fired().await,
        None => Ok(BTreeMap::new()),
    };
    let at = timeline.elapsed();
    let mut verdicts = Vec::new();
    for nemesis in &script.nemesis {
        let fired = if nemesis.is_of_process() { Ok(trouble.fired()) } else { at_aws.as_ref() };
        let count = fired.map(|fired| fired.get(&nemesis.name).copied().unwrap_or(0));
        if let Ok(count) = count {
            timeline.note("nemesis", format!("{}: {}", nemesis.name, fired_so_often(count)));
        }
        let least = nemesis.must_fire.0;
        if least > 0 {
            let expectation = format!("fault {} fires at least {}", nemesis.name, times(least));
            let passed = count.is_ok_and(|count| count >= least);
            let seen = match count {
                Ok(count) => fired_so_often(count),
                Err(error) => error.clone(),
            };
            verdicts.push(Verdict { expectation, passed, at, seen });
        }
    }
    let mut fired = at_aws.unwrap_or_default();
    fired.extend(trouble.fired().clone());
    (fired, verdicts)
}

/// In which ways it failed.
pub(super) fn symptoms(verdict: &Verdict) -> Vec<Symptom> {
    match verdict.passed {
        true => Vec::new(),
        false => Symptom::of_findings(&verdict.expectation, &verdict.seen),
    }
}

/// What failed invariants are about, of the first failure first, goes to `subjects`.
pub(super) fn subjects(world: &impl World, verdicts: &[Verdict], subjects: &mut Vec<String>) {
    let failed = verdicts.iter().filter(|verdict| !verdict.passed);
    for text in failed.flat_map(|verdict| world.subjects_of(&verdict.seen)) {
        if !text.is_empty() && !subjects.contains(&text) {
            subjects.push(text);
        }
    }
}

fn fired_so_often(count: u64) -> String {
    match count {
        0 => "never fired".to_owned(),
        _ => format!("fired {}", times(count)),
    }
}

fn times(count: u64) -> String {
    match count {
        1 => "once".to_owned(),
        _ => format!("{count} times"),
    }
}

/// Lifts all faults, has all processes running again, waits until the world is at rest and checks
/// the script's invariants.
pub(super) async fn invariants<W: World>(
    script: &Script,
    world: &mut W,
    faults: &mut impl Faults,
    trouble: &mut Trouble<'_, impl Processes>,
    timeline: &Timeline,
) -> Vec<Verdict> {
    let names: Vec<&str> = match &script.invariants {
        Invariants::All => W::CATALOG.invariants.iter().map(|one| one.name).collect(),
        Invariants::Named(names) => names.iter().map(String::as_str).collect(),
    };
    if names.is_empty() {
        return Vec::new();
    }
    let rest = match lift(script, faults, trouble).await {
        Ok(()) => rest(world, timeline.clock()).await,
        Err(error) => Err(format!("the faults can't be lifted: {error}")),
    };
    let rest = rest.map_err(|seen| Verdict {
        expectation: "the system comes to rest".to_owned(),
        passed: false,
        at: timeline.elapsed(),
        seen,
    });
    let mut verdicts: Vec<_> = rest.err().into_iter().collect();
    for name in names {
        let checked = world.check(name).await;
        let (passed, seen) = match checked {
            Ok(()) => (true, "it holds".to_owned()),
            Err(WorldError(error)) => (false, error),
        };
        let (expectation, at) = (format!("invariant {name}"), timeline.elapsed());
        verdicts.push(Verdict { expectation, passed, at, seen });
    }
    verdicts
}

async fn lift(
    script: &Script,
    faults: &mut impl Faults,
    trouble: &mut Trouble<'_, impl Processes>,
) -> Result<(), String> {
    if script.faults_at_aws().next().is_some() {
        faults.set_faults(&[]).await?;
    }
    trouble.end().await
}

/// Two looks in a row must find the world at rest: what is between two queues is in neither.
async fn rest(world: &mut impl World, clock: &Clock) -> Result<(), String> {
    let begin = clock.now();
    let mut before = false;
    loop {
        let look = world.at_rest().await;
        if before && look == Ok(true) {
            return Ok(());
        }
        if clock.since(begin) >= REST_WITHIN {
            return Err(match look {
                Ok(_) => format!("it is still at work after {} s", REST_WITHIN.as_secs()),
                Err(WorldError(error)) => error,
            });
        }
        before = look == Ok(true);
        let next = if before { clock.now() + LOOK_EVERY } else { next_look(clock, begin) };
        clock.sleep_until(next).await;
    }
}
