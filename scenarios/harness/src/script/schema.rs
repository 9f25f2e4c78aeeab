//! The JSON Schema of scripts, for editors. Made from the grammar here and a system's catalog;
//! each word brings its own arguments.

use super::nemesis::FAULTS;
use crate::catalog::{Catalog, Need, Signature};
use serde_json::{Map, Value, json};

/// A draft 2020-12 schema of the scripts that `catalog` allows.
pub fn json_schema(catalog: &Catalog) -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario",
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "story", "when"],
        "anyOf": [{ "required": ["then"] }, { "required": ["invariants"] }],
        "properties": {
            "name": {
                "description": "By which the scenario is played.",
                "examples": ["failure-dlq"],
                "type": "string",
                "minLength": 1,
            },
            "story": {
                "description": "What the scenario tells, in a few sentences.",
                "examples": ["Ann orders a lamp and pays."],
                "type": "string",
            },
            "given": {
                "description": "Done first and in order, before the script's clock starts.",
                "type": "array",
                "items": act(catalog, &Map::new()),
            },
            "nemesis": {
                "description": "What goes wrong at AWS, or with the system's processes.",
                "examples": [[{ "fault": "lose_answer", "on": { "service": "sqs" }, "times": 3 }]],
                "type": "array",
                "items": nemesis(catalog),
            },
            "when": {
                "description": "The steps, one after the other.",
                "type": "array",
                "items": step(catalog),
            },
            "then": {
                "description": "What must be seen.",
                "type": "array",
                "minItems": 1,
                "items": expectation(),
            },
            "invariants": invariants(catalog),
        },
        "$defs": {
            "span": {
                "type": "string",
                "pattern": "^(?=.)([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$",
            },
            "condition": condition(catalog),
            "wanted": wanted(&Map::new()),
        },
    })
}

fn span(about: &str, example: &str) -> Value {
    let about = format!("{about} A length of time, like 250ms, 90s, 5m, 2h30m or 14d.");
    json!({ "description": about, "examples": [example], "$ref": "#/$defs/span" })
}

/// A member that holds text.
fn text(about: &str, example: &str) -> Value {
    json!({ "type": "string", "description": about, "examples": [example] })
}

fn nemesis(catalog: &Catalog) -> Value {
    let roles: Vec<_> = catalog.roles.iter().map(|role| role.name).collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["fault"],
        "properties": {
            "name": text("By which the report tells how often it fired.", "lost answers"),
            "fault": words(FAULTS),
            "with": { "description": "The fault's arguments.", "type": "object" },
            "on": {
                "description": "What it acts on. What is not said matches everything.",
                "examples": [{ "service": "sqs", "operation": "SendMessage" }],
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "service": text("An AWS service.", "sqs"),
                    "operation": text("An operation of the service's API.", "SendMessage"),
                    "resource": text("A queue, topic, bus or table.", "payments"),
                    "caller": text("Who calls: an access key or a service.", "000000000000"),
                    "attempt": {
                        "description": "Which attempt of the caller's SDK, from 1.",
                        "examples": [1],
                        "type": "integer",
                        "minimum": 1,
                    },
                    "role": {
                        "description": "Whose process it is that has the fault.",
                        "examples": roles.first().into_iter().collect::<Vec<_>>(),
                        "enum": roles,
                    },
                },
            },
            "probability": {
                "description": "Of how many matches it makes something; without it, of all.",
                "examples": [0.2],
                "type": "number",
                "minimum": 0,
                "maximum": 1,
            },
            "times": count("It fires no more often than this."),
            "from": span("Acts from here on, counted from the first step.", "10s"),
            "until": span("Acts until here, counted from the first step.", "1m"),
            "must_fire": {
                "description": "Fails the scenario if it fired less often; true is once.",
                "examples": [true, 3],
                "anyOf": [{ "type": "boolean" }, { "type": "integer", "minimum": 0 }],
            },
        },
        "allOf": choices(FAULTS, "fault", "with"),
    })
}

fn count(about: &str) -> Value {
    json!({ "description": about, "examples": [3], "type": "integer", "minimum": 1 })
}

