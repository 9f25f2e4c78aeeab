//! Which package may depend on which, and why each crate is here.

use std::collections::BTreeSet;

use crate::repository;

/// Packages and the packages of ours that they may depend on.
const MAY_DEPEND: &[(&str, &[&str])] = &[
    ("system/visitors", &[]),
    ("emulator/asl", &[]),
    ("emulator", &["visitors", "skyrig-asl"]),
    ("cli", &["skyrig", "visitors", "harness"]),
    ("clients/testcontainers/rust", &[]),
    ("system", &["visitors"]),
    ("scenarios/harness", &["skyrig"]),
    ("scenarios", &["skyrig", "harness", "orderflow"]),
    ("examples/thumbnailer", &["harness"]),
    ("benches", &["skyrig", "orderflow", "harness"]),
    ("tests", &["skyrig", "orderflow", "harness"]),
];

const OURS: [&str; 11] = [
    "visitors",
    "skyrig-testcontainers",
    "skyrig",
    "skyrig-cli",
    "skyrig-asl",
    "orderflow",
    "harness",
    "scenarios",
    "thumbnailer",
    "benches",
    "tests",
];

#[test]
fn packages_depend_one_way() {
    let root = repository::read("Cargo.toml");
    for member in members(&root) {
        let row = MAY_DEPEND.iter().find(|row| row.0 == member);
        let (_, allowed) = row.unwrap_or_else(|| panic!("{member}: add it to MAY_DEPEND"));
        let manifest = repository::read(&format!("{member}/Cargo.toml"));
        let wrong = wrong_dependencies(&manifest, allowed);
        assert!(wrong.is_empty(), "{member} depends on {wrong:?}");
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let wrong = without_reason(&repository::read("Cargo.toml"));
    assert!(wrong.is_empty(), "no reason on the line of {wrong:?}");
}

#[test]
fn every_dependency_is_used() {
    let root = repository::read("Cargo.toml");
    let manifests = members(&root).map(|member| repository::read(&format!("{member}/Cargo.toml")));
    let used: BTreeSet<String> = manifests
        .flat_map(|manifest| names(&manifest, |section| section.contains("dependencies")))
        .collect();
    let listed = names(&root, |section| section == "workspace.dependencies");
    let unused = listed.into_iter().filter(|it| !used.contains(it));
    let unused: Vec<String> = unused.collect();
    assert!(unused.is_empty(), "no package uses {unused:?}");
}

#[test]
fn wrong_manifests_are_found() {
    let manifest = "[package]\nname = \"x\"\n[dependencies]\nserde.workspace = true\n\
                    skyrig = { workspace = true }\n[dev-dependencies]\nharness.workspace = true\n";
    assert_eq!(wrong_dependencies(manifest, &[]), ["skyrig", "harness"]);
    assert_eq!(wrong_dependencies(manifest, &["skyrig"]), ["harness"]);
    let root = "[workspace.dependencies]\nskyrig = { path = \"x\" }\na = \"1\" # why\nb = \"1\"\n\
                [workspace.lints]\nc = 1\n";
    assert_eq!(without_reason(root), ["b"]);
}

/// The folders of the workspace's packages.
fn members(root: &str) -> impl Iterator<Item = &str> {
    let line = root.lines().find(|line| line.starts_with("members = "));
    let list = line.expect("the root manifest lists its members on one line");
    list.split('"').skip(1).step_by(2)
}

fn wrong_dependencies(manifest: &str, allowed: &[&str]) -> Vec<String> {
    let all = names(manifest, |section| section.contains("dependencies"));
    let wrong = |it: &String| OURS.contains(&it.as_str()) && !allowed.contains(&it.as_str());
    all.into_iter().filter(wrong).collect()
}

fn without_reason(root: &str) -> Vec<String> {
    let rows = rows(root, |section| section == "workspace.dependencies");
    let reasonless =
        rows.into_iter().filter(|line| !line.contains("path = ") && !line.contains("# "));
    reasonless.map(|line| name(line).to_owned()).collect()
}

fn names(manifest: &str, section: impl Fn(&str) -> bool) -> Vec<String> {
    let rows = rows(manifest, section).into_iter();
    rows.map(|line| name(line).to_owned()).collect()
}

fn name(line: &str) -> &str {
    line.split(['.', ' ', '=']).next().unwrap_or(line)
}

/// The `key = value` lines in the sections that `wanted` picks.
fn rows(manifest: &str, wanted: impl Fn(&str) -> bool) -> Vec<&str> {
    let mut inside = false;
    let mut rows = Vec::new();
    for line in manifest.lines() {
        if let Some(section) = line.strip_prefix('[') {
            inside = wanted(section.trim_end_matches(']'));
        } else if inside && line.starts_with(|it: char| it.is_ascii_alphabetic()) {
            rows.push(line);
        }
    }
    rows
}
