use serde_json::{Value, json};

use super::{err, get, invalid, key, ok, put, refused, with, world};
use crate::cloud::testing::World;

fn on_orders(more: Value) -> Value {
    with(json!({"TableName": "orders"}), more)
}

#[test]
fn items_come_back_as_they_went() {
    let mut world = world();
    let item = with(
        key("a", 1),
        json!({
            "empty": {"S": ""}, "blob": {"B": "c2t5cmln"}, "num": {"N": "1.50"},
            "doc": {"M": {"list": {"L": [{"NULL": true}, {"BOOL": false}]}}},
            "set": {"SS": ["b", "a"]}
        }),
    );
    put(&mut world, item.clone());
    let expected = with(item, json!({"num": {"N": "1.5"}, "set": {"SS": ["a", "b"]}}));
    assert_eq!(get(&mut world, "a", 1), expected);
    assert_eq!(get(&mut world, "a", 2), Value::Null);
    let body = on_orders(json!({
        "Key": {"pk": {"S": "a"}, "sk": {"N": "1.0"}},
        "ProjectionExpression": "#d.#l[1], num",
        "ExpressionAttributeNames": {"#d": "doc", "#l": "list"},
        "ReturnConsumedCapacity": "TOTAL", "ConsistentRead": true
    }));
    assert_eq!(
        ok(&mut world, "GetItem", body),
        json!({
            "Item": {"doc": {"M": {"list": {"L": [{"BOOL": false}]}}}, "num": {"N": "1.5"}},
            "ConsumedCapacity": {"TableName": "orders", "CapacityUnits": 1.0}
        })
    );
}

#[test]
fn keys_are_checked() {
    let mut world = world();
    for (item, part) in [
        (json!({"pk": {"S": "a"}}), "Missing the key sk in the item"),
        (
            json!({"pk": {"N": "1"}, "sk": {"N": "1"}}),
            "Type mismatch for key pk expected: S actual: N",
        ),
        (
            key("", 1),
            "The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
        ),
        (
            key(&"k".repeat(2049), 1),
            "Size of hashkey has exceeded the maximum size limit of2048 bytes",
        ),
        (
            with(key("a", 1), json!({"status": {"N": "1"}})),
            "Type mismatch for Index Key status Expected: S Actual: N IndexName: by-status",
        ),
        (
            with(key("a", 1), json!({"status": {"S": ""}})),
            "cannot contain an empty string value. IndexName: by-status, IndexKey: status",
        ),
        (
            with(key("a", 1), json!({"status": {"S": "s".repeat(2049)}})),
            "Size of hashkey has exceeded the maximum size limit of2048 bytes",
        ),
        (with(key("a", 1), json!({"x": {}})), "Supplied AttributeValue is empty"),
        (with(key("a", 1), json!({"x": {"N": "1e126"}})), "Number overflow."),
    ] {
        invalid(&mut world, "PutItem", on_orders(json!({"Item": item})), part);
    }
    put(&mut world, key(&"k".repeat(2048), 1));
    let mismatch = "The provided key element does not match the schema";
    for operation in ["GetItem", "DeleteItem", "UpdateItem"] {
        for key in [
            json!({"pk": {"S": "a"}}),
            json!({"pk": {"S": "a"}, "sk": {"S": "1"}}),
            json!({"pk": {"S": "a"}, "sk": {"N": "1"}, "x": {"S": "1"}}),
        ] {
            invalid(&mut world, operation, on_orders(json!({"Key": key})), mismatch);
        }
        invalid(&mut world, operation, on_orders(json!({})), "at 'key' failed");
    }
    for operation in ["GetItem", "DeleteItem", "UpdateItem", "Query", "Scan"] {
        let mut body = json!({"TableName": "nowhere", "Key": key("a", 1)});
        if operation == "Query" {
            body["KeyConditionExpression"] = "pk = :a".into();
            body["ExpressionAttributeValues"] = json!({":a": {"S": "a"}});
        }
        refused(
            &mut world,
            operation,
            body,
            "ResourceNotFoundException",
            "Requested resource not found",
        );
    }
}

