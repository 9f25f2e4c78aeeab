//! docs/coverage.md: which of AWS's operations the emulator has.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use skyrig::registry;

use crate::model::Model;
use crate::repository;

const PATH: &str = "docs/coverage.md";

const HEAD: &str = "\
# Coverage

Which of AWS's operations the emulator has, out of the lists in AWS's own models. Every operation
here takes and answers all members that the model gives it; a test compares them. An operation
that is not here answers `UnknownOperationException` (`InvalidAction` over the query protocol).

Within an operation, a member is honoured, or stands below it: as *stored* without effect, which is
logged and which strict mode refuses (`*` stands for any text), or among what is *refused* as not
implemented, by name. The operations' rows in the code say so, and no row may leave something out.

A test writes this page: `UPDATE_DOCS=1 cargo test -p tests coverage`.
";

#[test]
fn coverage_page_is_fresh() {
    let page = page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let path = repository::root().join(PATH);
        std::fs::write(path, page).expect("docs can be written");
        return;
    }
    assert!(
        repository::read(PATH) == page,
        "{PATH} is out of date: run UPDATE_DOCS=1 cargo test -p tests coverage"
    );
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
            let part = |word: &str, names: &[&str], mark: &str| {
                let names: Vec<String> =
                    names.iter().map(|it| format!("{mark}{it}{mark}")).collect();
                (!names.is_empty()).then(|| format!("{word} {}", names.join(", ")))
            };
            let parts = [part("stored:", &facts.stored, "`"), part("refused:", &facts.refused, "")];
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
