use serde_json::{Value, json};

use super::{invalid, key, ok, put, with, world};
use crate::cloud::testing::World;

/// Ten orders of `a`, three of `b`; even ones are `new`.
fn filled() -> World {
    let mut world = world();
    for at in 0..10_i64 {
        let status = if at % 2 == 0 { "new" } else { "done" };
        let more = json!({
            "status": {"S": status}, "at": {"N": (at / 4).to_string()},
            "total": {"N": (100 - at).to_string()}, "note": {"S": format!("note {at}")},
            "secret": {"S": "hidden"}
        });
        put(&mut world, with(key("a", at), more));
    }
    (0..3).for_each(|at| put(&mut world, key("b", at)));
    world
}

fn query(condition: &str, values: Value, more: Value) -> Value {
    let base = json!({
        "TableName": "orders", "KeyConditionExpression": condition,
        "ExpressionAttributeValues": values
    });
    with(base, more)
}

fn sort_keys(answer: &Value) -> Vec<i64> {
    let items = answer["Items"].as_array().unwrap();
    items.iter().map(|item| item["sk"]["N"].as_str().unwrap().parse().unwrap()).collect()
}

#[test]
fn sort_conditions_select_ranges() {
    let mut world = filled();
    for (condition, expected) in [
        ("sk = :x", vec![3]),
        ("sk < :x", vec![0, 1, 2]),
        ("sk <= :x", vec![0, 1, 2, 3]),
        ("sk > :y", vec![8, 9]),
        ("sk >= :y", vec![7, 8, 9]),
        ("sk BETWEEN :x AND :y", vec![3, 4, 5, 6, 7]),
    ] {
        let mut values = json!({":p": {"S": "a"}});
        for (name, value) in [(":x", "3"), (":y", "7")] {
            if condition.contains(name) {
                values = with(values, json!({ name: {"N": value} }));
            }
        }
        let source = format!("pk = :p AND {condition}");
        let forward = query(&source, values.clone(), json!({}));
        assert_eq!(sort_keys(&ok(&mut world, "Query", forward)), expected, "{condition}");
        let backward = query(&source, values, json!({"ScanIndexForward": false}));
        let reversed: Vec<i64> = expected.into_iter().rev().collect();
        assert_eq!(sort_keys(&ok(&mut world, "Query", backward)), reversed, "{condition}");
    }
    let nothing = query("pk = :p", json!({":p": {"S": "z"}}), json!({}));
    assert_eq!(
        ok(&mut world, "Query", nothing),
        json!({"Items": [], "Count": 0, "ScannedCount": 0})
    );
}

