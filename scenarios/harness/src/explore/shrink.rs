//! The fewest commands and faults that still fail.
//!
//! Takes away halves, then quarters, and so on down to single ones (delta debugging). Steps that
//! need what a removed one captured go with it.

mod values;

use crate::report::Run;
use crate::script::Script;

/// Most plays, unless somebody wants fewer.
pub(super) const PLAYS_MAX: usize = 300;

/// A smaller case and how it fails.
#[derive(Clone, Debug)]
pub struct Shrunk {
    pub case: Script,
    pub run: Run,
    pub plays: usize,
}

/// Shrinks a case that failed as `run`. A smaller one counts only if it has the first symptom of
/// `run`: what else fails, or stops the script, is another failure.
pub fn shrink(case: &Script, run: &Run, play: impl Fn(&Script) -> Result<Run, String>) -> Shrunk {
    shrink_within((PLAYS_MAX, false), case, run, play)
}

/// The same with no more plays than this, and perhaps with all steps kept.
pub(super) fn shrink_within(
    (plays_max, keep_steps): (usize, bool),
    case: &Script,
    run: &Run,
    play: impl Fn(&Script) -> Result<Run, String>,
) -> Shrunk {
    let mut shrunk = Shrunk { case: case.clone(), run: run.clone(), plays: 0 };
    let Some(wanted) = run.symptoms.first() else {
        return shrunk;
    };
    // Never compared with the last smaller case: step by step that would lead anywhere.
    let fails_alike = |case: &Script| play(case).ok().filter(|it| it.symptoms.contains(wanted));
    loop {
        let before = size(&shrunk.case);
        pass(&mut shrunk, plays_max, (|case| case.nemesis.len(), without_faults), &fails_alike);
        if !keep_steps {
            let of_steps: (fn(&Script) -> usize, Without) = (|case| case.when.len(), without_steps);
            pass(&mut shrunk, plays_max, of_steps, &fails_alike);
        }
        let smaller = size(&shrunk.case) < before;
        let simpler = !keep_steps && simplify(&mut shrunk, plays_max, &fails_alike);
        if !(smaller || simpler) || shrunk.plays >= plays_max {
            return shrunk;
        }
    }
}

/// Makes values simpler as long as one of them can be. True if any was.
fn simplify(
    shrunk: &mut Shrunk,
    plays_max: usize,
    fails_alike: &impl Fn(&Script) -> Option<Run>,
) -> bool {
    let mut any = false;
    let mut place = 0;
    while shrunk.plays < plays_max {
        // What was tried before stays tried: after a success only what comes later is new.
        let Some(simpler) = values::simpler(&shrunk.case).into_iter().nth(place) else {
            break;
        };
        shrunk.plays += 1;
        match fails_alike(&simpler) {
            Some(run) => {
                (shrunk.case, shrunk.run) = (simpler, run);
                any = true;
            }
            None => place += 1,
        }
    }
    any
}

fn size(case: &Script) -> usize {
    case.nemesis.len() + case.when.len()
}

/// A case without some of its parts.
type Without = fn(&Script, std::ops::Range<usize>) -> Script;

