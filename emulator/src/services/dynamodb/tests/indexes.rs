use serde_json::{Value, json};

use super::{invalid, ok, orders, put, refused, with, world};
use crate::cloud::testing::World;
use crate::kernel::{Lifecycle, Settings};

fn create(name: &str, attribute: &str, kind: &str) -> Value {
    json!({
        "TableName": "orders",
        "AttributeDefinitions": [{"AttributeName": attribute, "AttributeType": kind}],
        "GlobalSecondaryIndexUpdates": [{"Create": {
            "IndexName": name, "KeySchema": [{"AttributeName": attribute, "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"}
        }}]
    })
}

fn delete(name: &str) -> Value {
    json!({
        "TableName": "orders", "GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": name}}]
    })
}

fn query(name: &str) -> Value {
    json!({
        "TableName": "orders", "IndexName": name, "KeyConditionExpression": "colour = :c",
        "ExpressionAttributeValues": {":c": {"S": "red"}}
    })
}

fn coloured(sk: i64, colour: Value) -> Value {
    json!({"pk": {"S": "a"}, "sk": {"N": sk.to_string()}, "colour": colour})
}

#[test]
fn indexes_are_added_and_removed() {
    let mut world = world();
    put(&mut world, coloured(1, json!({"S": "red"})));
    put(&mut world, coloured(2, json!({"N": "1"})));
    let told = ok(&mut world, "UpdateTable", create("by-colour", "colour", "S"));
    let told = &told["TableDescription"];
    let index = &told["GlobalSecondaryIndexes"][0];
    assert_eq!(
        (&index["IndexName"], &index["IndexStatus"]),
        (&json!("by-colour"), &json!("CREATING"))
    );
    assert_eq!((&index["Backfilling"], &told["TableStatus"]), (&json!(false), &json!("UPDATING")));
    put(&mut world, coloured(3, json!({"S": "red"})));
    assert_eq!(ok(&mut world, "Query", query("by-colour"))["Count"], 2);
    let mismatch = json!({"TableName": "orders", "Item": coloured(4, json!({"N": "1"}))});
    invalid(&mut world, "PutItem", mismatch, "Type mismatch for Index Key colour");
    let told = ok(&mut world, "DescribeTable", json!({"TableName": "orders"}));
    let index = &told["Table"]["GlobalSecondaryIndexes"][0];
    assert_eq!((&index["IndexStatus"], &index["ItemCount"]), (&json!("ACTIVE"), &json!(2)));
    let twice = create("by-colour", "colour", "S");
    invalid(&mut world, "UpdateTable", twice, "an index which already exists");
    let told = ok(&mut world, "UpdateTable", delete("by-colour"));
    let index = &told["TableDescription"]["GlobalSecondaryIndexes"][0];
    assert_eq!(index["IndexStatus"], "DELETING");
    let part = "does not have the specified index: by-colour";
    invalid(&mut world, "Query", query("by-colour"), part);
    let told = ok(&mut world, "DescribeTable", json!({"TableName": "orders"}));
    assert_eq!(told["Table"]["GlobalSecondaryIndexes"].as_array().unwrap().len(), 1);
    let names = told["Table"]["AttributeDefinitions"].to_string();
    assert!(!names.contains("colour"), "{names}");
    let shape = "ResourceNotFoundException";
    refused(&mut world, "UpdateTable", delete("by-colour"), shape, "by-colour");
}

#[test]
fn an_index_takes_its_time_where_states_are_timed() {
    let mut world = World::with(Settings { lifecycle: Lifecycle::Timed, ..Settings::default() });
    ok(&mut world, "CreateTable", orders());
    world.advance_seconds(30);
    ok(&mut world, "UpdateTable", create("by-colour", "colour", "S"));
    let shape = "ResourceInUseException";
    refused(&mut world, "UpdateTable", delete("by-status"), shape, "Table is being updated");
    world.advance_seconds(12);
    let told = ok(&mut world, "DescribeTable", json!({"TableName": "orders"}));
    let index = &told["Table"]["GlobalSecondaryIndexes"][0];
    assert_eq!(told["Table"]["TableStatus"], "ACTIVE");
    assert_eq!((&index["IndexStatus"], &index["Backfilling"]), (&json!("CREATING"), &json!(true)));
    let part = "Cannot read from backfilling global secondary index: by-colour";
    invalid(&mut world, "Query", query("by-colour"), part);
    let part = "Only 1 online index can be created or deleted simultaneously per table";
    refused(&mut world, "UpdateTable", delete("by-status"), "LimitExceededException", part);
    refused(&mut world, "UpdateTable", delete("by-colour"), shape, "Index is being created");
    world.advance_seconds(12);
    assert_eq!(ok(&mut world, "Query", query("by-colour"))["Count"], 0);
    ok(&mut world, "UpdateTable", delete("by-colour"));
    world.advance_seconds(12);
    ok(&mut world, "UpdateTable", delete("by-status"));
}

