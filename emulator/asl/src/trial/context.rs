//! A context object that a request gives: which members it may have.

use serde_json::{Map, Value};

use super::Refusal;
use crate::json::Json;

/// Each object of the context object, and its members that are texts, numbers or anything.
const MEMBERS: &[(&str, &[(&str, Type)])] = &[
    (
        "Execution",
        &[
            ("Id", Type::Text),
            ("Input", Type::Anything),
            ("Name", Type::Text),
            ("RoleArn", Type::Text),
            ("StartTime", Type::Text),
            ("RedriveCount", Type::Number),
            ("RedriveTime", Type::Text),
        ],
    ),
    ("State", &[("EnteredTime", Type::Text), ("Name", Type::Text), ("RetryCount", Type::Number)]),
    ("StateMachine", &[("Id", Type::Text), ("Name", Type::Text)]),
    ("Task", &[("Token", Type::Text)]),
];

#[derive(Clone, Copy)]
enum Type {
    Text,
    Number,
    Anything,
}

fn invalid<T>(problem: &str) -> Result<T, Refusal> {
    Err(Refusal::Validation(format!("Invalid Context object provided: {problem}")))
}

pub(super) fn read(text: &str) -> Result<Value, Refusal> {
    let Ok(json) = Json::parse(text) else { return invalid("must be valid JSON") };
    let Some(all) = json.value().as_object() else { return invalid("must be a JSON object") };
    for (name, value) in all {
        if name == "Map" {
            return invalid("'Map' field is not supported when mocking a Context object");
        }
        let Some((_, members)) = MEMBERS.iter().find(|row| row.0 == name) else {
            return invalid(&format!("Field '{name}' is not allowed"));
        };
        match value.as_object() {
            Some(object) => judge(name, object, members)?,
            None => return invalid(&format!("{name} must be an object")),
        }
    }
    Ok(json.value().clone())
}

fn judge(name: &str, object: &Map<String, Value>, members: &[(&str, Type)]) -> Result<(), Refusal> {
    for (member, value) in object {
        let Some((_, kind)) = members.iter().find(|row| row.0 == member) else {
            return invalid(&format!("Field '{member}' is not allowed"));
        };
        let wanted = match kind {
            Type::Text if !value.is_string() => "a string",
            Type::Number if !value.is_number() => "a number",
            _ => continue,
        };
        return invalid(&format!("{name}.{member} must be {wanted}"));
    }
    Ok(())
}