fn pass(
    shrunk: &mut Shrunk,
    plays_max: usize,
    (length, without): (fn(&Script) -> usize, Without),
    fails_alike: &impl Fn(&Script) -> Option<Run>,
) {
    let mut chunk = length(&shrunk.case);
    while chunk > 0 {
        let mut from = 0;
        while from < length(&shrunk.case) && shrunk.plays < plays_max {
            let until = (from + chunk).min(length(&shrunk.case));
            let smaller = without(&shrunk.case, from..until);
            shrunk.plays += 1;
            match fails_alike(&smaller) {
                Some(run) => (shrunk.case, shrunk.run) = (smaller, run),
                None => from = until,
            }
        }
        chunk /= 2;
    }
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
    use crate::symptom::Symptom;
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

    fn does(case: &Script, action: &str) -> bool {
        case.when.iter().any(|step| step.act.as_ref().is_some_and(|act| act.action == action))
    }

    /// A run in which the invariant `paid_once` holds, or finds this.
    fn found(seen: Option<&str>) -> Run {
        let (expectation, passed) = ("invariant paid_once".to_owned(), seen.is_none());
        let symptoms = seen.map(|seen| Symptom::of_findings(&expectation, seen));
        let seen = seen.unwrap_or_default().to_owned();
        let verdict = Verdict { expectation, passed, at: Duration::ZERO, seen };
        let symptoms = symptoms.unwrap_or_default();
        Run { passed, verdicts: vec![verdict], symptoms, ..Run::default() }
    }

    /// A run that stopped at a step for a reason, with an expectation that is not decided.
    fn stopped(step: &str, reason: &str) -> Run {
        let symptoms = vec![Symptom::new(step, reason)];
        Run { stopped: Some(reason.to_owned()), symptoms, ..found(None) }
    }

    /// Fails when it does both `pay` and `cancel`.
    fn play(case: &Script) -> Run {
        found((does(case, "pay") && does(case, "cancel")).then_some(""))
    }

    /// The actions that are left of `steps`.
    fn left(steps: &[&str], play: impl Fn(&Script) -> Run) -> Vec<String> {
        let mut case = case(steps.iter().map(|action| step(action, None, None)).collect());
        case.nemesis.clear();
        let shrunk = shrink(&case, &play(&case), |case| Ok(play(case)));
        shrunk.case.when.into_iter().filter_map(|step| Some(step.act?.action)).collect()
    }

    #[test]
    fn another_finding_of_the_same_invariant_is_another_failure() {
        // Without the cancellation the order is paid once, and wrongly so.
        let play = |case: &Script| {
            let seen = match (does(case, "pay"), does(case, "cancel")) {
                (true, true) => Some("order o-1 was paid 2 times; expected once"),
                (true, false) => Some("order o-1 is cancelled; expected it paid"),
                _ => None,
            };
            found(seen)
        };
        assert_eq!(left(&["idle", "pay", "cancel", "idle"], play), ["pay", "cancel"]);
    }

    #[test]
    fn shrinking_does_not_wander_from_failure_to_failure() {
        // Each smaller case has a finding in common with the one before it.
        let play = |case: &Script| match case.when.len() {
            4 => found(Some("first")),
            3 => found(Some("second; first")),
            2 => found(Some("third; second")),
            _ => found(Some("third")),
        };
        assert_eq!(left(&["a", "b", "c", "d"], play).len(), 3);
    }

    #[test]
    fn a_run_that_stopped_elsewhere_is_another_failure() {
        let play = |case: &Script| match (does(case, "order"), does(case, "pay")) {
            (true, true) => stopped("pay", "waited 5m; last seen: 39"),
            (false, true) => stopped("pay", "there is no order"),
            (true, false) => stopped("order", "waited 5m; last seen: 39"),
            (false, false) => found(Some("nothing was done")),
        };
        assert_eq!(left(&["idle", "order", "idle", "pay", "idle"], play), ["order", "pay"]);
    }

    #[test]
    fn a_run_that_stopped_is_no_failed_expectation() {
        let play = |case: &Script| match does(case, "order") {
            true => found(Some("order o-1 is lost")),
            false => stopped("pay", "there is no order"),
        };
        assert_eq!(left(&["idle", "order", "pay"], play), ["order"]);
    }

    #[test]
    fn values_and_times_become_simple() {
        let mut late = step("pay", None, None);
        late.start = Start::At(crate::script::Span(Duration::from_millis(70_300)));
        let act = late.act.as_mut().expect("it");
        act.with
            .insert("items".to_owned(), serde_json::json!([{ "quantity": 4 }, { "quantity": 2 }]));
        let case = case(vec![late]);
        // Whatever is ordered, as long as something is.
        let play = |case: &Script| found(does(case, "pay").then_some(""));
        let shrunk = shrink(&case, &play(&case), |case| Ok(play(case))).case;
        let act = shrunk.when[0].act.as_ref().expect("it");
        assert_eq!(act.with["items"], serde_json::json!([{ "quantity": 1 }]));
        assert_eq!(shrunk.when[0].start, Start::At(Default::default()));
        assert!(shrunk.nemesis.is_empty());
    }

    #[test]
    fn steps_may_have_to_stay() {
        let case = case(["idle", "pay", "cancel"].map(|it| step(it, None, None)).to_vec());
        let shrunk = shrink_within((100, true), &case, &play(&case), |case| Ok(play(case)));
        assert_eq!((shrunk.case.when.len(), shrunk.case.nemesis.len()), (3, 0));
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
