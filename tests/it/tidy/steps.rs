//! The steps of CI: those that the script lists, that it can do, and that the workflow asks for.

use crate::repository;

#[test]
fn every_step_can_be_done() {
    for script in [".ci/run", ".ci/long"] {
        let text = repository::read(script);
        let wrong = undone(&text);
        assert!(wrong.is_empty(), "{script}: no function or no name in `steps`: {wrong:?}");
    }
}

#[test]
fn the_workflow_has_every_step_once() {
    let script = repository::read(".ci/run");
    let workflow = repository::read(".github/workflows/ci.yml");
    let wrong = unshared(&script, &workflow);
    assert!(wrong.is_empty(), "the workflow has not once: {wrong:?}");
}

#[test]
fn wrong_steps_are_found() {
    let script = "steps=\"lint tests\"\nstep_lint() {\nstep_docs() {\n";
    assert_eq!(undone(script), ["tests", "docs"]);
    assert!(undone("steps=\"lint\"\nstep_lint() {\n").is_empty());
    let workflow = "matrix:\n        steps:\n          - lint docs\n          - lint\n    steps:\n";
    assert_eq!(unshared(script, workflow), ["lint", "docs", "lint", "tests"]);
    let workflow = "        steps:\n          - tests\n          - lint\n    name: x\n";
    assert!(unshared(script, workflow).is_empty());
}

fn steps(script: &str) -> Vec<&str> {
    let list = script.lines().find_map(|line| line.strip_prefix("steps=\"")?.strip_suffix('"'));
    list.expect("the script lists its steps on one line").split(' ').collect()
}

/// Steps without a function, and functions that are no step.
fn undone(script: &str) -> Vec<&str> {
    let steps = steps(script);
    let lines = script.lines();
    let functions = lines.filter_map(|line| line.strip_prefix("step_")?.strip_suffix("() {"));
    let functions: Vec<&str> = functions.collect();
    let lacking = steps.iter().filter(|step| !functions.contains(step));
    let surplus = functions.iter().filter(|function| !steps.contains(function));
    lacking.chain(surplus).copied().collect()
}

/// What is in one list and not just once in the other.
fn unshared<'a>(script: &'a str, workflow: &'a str) -> Vec<&'a str> {
    let steps = steps(script);
    let (_, matrix) = workflow.split_once(" steps:\n          - ").expect("a matrix of steps");
    let rows = matrix.lines().map(|row| row.trim_start_matches("          - "));
    let rows = rows.take_while(|row| !row.starts_with(' '));
    let asked: Vec<&str> = rows.flat_map(|row| row.split(' ')).collect();
    let wrong = |step: &&&str| {
        let times = |list: &[&str]| list.iter().filter(|it| *it == *step).count();
        times(&steps) != 1 || times(&asked) != 1
    };
    let lacking = steps.iter().filter(|step| !asked.contains(step));
    asked.iter().filter(wrong).chain(lacking).copied().collect()
}
