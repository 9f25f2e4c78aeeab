use serde_json::{Value, json};

use crate::cloud::testing::World;

use super::{err, get, invalid, key, ok, put, refused, with, world};

fn puts(count: i64) -> Value {
    let list: Vec<Value> =
        (0..count).map(|at| json!({"PutRequest": {"Item": key("a", at)}})).collect();
    json!({"RequestItems": {"orders": list}})
}

fn gets(keys: Vec<Value>) -> Value {
    json!({"RequestItems": {"orders": {"Keys": keys}}})
}

#[test]
fn batches_write() {
    let mut world = world();
    assert_eq!(ok(&mut world, "BatchWriteItem", puts(25)), json!({"UnprocessedItems": {}}));
    let body = json!({
        "RequestItems": {"orders": [
            {"DeleteRequest": {"Key": key("a", 0)}},
            {"PutRequest": {"Item": with(key("a", 1), json!({"v": {"N": "1"}}))}}
        ]},
        "ReturnConsumedCapacity": "TOTAL", "ReturnItemCollectionMetrics": "SIZE"
    });
    let answer = ok(&mut world, "BatchWriteItem", body);
    assert_eq!(answer["ConsumedCapacity"][0]["CapacityUnits"], 2.0);
    assert_eq!(answer["ItemCollectionMetrics"]["orders"].as_array().unwrap().len(), 2);
    assert_eq!(get(&mut world, "a", 0), Value::Null);
    assert_eq!(get(&mut world, "a", 1)["v"], json!({"N": "1"}));
}

/// A fault rule leaves a part undone, which the client sends again until nothing is left.
#[test]
fn unprocessed_entries_are_sent_again() {
    let mut world = world();
    let fault = |world: &mut World, share: f64| {
        let rule = json!([{"effect": {"fail-entries": {"code": "x", "share": share}}}]);
        world.set_faults(serde_json::from_value(rule).unwrap()).unwrap();
    };
    fault(&mut world, 1.0);
    let all = gets((0..25).map(|at| key("a", at)).collect());
    let shape = "ProvisionedThroughputExceededException";
    refused(&mut world, "BatchWriteItem", puts(25), shape, "provisioned throughput");
    refused(&mut world, "BatchGetItem", all.clone(), shape, "provisioned throughput");
    for (operation, body, reason) in [
        ("BatchWriteItem", puts(25), "TableWriteProvisionedThroughputExceeded"),
        ("BatchGetItem", all.clone(), "TableReadProvisionedThroughputExceeded"),
    ] {
        let error = err(&mut world, operation, body);
        let arn = "arn:aws:dynamodb:us-east-1:000000000000:table/orders";
        let reasons = json!([{"reason": reason, "resource": arn}]);
        assert_eq!(error.body["ThrottlingReasons"], reasons);
    }
    fault(&mut world, 0.5);
    let answer = ok(&mut world, "BatchWriteItem", puts(25));
    let left = answer["UnprocessedItems"]["orders"].as_array().unwrap().len();
    assert!((1..25).contains(&left), "{left}");
    let read = ok(&mut world, "BatchGetItem", all.clone());
    let unread = read["UnprocessedKeys"]["orders"]["Keys"].as_array().unwrap().len();
    assert!((1..25).contains(&unread), "{unread}");
    world.set_faults(Vec::new()).unwrap();
    let written = ok(&mut world, "BatchGetItem", all.clone());
    assert_eq!(written["Responses"]["orders"].as_array().unwrap().len(), 25 - left);
    ok(&mut world, "BatchWriteItem", json!({"RequestItems": answer["UnprocessedItems"]}));
    let written = ok(&mut world, "BatchGetItem", all);
    assert_eq!(written["Responses"]["orders"].as_array().unwrap().len(), 25);
}

