//! Global indexes with up to four attributes a side.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{invalid, key, ok, orders, put, with};
use crate::cloud::testing::World;

fn element(name: &str, role: &str) -> Value {
    json!({"AttributeName": name, "KeyType": role})
}

/// The table `orders` with an index whose partition key is `a`, `b` and sort key `x`, `y`, `z`.
fn table() -> Value {
    let names =
        [("a", "S"), ("b", "N"), ("x", "N"), ("y", "S"), ("z", "N"), ("pk", "S"), ("sk", "N")];
    let definitions: Vec<Value> = names
        .iter()
        .map(|(name, kind)| json!({"AttributeName": name, "AttributeType": kind}))
        .collect();
    let schema = vec![
        element("a", "HASH"),
        element("b", "HASH"),
        element("x", "RANGE"),
        element("y", "RANGE"),
        element("z", "RANGE"),
    ];
    with(
        orders(),
        json!({
            "AttributeDefinitions": definitions,
            "GlobalSecondaryIndexes": [{
                "IndexName": "several", "KeySchema": schema,
                "Projection": {"ProjectionType": "KEYS_ONLY"}
            }],
            "LocalSecondaryIndexes": null
        }),
    )
}

fn world() -> World {
    let mut world = World::new();
    ok(&mut world, "CreateTable", table());
    world
}

fn item(sk: i64, (a, b): (&str, i64), (x, y, z): (i64, &str, i64)) -> Value {
    let number = |n: i64| json!({"N": n.to_string()});
    let sides = json!({
        "a": {"S": a}, "b": number(b), "x": number(x), "y": {"S": y}, "z": number(z),
        "note": {"S": "not in the index"}
    });
    with(key("p", sk), sides)
}

fn query(condition: &str) -> Value {
    let values = json!({
        ":a": {"S": "a"}, ":one": {"N": "1"}, ":two": {"N": "2"}, ":m": {"S": "m"},
        ":n": {"S": "n"}, ":pre": {"S": "ma"}
    });
    let used = values.as_object().unwrap().iter();
    let used = used.filter(|(name, _)| condition.contains(name.as_str()));
    json!({
        "TableName": "orders", "IndexName": "several", "KeyConditionExpression": condition,
        "ExpressionAttributeValues": used.map(|(name, value)| (name.clone(), value.clone()))
            .collect::<serde_json::Map<_, _>>()
    })
}

