//! `docs/runbooks.md`: each runbook is rehearsed by a scenario or a test that there is.

use super::repository;

const PATH: &str = "docs/runbooks.md";
const REHEARSED: &str = "Rehearsed by ";

#[test]
fn every_runbook_is_rehearsed() {
    let page = repository::read(PATH);
    let scenarios = repository::files("scenarios", "yaml");
    let tests = ["scenarios", "tests", "system"].map(|folder| repository::files(folder, "rs"));
    let code = tests.concat().into_iter();
    let code: String = code.map(|path| std::fs::read_to_string(path).expect("a file")).collect();
    let wrong = wrong(&page, |word| match word.strip_suffix(".yaml") {
        Some(_) => scenarios.iter().any(|path| path.ends_with(word)),
        None => code.contains(&format!("fn {word}(")),
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(page.matches("\n## ").count() >= 5, "{PATH} has fewer runbooks than it had");
}

#[test]
fn what_does_not_exist_is_noticed() {
    let is_there = |word: &str| word == "a.yaml" || word == "it_works";
    for (page, expected) in [
        ("# R\n\n## One\n\nRehearsed by `a.yaml` and `it_works`.\n", 0),
        ("# R\n\n## One\n\nRehearsed by `b.yaml`.\n", 1),
        ("# R\n\n## One\n\nRehearsed by nobody.\n", 1),
        ("# R\n\n## One\n\nNothing.\n\n## Two\n\nRehearsed by `a.yaml`.\n", 1),
    ] {
        assert_eq!(wrong(page, is_there).len(), expected, "{page}");
    }
}

/// What is wrong with each section of the page.
fn wrong(page: &str, is_there: impl Fn(&str) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for section in page.split("\n## ").skip(1) {
        let title = section.lines().next().unwrap_or_default();
        let lines: Vec<_> = section.lines().filter(|it| it.starts_with(REHEARSED)).collect();
        let words: Vec<_> =
            lines.iter().flat_map(|line| line.split('`').skip(1).step_by(2)).collect();
        if words.is_empty() {
            wrong.push(format!("{title}: no scenario rehearses it"));
        }
        let missing = words.iter().filter(|word| !is_there(word));
        wrong.extend(missing.map(|word| format!("{title}: there is no {word}")));
    }
    wrong
}