#[test]
fn bad_batches_write_nothing() {
    let mut world = world();
    let list = |list: Value| json!({"RequestItems": {"orders": list}});
    let good = json!({"PutRequest": {"Item": key("a", 1)}});
    for (body, part) in [
        (
            puts(26),
            "Value '{orders=[WriteRequest(putRequest=PutRequest(item={pk=AttributeValue(s=a, \
             n=null, b=null,",
        ),
        (
            puts(26),
            "at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: \
             [Member must have length less than or equal to 25, Member must have length greater \
             than or equal to 1]",
        ),
        (json!({"RequestItems": {}}), "The requestItems parameter is required for BatchWriteItem"),
        (
            list(json!([])),
            "Value '{orders=[]}' at 'requestItems' failed to satisfy constraint: Map",
        ),
        (list(json!([good, {}])), "exactly one of PutRequest and DeleteRequest"),
        (
            list(json!([good, {"DeleteRequest": {"Key": key("a", 1)}}])),
            "Provided list of item keys contains duplicates",
        ),
        (
            list(json!([good, {"PutRequest": {"Item": {}}}])),
            "The provided key element does not match the schema",
        ),
        (
            list(json!([good, {"PutRequest": {"Item": {"pk": {"L": []}, "sk": {"N": "1"}}}}])),
            "The provided key element does not match the schema",
        ),
        (
            list(json!([good, {"PutRequest": {"Item": key("", 1)}}])),
            "cannot contain an empty string value. Key: pk",
        ),
    ] {
        invalid(&mut world, "BatchWriteItem", body, part);
    }
    assert_eq!(get(&mut world, "a", 1), Value::Null);
    let nowhere = json!({"RequestItems": {"nowhere": [good]}});
    let shape = "ResourceNotFoundException";
    refused(&mut world, "BatchWriteItem", nowhere, shape, "Requested resource not found");
}

#[test]
fn batches_read() {
    let mut world = world();
    put(&mut world, with(key("a", 1), json!({"v": {"N": "1"}})));
    let body =
        with(gets(vec![key("a", 1), key("a", 2)]), json!({"ReturnConsumedCapacity": "TOTAL"}));
    assert_eq!(
        ok(&mut world, "BatchGetItem", body),
        json!({
            "Responses": {"orders": [with(key("a", 1), json!({"v": {"N": "1"}}))]},
            "UnprocessedKeys": {},
            "ConsumedCapacity": [{"TableName": "orders", "CapacityUnits": 1.0}]
        })
    );
    for (body, part) in [
        (gets(vec![]), "greater than or equal to 1"),
        (gets(vec![key("a", 1), key("a", 1)]), "Provided list of item keys contains duplicates"),
        (
            gets((0..101).map(|at| key("a", at)).collect()),
            "Value at 'RequestItems.orders.member.Keys' failed to satisfy constraint: Member must \
             have length less than or equal to 100",
        ),
        (json!({"RequestItems": {}}), "The requestItems parameter is required for BatchGetItem"),
    ] {
        invalid(&mut world, "BatchGetItem", body, part);
    }
    ok(&mut world, "BatchGetItem", gets((0..100).map(|at| key("a", at)).collect()));
    let legacy =
        json!({"RequestItems": {"orders": {"Keys": [key("a", 1)], "AttributesToGet": ["v"]}}});
    let read = ok(&mut world, "BatchGetItem", legacy);
    assert_eq!(read["Responses"]["orders"], json!([{"v": {"N": "1"}}]));
}

#[test]
fn batches_read_sixteen_megabytes_at_most() {
    let mut world = world();
    for at in 0..45 {
        put(&mut world, with(key("a", at), json!({"x": {"S": "x".repeat(390 * 1024)}})));
    }
    let answer = ok(&mut world, "BatchGetItem", gets((0..45).map(|at| key("a", at)).collect()));
    let read = answer["Responses"]["orders"].as_array().unwrap().len();
    let left = answer["UnprocessedKeys"]["orders"]["Keys"].as_array().unwrap().len();
    assert_eq!((read, left), (43, 2));
}
