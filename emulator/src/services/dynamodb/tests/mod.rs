//! Tests at the service's boundary: requests in, answers out.

mod backups;
mod batches;
mod global_tables;
mod indexes;
mod items;
mod metrics;
mod model;
mod multi_attribute_keys;
mod names;
mod properties;
mod queries;
mod settings;
mod shards;
mod streams;
mod tables;
mod throttling;
mod throughput;
mod transactions;
mod validation;

use serde_json::{Value, json};

use crate::cloud::testing::{Refused, World};

/// A world with the table `orders` (partition `pk`, sort `sk`) and its indexes:
/// global `by-status` (`status`, `at`; keys and `total`), local `by-total` (`total`; keys).
pub(super) fn world() -> World {
    let mut world = World::new();
    ok(&mut world, "CreateTable", orders());
    world
}

fn orders() -> Value {
    json!({
        "TableName": "orders",
        "AttributeDefinitions": [
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "N"},
            {"AttributeName": "status", "AttributeType": "S"},
            {"AttributeName": "at", "AttributeType": "N"},
            {"AttributeName": "total", "AttributeType": "N"}
        ],
        "KeySchema": [
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"}
        ],
        "BillingMode": "PAY_PER_REQUEST",
        "GlobalSecondaryIndexes": [{
            "IndexName": "by-status",
            "KeySchema": [
                {"AttributeName": "status", "KeyType": "HASH"},
                {"AttributeName": "at", "KeyType": "RANGE"}
            ],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["note"]}
        }],
        "LocalSecondaryIndexes": [{
            "IndexName": "by-total",
            "KeySchema": [
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "total", "KeyType": "RANGE"}
            ],
            "Projection": {"ProjectionType": "KEYS_ONLY"}
        }]
    })
}

pub(super) fn ok(world: &mut World, operation: &str, body: Value) -> Value {
    world.ok(&format!("DynamoDB_20120810.{operation}"), body)
}

fn err(world: &mut World, operation: &str, body: Value) -> Refused {
    world.err(&format!("DynamoDB_20120810.{operation}"), body)
}

/// Expects an error of this shape whose message has this part.
pub(super) fn refused(world: &mut World, operation: &str, body: Value, shape: &str, part: &str) {
    let shown = body.to_string();
    let shown = shown.get(..400).unwrap_or(&shown).to_owned();
    let refused = err(world, operation, body);
    let fits = refused.shape == shape && refused.message.contains(part);
    assert!(fits, "{operation} {shown}: {refused:?}");
}

/// Expects a validation error with this part.
pub(super) fn invalid(world: &mut World, operation: &str, body: Value, part: &str) {
    refused(world, operation, body, "ValidationException", part);
}

pub(super) fn put(world: &mut World, item: Value) {
    ok(world, "PutItem", json!({"TableName": "orders", "Item": item}));
}

pub(super) fn key(pk: &str, sk: i64) -> Value {
    json!({"pk": {"S": pk}, "sk": {"N": sk.to_string()}})
}

pub(super) fn get(world: &mut World, pk: &str, sk: i64) -> Value {
    ok(world, "GetItem", json!({"TableName": "orders", "Key": key(pk, sk)}))["Item"].clone()
}

/// `base` with the members of `more`.
pub(super) fn with(mut base: Value, more: Value) -> Value {
    let more = more.as_object().unwrap().clone();
    base.as_object_mut().unwrap().extend(more);
    base
}
