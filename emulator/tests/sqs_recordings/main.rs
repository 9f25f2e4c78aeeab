//! SQS against the answers that AWS gave.
//!
//! The recordings hold answers only; the requests follow from each case's name and AWS's
//! documentation. A case runs once per protocol in which it was recorded.

mod attributes;
mod batches;
mod case;
mod client;
mod content;
mod delivery;
mod fifo;
mod form;
mod matching;
mod receiving;
mod xml;

use case::Steps;

/// Every case's steps, by name.
const TABLES: [&[(&str, Steps)]; 6] = [
    attributes::CASES,
    batches::CASES,
    content::CASES,
    delivery::CASES,
    fifo::CASES,
    receiving::CASES,
];

/// Cases whose operations this emulator does not have yet.
const MISSING: [&str; 10] = [
    "test_sqs_permission_lifecycle",
    "test_basic_move_task_workflow",
    "test_cancel_with_invalid_source_arn_in_task_handle",
    "test_move_task_cancel",
    "test_move_task_delete_destination_queue_while_running",
    "test_move_task_with_throughput_limit",
    "test_move_task_workflow_with_default_destination",
    "test_move_task_workflow_with_multiple_sources_as_default_destination",
    "test_source_needs_redrive_policy",
    "test_start_multiple_move_tasks",
];

#[test]
fn queues_and_their_attributes() {
    case::replay(attributes::CASES);
}

#[test]
fn batches() {
    case::replay(batches::CASES);
}

#[test]
fn message_contents() {
    case::replay(content::CASES);
}

#[test]
fn visibility_and_delays() {
    case::replay(delivery::CASES);
}

#[test]
fn fifo_queues() {
    case::replay(fifo::CASES);
}

#[test]
fn receiving() {
    case::replay(receiving::CASES);
}

#[test]
fn no_recorded_case_is_left_out() {
    let replayed: Vec<&str> =
        TABLES.iter().flat_map(|table| table.iter().map(|row| row.0)).collect();
    let left_out: Vec<String> = case::recorded_names()
        .into_iter()
        .filter(|name| !replayed.contains(&name.as_str()) && !MISSING.contains(&name.as_str()))
        .collect();
    assert_eq!(left_out, Vec::<String>::new());
}
