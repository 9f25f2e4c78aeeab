//! What the example promises: the naive version passes until something goes wrong, the mended one
//! then too.

use crate::simulation::{Thumbnailer, case, play};
use crate::worker::Version;
use harness::explore::shrink::shrink;
use harness::explore::{Failure, Plan, explore};
use harness::script::{Nemesis, parse};
use harness::{Run, Script, World};
use std::fs;
use std::path::Path;

/// Shrunk, named and kept.
const LOST_ANSWER: &str = include_str!("../cases/lost-answer.yaml");

fn read(text: &str) -> Script {
    parse("case.yaml", text, &Thumbnailer::CATALOG).expect("a good script")
}

fn naive(case: &Script, seed: u64) -> Result<Run, String> {
    play(case, seed, Version::Naive)
}

fn mended(case: &Script, seed: u64) -> Result<Run, String> {
    play(case, seed, Version::Mended)
}

fn plan(seeds: std::ops::Range<u64>) -> Plan {
    Plan::new(seeds)
}

#[test]
fn without_faults_the_naive_version_passes() {
    let draw = |seed| Script { nemesis: Vec::<Nemesis>::new(), ..case(seed) };
    let explored = explore(&plan(1..11), draw, naive);
    assert_eq!(explored.seeds, 10);
    assert!(explored.failures.is_empty(), "{:?}", explored.failures);
}

#[test]
fn faults_show_the_naive_versions_bug_in_a_few_steps() {
    let ten =
        |first: u64| explore(&plan(first..first + 10), case, naive).failures.into_iter().next();
    let Some((seed, Failure::Failed(run))) = [1, 11, 21, 31, 41].into_iter().find_map(ten) else {
        panic!("no seed of fifty fails by an invariant");
    };
    let least = shrink(&case(seed), &run, |case| naive(case, seed));
    let (steps, faults) = (least.case.when.len(), least.case.nemesis.len());
    assert!(steps <= 3 && (1..=2).contains(&faults), "{}", least.run.text("-"));
    // As it is saved it fails again, and the mended version passes it.
    let saved = read(&least.case.to_yaml().expect("YAML can say it"));
    assert_eq!(naive(&saved, seed).expect("a world").hashes, least.run.hashes);
    assert!(mended(&saved, seed).expect("a world").passed);
}

#[test]
fn the_mended_version_passes() {
    let explored = explore(&plan(1..51), case, mended);
    assert_eq!(explored.seeds, 50);
    assert!(explored.failures.is_empty(), "{:?}", explored.failures);
}

#[test]
fn a_lost_answer_counts_once() {
    let case = read(LOST_ANSWER);
    let run = naive(&case, 1).expect("a world");
    // It fires; the count and the invariant are wrong.
    let passed: Vec<_> = run.verdicts.iter().map(|it| it.passed).collect();
    assert_eq!(passed, [false, true, false], "{}", run.text("-"));
    let run = mended(&case, 1).expect("a world");
    assert!(run.passed, "{}", run.text("-"));
}

/// `docs/new-system.md` shows lines of these files; those that begin with the file's name in a
/// comment must be there.
#[test]
fn the_lines_that_the_documentation_shows_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = fs::read_to_string(root.join("docs/new-system.md")).expect("the page");
    let blocks = page.split("```rust\n// ").skip(1).filter_map(|rest| rest.split("```").next());
    let mut shown = 0;
    for block in blocks {
        let (file, lines) = block.split_once('\n').expect("lines after the name");
        let source = fs::read_to_string(root.join(file)).unwrap_or_else(|_| panic!("{file}"));
        for line in lines.lines().map(str::trim).filter(|line| !line.contains('…')) {
            assert!(source.contains(line), "{file} has no line {line}");
            shown += 1;
        }
    }
    assert!(shown > 20, "{shown}");
}

#[test]
fn the_plug_in_is_short() {
    assert!(include_str!("simulation.rs").lines().count() < 100);
}