#[test]
fn sort_keys_have_at_most_1024_bytes() {
    let mut world = World::new();
    let table = json!({
        "TableName": "texts", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": "p", "AttributeType": "S"},
            {"AttributeName": "s", "AttributeType": "S"}
        ],
        "KeySchema": [
            {"AttributeName": "p", "KeyType": "HASH"},
            {"AttributeName": "s", "KeyType": "RANGE"}
        ]
    });
    ok(&mut world, "CreateTable", table);
    let body = |bytes: usize| {
        let item = json!({"p": {"S": "p"}, "s": {"S": "s".repeat(bytes)}});
        json!({"TableName": "texts", "Item": item})
    };
    ok(&mut world, "PutItem", body(1024));
    invalid(&mut world, "PutItem", body(1025), "size limit of 1024 bytes");
}

#[test]
fn items_have_at_most_400_kilobytes() {
    let mut world = world();
    // pk, a, sk, 2 and x count 8 bytes.
    let item = |bytes: usize| with(key("a", 1), json!({"x": {"S": "x".repeat(bytes - 8)}}));
    let limit = 400 * 1024;
    put(&mut world, item(limit));
    let over = on_orders(json!({"Item": item(limit + 1)}));
    invalid(&mut world, "PutItem", over, "Item size has exceeded the maximum allowed size");
    let grow = on_orders(json!({
        "Key": key("a", 1), "UpdateExpression": "SET y = :y",
        "ExpressionAttributeValues": {":y": {"S": "y"}}
    }));
    invalid(
        &mut world,
        "UpdateItem",
        grow,
        "Item size to update has exceeded the maximum allowed size",
    );
}

#[test]
fn conditions_guard_writes() {
    let mut world = world();
    let guarded = |more: Value| {
        let base = json!({
            "Item": with(key("a", 1), json!({"v": {"N": "1"}})),
            "ConditionExpression": "attribute_not_exists(pk)"
        });
        on_orders(with(base, more))
    };
    ok(&mut world, "PutItem", guarded(json!({})));
    let refusal = err(&mut world, "PutItem", guarded(json!({})));
    assert_eq!(refusal.shape, "ConditionalCheckFailedException");
    assert_eq!(refusal.message, "The conditional request failed");
    assert_eq!(refusal.body.get("Item"), None);
    let old = json!({"ReturnValuesOnConditionCheckFailure": "ALL_OLD"});
    let refusal = err(&mut world, "PutItem", guarded(old));
    assert_eq!(refusal.body["Item"]["v"], json!({"N": "1"}));
    assert_eq!(
        refusal.body["__type"],
        "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"
    );
    let delete = json!({
        "Key": key("a", 1), "ConditionExpression": "v > :v",
        "ExpressionAttributeValues": {":v": {"N": "1"}}
    });
    let failed = "ConditionalCheckFailedException";
    refused(&mut world, "DeleteItem", on_orders(delete), failed, "failed");
    let update = json!({
        "Key": key("b", 1), "UpdateExpression": "SET v = :v", "ConditionExpression": "v = :v",
        "ExpressionAttributeValues": {":v": {"N": "1"}}
    });
    refused(&mut world, "UpdateItem", on_orders(update), failed, "failed");
    assert_eq!(get(&mut world, "b", 1), Value::Null);
    assert_eq!(get(&mut world, "a", 1)["v"], json!({"N": "1"}));
}