#[test]
fn prefixes_end_where_they_should() {
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
    for sort in ["a", "b#", "b#1", "b#2", "b$", "c", "\u{d7ff}x", "\u{e000}"] {
        let item = json!({"p": {"S": "p"}, "s": {"S": sort}});
        ok(&mut world, "PutItem", json!({"TableName": "texts", "Item": item}));
    }
    for (prefix, expected) in [("b#", vec!["b#", "b#1", "b#2"]), ("\u{d7ff}", vec!["\u{d7ff}x"])] {
        for forward in [true, false] {
            let body = json!({
                "TableName": "texts", "ScanIndexForward": forward,
                "KeyConditionExpression": "p = :p AND begins_with(s, :s)",
                "ExpressionAttributeValues": {":p": {"S": "p"}, ":s": {"S": prefix}}
            });
            let answer = ok(&mut world, "Query", body);
            let mut found: Vec<&str> = answer["Items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["s"]["S"].as_str().unwrap())
                .collect();
            if !forward {
                found.reverse();
            }
            assert_eq!(found, expected);
        }
    }
}

#[test]
fn pages_continue_where_they_ended() {
    let mut world = filled();
    for forward in [true, false] {
        let mut found = Vec::new();
        let mut more = json!({"Limit": 3, "ScanIndexForward": forward});
        loop {
            let body = query("pk = :p", json!({":p": {"S": "a"}}), more.clone());
            let answer = ok(&mut world, "Query", body);
            found.extend(sort_keys(&answer));
            match answer.get("LastEvaluatedKey") {
                Some(last) => more = with(more, json!({"ExclusiveStartKey": last})),
                None => break,
            }
        }
        if !forward {
            found.reverse();
        }
        assert_eq!(found, (0..10).collect::<Vec<_>>());
    }
    // The page ends at the limit even if nothing remains.
    let all = query("pk = :p", json!({":p": {"S": "a"}}), json!({"Limit": 10}));
    assert_eq!(ok(&mut world, "Query", all)["LastEvaluatedKey"], key("a", 9));
    let bad = |start: Value| {
        let more = json!({"ExclusiveStartKey": start});
        query("pk = :p AND sk > :x", json!({":p": {"S": "a"}, ":x": {"N": "3"}}), more)
    };
    invalid(&mut world, "Query", bad(json!({"pk": {"S": "a"}})), "starting key is invalid");
    invalid(&mut world, "Query", bad(key("b", 5)), "outside query boundaries");
    for outside in [3, -1] {
        let part = "The provided starting key does not match the range key predicate";
        invalid(&mut world, "Query", bad(key("a", outside)), part);
    }
    ok(&mut world, "Query", bad(key("a", 4)));
    let zero = query("pk = :p", json!({":p": {"S": "a"}}), json!({"Limit": 0}));
    invalid(&mut world, "Query", zero, "greater than or equal to 1");
}

#[test]
fn pages_hold_a_megabyte() {
    let mut world = world();
    for at in 0..5 {
        put(&mut world, with(key("a", at), json!({"x": {"S": "x".repeat(300 * 1024)}})));
    }
    let body = query(
        "pk = :p",
        json!({":p": {"S": "a"}}),
        json!({"ReturnConsumedCapacity": "TOTAL", "ConsistentRead": true, "Select": "COUNT"}),
    );
    let answer = ok(&mut world, "Query", body);
    assert_eq!((&answer["Count"], answer.get("Items")), (&json!(4), None));
    assert_eq!(answer["LastEvaluatedKey"], key("a", 3));
    assert_eq!(answer["ConsumedCapacity"]["CapacityUnits"], 301.0);
}

#[test]
fn filters_and_projections_follow_the_read() {
    let mut world = filled();
    let body = query(
        "pk = :p",
        json!({":p": {"S": "a"}, ":s": {"S": "new"}}),
        json!({
            "FilterExpression": "#s = :s", "ProjectionExpression": "sk",
            "ExpressionAttributeNames": {"#s": "status"}, "Limit": 4
        }),
    );
    assert_eq!(
        ok(&mut world, "Query", body),
        json!({
            "Items": [{"sk": {"N": "0"}}, {"sk": {"N": "2"}}],
            "Count": 2, "ScannedCount": 4, "LastEvaluatedKey": key("a", 3)
        })
    );
    let by_key = query(
        "pk = :p",
        json!({":p": {"S": "a"}, ":s": {"N": "1"}}),
        json!({"FilterExpression": "sk > :s"}),
    );
    invalid(
        &mut world,
        "Query",
        by_key,
        "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk",
    );
    let no_condition = json!({"TableName": "orders"});
    invalid(&mut world, "Query", no_condition, "Either the KeyConditions or");
    let no_partition = query("sk = :x", json!({":x": {"N": "1"}}), json!({}));
    invalid(&mut world, "Query", no_partition, "missed key schema element: pk");
}

fn by_status(status: &str, more: Value) -> Value {
    let base = json!({"IndexName": "by-status", "ExpressionAttributeNames": {"#s": "status"}});
    query("#s = :s", json!({":s": {"S": status}}), with(base, more))
}

#[test]
fn global_indexes_show_what_they_project() {
    let mut world = filled();
    let answer = ok(&mut world, "Query", by_status("new", json!({"Limit": 2})));
    assert_eq!(sort_keys(&answer), [0, 2]);
    assert_eq!(
        answer["Items"][0].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["at", "note", "pk", "sk", "status"]
    );
    let last = answer["LastEvaluatedKey"].clone();
    assert_eq!(last, with(key("a", 2), json!({"status": {"S": "new"}, "at": {"N": "0"}})));
    let rest = ok(&mut world, "Query", by_status("new", json!({"ExclusiveStartKey": last})));
    assert_eq!(sort_keys(&rest), [4, 6, 8]);
    for (more, part) in [
        (json!({"ConsistentRead": true}), "Consistent reads are not supported on global"),
        (json!({"Select": "ALL_ATTRIBUTES"}), "Select type ALL_ATTRIBUTES is not supported"),
        (json!({"ProjectionExpression": "secret"}), "does not project [secret]"),
        (json!({"Select": "SPECIFIC_ATTRIBUTES"}), "Must specify the AttributesToGet"),
        (json!({"IndexName": "absent"}), "does not have the specified index: absent"),
    ] {
        invalid(&mut world, "Query", by_status("new", more), part);
    }
}

#[test]
fn indexes_follow_their_items() {
    let mut world = filled();
    let update = json!({
        "TableName": "orders", "Key": key("a", 0), "UpdateExpression": "SET #s = :s",
        "ExpressionAttributeNames": {"#s": "status"},
        "ExpressionAttributeValues": {":s": {"S": "done"}}
    });
    ok(&mut world, "UpdateItem", update);
    ok(&mut world, "DeleteItem", json!({"TableName": "orders", "Key": key("a", 2)}));
    put(&mut world, key("a", 4));
    let answer = ok(&mut world, "Query", by_status("new", json!({})));
    assert_eq!(sort_keys(&answer), [6, 8]);
    let answer = ok(&mut world, "Query", by_status("done", json!({"ScanIndexForward": false})));
    assert_eq!(sort_keys(&answer), [9, 7, 5, 3, 1, 0]);
}

#[test]
fn local_indexes_fetch_what_they_lack() {
    let mut world = filled();
    let by_total = |more: Value| {
        let base = json!({"IndexName": "by-total", "ConsistentRead": true, "Limit": 1});
        query("pk = :p", json!({":p": {"S": "a"}}), with(base, more))
    };
    let answer = ok(&mut world, "Query", by_total(json!({})));
    assert_eq!(answer["Items"], json!([with(key("a", 9), json!({"total": {"N": "91"}}))]));
    let answer = ok(&mut world, "Query", by_total(json!({"Select": "ALL_ATTRIBUTES"})));
    assert_eq!(answer["Items"][0]["secret"], json!({"S": "hidden"}));
    let answer = ok(&mut world, "Query", by_total(json!({"ProjectionExpression": "secret"})));
    assert_eq!(answer["Items"], json!([{"secret": {"S": "hidden"}}]));
}

#[test]
fn scans_meet_every_item_once() {
    let mut world = filled();
    let mut scan = |more: Value| {
        let mut found = Vec::new();
        let mut body = with(json!({"TableName": "orders", "Limit": 2}), more);
        loop {
            let answer = ok(&mut world, "Scan", body.clone());
            for item in answer["Items"].as_array().unwrap() {
                found.push(format!("{}{}", item["pk"]["S"], item["sk"]["N"]));
            }
            match answer.get("LastEvaluatedKey") {
                Some(last) => body = with(body, json!({"ExclusiveStartKey": last})),
                None => break found,
            }
        }
    };
    let mut all = scan(json!({}));
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 13);
    let mut parts: Vec<String> =
        (0..4).flat_map(|segment| scan(json!({"Segment": segment, "TotalSegments": 4}))).collect();
    parts.sort_unstable();
    assert_eq!(parts, all);
    assert_eq!(scan(json!({"IndexName": "by-status"})).len(), 10);
    let filter = json!({
        "FilterExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "b"}}
    });
    assert_eq!(scan(filter).len(), 3);
    for (more, part) in [
        (json!({"Segment": 0}), "The TotalSegments parameter is required"),
        (json!({"TotalSegments": 1}), "The Segment parameter is required"),
        (json!({"Segment": 4, "TotalSegments": 4}), "Segment: 4 is not less than TotalSegments: 4"),
        (json!({"Segment": 0, "TotalSegments": 0}), "'totalSegments' failed"),
        (json!({"Segment": 0, "TotalSegments": 1_000_001}), "less than or equal to 1000000"),
        (json!({"ExclusiveStartKey": {}}), "starting key is invalid"),
        (json!({"FilterExpression": ""}), "Invalid FilterExpression: The expression can not be"),
    ] {
        let body = with(json!({"TableName": "orders"}), more);
        invalid(&mut world, "Scan", body, part);
    }
}

