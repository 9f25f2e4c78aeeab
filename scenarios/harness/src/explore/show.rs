//! Exploring for people: each failure is told with the command that plays it again, and the first
//! few are shrunk and saved as scripts. It knows no system and no command line.

use super::shard::{Failed, Report, merge};
use super::shrink::shrink_within;
use super::{Failure, Plan, explore};
use crate::report::Hashes;
use crate::report::Run;
use crate::say;
use crate::script::Script;
use std::fs;
use std::path::PathBuf;

/// What a reader types to see something again.
pub struct Commands<'a> {
    /// Plays the case of this seed.
    pub replay: &'a dyn Fn(u64) -> String,
    /// Plays the case saved in this file, with this seed.
    pub run: &'a dyn Fn(&str, u64) -> String,
}

/// Explores as [`explore`] does, prints what came of it and saves the least form of the first
/// failing cases as `case-SEED.yaml` where it is called. True if every seed passed.
///
/// # Errors
/// A case that can't be saved.
pub fn explore_and_show<D, P>(
    plan: &Plan,
    draw: D,
    play: P,
    commands: &Commands<'_>,
) -> Result<bool, String>
where
    D: Fn(u64) -> Script + Sync,
    P: Fn(&Script, u64) -> Result<Run, String> + Sync,
{
    let explored = explore(plan, &draw, &play);
    for (number, (seed, failure)) in explored.failures.iter().enumerate() {
        say!("seed {seed}: {}", (commands.replay)(*seed));
        match failure {
            Failure::Diverged { first, second } => {
                say!("  {}", two(first.as_ref(), second.as_ref()));
            }
            Failure::Broken(error) => say!("  {error}"),
            Failure::Failed(run) if number < plan.shrunk_max => {
                show_least(plan, (&draw(*seed), run, *seed), &play, commands)?;
            }
            Failure::Failed(run) => show_verdicts(run),
        }
    }
    let never = explored.coverage.never(&plan.sometimes);
    if !never.is_empty() {
        say!("never reached: {}", never.join(", "));
    }
    if let Some(file) = &plan.report {
        let failed = explored.failures.iter();
        let failed = failed.map(|(seed, it)| Failed::of(*seed, it, (commands.replay)(*seed)));
        let report = Report::of(&explored, failed.collect(), plan);
        let text = serde_json::to_string(&report).map_err(|error| error.to_string())?;
        fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let failed = explored.failures.len();
    say!("{}", explored.coverage.to_string().trim_end());
    let times = if plan.once { "once" } else { "twice" };
    say!("{} seeds, each played {times}: {failed} failed", explored.seeds);
    Ok(explored.failures.is_empty())
}

/// Puts the reports of the parts of an exploration together and prints what came of it. True if all
/// parts are there and every seed passed.
///
/// # Errors
/// A file that can't be read, or reports that do not belong together.
pub fn merge_and_show(files: &[PathBuf]) -> Result<bool, String> {
    let read = |file: &PathBuf| -> Result<Report, String> {
        let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
        let text = fs::read_to_string(file).map_err(|error| wrong(&error))?;
        serde_json::from_str(&text).map_err(|error| wrong(&error))
    };
    let merged = merge(files.iter().map(read).collect::<Result<_, _>>()?)?;
    say!("{merged}");
    Ok(merged.passed())
}

/// What a seed has two of.
fn two(first: Option<&Hashes>, second: Option<&Hashes>) -> String {
    let history = |hashes: Option<&Hashes>| hashes.map(|one| one.history.clone());
    let state = |hashes: Option<&Hashes>| hashes.map(|one| one.state.clone());
    let show = |hash: Option<String>| hash.unwrap_or_else(|| "none".to_owned());
    let (what, one, other) = match history(first) == history(second) {
        true => ("one history and two states", state(first), state(second)),
        false => ("two histories", history(first), history(second)),
    };
    format!("it has {what}: {} and {}", show(one), show(other))
}

fn show_least(
    plan: &Plan,
    (case, run, seed): (&Script, &Run, u64),
    play: impl Fn(&Script, u64) -> Result<Run, String>,
    commands: &Commands<'_>,
) -> Result<(), String> {
    let least =
        shrink_within((plan.plays_max, plan.keep_steps), case, run, |case| play(case, seed));
    let file = format!("case-{seed}.yaml");
    let text = format!("# seed: {seed}\n{}", least.case.to_yaml()?);
    fs::write(&file, text).map_err(|error| format!("{file}: {error}"))?;
    let (steps, faults) = (least.case.when.len(), least.case.nemesis.len());
    let again = (commands.run)(&file, seed);
    say!("  shrunk to {steps} steps and {faults} faults: {again}");
    let report = least.run.text(&again);
    say!("{report}");
    if plan.reports {
        let file = format!("case-{seed}.txt");
        fs::write(&file, report).map_err(|error| format!("{file}: {error}"))?;
    }
    Ok(())
}

fn show_verdicts(run: &Run) {
    let failed = run.verdicts.iter().filter(|verdict| !verdict.passed);
    failed.for_each(|it| say!("  {}: {}", it.expectation, it.seen));
    run.stopped.iter().for_each(|reason| say!("  stopped: {reason}"));
}

#[cfg(test)]
mod tests {
    use super::{Hashes, two};

    #[test]
    fn it_is_told_what_differs() {
        let check = |first: [&str; 2], second: [&str; 2], told: &str| {
            let hashes = |[history, state]: [&str; 2]| Hashes {
                history: history.to_owned(),
                state: state.to_owned(),
            };
            assert_eq!(two(Some(&hashes(first)), Some(&hashes(second))), told);
        };
        check(["a", "b"], ["c", "b"], "it has two histories: a and c");
        check(["a", "b"], ["c", "d"], "it has two histories: a and c");
        check(["a", "b"], ["a", "d"], "it has one history and two states: b and d");
        let one = Hashes { history: "a".to_owned(), state: "b".to_owned() };
        assert_eq!(two(Some(&one), None), "it has two histories: a and none");
    }
}
