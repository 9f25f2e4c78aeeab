//! The patches that take safeguards out of the order system, or plant bugs in it, fit its sources.

use crate::repository::{files, root};
use std::process::Command;

#[test]
fn every_safeguard_can_be_taken_out() {
    check("scenarios/safeguards", 5);
}

#[test]
fn every_bug_can_be_planted() {
    check("tests/planted-bugs", 20);
}

fn check(folder: &str, least: usize) {
    let patches = files(folder, "patch");
    assert!(patches.len() >= least);
    for patch in patches {
        let mut check = Command::new("git");
        let output = check.args(["apply", "--check", &patch]).current_dir(root()).output();
        let output = output.expect("git is there");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{patch}: {said}");
    }
}