/// Source: Developer Guide, "Local secondary indexes", read capacity units.
#[test]
fn what_a_local_index_lacks_is_fetched_and_paid_item_by_item() {
    let mut world = world();
    for sk in 1..=2 {
        let more = json!({"total": {"N": sk.to_string()}, "note": {"S": "n".repeat(5_000)}});
        put(&mut world, with(key("a", sk), more));
    }
    let query = |select: &str| {
        json!({
            "TableName": "orders", "IndexName": "by-total", "Select": select,
            "KeyConditionExpression": "pk = :a", "ReturnConsumedCapacity": "INDEXES",
            "ExpressionAttributeValues": {":a": {"S": "a"}}
        })
    };
    for (select, table, total) in [("ALL_ATTRIBUTES", 2.0, 2.5), ("COUNT", 0.0, 0.5)] {
        let told = ok(&mut world, "Query", query(select))["ConsumedCapacity"].clone();
        assert_eq!(told["Table"]["CapacityUnits"], table, "{select}");
        let index = &told["LocalSecondaryIndexes"]["by-total"]["CapacityUnits"];
        assert_eq!((index, &told["CapacityUnits"]), (&json!(0.5), &json!(total)), "{select}");
    }
}

/// Source: users' reports of AWS's answers.
#[test]
fn a_scan_says_what_is_wrong_with_its_start() {
    let mut world = filled();
    let scan = |more: Value| with(json!({"TableName": "orders"}), more);
    let part = "The provided starting key is invalid: The provided key element does not match the \
                schema";
    let start = json!({"ExclusiveStartKey": {"pk": {"S": "a"}}});
    invalid(&mut world, "Scan", scan(start), part);
    let segment = |at: i64| {
        let start = json!({"ExclusiveStartKey": key("a", 1)});
        scan(with(start, json!({"Segment": at, "TotalSegments": 2})))
    };
    let words = |at: i64| {
        format!(
            "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use \
             ExclusiveStartKey with correct Segment. TotalSegments: 2 Segment: {at}"
        )
    };
    let taken = |world: &mut World, at: i64| {
        world.call("DynamoDB_20120810.Scan", segment(at)).map_err(|refused| refused.message)
    };
    let answers = [taken(&mut world, 0), taken(&mut world, 1)];
    let refused: Vec<usize> = (0..2).filter(|at| answers[*at].is_err()).collect();
    assert_eq!(refused.len(), 1, "the key lies in one of the two");
    assert_eq!(answers[refused[0]].as_ref().unwrap_err(), &words(refused[0] as i64));
}

#[test]
fn an_empty_text_is_no_key() {
    let mut world = world();
    let told =
        "The AttributeValue for a key attribute cannot contain an empty string value. Key: pk";
    let expression = query("pk = :e", json!({":e": {"S": ""}}), json!({}));
    invalid(&mut world, "Query", expression, told);
    let equal = json!({"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": ""}]}});
    invalid(&mut world, "Query", json!({"TableName": "orders", "KeyConditions": equal}), told);
}
