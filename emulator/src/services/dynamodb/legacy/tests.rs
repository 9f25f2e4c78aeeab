use serde_json::{Value, json};

use super::super::tests::{get, invalid, key, ok, put, refused, world};
use crate::cloud::testing::World;

fn seeded() -> World {
    let mut world = world();
    put(
        &mut world,
        json!({
            "pk": {"S": "a"}, "sk": {"N": "1"}, "n": {"N": "5"}, "tags": {"SS": ["x", "y"]},
            "name": {"S": "kettle"}, "flag": {"BOOL": true}
        }),
    );
    world
}

fn expect(expected: Value) -> Value {
    json!({
        "TableName": "orders", "Item": {"pk": {"S": "a"}, "sk": {"N": "1"}}, "Expected": expected
    })
}

#[test]
fn expectations_hold_or_fail_as_conditions_do() {
    for (expected, holds) in [
        (json!({"n": {"Value": {"N": "5.0"}}}), true),
        (json!({"n": {"Exists": true, "Value": {"N": "6"}}}), false),
        (json!({"n": {"Exists": false}}), false),
        (json!({"absent": {"Exists": false}}), true),
        (json!({"n": {"ComparisonOperator": "GT", "Value": {"N": "4"}}}), true),
        (json!({"n": {"ComparisonOperator": "NOT_NULL"}}), true),
        (json!({"absent": {"ComparisonOperator": "NULL"}}), true),
        (
            json!({"n": {"ComparisonOperator": "BETWEEN", "AttributeValueList": [
                {"N": "5"}, {"N": "6"}
            ]}}),
            true,
        ),
        (json!({"n": {"ComparisonOperator": "IN", "AttributeValueList": [{"N": "1"}]}}), false),
        (
            json!({"tags": {"ComparisonOperator": "CONTAINS", "AttributeValueList": [{"S": "x"}]}}),
            true,
        ),
        (
            json!({"tags": {"ComparisonOperator": "NOT_CONTAINS", "AttributeValueList": [
                {"S": "x"}
            ]}}),
            false,
        ),
        (
            json!({"name": {"ComparisonOperator": "BEGINS_WITH", "AttributeValueList": [
                {"S": "ket"}
            ]}}),
            true,
        ),
        (json!({"n": {"ComparisonOperator": "NE", "Value": {"N": "5"}}}), false),
        (json!({"n": {"Value": {"N": "5"}}, "name": {"Value": {"S": "pot"}}}), false),
    ] {
        let mut world = seeded();
        if holds {
            ok(&mut world, "PutItem", expect(expected));
        } else {
            let shape = "ConditionalCheckFailedException";
            refused(&mut world, "PutItem", expect(expected), shape, "conditional request failed");
        }
    }
    let mut either = expect(json!({"n": {"Value": {"N": "5"}}, "name": {"Value": {"S": "pot"}}}));
    either["ConditionalOperator"] = "OR".into();
    ok(&mut seeded(), "PutItem", either);
}

#[test]
fn bad_expectations_are_refused_with_aws_texts() {
    let mut world = seeded();
    for (expected, part) in [
        (json!({"a": {}}), "Value must be provided when Exists is null for Attribute: a"),
        (json!({"a": {"Exists": true}}), "Value must be provided when Exists is true"),
        (
            json!({"a": {"Exists": false, "Value": {"S": "x"}}}),
            "Value cannot be used when Exists is false for Attribute: a",
        ),
        (
            json!({"a": {"Exists": true, "ComparisonOperator": "NULL"}}),
            "Exists and ComparisonOperator cannot be used together for Attribute: a",
        ),
        (
            json!({"a": {"AttributeValueList": [{"S": "x"}]}}),
            "AttributeValueList can only be used with a ComparisonOperator for Attribute: a",
        ),
        (
            json!({"a": {"ComparisonOperator": "EQ"}}),
            "Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: a",
        ),
        (
            json!({"a": {"ComparisonOperator": "EQ", "AttributeValueList": []}}),
            "Invalid number of argument(s) for the EQ ComparisonOperator",
        ),
        (
            json!({"a": {"ComparisonOperator": "LT", "Value": {"BOOL": true}}}),
            "ComparisonOperator LT is not valid for BOOL AttributeValue type",
        ),
        (
            json!({"a": {"ComparisonOperator": "IN", "AttributeValueList": [
                {"S": "x"}, {"N": "1"}
            ]}}),
            "AttributeValues inside AttributeValueList must be of same type",
        ),
        (
            json!({"a": {"ComparisonOperator": "BETWEEN", "AttributeValueList": [
                {"N": "2"}, {"N": "1"}
            ]}}),
            "lower bound is greater than the upper bound",
        ),
        (json!({"a": {"ComparisonOperator": "XX", "Value": {"S": "x"}}}), "[IN, NULL, BETWEEN,"),
    ] {
        invalid(&mut world, "PutItem", expect(expected), part);
    }
    let mut mixed = expect(json!({"n": {"Value": {"N": "5"}}}));
    mixed["ConditionExpression"] = "attribute_exists(pk)".into();
    invalid(
        &mut world,
        "PutItem",
        mixed,
        "Can not use both expression and non-expression parameters in the same request: \
         Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}",
    );
    let mut alone = expect(json!({"n": {"Value": {"N": "5"}}}));
    alone["ConditionalOperator"] = "AND".into();
    invalid(&mut world, "PutItem", alone, "when Filter or Expected has two or more elements");
}