#[test]
fn return_values_show_before_and_after() {
    let mut world = world();
    put(&mut world, with(key("a", 1), json!({"v": {"N": "1"}, "m": {"M": {"x": {"N": "1"}}}})));
    for (values, attributes) in [
        ("NONE", Value::Null),
        ("UPDATED_OLD", json!({"v": {"N": "2"}, "m": {"M": {"x": {"N": "2"}}}})),
        ("UPDATED_NEW", json!({"v": {"N": "4"}, "m": {"M": {"x": {"N": "4"}}}})),
        ("ALL_OLD", with(key("a", 1), json!({"v": {"N": "4"}, "m": {"M": {"x": {"N": "4"}}}}))),
        ("ALL_NEW", with(key("a", 1), json!({"v": {"N": "6"}, "m": {"M": {"x": {"N": "6"}}}}))),
    ] {
        let body = json!({
            "Key": key("a", 1), "UpdateExpression": "SET v = v + :one, m.x = m.x + :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}}, "ReturnValues": values
        });
        let answer = ok(&mut world, "UpdateItem", on_orders(body));
        assert_eq!(answer["Attributes"], attributes, "{values}");
    }
    let replace = |values: &str| {
        let item = with(key("a", 1), json!({"v": {"N": "9"}}));
        on_orders(json!({"Item": item, "ReturnValues": values}))
    };
    let answer = ok(&mut world, "PutItem", replace("ALL_OLD"));
    assert_eq!(answer["Attributes"]["v"], json!({"N": "6"}));
    invalid(&mut world, "PutItem", replace("ALL_NEW"), "can only be ALL_OLD or NONE");
    invalid(&mut world, "PutItem", replace("SOME"), "Value 'SOME' at 'returnValues' failed");
    let delete = on_orders(json!({"Key": key("a", 1), "ReturnValues": "ALL_OLD"}));
    assert_eq!(ok(&mut world, "DeleteItem", delete.clone())["Attributes"]["v"], json!({"N": "9"}));
    assert_eq!(ok(&mut world, "DeleteItem", delete), json!({}));
}

/// AWS collects what its model says of a request's members.
#[test]
fn several_faults_are_told_at_once() {
    let mut world = world();
    let body = json!({
        "TableName": "a!", "ReturnConsumedCapacity": "x", "ReturnValues": "y",
        "ReturnItemCollectionMetrics": "z"
    });
    let enumerated = "Member must satisfy enum value set:";
    let text = format!(
        "6 validation errors detected: Value 'x' at 'returnConsumedCapacity' failed to satisfy \
         constraint: {enumerated} [INDEXES, TOTAL, NONE]; Value 'y' at 'returnValues' failed to \
         satisfy constraint: {enumerated} [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]; \
         Value 'z' at 'returnItemCollectionMetrics' failed to satisfy constraint: {enumerated} \
         [SIZE, NONE]; Value 'a!' at 'tableName' failed to satisfy constraint: Member must satisfy \
         regular expression pattern: [a-zA-Z0-9_.-]+; Value 'a!' at 'tableName' failed to satisfy \
         constraint: Member must have length greater than or equal to 3; Value null at 'item' \
         failed to satisfy constraint: Member must not be null"
    );
    let refusal = err(&mut world, "PutItem", body);
    assert_eq!((refusal.shape.as_str(), refusal.message), ("ValidationException", text));
    let body = json!({"TableName": "orders", "Limit": 0, "Select": "x"});
    invalid(&mut world, "Scan", body, "2 validation errors detected: Value '0' at 'limit' failed");
}

#[test]
fn updates_nest_no_deeper_than_puts() {
    let mut world = world();
    let nested =
        |levels: usize| (0..levels).fold(json!({"S": "x"}), |inner, _| json!({"M": {"d": inner}}));
    put(&mut world, with(key("a", 1), json!({"m": nested(1)})));
    let update = |levels: usize| {
        on_orders(json!({
            "Key": key("a", 1), "UpdateExpression": "SET m.d = :v",
            "ExpressionAttributeValues": {":v": nested(levels)}
        }))
    };
    ok(&mut world, "UpdateItem", update(30));
    invalid(&mut world, "UpdateItem", update(31), "Nesting Levels have exceeded");
}

#[test]
fn updates_make_items_and_leave_keys_alone() {
    let mut world = world();
    ok(&mut world, "UpdateItem", on_orders(json!({"Key": key("a", 1)})));
    assert_eq!(get(&mut world, "a", 1), key("a", 1));
    let set = |source: &str| {
        on_orders(json!({
            "Key": key("a", 1), "UpdateExpression": source,
            "ExpressionAttributeValues": {":v": {"N": "1"}}
        }))
    };
    invalid(
        &mut world,
        "UpdateItem",
        set("SET sk = :v"),
        "Cannot update attribute sk. This attribute is part of the key",
    );
    invalid(&mut world, "UpdateItem", set("SET #s = :v"), "attribute name: #s");
    invalid(&mut world, "UpdateItem", set("SET v = absent + :v"), "does not exist in the item");
    let message = err(&mut world, "UpdateItem", set("SET v = = :v"));
    assert_eq!(
        message.message,
        r#"Invalid UpdateExpression: Syntax error; token: "=", near: "= = :v""#
    );
    assert_eq!(message.body["__type"], "com.amazon.coral.validate#ValidationException");
}

