//! The JSON Schema of system files, for editors.

use serde_json::{Value, json};

/// A draft 2020-12 schema of system files.
pub fn json_schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "System",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "clock": clock(),
            "settle": span("A process not heard from for so long is at rest; real time.", "500ms"),
            "patience": span("Time waits no longer than this for one thing; real time.", "10s"),
            "emulator": {
                "description": "Flags of `skyrig serve`.",
                "examples": [["--strict"]],
                "type": "array",
                "items": { "type": ["string", "number", "boolean"] },
            },
            "ports": {
                "description": "Names of free ports; ${port.NAME} stands for each.",
                "examples": [["api"]],
                "type": "array",
                "items": { "type": "string", "pattern": "^[A-Za-z0-9_-]+$" },
            },
            "env": environment(),
            "setup": setup(),
            "processes": {
                "description": "The system's processes, by name.",
                "type": "object",
                "additionalProperties": process(),
            },
            "resources": {
                "description": "What belongs to the system; all that there is without it.",
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "queues": names("Queues."),
                    "topics": names("Topics."),
                    "tables": names("Tables."),
                },
            },
            "http": address("Where the system answers HTTP calls of scripts."),
        },
        "$defs": {
            "span": {
                "type": "string",
                "pattern": "^(?=.)([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$",
            },
            "command": {
                "anyOf": [
                    { "type": "string", "minLength": 1 },
                    {
                        "type": "array",
                        "minItems": 1,
                        "items": { "type": ["string", "number", "boolean"] },
                    },
                ],
            },
        },
    })
}

fn clock() -> Value {
    json!({
        "description": "How the cloud's time goes: manual moves it when nothing is under \
                        way; real and scaled let it run.",
        "examples": ["manual", { "scaled": 60 }],
        "anyOf": [
            { "enum": ["manual", "real"] },
            {
                "type": "object",
                "additionalProperties": false,
                "required": ["scaled"],
                "properties": {
                    "scaled": {
                        "description": "Seconds a second.",
                        "type": "number",
                        "minimum": 0.001,
                        "maximum": 1_000_000,
                    },
                },
            },
        ],
    })
}

fn setup() -> Value {
    json!({
        "description": "Done once and in order, before the processes start.",
        "examples": [["aws sqs create-queue --queue-name orders"]],
        "type": "array",
        "items": {
            "anyOf": [
                { "type": "string", "minLength": 1 },
                {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["run"],
                    "properties": {
                        "run": command("A command that ends by itself."),
                        "env": environment(),
                        "directory": directory(),
                        "within": span("How long it may take; 60s.", "60s"),
                    },
                },
                {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["service", "operation"],
                    "properties": {
                        "service": text("An AWS service.", "sqs"),
                        "operation": text("An operation of its API.", "CreateQueue"),
                        "with": {
                            "description": "Its members.",
                            "examples": [{ "QueueName": "orders" }],
                            "type": "object",
                        },
                    },
                },
            ],
        },
    })
}

fn process() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["command"],
        "properties": {
            "command": command("How it is started."),
            "env": environment(),
            "directory": directory(),
            "ready": {
                "description": "How one knows that it is ready; calls: it has asked AWS for \
                                something.",
                "examples": ["calls", { "http": "http://127.0.0.1:${port.api}/health" }],
                "anyOf": [
                    { "const": "calls" },
                    one_of(json!({
                        "http": address("It answers 200."),
                        "log": text("It writes this.", "listening"),
                        "port": {
                            "description": "Somebody listens there.",
                            "examples": ["${port.api}"],
                            "type": ["string", "integer"],
                        },
                    })),
                ],
            },
            "copies": {
                "description": "So many of them.",
                "examples": [2],
                "type": "integer",
                "minimum": 1,
                "maximum": 50,
            },
            "busy": {
                "description": "How long it is taken to work on what it received: until it asks \
                                for more (asks), until it deletes it (holds), while it is heard \
                                from (heard), never, or while an address answers true (http).",
                "examples": ["asks", "holds"],
                "anyOf": [
                    { "enum": ["asks", "holds", "heard", "never"] },
                    one_of(json!({ "http": address("Answers true while it works.") })),
                ],
            },
        },
    })
}

fn one_of(properties: Value) -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "minProperties": 1,
        "maxProperties": 1,
        "properties": properties,
    })
}

fn span(about: &str, example: &str) -> Value {
    json!({ "description": about, "examples": [example], "$ref": "#/$defs/span" })
}

fn text(about: &str, example: &str) -> Value {
    json!({ "description": about, "examples": [example], "type": "string" })
}

fn command(about: &str) -> Value {
    json!({ "description": about, "examples": ["python3 worker.py"], "$ref": "#/$defs/command" })
}

fn directory() -> Value {
    text("Where it runs, seen from this file.", "services/worker")
}

fn names(about: &str) -> Value {
    let names = json!([["orders"]]);
    let items = json!({ "type": "string" });
    json!({ "description": about, "examples": names, "type": "array", "items": items })
}

fn environment() -> Value {
    json!({
        "description": "The environment, beside AWS_ENDPOINT_URL and what goes with it.",
        "examples": [{ "TABLE": "orders" }],
        "type": "object",
        "additionalProperties": { "type": ["string", "number", "boolean"] },
    })
}

fn address(about: &str) -> Value {
    json!({
        "description": about,
        "examples": ["http://127.0.0.1:${port.api}"],
        "type": "string",
        "pattern": "^http://",
    })
}
