//! docs/coverage.md: which of AWS's operations the emulator has.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use skyrig::kernel::OperationFacts;
use skyrig::registry;

use crate::model::Model;
use crate::repository;

const PATH: &str = "docs/coverage.md";

const HEAD: &str = "\
# Coverage

Which of AWS's operations the emulator has, out of the lists in AWS's own models. Every operation
here takes and answers all members that the model gives it; a test compares them. An operation
that is not here answers `UnknownOperationException` (`InvalidAction` over the query protocol).

Within an operation, a member is honoured, or stands below it. What is *stored* can be read back and
has no effect; what is *forgotten* is taken, and cannot even be read back. Both are logged, and strict
mode refuses them (`*` stands for any text). What is *refused* as not implemented is refused by name.
The operations' rows in the code say so, and no row may leave something out: debug builds panic at
what it does not declare.

A test writes this page: `UPDATE_DOCS=1 cargo test -p tests coverage`.
";

const DIFFERENCES: &str = "docs/differences.md";
/// The heading of the part of docs/differences.md that this test writes, up to the next heading.
const REFUSED: &str = "## What operations refuse\n";

#[test]
fn coverage_page_is_fresh() {
    is_fresh(PATH, &page());
}

#[test]
fn refusals_are_among_the_differences() {
    let page = repository::read(DIFFERENCES);
    let (before, rest) = page.split_once(REFUSED).expect("the page has that part");
    let (_, after) = rest.split_once("\n## ").expect("another part follows");
    is_fresh(DIFFERENCES, &format!("{before}{REFUSED}{}\n## {after}", refusals()));
}

/// Compares a page with what it should be, or writes it.
fn is_fresh(path: &str, page: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(repository::root().join(path), page).expect("docs can be written");
        return;
    }
    assert!(
        repository::read(path) == page,
        "{path} is out of date: run UPDATE_DOCS=1 cargo test -p tests coverage"
    );
}

/// What operations refuse as not implemented, a line an operation.
fn refusals() -> String {
    let mut text = String::from(
        "\nThese answer `NotImplementedException` or say in their error that it is not \
         implemented; a test writes this list from the\noperations' rows.\n\n",
    );
    for (service, operation) in registry().operations() {
        if let Some(refused) = refused(&operation.facts) {
            let name = operation.name;
            writeln!(text, "- {} {name}: {refused}.", service.name).expect("text takes text");
        }
    }
    text
}

fn refused(facts: &OperationFacts) -> Option<String> {
    let words = facts.refused.iter().map(|it| match it.values {
        Some(values) => format!("`{}` ({values})", it.member),
        None => format!("`{}`", it.member),
    });
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| words.join(", "))
}

fn page() -> String {
    let mut ours: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for shapes in registry().shapes() {
        let service = ours.entry(shapes.service.name).or_default();
        service.insert(shapes.operation);
    }
    let mut page = HEAD.to_owned();
    page.push_str("\n| service | operations | of AWS's |\n|---|---|---|\n");
    let models: Vec<(&str, Model)> = ours.keys().map(|&name| (name, Model::of(name))).collect();
    for (name, model) in &models {
        let (have, all) = (ours[name].len(), model.operations.len());
        writeln!(page, "| [{name}](#{name}) | {have} | {all} |").expect("text takes text");
    }
    for (name, model) in &models {
        section(&mut page, name, &ours[name], model);
    }
    page
}

/// What the operations of a service store without effect, or refuse.
fn exceptions(page: &mut String, service: &str) {
    let of_service = registry().operations().filter(|(it, _)| it.name == service);
    let rows: Vec<String> = of_service
        .filter_map(|(_, operation)| {
            let facts = &operation.facts;
            let part = |word: &str, names: &[&str]| {
                let names: Vec<String> = names.iter().map(|it| format!("`{it}`")).collect();
                (!names.is_empty()).then(|| format!("{word}: {}", names.join(", ")))
            };
            let parts = [
                part("stored", &facts.stored),
                part("forgotten", &facts.forgotten),
                refused(facts).map(|words| format!("refused: {words}")),
            ];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            let name = operation.name;
            (!parts.is_empty()).then(|| format!("- {name}: {}.\n", parts.join("; ")))
        })
        .collect();
    if !rows.is_empty() {
        page.push('\n');
        rows.iter().for_each(|row| page.push_str(row));
    }
}

fn section(page: &mut String, service: &str, ours: &BTreeSet<&str>, model: &Model) {
    let names = model.operations.keys().map(String::as_str);
    let (here, missing): (Vec<_>, Vec<_>) = names.partition(|name| ours.contains(name));
    let list = |names: Vec<&str>| match names.as_slice() {
        [] => "none".to_owned(),
        names => names.join(", "),
    };
    write!(
        page,
        "\n## {service}\n\nImplemented: {}.\n\nNot implemented: {}.\n",
        list(here),
        list(missing)
    )
    .expect("text takes text");
    exceptions(page, service);
}