#[test]
fn attribute_updates_change_items() {
    let mut world = seeded();
    let update = |updates: Value| {
        json!({
            "TableName": "orders", "Key": key("a", 1), "AttributeUpdates": updates,
            "ReturnValues": "UPDATED_NEW"
        })
    };
    let updates = json!({
        "n": {"Action": "ADD", "Value": {"N": "2"}},
        "tags": {"Action": "DELETE", "Value": {"SS": ["x"]}},
        "flag": {"Action": "DELETE"},
        "new": {"Value": {"L": []}}
    });
    let told = ok(&mut world, "UpdateItem", update(updates));
    let expected = json!({"n": {"N": "7"}, "tags": {"SS": ["y"]}, "new": {"L": []}});
    assert_eq!(told["Attributes"], expected);
    assert!(get(&mut world, "a", 1).get("flag").is_none());
    for (updates, part) in [
        (json!({"n": {"Action": "PUT"}}), "Only DELETE action is allowed when no attribute value"),
        (
            json!({"n": {"Action": "ADD", "Value": {"BOOL": true}}}),
            "ADD action is not supported for the type BOOL",
        ),
        (
            json!({"n": {"Action": "DELETE", "Value": {"N": "1"}}}),
            "DELETE action with value is not supported for the type N",
        ),
        (json!({"n": {"Action": "X", "Value": {"N": "1"}}}), "[ADD, PUT, DELETE]"),
        (
            json!({"name": {"Action": "ADD", "Value": {"N": "1"}}}),
            "Type mismatch for attribute to update",
        ),
        (json!({"pk": {"Value": {"S": "b"}}}), "This attribute is part of the key"),
    ] {
        invalid(&mut world, "UpdateItem", update(updates), part);
    }
}

#[test]
fn legacy_reads_find_what_expressions_find() {
    let mut world = seeded();
    put(&mut world, json!({"pk": {"S": "a"}, "sk": {"N": "2"}, "n": {"N": "9"}}));
    let query = |more: Value| {
        let pk = json!({"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]});
        let base = json!({"TableName": "orders", "KeyConditions": {"pk": pk}});
        super::super::tests::with(base, more)
    };
    assert_eq!(ok(&mut world, "Query", query(json!({})))["Count"], 2);
    let filter = json!({"n": {"ComparisonOperator": "GE", "AttributeValueList": [{"N": "9"}]}});
    let told =
        ok(&mut world, "Query", query(json!({"QueryFilter": filter, "AttributesToGet": ["sk"]})));
    assert_eq!((&told["Items"], &told["ScannedCount"]), (&json!([{"sk": {"N": "2"}}]), &json!(2)));
    let told = ok(&mut world, "Scan", json!({"TableName": "orders", "ScanFilter": filter}));
    assert_eq!(told["Count"], 1);
    let key =
        json!({"TableName": "orders", "Key": key("a", 2), "AttributesToGet": ["n", "absent"]});
    assert_eq!(ok(&mut world, "GetItem", key)["Item"], json!({"n": {"N": "9"}}));
    let on_key = json!({"pk": {"ComparisonOperator": "NOT_NULL"}});
    for (more, part) in [
        (json!({"QueryFilter": on_key}), "QueryFilter can only contain non-primary key attributes"),
        (json!({"AttributesToGet": ["n", "n"]}), "Duplicate value in attribute name: n"),
        (json!({"KeyConditions": {}}), "Conditions can be of length 1 or 2 only"),
        (
            json!({"KeyConditions": {"pk": {"ComparisonOperator": "NE", "AttributeValueList": [
                {"S": "a"}
            ]}}}),
            "Attempted conditional constraint is not an indexable operation",
        ),
        (
            json!({"AttributesToGet": ["n"], "Select": "COUNT"}),
            "Cannot specify the AttributesToGet when choosing to get COUNT",
        ),
        (json!({"ConditionalOperator": "OR"}), "cannot be used without Filter or Expected"),
    ] {
        invalid(&mut world, "Query", query(more), part);
    }
}
