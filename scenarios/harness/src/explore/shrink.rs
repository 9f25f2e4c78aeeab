//! The fewest commands and faults that still fail.
//!
//! Takes away halves, then quarters, and so on down to single ones (delta debugging). Steps that
//! need what a removed one captured go with it.

use crate::report::Run;
use crate::script::Script;

/// Most plays, so that a slow case ends too.
const PLAYS_MAX: usize = 300;

/// A smaller case and how it fails.
#[derive(Clone, Debug)]
pub struct Shrunk {
    pub case: Script,
    pub run: Run,
    pub plays: usize,
}

/// Shrinks a case that failed as `run`. A smaller one counts only if one of the same expectations
/// fails, or it stops as `run` stopped.
pub fn shrink(case: &Script, run: &Run, play: impl Fn(&Script) -> Result<Run, String>) -> Shrunk {
    let mut shrunk = Shrunk { case: case.clone(), run: run.clone(), plays: 0 };
    loop {
        let before = size(&shrunk.case);
        pass(&mut shrunk, |case| case.nemesis.len(), without_faults, &play);
        pass(&mut shrunk, |case| case.when.len(), without_steps, &play);
        if size(&shrunk.case) == before || shrunk.plays >= PLAYS_MAX {
            return shrunk;
        }
    }
}

fn size(case: &Script) -> usize {
    case.nemesis.len() + case.when.len()
}

fn pass(
    shrunk: &mut Shrunk,
    length: fn(&Script) -> usize,
    without: fn(&Script, std::ops::Range<usize>) -> Script,
    play: &impl Fn(&Script) -> Result<Run, String>,
) {
    let mut chunk = length(&shrunk.case);
    while chunk > 0 {
        let mut from = 0;
        while from < length(&shrunk.case) && shrunk.plays < PLAYS_MAX {
            let until = (from + chunk).min(length(&shrunk.case));
            let smaller = without(&shrunk.case, from..until);
            shrunk.plays += 1;
            match play(&smaller) {
                Ok(run) if fails_alike(&shrunk.run, &run) => {
                    (shrunk.case, shrunk.run) = (smaller, run);
                }
                _ => from = until,
            }
        }
        chunk /= 2;
    }
}

fn fails_alike(wanted: &Run, run: &Run) -> bool {
    let failing = |run: &Run| -> Vec<String> {
        let failed = run.verdicts.iter().filter(|verdict| !verdict.passed);
        failed.map(|verdict| verdict.expectation.clone()).collect()
    };
    let wanted_ones = failing(wanted);
    let same = failing(run).iter().any(|one| wanted_ones.contains(one));
    same || (wanted_ones.is_empty() && wanted.stopped.is_some() && run.stopped.is_some())
}

fn without_faults(case: &Script, gone: std::ops::Range<usize>) -> Script {
    let mut smaller = case.clone();
    smaller.nemesis.drain(gone);
    smaller
}

fn without_steps(case: &Script, gone: std::ops::Range<usize>) -> Script {
    let mut smaller = case.clone();
    let removed: Vec<_> = smaller.when.drain(gone).collect();
    let mut lost: Vec<String> = removed.into_iter().filter_map(|step| step.act?.alias).collect();
    while let Some(alias) = lost.pop() {
        let needs = [format!("${{{alias}."), format!("${{{alias}}}")];
        smaller.when.retain(|step| {
            let text = serde_json::to_string(step).unwrap_or_default();
            let stays = !needs.iter().any(|need| text.contains(need));
            if !stays {
                lost.extend(step.act.as_ref().and_then(|act| act.alias.clone()));
            }
            stays
        });
    }
    smaller
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::Verdict;
    use crate::script::{Act, Start, Step};
    use crate::world::Arguments;
    use std::time::Duration;

    fn step(action: &str, needs: Option<&str>, alias: Option<&str>) -> Step {
        let needs = needs.map(|needs| ("of".to_owned(), format!("${{{needs}.id}}").into()));
        let act = Act {
            action: action.to_owned(),
            with: Arguments::from_iter(needs),
            alias: alias.map(str::to_owned),
            gives: None,
            fails_with: None,
            may_fail: true,
        };
        Step { start: Start::Immediately, repeat: None, act: Some(act) }
    }

    fn case(steps: Vec<Step>) -> Script {
        Script {
            name: "case".to_owned(),
            story: String::new(),
            given: Vec::new(),
            nemesis: crate::explore::schedule::draw(3, &TARGETS),
            when: steps,
            then: Vec::new(),
            invariants: Default::default(),
        }
    }

    const TARGETS: [crate::explore::schedule::Target; 1] =
        [crate::explore::schedule::Target { service: "sqs", operations: &["SendMessage"] }];

    /// Fails when it does both `pay` and `cancel`.
    fn play(case: &Script) -> Run {
        let does = |action: &str| {
            case.when.iter().any(|step| step.act.as_ref().is_some_and(|act| act.action == action))
        };
        let passed = !(does("pay") && does("cancel"));
        let (expectation, seen) = ("invariant paid_once".to_owned(), String::new());
        let verdict = Verdict { expectation, passed, at: Duration::ZERO, seen };
        Run { passed, verdicts: vec![verdict], ..Run::default() }
    }

    #[test]
    fn only_what_makes_it_fail_is_left() {
        let mut steps: Vec<Step> = (0..40).map(|_| step("idle", None, None)).collect();
        steps.insert(3, step("order", None, Some("o1")));
        steps.insert(20, step("pay", Some("o1"), None));
        steps.insert(30, step("cancel", Some("o1"), None));
        let case = case(steps);
        let shrunk = shrink(&case, &play(&case), |case| Ok(play(case)));
        let actions: Vec<_> =
            shrunk.case.when.iter().filter_map(|step| step.act.as_ref()).collect();
        let actions: Vec<_> = actions.iter().map(|act| act.action.as_str()).collect();
        // The order can't go: the two others need it.
        assert_eq!(actions, ["order", "pay", "cancel"]);
        assert!(shrunk.case.nemesis.is_empty());
        assert!(!shrunk.run.passed);
    }
}
