//! The JSON Schema of scripts, for editors. Made from the grammar here and a system's catalog;
//! each word brings its own arguments.

use crate::catalog::{Catalog, Need, Signature};
use serde_json::{Map, Value, json};

/// A draft 2020-12 schema of the scripts that `catalog` allows.
pub fn json_schema(catalog: &Catalog) -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario",
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "story", "when", "then"],
        "properties": {
            "name": { "type": "string", "minLength": 1 },
            "story": { "type": "string", "description": "What the scenario tells." },
            "given": {
                "description": "Done first and in order, before the script's clock starts.",
                "type": "array",
                "items": act(catalog, &Map::new()),
            },
            "when": { "type": "array", "items": step(catalog) },
            "then": { "type": "array", "minItems": 1, "items": expectation() },
        },
        "$defs": {
            "span": {
                "description": "A length of time, like 250ms, 90s, 5m, 2h30m or 14d.",
                "type": "string",
                "pattern": "^(?=.)([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$",
            },
            "condition": condition(catalog),
            "wanted": wanted(&Map::new()),
        },
    })
}

fn step(catalog: &Catalog) -> Value {
    let span = |about: &str| json!({ "description": about, "$ref": "#/$defs/span" });
    let start = Map::from_iter([
        ("at".to_owned(), span("So long after the first step began.")),
        ("after".to_owned(), span("So long after the previous step was done.")),
        (
            "once".to_owned(),
            json!({
                "description": "As soon as this holds; `within` says how long to wait at most.",
                "$ref": "#/$defs/condition",
            }),
        ),
    ]);
    let mut step = act(catalog, &start);
    // A step may only wait.
    step["required"] = json!([]);
    step["minProperties"] = json!(1);
    step
}

fn act(catalog: &Catalog, start: &Map<String, Value>) -> Value {
    let mut properties = start.clone();
    let text = |about: &str| json!({ "type": "string", "description": about });
    properties.extend([
        ("do".to_owned(), words(catalog.actions)),
        ("with".to_owned(), json!({ "type": "object" })),
        ("as".to_owned(), text("Captures the result; ${name.field} finds it later.")),
        (
            "gives".to_owned(),
            json!({ "description": "What the result must be.", "$ref": "#/$defs/wanted" }),
        ),
        ("fails_with".to_owned(), text("The action must be refused, with this in the refusal.")),
    ]);
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["do"],
        "properties": properties,
        "allOf": choices(catalog.actions, "do", "with"),
    })
}

fn condition(catalog: &Catalog) -> Value {
    let mut condition = wanted(&Map::from_iter([
        ("see".to_owned(), words(catalog.observations)),
        ("of".to_owned(), json!({ "type": "object" })),
        ("within".to_owned(), json!({ "$ref": "#/$defs/span" })),
    ]));
    condition["required"] = json!(["see"]);
    condition["allOf"] = choices(catalog.observations, "see", "of").into();
    condition
}

fn wanted(more: &Map<String, Value>) -> Value {
    let size = json!({ "type": "number", "description": "A number, or the length of a list." });
    let mut properties = Map::from_iter([
        ("equals".to_owned(), json!(true)),
        ("at_least".to_owned(), size.clone()),
        ("at_most".to_owned(), size),
        (
            "contains".to_owned(),
            json!({ "description": "Part of a text, entry of a list, or fields of a map." }),
        ),
        (
            "in_order".to_owned(),
            json!({ "type": "array", "description": "Entries of a list, in this order." }),
        ),
    ]);
    let comparisons: Vec<_> = properties.keys().map(|key| json!({ "required": [key] })).collect();
    properties.extend(more.clone());
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "anyOf": comparisons,
    })
}

fn expectation() -> Value {
    let mode = |about: &str| json!({ "description": about, "$ref": "#/$defs/condition" });
    json!({
        "type": "object",
        "additionalProperties": false,
        "minProperties": 1,
        "maxProperties": 1,
        "properties": {
            "eventually": mode("Holds at some moment between the last step and the deadline."),
            "always": mode("Holds whenever it is looked at, from the first step on."),
            "never": mode("Holds at no moment, from the first step on."),
        },
    })
}

fn words(signatures: &[Signature]) -> Value {
    let word = |word: &Signature| json!({ "const": word.name, "description": word.about });
    json!({ "oneOf": signatures.iter().map(word).collect::<Vec<_>>() })
}

/// If the word is this one, then its arguments are these.
fn choices(signatures: &[Signature], word_key: &str, arguments_key: &str) -> Vec<Value> {
    let choice = |signature: &Signature| {
        let required = signature.arguments.iter().filter(|one| one.need == Need::Required);
        let required: Vec<_> = required.map(|argument| argument.name).collect();
        let needed: &[&str] = if required.is_empty() { &[] } else { &[arguments_key] };
        json!({
            "if": {
                "required": [word_key],
                "properties": { word_key: { "const": signature.name } },
            },
            "then": {
                "required": needed,
                "properties": { arguments_key: arguments(signature, &required) },
            },
        })
    };
    signatures.iter().map(choice).collect()
}

fn arguments(signature: &Signature, required: &[&str]) -> Value {
    let property = |argument: &crate::catalog::Argument| {
        let kind = argument.kind.json_type();
        // A capture may stand for any kind.
        let schema = if kind == "string" {
            json!({ "type": kind })
        } else {
            json!({ "anyOf": [{ "type": kind }, { "type": "string", "pattern": "\\$\\{" }] })
        };
        (argument.name.to_owned(), schema)
    };
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": signature.arguments.iter().map(property).collect::<Map<_, _>>(),
    })
}
