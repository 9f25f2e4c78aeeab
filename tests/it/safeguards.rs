//! The patches that take safeguards out of the order system fit its sources.

use crate::repository::{files, root};
use std::process::Command;

#[test]
fn every_safeguard_can_be_taken_out() {
    let patches = files("scenarios/safeguards", "patch");
    assert!(!patches.is_empty());
    for patch in patches {
        let mut check = Command::new("git");
        let output = check.args(["apply", "--check", &patch]).current_dir(root()).output();
        let output = output.expect("git is there");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{patch}: {said}");
    }
}
