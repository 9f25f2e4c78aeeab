//! Judges the definitions that AWS was given, tries states as `TestState` did, and plays the
//! machines that were run on AWS (`tests/recordings/stepfunctions.json`): their tasks answer
//! as AWS's did, and the history must be AWS's, event by event.

mod definitions;
mod filling;
mod matching;
mod play;
mod trials;

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

/// Histories that differ, and why. The list may only shrink.
const DIFFERENT: &[(&str, &str)] = &[
    ("test_map_state_config_distributed_item_selector", OLDER_MAP_RUN),
    ("test_map_state_config_distributed_reentrant", OLDER_MAP_RUN),
    ("test_map_state_legacy_config_distributed", OLDER_MAP_RUN),
    ("test_map_state_tolerated_failure_count_path[0]", OLDER_MAP_RUN),
    ("test_map_state_tolerated_failure_count_path[1]", OLDER_MAP_RUN),
    ("test_map_state_tolerated_failure_percentage_path[0]", OLDER_MAP_RUN),
    ("test_map_state_tolerated_failure_percentage_path[1.1]", OLDER_MAP_RUN),
    ("test_map_state_tolerated_failure_percentage_path[100]", OLDER_MAP_RUN),
    ("test_map_state_tolerated_failure_percentage_path[1]", OLDER_MAP_RUN),
    ("test_map_state_tolerated_failure_values", OLDER_MAP_RUN),
    ("test_map_state_label", "a distributed map's input lost its blanks, once"),
];

/// Since November 2024 a state's exit follows the beginning of its map run, not the end.
const OLDER_MAP_RUN: &str = "recorded before AWS changed which event the exit follows";

/// Histories that nothing here can lead to.
const NOT_PLAYED: &[(&str, &str)] = &[
    ("test_map_item_reader", "items are read from S3"),
    ("test_map_item_batching", "items are read from S3"),
    ("distributed_reentrant_lambda", "what the child executions' tasks answered was not recorded"),
    ("distributed_no_max_max_concurrency", "what the child executions did was not recorded"),
    ("test_path_based_on_data", "the definition was not recorded"),
];

fn cases() -> BTreeMap<String, Value> {
    let path = format!("{}/../../tests/recordings/stepfunctions.json", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn reason<'a>(list: &'a [(&str, &'a str)], case: &str) -> Option<&'a str> {
    list.iter().find(|(part, _)| case.contains(part)).map(|(_, reason)| *reason)
}

#[test]
fn histories_are_as_recorded() {
    let (mut played, mut wrong) = (0, Vec::new());
    let mut unused: Vec<&str> = DIFFERENT.iter().map(|(part, _)| *part).collect();
    for (name, case) in cases() {
        if reason(NOT_PLAYED, &name).is_some() {
            continue;
        }
        let outcome = play::play(&case);
        match (outcome, reason(DIFFERENT, &name)) {
            (Ok(count), _) => played += count,
            (Err(_), Some(_)) => unused.retain(|part| !name.contains(part)),
            (Err(problem), None) => wrong.push(format!("{name}: {problem}")),
        }
    }
    assert!(wrong.is_empty(), "{played} pass, {} do not:\n{}", wrong.len(), wrong.join("\n"));
    assert!(unused.is_empty(), "these pass, take them from the list: {unused:?}");
    assert!(played >= 300, "only {played} histories were played");
}

/// Cases of `TestState` that nothing here can answer.
const NOT_TRIED: &[(&str, &str)] = &[
    ("TestFieldValidation", "mocks are judged by the models of other services"),
    ("test_base_lambda_service_task_state", "a function is called"),
    ("context_object[EXECUTION_INPUT_VALUES]", "a part of a document loses its blanks here"),
];

#[test]
fn states_are_tried_as_recorded() {
    let (mut tried, mut wrong) = (0, Vec::new());
    for (name, case) in cases() {
        if reason(NOT_TRIED, &name).is_some() {
            continue;
        }
        match trials::play(&case) {
            Ok(count) => tried += count,
            Err(problem) => wrong.push(format!("{name}: {problem}")),
        }
    }
    assert!(wrong.is_empty(), "{tried} pass, {} do not:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried >= 60, "only {tried} states were tried");
}

/// Cases whose answer about a definition is none of AWS's.
const NOT_JUDGED: &[(&str, &str)] =
    &[("test_map_state_label_too_long_fail", "the answer is another emulator's")];

#[test]
fn definitions_are_judged_as_recorded() {
    let (mut judged, mut wrong) = (0, Vec::new());
    for (name, case) in cases() {
        if reason(NOT_JUDGED, &name).is_some() {
            continue;
        }
        match definitions::judge(&case) {
            Ok(count) => judged += count,
            Err(problem) => wrong.push(format!("{name}: {problem}")),
        }
    }
    assert!(wrong.is_empty(), "{judged} pass, {} do not:\n{}", wrong.len(), wrong.join("\n"));
    assert!(judged >= 600, "only {judged} definitions were judged");
}