fn step(catalog: &Catalog) -> Value {
    let rate = |unit: &str, example: u32| {
        json!({
            "description": format!("So many per {unit}, on average."),
            "examples": [example],
            "type": "number",
            "exclusiveMinimum": 0,
        })
    };
    let timing = json!({
        "at": span("So long after the first step began.", "90s"),
        "after": span("So long after the previous step was done.", "10s"),
        "once": {
            "description": "As soon as this holds; `within` says how long to wait at most.",
            "$ref": "#/$defs/condition",
        },
        "each": each("Done once for each entry of this list; the action calls it ${each}."),
        "every": span("Done again and again, at this interval. ${n} counts from 1.", "2s"),
        "times": count("Done so many times."),
        "until": span("Repeated until here, counted from the first step.", "1m"),
        "rate": {
            "description": "Done again and again, at random moments drawn from the seed.",
            "examples": [{ "per_minute": 30, "for": "2m" }],
            "type": "object",
            "additionalProperties": false,
            "required": ["for"],
            "minProperties": 2,
            "maxProperties": 2,
            "properties": {
                "per_second": rate("second", 5),
                "per_minute": rate("minute", 30),
                "per_hour": rate("hour", 100),
                "for": span("So long.", "2m"),
            },
        },
    });
    let mut step = act(catalog, timing.as_object().unwrap_or(&Map::new()));
    // A step may only wait.
    step["required"] = json!([]);
    step["minProperties"] = json!(1);
    step
}

fn each(about: &str) -> Value {
    json!({
        "description": about,
        "examples": ["${orders}", ["ann", "bob"]],
        "anyOf": [{ "type": "string", "pattern": "^\\$\\{[^}]+\\}$" }, { "type": "array" }],
    })
}

fn act(catalog: &Catalog, start: &Map<String, Value>) -> Value {
    let mut properties = start.clone();
    let name = "Captures the result; ${name.field} finds it later. Repetitions give a list.";
    properties.extend([
        ("do".to_owned(), words(&catalog.all_actions())),
        ("with".to_owned(), json!({ "description": "Arguments.", "type": "object" })),
        ("as".to_owned(), text(name, "order")),
        (
            "gives".to_owned(),
            json!({
                "description": "What the result must be.",
                "examples": [{ "contains": { "count": 1 } }],
                "$ref": "#/$defs/wanted",
            }),
        ),
        (
            "fails_with".to_owned(),
            text("The action must be refused, with this in the refusal.", "out of stock"),
        ),
        (
            "may_fail".to_owned(),
            json!({
                "description": "The story goes on although the action fails.",
                "examples": [true],
                "type": "boolean",
            }),
        ),
    ]);
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["do"],
        "properties": properties,
        "allOf": choices(&catalog.all_actions(), "do", "with"),
    })
}

fn condition(catalog: &Catalog) -> Value {
    let within = "The deadline, counted from the last step; in `once`, from the previous one.";
    let mut condition = wanted(&Map::from_iter([
        ("see".to_owned(), words(&catalog.all_observations())),
        ("of".to_owned(), json!({ "description": "Arguments.", "type": "object" })),
        ("within".to_owned(), span(within, "5m")),
    ]));
    condition["required"] = json!(["see"]);
    condition["allOf"] = choices(&catalog.all_observations(), "see", "of").into();
    condition
}

fn wanted(more: &Map<String, Value>) -> Value {
    let size = "A number, or a list's length.";
    let size = json!({ "type": "number", "description": size, "examples": [3] });
    let part = "Part of a text, entry of a list, or fields of a map.";
    let order = "Entries of a list, in this order; others may stand between.";
    let mut properties = Map::from_iter([
        ("equals".to_owned(), json!({ "description": "This value.", "examples": ["delivered"] })),
        ("at_least".to_owned(), size.clone()),
        ("at_most".to_owned(), size),
        ("contains".to_owned(), json!({ "description": part, "examples": [{ "count": 1 }] })),
        (
            "in_order".to_owned(),
            json!({ "type": "array", "description": order, "examples": [["placed", "paid"]] }),
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
    let modes = ["eventually", "always", "never", "sometimes"];
    let one: Vec<_> = modes.iter().map(|mode| json!({ "required": [mode] })).collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "oneOf": one,
        "properties": {
            "each": each("The condition is about each entry of this list, called ${each}."),
            "eventually": mode("Holds at some moment between the last step and the deadline."),
            "always": mode("Holds whenever it is looked at, from the first step on."),
            "never": mode("Holds at no moment, from the first step on."),
            "sometimes": mode("Holds at least once, at any moment from the first step on."),
        },
    })
}

fn invariants(catalog: &Catalog) -> Value {
    let example: Vec<_> = catalog.invariants.iter().take(1).map(|one| one.name).collect();
    json!({
        "description": "Checked in the end, without faults and with the system at rest.",
        "examples": ["all", example],
        "anyOf": [
            { "const": "all", "description": "All that the system has." },
            { "type": "array", "items": words(catalog.invariants) },
        ],
    })
}

fn words(signatures: &[Signature]) -> Value {
    if signatures.is_empty() {
        return json!(false);
    }
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
        let schema = match kind {
            None => json!({}),
            Some("string") => json!({ "type": "string" }),
            Some(kind) => {
                json!({ "anyOf": [{ "type": kind }, { "type": "string", "pattern": "\\$\\{" }] })
            }
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
