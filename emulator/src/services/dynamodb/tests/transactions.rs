use serde_json::{Value, json};

use super::{err, get, invalid, key, ok, put, refused, with, world};

fn put_action(pk: &str, sk: i64, value: &str) -> Value {
    let item = with(key(pk, sk), json!({"v": {"N": value}}));
    json!({"Put": {"TableName": "orders", "Item": item}})
}

fn check_action(pk: &str, value: &str) -> Value {
    json!({"ConditionCheck": {
        "TableName": "orders", "Key": key(pk, 1), "ConditionExpression": "v = :v",
        "ExpressionAttributeValues": {":v": {"N": value}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD"
    }})
}

fn transaction(items: Vec<Value>) -> Value {
    json!({ "TransactItems": items })
}

#[test]
fn all_actions_happen() {
    let mut world = world();
    put(&mut world, with(key("a", 1), json!({"v": {"N": "1"}})));
    put(&mut world, with(key("b", 1), json!({"v": {"N": "1"}})));
    put(&mut world, with(key("c", 1), json!({"v": {"N": "1"}})));
    let update = json!({"Update": {
        "TableName": "arn:aws:dynamodb:us-east-1:000000000000:table/orders", "Key": key("a", 1),
        "UpdateExpression": "SET v = v + :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}}
    }});
    let delete = json!({"Delete": {"TableName": "orders", "Key": key("b", 1)}});
    let items = vec![update, delete, check_action("c", "1"), put_action("d", 1, "1")];
    let body = with(transaction(items), json!({"ReturnConsumedCapacity": "TOTAL"}));
    assert_eq!(
        ok(&mut world, "TransactWriteItems", body),
        json!({"ConsumedCapacity": [{
            "TableName": "orders", "CapacityUnits": 8.0, "WriteCapacityUnits": 8.0
        }]})
    );
    assert_eq!(get(&mut world, "a", 1)["v"], json!({"N": "2"}));
    assert_eq!(get(&mut world, "b", 1), Value::Null);
    assert_eq!(get(&mut world, "d", 1)["v"], json!({"N": "1"}));
}

#[test]
fn one_failure_cancels_all() {
    let mut world = world();
    put(&mut world, with(key("c", 1), json!({"v": {"N": "1"}})));
    let actions = vec![put_action("d", 1, "1"), check_action("c", "2"), check_action("e", "1")];
    let refusal = err(&mut world, "TransactWriteItems", transaction(actions));
    assert_eq!(refusal.shape, "TransactionCanceledException");
    let message = "Transaction cancelled, please refer cancellation reasons for specific reasons \
                   [None, ConditionalCheckFailed, ConditionalCheckFailed]";
    assert_eq!(refusal.message, message);
    assert_eq!(refusal.body["Message"], message);
    let failed = json!({
        "Code": "ConditionalCheckFailed", "Message": "The conditional request failed"
    });
    assert_eq!(
        refusal.body["CancellationReasons"],
        json!([
            {"Code": "None"},
            with(failed.clone(), json!({"Item": with(key("c", 1), json!({"v": {"N": "1"}}))})),
            failed
        ])
    );
    assert_eq!(get(&mut world, "d", 1), Value::Null);
}

#[test]
fn faults_of_items_cancel_and_faults_of_requests_refuse() {
    let mut world = world();
    put(&mut world, with(key("a", 1), json!({"v": {"S": "text"}})));
    let update = |source: &str| {
        json!({"Update": {
            "TableName": "orders", "Key": key("a", 1), "UpdateExpression": source,
            "ExpressionAttributeValues": {":one": {"N": "1"}}
        }})
    };
    for (action, part) in [
        (json!({"Delete": {"TableName": "orders", "Key": {"pk": {"S": "a"}}}}), "key element"),
        (json!({"Put": {"TableName": "orders", "Item": {"pk": {"S": "a"}}}}), "Missing the key sk"),
        (update("SET v = v + :one"), "incorrect data type"),
        (update("SET x = absent + :one"), "does not exist in the item"),
        (update("SET pk = :one"), "part of the key"),
    ] {
        let body = transaction(vec![put_action("z", 1, "1"), action]);
        let refusal = err(&mut world, "TransactWriteItems", body);
        let reason = &refusal.body["CancellationReasons"][1];
        assert_eq!(reason["Code"], "ValidationError", "{part}: {refusal:?}");
        assert!(reason["Message"].as_str().unwrap().contains(part), "{reason}");
        assert_eq!(get(&mut world, "z", 1), Value::Null);
    }
    let both = with(put_action("a", 1, "1"), check_action("a", "1"));
    for (actions, part) in [
        (
            vec![],
            "at 'transactItems' failed to satisfy constraint: Member must have length greater",
        ),
        (vec![json!({})], "can only contain one of Check, Put, Update or Delete"),
        (vec![both], "can only contain one of Check, Put, Update or Delete"),
        (vec![update("SET v = = :one")], "Invalid UpdateExpression: Syntax error"),
        (vec![put_action("", 1, "1")], "cannot contain an empty string value. Key: pk"),
        (
            vec![json!({"Put": {
                "TableName": "orders",
                "Item": with(key("a", 1), json!({"x": {"S": "x".repeat(410_000)}}))
            }})],
            "Item size has exceeded the maximum allowed size",
        ),
        (vec![put_action("a", 1, "x")], "cannot be converted to a numeric value: x"),
        (
            vec![put_action("a", 1, "1"), put_action("a", 1, "2")],
            "Transaction request cannot include multiple operations on one item",
        ),
        (
            vec![json!({"ConditionCheck": {"TableName": "orders", "Key": key("a", 1)}})],
            "at 'transactItems.1.member.conditionCheck.conditionExpression' failed",
        ),
        (
            vec![json!({"Update": {"TableName": "orders", "Key": key("a", 1)}})],
            "at 'transactItems.1.member.update.updateExpression' failed",
        ),
    ] {
        invalid(&mut world, "TransactWriteItems", transaction(actions), part);
    }
    let nowhere = json!({"Delete": {"TableName": "nowhere", "Key": key("a", 1)}});
    refused(
        &mut world,
        "TransactWriteItems",
        transaction(vec![nowhere]),
        "ResourceNotFoundException",
        "Requested resource not found",
    );
}

#[test]
fn a_hundred_actions_and_four_megabytes_are_the_limit() {
    let mut world = world();
    let puts = |count: i64| (0..count).map(|at| put_action("a", at, "1")).collect();
    invalid(
        &mut world,
        "TransactWriteItems",
        transaction(puts(101)),
        "Member must have length less than or equal to 100",
    );
    ok(&mut world, "TransactWriteItems", transaction(puts(100)));
    let gets = |count: i64| -> Value {
        let gets: Vec<Value> = (0..count)
            .map(|at| json!({"Get": {"TableName": "orders", "Key": key("a", at)}}))
            .collect();
        transaction(gets)
    };
    invalid(&mut world, "TransactGetItems", gets(101), "less than or equal to 100");
    ok(&mut world, "TransactGetItems", gets(100));
    let large = |count: i64| -> Value {
        // Each item has 400 KB, the last one fills up what is left of 4 MB.
        let text = |at| {
            if at < 10 { 400 * 1024 - 11 } else { 96 * 1024 - 11 }
        };
        let puts: Vec<Value> = (0..count)
            .map(|at| {
                let item = with(key("big", 10 + at), json!({"xx": {"S": "x".repeat(text(at))}}));
                let spare = json!({"TableName": "orders", "Item": item});
                json!({ "Put": spare })
            })
            .collect();
        transaction(puts)
    };
    ok(&mut world, "TransactWriteItems", large(11));
    invalid(&mut world, "TransactWriteItems", large(12), "exceeds 4 MB");
}

#[test]
fn a_token_makes_a_transaction_happen_once() {
    let mut world = world();
    let increment = |by: &str| {
        let update = json!({"Update": {
            "TableName": "orders", "Key": key("a", 1), "UpdateExpression": "ADD v :by",
            "ExpressionAttributeValues": {":by": {"N": by}}
        }});
        with(transaction(vec![update]), json!({"ClientRequestToken": "token"}))
    };
    let told = json!({"ReturnConsumedCapacity": "TOTAL"});
    for usage in ["WriteCapacityUnits", "ReadCapacityUnits", "ReadCapacityUnits"] {
        let body = with(increment("1"), told.clone());
        let answer = ok(&mut world, "TransactWriteItems", body);
        assert_eq!(answer["ConsumedCapacity"][0][usage], 2.0);
    }
    assert_eq!(get(&mut world, "a", 1)["v"], json!({"N": "1"}));
    refused(
        &mut world,
        "TransactWriteItems",
        increment("2"),
        "IdempotentParameterMismatchException",
        "",
    );
    world.advance_seconds(599);
    ok(&mut world, "TransactWriteItems", increment("1"));
    assert_eq!(get(&mut world, "a", 1)["v"], json!({"N": "1"}));
    world.advance_seconds(1);
    ok(&mut world, "TransactWriteItems", increment("2"));
    assert_eq!(get(&mut world, "a", 1)["v"], json!({"N": "3"}));
    let long = json!({"ClientRequestToken": "t".repeat(37)});
    let body = with(increment("1"), long);
    invalid(&mut world, "TransactWriteItems", body, "less than or equal to 36");
    let longest = json!({"ClientRequestToken": "t".repeat(36)});
    ok(&mut world, "TransactWriteItems", with(increment("1"), longest));
}

#[test]
fn a_cancelled_transaction_leaves_its_token_free() {
    let mut world = world();
    let body =
        with(transaction(vec![check_action("a", "1")]), json!({"ClientRequestToken": "token"}));
    let cancelled = "TransactionCanceledException";
    refused(&mut world, "TransactWriteItems", body.clone(), cancelled, "Conditional");
    put(&mut world, with(key("a", 1), json!({"v": {"N": "1"}})));
    ok(&mut world, "TransactWriteItems", body);
}

#[test]
fn transactions_read_in_order() {
    let mut world = world();
    put(&mut world, with(key("a", 1), json!({"v": {"N": "1"}})));
    let get = |pk: &str, more: Value| {
        let base = json!({"TableName": "orders", "Key": key(pk, 1)});
        json!({"Get": with(base, more)})
    };
    let body =
        transaction(vec![get("b", json!({})), get("a", json!({"ProjectionExpression": "v"}))]);
    assert_eq!(
        ok(&mut world, "TransactGetItems", with(body, json!({"ReturnConsumedCapacity": "TOTAL"}))),
        json!({
            "Responses": [{}, {"Item": {"v": {"N": "1"}}}],
            "ConsumedCapacity": [{
                "TableName": "orders", "CapacityUnits": 4.0, "ReadCapacityUnits": 4.0
            }]
        })
    );
    let missing = transaction(vec![json!({})]);
    invalid(&mut world, "TransactGetItems", missing, "Member must not be null");
    let bad = transaction(vec![get("a", json!({"ProjectionExpression": "v,"}))]);
    invalid(&mut world, "TransactGetItems", bad, "Invalid ProjectionExpression: Syntax error");
}
