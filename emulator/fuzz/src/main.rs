//! The fuzzer; the environment variable `FUZZ_TARGET` names what it aims at.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/malformed/targets/mod.rs"]
mod targets;

static TARGET: OnceLock<targets::Target> = OnceLock::new();

fn named_target() -> targets::Target {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    let found = targets::TARGETS.iter().find(|(target, _)| *target == name);
    let names = targets::TARGETS.map(|(target, _)| target).join(", ");
    found.unwrap_or_else(|| panic!("FUZZ_TARGET is '{name}', not one of {names}")).1
}

fuzz_target!(|input: &[u8]| TARGET.get_or_init(named_target)(input));
