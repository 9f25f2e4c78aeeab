//! Members of services that write them with small letters: tasks write them with capitals.

use serde_json::{Map, Value};

/// Members whose own members are data: their names stay as they are.
const DATA: [&str; 4] = ["tags", "variableReferences", "assignedVariables", "results"];

fn is_data(name: &str) -> bool {
    DATA.iter().any(|data| data.eq_ignore_ascii_case(name))
}

fn turned(value: Value, turn: fn(&str) -> String) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(|item| turned(item, turn)).collect(),
        Value::Object(members) => {
            let mut all = Map::new();
            for (name, member) in members {
                let is_map = is_data(&name) && member.is_object();
                let member = if is_map { member } else { turned(member, turn) };
                all.insert(turn(&name), member);
            }
            Value::Object(all)
        }
        other => other,
    }
}

fn first(name: &str, change: fn(char) -> char) -> String {
    let mut letters = name.chars();
    letters.next().map(change).into_iter().chain(letters).collect()
}

/// `StateMachineArn` to `stateMachineArn`.
pub(super) fn small(value: Value) -> Value {
    turned(value, |name| first(name, |it| it.to_ascii_lowercase()))
}

/// `stateMachineArn` to `StateMachineArn`.
pub(super) fn capital(value: Value) -> Value {
    turned(value, |name| first(name, |it| it.to_ascii_uppercase()))
}
