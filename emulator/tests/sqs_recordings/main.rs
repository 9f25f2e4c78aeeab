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
mod move_tasks;
mod permissions;
mod receiving;
mod xml;

use case::Steps;

/// Every case's steps, by name.
const TABLES: [&[(&str, Steps)]; 8] = [
    attributes::CASES,
    batches::CASES,
    content::CASES,
    delivery::CASES,
    fifo::CASES,
    move_tasks::CASES,
    permissions::CASES,
    receiving::CASES,
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
fn move_tasks() {
    case::replay(move_tasks::CASES);
}

#[test]
fn permissions() {
    case::replay(permissions::CASES);
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
        .filter(|name| !replayed.contains(&name.as_str()))
        .collect();
    assert_eq!(left_out, Vec::<String>::new());
}