#[test]
fn bad_updates_of_indexes_are_refused() {
    let mut world = world();
    let mut two = create("one", "colour", "S");
    let second = create("two", "colour", "S")["GlobalSecondaryIndexUpdates"][0].clone();
    two["GlobalSecondaryIndexUpdates"].as_array_mut().unwrap().push(second);
    let part = "Only 1 online index can be created or deleted simultaneously";
    refused(&mut world, "UpdateTable", two, "LimitExceededException", part);
    let mut undefined = create("one", "colour", "S");
    undefined["AttributeDefinitions"] = json!([]);
    invalid(&mut world, "UpdateTable", undefined, "not defined in AttributeDefinitions");
    let part = "Attempting to redefine the type of a key attribute: sk";
    invalid(&mut world, "UpdateTable", create("one", "sk", "S"), part);
    let alone = json!({
        "TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "sk", "AttributeType": "S"}]
    });
    invalid(&mut world, "UpdateTable", alone, part);
    let nothing = json!({"TableName": "orders", "GlobalSecondaryIndexUpdates": [{}]});
    invalid(
        &mut world,
        "UpdateTable",
        nothing,
        "GlobalSecondaryIndexUpdate.Delete must not be null",
    );
    let local = delete("by-total");
    let part = "Cannot delete an index that is not a GlobalSecondaryIndex: by-total";
    invalid(&mut world, "UpdateTable", local, part);
    let throughput = json!({"ReadCapacityUnits": 0, "WriteCapacityUnits": 1});
    let update = json!({"IndexName": "by-status", "ProvisionedThroughput": throughput});
    let body = json!({"TableName": "orders", "GlobalSecondaryIndexUpdates": [{"Update": update}]});
    let member = "globalSecondaryIndexUpdates.1.member.update.provisionedThroughput";
    invalid(&mut world, "UpdateTable", body, member);
}

/// A global index that names so many attributes.
fn projecting(at: usize, count: usize) -> Value {
    let names: Vec<String> = (0..count).map(|attribute| format!("x{attribute}")).collect();
    json!({
        "IndexName": format!("index-{at}"),
        "KeySchema": [{"AttributeName": "status", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": names}
    })
}

#[test]
fn indexes_name_at_most_100_attributes_together() {
    let mut world = World::new();
    let table = |last: usize| {
        let mut indexes: Vec<Value> = (0..4).map(|at| projecting(at, 20)).collect();
        indexes.push(projecting(4, 19));
        indexes.push(projecting(5, last));
        json!({
            "TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "status", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "status", "KeyType": "HASH"}],
            "GlobalSecondaryIndexes": indexes
        })
    };
    let part = "Number of NonKeyAttributes of all indexes exceeds per-table limit of 100";
    invalid(&mut world, "CreateTable", table(2), part);
    ok(&mut world, "CreateTable", table(1));
    let mut one_more = create("more", "status", "S");
    one_more["GlobalSecondaryIndexUpdates"][0]["Create"] = projecting(6, 1);
    invalid(&mut world, "UpdateTable", one_more.clone(), part);
    ok(&mut world, "UpdateTable", delete("index-0"));
    ok(&mut world, "UpdateTable", one_more);
}

#[test]
fn an_added_index_survives_a_snapshot() {
    let mut world = world();
    put(&mut world, coloured(1, json!({"S": "red"})));
    ok(&mut world, "UpdateTable", create("by-colour", "colour", "S"));
    world.restart();
    assert_eq!(ok(&mut world, "Query", query("by-colour"))["Count"], 1);
    let body = with(query("by-colour"), json!({"ConsistentRead": true}));
    invalid(&mut world, "Query", body, "Consistent reads are not supported");
}
