//! `docs/event-schemas.json`: a JSON Schema of what a delivery's body can be, made from the
//! contracts: what is required is found out by leaving it out.

use super::repository;
use orderflow::contracts::{EventType, Payload, samples};
use serde_json::{Map, Value, json};

const PATH: &str = "docs/event-schemas.json";

#[test]
fn the_schemas_are_fresh() {
    repository::is_fresh(PATH, &format!("{:#}\n", schema()), "event_schemas");
}

/// A type in the schema is one that the code insists on.
#[test]
fn a_member_of_another_type_is_refused() {
    for sample in samples() {
        let value = serde_json::to_value(&sample).expect("JSON");
        let mut places = Vec::new();
        leaves(&value["event_data"], "/event_data", &mut places);
        for place in places {
            let mut other = value.clone();
            *other.pointer_mut(&place).expect("it was just found") = json!([[]]);
            let read = serde_json::from_value::<Payload>(other);
            assert!(read.is_err(), "{}: {place} may be anything", sample.detail_type());
        }
    }
}

fn leaves(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                leaves(value, &format!("{place}/{name}"), found);
            }
        }
        Value::Array(entries) => {
            if let Some(first) = entries.first() {
                leaves(first, &format!("{place}/0"), found);
            }
        }
        _ => found.push(place.to_owned()),
    }
}

fn schema() -> Value {
    let samples = samples();
    let mut definitions = Map::new();
    let mut all = Vec::new();
    for event_type in EventType::all() {
        let name = event_type.name();
        let of_type: Vec<_> = samples
            .iter()
            .filter(|it| it.event_type() == event_type)
            .map(|it| serde_json::to_value(it).expect("JSON"))
            .collect();
        let fullest = of_type.iter().max_by_key(|it| it.to_string().len()).expect("a sample");
        let mut definition = shape(fullest, "/event_data");
        definition["description"] = json!(event_type.about());
        let key = name.replace(' ', "");
        definitions.insert(key.clone(), definition);
        all.push(json!({
            "title": name,
            "properties": {
                "source": { "const": event_type.source().on_bus() },
                "detail-type": { "const": name },
                "detail": { "properties": {
                    "event_type": { "const": name },
                    "event_data": { "$ref": format!("#/$defs/{key}") },
                }},
            },
        }));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What a rule of the order system's bus delivers",
        "description":
            "Additions leave the version as it is: skip types and members that you do not know.",
        "type": "object",
        "required": ["source", "detail-type", "detail"],
        "properties": {
            "source": { "type": "string" },
            "detail-type": { "type": "string" },
            "detail": {
                "type": "object",
                "required": ["event_id", "event_type", "event_data", "timestamp",
                    "correlation_id", "causation_id"],
                "properties": {
                    "event_id": { "type": "string" },
                    "order_id": { "type": ["string", "null"] },
                    "event_type": { "type": "string" },
                    "event_data": { "type": "object" },
                    "timestamp": { "type": "string", "format": "date-time" },
                    "correlation_id": { "type": "string" },
                    "causation_id": { "type": "string" },
                    "stream": { "type": "string" },
                    "sequence": { "type": "integer", "minimum": 1 },
                    "version": { "type": "integer" },
                },
            },
        },
        "oneOf": all,
        "$defs": definitions,
    })
}

/// What stands at `pointer` of the sample.
fn shape(sample: &Value, pointer: &str) -> Value {
    match sample.pointer(pointer).expect("it is there") {
        Value::Object(members) => {
            let (mut properties, mut required) = (Map::new(), Vec::new());
            for name in members.keys() {
                let mut without = sample.clone();
                let parent = without.pointer_mut(pointer).and_then(Value::as_object_mut);
                parent.expect("it was just found").remove(name);
                if serde_json::from_value::<Payload>(without).is_err() {
                    required.push(name.clone());
                }
                properties.insert(name.clone(), shape(sample, &format!("{pointer}/{name}")));
            }
            let mut shape = json!({ "type": "object", "properties": properties });
            if !required.is_empty() {
                shape["required"] = json!(required);
            }
            shape
        }
        Value::Array(entries) => match entries.first() {
            Some(_) => {
                json!({ "type": "array", "items": shape(sample, &format!("{pointer}/0")) })
            }
            None => json!({ "type": "array" }),
        },
        Value::String(_) => json!({ "type": "string" }),
        Value::Number(_) => json!({ "type": "integer" }),
        Value::Bool(_) => json!({ "type": "boolean" }),
        Value::Null => json!({}),
    }
}