fn found(world: &mut World, body: Value) -> Vec<String> {
    let answer = ok(world, "Query", body);
    let items = answer["Items"].as_array().unwrap().iter();
    items.map(|item| item["sk"]["N"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_key_is_read_from_left_to_right() {
    let mut world = world();
    for (sk, partition, sort) in [
        (1, ("a", 1), (1, "m", 1)),
        (2, ("a", 1), (1, "m", 2)),
        (3, ("a", 1), (1, "ma", 1)),
        (4, ("a", 1), (2, "m", 1)),
        (5, ("a", 2), (1, "m", 1)),
    ] {
        put(&mut world, item(sk, partition, sort));
    }
    // Without one of the attributes an item is not in the index.
    put(&mut world, with(key("p", 6), json!({"a": {"S": "a"}, "b": {"N": "1"}})));
    world.restart();
    let whole = "a = :a AND b = :one";
    for (rest, expected) in [
        ("", "1 2 3 4"),
        (" AND x = :one", "1 2 3"),
        (" AND x > :one", "4"),
        (" AND x <= :one", "1 2 3"),
        (" AND x = :one AND y = :m", "1 2"),
        (" AND x = :one AND y > :m", "3"),
        (" AND x = :one AND begins_with(y, :m)", "1 2 3"),
        (" AND x = :one AND begins_with(y, :pre)", "3"),
        (" AND x = :one AND y BETWEEN :m AND :n", "1 2 3"),
        (" AND x = :one AND y < :m", ""),
        (" AND x = :one AND y = :m AND z >= :two", "2"),
        (" AND x = :one AND y = :m AND z < :two", "1"),
        (" AND :one = x AND :m = y AND z = :one", "1"),
    ] {
        let keys = found(&mut world, query(&format!("{whole}{rest}"))).join(" ");
        assert_eq!(keys, expected, "{rest}");
        let statement = format!("SELECT sk FROM orders.several WHERE {whole}{rest}");
        let statement = statement
            .replace(":a", "'a'")
            .replace(":one", "1")
            .replace(":two", "2")
            .replace(":pre", "'ma'")
            .replace(":m", "'m'")
            .replace(":n", "'n'");
        let told = ok(&mut world, "ExecuteStatement", json!({"Statement": statement}));
        let keys = told["Items"].as_array().unwrap().iter();
        let keys: Vec<&str> = keys.map(|item| item["sk"]["N"].as_str().unwrap()).collect();
        assert_eq!(keys.join(" "), expected, "{statement}");
    }
    let missed = |name: &str| format!("Query condition missed key schema element: {name}");
    let not_supported = "Query key condition not supported".to_owned();
    for (condition, part) in [
        ("a = :a", missed("b")),
        ("b = :one", missed("a")),
        ("a = :a AND b > :one", not_supported.clone()),
        ("a = :a AND b = :one AND y = :m", missed("x")),
        ("a = :a AND b = :one AND x = :one AND z = :one", missed("y")),
        ("a = :a AND b = :one AND x > :one AND y = :m", not_supported),
        ("a = :a AND b = :one AND x = :m", "does not match schema type".to_owned()),
    ] {
        invalid(&mut world, "Query", query(condition), &part);
    }
}

#[test]
fn the_schema_is_told_and_checked() {
    let mut world = world();
    let told = ok(&mut world, "DescribeTable", json!({"TableName": "orders"}));
    let index = &told["Table"]["GlobalSecondaryIndexes"][0];
    assert_eq!(index["KeySchema"], table()["GlobalSecondaryIndexes"][0]["KeySchema"]);
    let five: Vec<Value> = ["a", "b", "x", "y", "z"].map(|name| element(name, "HASH")).into();
    let behind = vec![element("a", "HASH"), element("x", "RANGE"), element("b", "HASH")];
    let twice = vec![element("a", "HASH"), element("a", "HASH"), element("x", "RANGE")];
    let first = vec![element("x", "RANGE"), element("a", "HASH")];
    for (schema, part) in [
        (five, "The KeySchema exceeds the maximum allowed number of HASH key attributes"),
        (behind, "All HASH key attributes must precede RANGE key attributes in the KeySchema"),
        (twice, "The KeySchema contains multiple key attributes with the same name"),
        (first, "The first KeySchemaElement is not a HASH key type"),
    ] {
        let mut body = with(table(), json!({"TableName": "other"}));
        body["GlobalSecondaryIndexes"][0]["KeySchema"] = schema.into();
        invalid(&mut world, "CreateTable", body, part);
    }
    let three = vec![element("pk", "HASH"), element("x", "RANGE"), element("y", "RANGE")];
    let body = with(
        table(),
        json!({"TableName": "other", "LocalSecondaryIndexes": [{
            "IndexName": "local", "KeySchema": three, "Projection": {"ProjectionType": "ALL"}
        }]}),
    );
    let part = "at 'localSecondaryIndexes.1.member.keySchema' failed to satisfy constraint: Member \
                must have length less than or equal to 2";
    invalid(&mut world, "CreateTable", body, part);
    let wrong = with(item(1, ("a", 1), (1, "m", 1)), json!({"b": {"S": "one"}}));
    let body = json!({"TableName": "orders", "Item": wrong});
    invalid(&mut world, "PutItem", body, "Type mismatch for Index Key b Expected: N Actual: S");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Pages in either direction, after any attribute, are the sorted items cut into pieces.
    #[test]
    fn pages_follow_the_order_of_all_attributes(
        sorts in proptest::collection::vec((0..3i64, "[ab]{1,2}", 0..3i64), 1..20),
        limit in 1..5usize,
        backward: bool,
    ) {
        let mut world = world();
        let mut expected = Vec::new();
        for (sk, (x, y, z)) in (0i64..).zip(&sorts) {
            put(&mut world, item(sk, ("a", 1), (*x, y, *z)));
            expected.push((*x, y.clone(), *z, sk));
        }
        expected.sort();
        if backward {
            expected.reverse();
        }
        let mut keys = Vec::new();
        let mut start = Value::Null;
        loop {
            let body = with(query("a = :a AND b = :one"), json!({
                "Limit": limit, "ScanIndexForward": !backward, "ExclusiveStartKey": start
            }));
            let answer = ok(&mut world, "Query", body);
            let items = answer["Items"].as_array().unwrap().iter();
            keys.extend(items.map(|it| it["sk"]["N"].as_str().unwrap().parse::<i64>().unwrap()));
            match answer.get("LastEvaluatedKey") {
                Some(last) => start = last.clone(),
                None => break,
            }
        }
        prop_assert_eq!(keys, expected.iter().map(|it| it.3).collect::<Vec<_>>());
    }
}