#[test]
fn expression_parameters_must_fit_together() {
    let mut world = world();
    let value = json!({":v": {"N": "1"}});
    for (more, part) in [
        (
            json!({"ExpressionAttributeNames": {"#a": "a"}}),
            "ExpressionAttributeNames can only be specified when using expressions",
        ),
        (
            json!({"ExpressionAttributeValues": value}),
            "can only be specified when using expressions: ConditionExpression is null",
        ),
        (
            json!({"ConditionExpression": "a = :v", "ExpressionAttributeValues": {}}),
            "ExpressionAttributeValues must not be empty",
        ),
        (
            json!({
                "ConditionExpression": "a = :v",
                "ExpressionAttributeValues": {"v": {"N": "1"}}
            }),
            "ExpressionAttributeValues contains invalid key: Syntax error; key: \"v\"",
        ),
        (
            json!({"ConditionExpression": "a = :v", "ExpressionAttributeValues": {":v": {}}}),
            "ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, \
             must contain exactly one of the supported datatypes for key :v",
        ),
        (
            json!({
                "ConditionExpression": "attribute_exists(a)",
                "ExpressionAttributeValues": value
            }),
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}",
        ),
        (
            json!({
                "ConditionExpression": "attribute_exists(a)",
                "ExpressionAttributeNames": {"#x": "x", "#y": "y"}
            }),
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#x, #y}",
        ),
        (json!({"ReturnConsumedCapacity": "ALL"}), "at 'returnConsumedCapacity' failed"),
        (json!({"ReturnItemCollectionMetrics": "ALL"}), "at 'returnItemCollectionMetrics' failed"),
    ] {
        let body = with(on_orders(json!({"Item": key("a", 1)})), more);
        invalid(&mut world, "PutItem", body, part);
    }
}

#[test]
fn writes_tell_their_capacity_and_collection() {
    let mut world = world();
    let body = |bytes: usize| {
        let more = json!({
            "x": {"S": "x".repeat(bytes)}, "status": {"S": "new"}, "at": {"N": "1"}
        });
        on_orders(json!({
            "Item": with(key("a", 1), more),
            "ReturnConsumedCapacity": "INDEXES", "ReturnItemCollectionMetrics": "SIZE"
        }))
    };
    let answer = ok(&mut world, "PutItem", body(1024));
    assert_eq!(
        answer["ConsumedCapacity"],
        json!({
            "TableName": "orders", "CapacityUnits": 3.0, "Table": {"CapacityUnits": 2.0},
            "GlobalSecondaryIndexes": {"by-status": {"CapacityUnits": 1.0}}
        })
    );
    assert_eq!(
        answer["ItemCollectionMetrics"],
        json!({"ItemCollectionKey": {"pk": {"S": "a"}}, "SizeEstimateRangeGB": [0.0, 1.0]})
    );
    // The index holds no `x`, so its entry does not change.
    let answer = ok(&mut world, "PutItem", body(10));
    assert_eq!(answer["ConsumedCapacity"]["CapacityUnits"], 2.0);
    assert_eq!(answer["ConsumedCapacity"].get("GlobalSecondaryIndexes"), None);
}

/// Source: users' reports of AWS's answers.
#[test]
fn an_update_may_not_empty_a_key_of_an_index() {
    let mut world = world();
    put(&mut world, key("a", 1));
    let body = json!({
        "TableName": "orders", "Key": key("a", 1), "UpdateExpression": "SET #s = :e",
        "ExpressionAttributeNames": {"#s": "status"},
        "ExpressionAttributeValues": {":e": {"S": ""}}
    });
    let part = "One or more parameter values are not valid. The update expression attempted to \
                update a secondary index key to a value that is not supported. The AttributeValue \
                for a key attribute cannot contain an empty string value.";
    invalid(&mut world, "UpdateItem", body, part);
}
