//! Names of attributes: how long they may be, and what is said of those that are none.

use serde_json::{Value, json};

use super::{invalid, key, ok, with, world};

const TOO_LONG: &str = "Attribute name is too large, must be less than 65536 bytes";

fn named(name: &str, value: Value) -> Value {
    let mut out = json!({});
    out[name] = value;
    out
}

#[test]
fn names_have_1_to_65535_bytes() {
    let mut world = world();
    let (right, long) = ("n".repeat(65_535), "é".repeat(32_768));
    let put = |item: Value| json!({"TableName": "orders", "Item": with(key("a", 1), item)});
    let inside = |name: &str| json!({"m": {"L": [{"M": named(name, json!({"S": "x"}))}]}});
    ok(&mut world, "PutItem", put(inside(&right)));
    for (name, part) in [("", "Empty attribute name"), (long.as_str(), TOO_LONG)] {
        invalid(&mut world, "PutItem", put(named(name, json!({"S": "x"}))), part);
        invalid(&mut world, "PutItem", put(inside(name)), part);
        let request = json!({"PutRequest": {"Item": with(key("a", 1), inside(name))}});
        invalid(&mut world, "BatchWriteItem", json!({"RequestItems": {"orders": [request]}}), part);
        let actions = json!({"TransactItems": [{"Put": put(inside(name))}]});
        invalid(&mut world, "TransactWriteItems", actions, part);
    }
}

#[test]
fn names_of_expressions_are_names_of_attributes() {
    let mut world = world();
    let (right, long) = ("n".repeat(65_535), "n".repeat(65_536));
    let update = |name: &str, value: Value| {
        json!({
            "TableName": "orders", "Key": key("a", 1), "UpdateExpression": "SET #n = :v",
            "ExpressionAttributeNames": {"#n": name}, "ExpressionAttributeValues": {":v": value}
        })
    };
    ok(&mut world, "UpdateItem", update(&right, json!({"S": "x"})));
    invalid(&mut world, "UpdateItem", update(&long, json!({"S": "x"})), TOO_LONG);
    let nested = json!({"M": named(&long, json!({"S": "x"}))});
    invalid(&mut world, "UpdateItem", update("n", nested), TOO_LONG);
    let part = "ExpressionAttributeNames contains invalid value: Empty attribute name for key #n";
    invalid(&mut world, "UpdateItem", update("", json!({"S": "x"})), part);
    let get = json!({
        "TableName": "orders", "Key": key("a", 1), "ProjectionExpression": "#n",
        "ExpressionAttributeNames": {"#n": ""}
    });
    invalid(&mut world, "GetItem", get, part);
}
