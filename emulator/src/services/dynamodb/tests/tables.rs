use serde_json::{Value, json};

use super::{invalid, ok, orders, put, refused, with, world};
use crate::cloud::Cloud;
use crate::cloud::testing::World;
use crate::kernel::{Lifecycle, Settings};

fn simple(name: &str) -> Value {
    json!({
        "TableName": name,
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
    })
}

#[test]
fn a_new_table_is_told_as_recorded() {
    let mut world = World::new();
    let mut told = ok(&mut world, "CreateTable", simple("table"))["TableDescription"].take();
    let id = told.as_object_mut().unwrap().remove("TableId").unwrap();
    assert_eq!(id.as_str().unwrap().len(), 36);
    assert_eq!(
        told,
        json!({
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "CreationDateTime": 1_767_225_600.0,
            "DeletionProtectionEnabled": false,
            "ItemCount": 0,
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "ProvisionedThroughput": {
                "NumberOfDecreasesToday": 0, "ReadCapacityUnits": 5, "WriteCapacityUnits": 5
            },
            "TableArn": "arn:aws:dynamodb:us-east-1:000000000000:table/table",
            "TableName": "table",
            "TableSizeBytes": 0,
            "TableStatus": "CREATING"
        })
    );
    refused(
        &mut world,
        "CreateTable",
        simple("table"),
        "ResourceInUseException",
        "Table already exists: table",
    );
    let deleted = ok(&mut world, "DeleteTable", json!({"TableName": "table"}));
    assert_eq!(deleted["TableDescription"]["TableStatus"], "DELETING");
    assert!(deleted["TableDescription"].get("KeySchema").is_none());
    for operation in ["DeleteTable", "DescribeTable"] {
        refused(
            &mut world,
            operation,
            json!({"TableName": "table"}),
            "ResourceNotFoundException",
            "Requested resource not found: Table: table not found",
        );
    }
}

#[test]
fn indexes_sizes_and_counts_are_described() {
    let mut world = world();
    put(
        &mut world,
        json!({"pk": {"S": "a"}, "sk": {"N": "1"}, "status": {"S": "new"}, "at": {"N": "1"}}),
    );
    let arn = "arn:aws:dynamodb:us-east-1:000000000000:table/orders";
    let told = ok(&mut world, "DescribeTable", json!({"TableName": arn}));
    let table = &told["Table"];
    assert_eq!((&table["ItemCount"], &table["TableSizeBytes"]), (&json!(1), &json!(20)));
    assert_eq!(table["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST");
    assert_eq!(table["GlobalSecondaryIndexes"][0]["IndexArn"], format!("{arn}/index/by-status"));
    assert_eq!(table["GlobalSecondaryIndexes"][0]["ItemCount"], 1);
    assert_eq!(table["LocalSecondaryIndexes"][0]["ItemCount"], 0);
}

#[test]
fn bad_tables_are_refused() {
    let mut world = World::new();
    let base = || simple("table");
    for (change, part) in [
        (json!({"TableName": null}), "Member must not be null"),
        (
            json!({"TableName": "ab"}),
            "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: \
             Member must have length greater than or equal to 3",
        ),
        (json!({"TableName": ""}), "Member must have length greater than or equal to 1"),
        (
            json!({"TableName": "a".repeat(256)}),
            "Member must have length less than or equal to 255",
        ),
        (
            json!({"ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 1}}),
            "Value '0' at 'provisionedThroughput.readCapacityUnits' failed to satisfy constraint: \
             Member must have value greater than or equal to 1",
        ),
        (
            json!({"ProvisionedThroughput": {"ReadCapacityUnits": -1, "WriteCapacityUnits": 0}}),
            "2 validation errors detected",
        ),
        (
            json!({"KeySchema": [
                {"AttributeName": "a", "KeyType": "HASH"},
                {"AttributeName": "b", "KeyType": "RANGE"},
                {"AttributeName": "c", "KeyType": "RANGE"}
            ]}),
            "Value '[KeySchemaElement(attributeName=a, keyType=HASH), \
             KeySchemaElement(attributeName=b, keyType=RANGE), KeySchemaElement(attributeName=c, \
             keyType=RANGE)]' at 'keySchema' failed to satisfy constraint: Member must have length \
             less than or equal to 2",
        ),
        (json!({"TableName": "a*b"}), "regular expression pattern: [a-zA-Z0-9_.-]+"),
        (json!({"ProvisionedThroughput": null}), "must both be specified"),
        (json!({"BillingMode": "PAY_PER_REQUEST"}), "Neither ReadCapacityUnits"),
        (json!({"BillingMode": "FREE"}), "enum value set: [PROVISIONED, PAY_PER_REQUEST]"),
        (json!({"KeySchema": []}), "Value '[]' at 'keySchema' failed to satisfy constraint"),
        (
            json!({"KeySchema": [{"AttributeName": "id", "KeyType": "RANGE"}]}),
            "The first KeySchemaElement is not a HASH key type",
        ),
        (
            json!({"KeySchema": [
                {"AttributeName": "id", "KeyType": "HASH"},
                {"AttributeName": "id", "KeyType": "HASH"}
            ]}),
            "The second KeySchemaElement is not a RANGE key type",
        ),
        (
            json!({"KeySchema": [
                {"AttributeName": "id", "KeyType": "HASH"},
                {"AttributeName": "id", "KeyType": "RANGE"}
            ]}),
            "have the same name",
        ),
        (
            json!({"KeySchema": [{"AttributeName": "x", "KeyType": "HASH"}]}),
            "not defined in AttributeDefinitions. Keys: [x], AttributeDefinitions: [id]",
        ),
        (
            json!({"AttributeDefinitions": [
                {"AttributeName": "id", "AttributeType": "S"},
                {"AttributeName": "x", "AttributeType": "S"}
            ]}),
            "Number of attributes in KeySchema does not exactly match number of attributes \
             defined in AttributeDefinitions",
        ),
        (
            json!({"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "BOOL"}]}),
            "'attributeDefinitions.1.member.attributeType'",
        ),
        (
            json!({"LocalSecondaryIndexes": [{
                "IndexName": "index", "Projection": {"ProjectionType": "ALL"},
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]
            }]}),
            "Table KeySchema does not have a range key",
        ),
        (
            json!({"GlobalSecondaryIndexes": [{
                "IndexName": "index", "Projection": {"ProjectionType": "INCLUDE"},
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
            }]}),
            "ProjectionType is INCLUDE, but NonKeyAttributes is not specified",
        ),
    ] {
        invalid(&mut world, "CreateTable", with(base(), change), part);
    }
    for name in ["abc".to_owned(), "a".repeat(255)] {
        ok(&mut world, "CreateTable", simple(&name));
    }
}

#[test]
fn index_counts_are_limited() {
    let index = |at: usize| {
        json!({
            "IndexName": format!("index-{at}"), "Projection": {"ProjectionType": "ALL"},
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
        })
    };
    let indexes = |count: usize| {
        let list: Vec<Value> = (0..count).map(index).collect();
        with(simple("table"), json!({"GlobalSecondaryIndexes": list}))
    };
    let mut world = World::new();
    invalid(&mut world, "CreateTable", indexes(21), "exceeds the per-table limit of 20");
    ok(&mut world, "CreateTable", indexes(20));
}

#[test]
fn what_has_no_effect_is_reported() {
    let mut world = World::with(Settings { strict: true, ..Settings::default() });
    for (member, value) in [
        ("WarmThroughput", json!({"ReadUnitsPerSecond": 12_000})),
        ("ResourcePolicy", json!("{}")),
        ("SSESpecification", json!({"Enabled": true})),
    ] {
        let body = with(simple("table"), json!({ member: value }));
        refused(&mut world, "CreateTable", body, "NotImplementedException", member);
    }
    let body = with(simple("table"), json!({"VectorIndexes": []}));
    refused(&mut world, "CreateTable", body, "NotImplementedException", "VectorIndexes");
    ok(&mut world, "CreateTable", simple("table"));
    let body = json!({"TableName": "table", "WarmThroughput": {}});
    refused(&mut world, "UpdateTable", body, "NotImplementedException", "WarmThroughput");
    let update = json!({"Create": {"RegionName": "eu-west-1", "KMSMasterKeyId": "alias/key"}});
    let body = json!({"TableName": "table", "ReplicaUpdates": [update]});
    let member = "ReplicaUpdates.Create.KMSMasterKeyId";
    refused(&mut world, "UpdateTable", body, "NotImplementedException", member);
    let body = json!({"TableName": "table", "VectorIndexUpdates": []});
    refused(&mut world, "UpdateTable", body, "NotImplementedException", "VectorIndexUpdates");
}

#[test]
fn protected_tables_stay() {
    let mut world = World::new();
    let body = with(simple("table"), json!({"DeletionProtectionEnabled": true}));
    ok(&mut world, "CreateTable", body);
    let name = json!({"TableName": "table"});
    invalid(&mut world, "DeleteTable", name.clone(), "currently protected against deletion");
    let body = with(name.clone(), json!({"DeletionProtectionEnabled": false}));
    let updated = ok(&mut world, "UpdateTable", body);
    assert_eq!(updated["TableDescription"]["DeletionProtectionEnabled"], false);
    ok(&mut world, "DeleteTable", name);
}

#[test]
fn billing_is_changed() {
    let mut world = World::new();
    ok(&mut world, "CreateTable", simple("table"));
    let update = |more: Value| with(json!({"TableName": "table"}), more);
    let on_demand = update(json!({"BillingMode": "PAY_PER_REQUEST"}));
    let updated = ok(&mut world, "UpdateTable", on_demand);
    let description = &updated["TableDescription"];
    assert_eq!(description["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST");
    assert_eq!(description["ProvisionedThroughput"]["ReadCapacityUnits"], 0);
    let part = "ProvisionedThroughput must be specified when BillingMode is PROVISIONED";
    invalid(&mut world, "UpdateTable", update(json!({"BillingMode": "PROVISIONED"})), part);
    let units = json!({"ReadCapacityUnits": 7, "WriteCapacityUnits": 8});
    let body =
        update(json!({"BillingMode": "PROVISIONED", "ProvisionedThroughput": units.clone()}));
    ok(&mut world, "UpdateTable", body);
    let shown = ok(&mut world, "DescribeTable", json!({"TableName": "table"}));
    assert_eq!(shown["Table"]["ProvisionedThroughput"]["WriteCapacityUnits"], 8);
    let again = update(json!({"ProvisionedThroughput": units}));
    let part = "The provisioned throughput for the table will not change. The requested value \
                equals the current value. Current ReadCapacityUnits provisioned for the table: 7. \
                Requested ReadCapacityUnits: 7.";
    invalid(&mut world, "UpdateTable", again, part);
    invalid(&mut world, "UpdateTable", update(json!({})), "At least one of ProvisionedThroughput");
    let fewer = json!({"ReadCapacityUnits": 7, "WriteCapacityUnits": 2});
    ok(&mut world, "UpdateTable", update(json!({"ProvisionedThroughput": fewer})));
    let shown = ok(&mut world, "DescribeTable", json!({"TableName": "table"}));
    assert_eq!(shown["Table"]["ProvisionedThroughput"]["NumberOfDecreasesToday"], 1);
    let missing = json!({"TableName": "missing", "BillingMode": "PAY_PER_REQUEST"});
    let text = "Requested resource not found: Table: missing not found";
    refused(&mut world, "UpdateTable", missing, "ResourceNotFoundException", text);
}

#[test]
fn endpoint_discovery_leads_back_here() {
    let answer = ok(&mut World::new(), "DescribeEndpoints", json!({}));
    let here = json!({"Address": "localhost:4566", "CachePeriodInMinutes": 1440});
    assert_eq!(answer, json!({"Endpoints": [here]}));
}

#[test]
fn tables_are_listed_in_pages() {
    let mut world = World::new();
    assert_eq!(ok(&mut world, "ListTables", json!({})), json!({"TableNames": []}));
    for name in ["ccc", "aaa", "bbb"] {
        ok(&mut world, "CreateTable", simple(name));
    }
    assert_eq!(
        ok(&mut world, "ListTables", json!({"Limit": 2})),
        json!({"TableNames": ["aaa", "bbb"], "LastEvaluatedTableName": "bbb"})
    );
    assert_eq!(
        ok(&mut world, "ListTables", json!({"Limit": 2, "ExclusiveStartTableName": "bbb"})),
        json!({"TableNames": ["ccc"]})
    );
    invalid(&mut world, "ListTables", json!({"Limit": 0}), "greater than or equal to 1");
    invalid(&mut world, "ListTables", json!({"Limit": 101}), "less than or equal to 100");
    ok(&mut world, "ListTables", json!({"Limit": 100}));
}

#[test]
fn tables_survive_a_snapshot() {
    let mut world = world();
    for at in 0..20 {
        let item = json!({
            "pk": {"S": format!("p{}", at % 3)}, "sk": {"N": at.to_string()},
            "status": {"S": "new"}, "at": {"N": at.to_string()}, "raw": {"B": "c2t5cmln"}
        });
        put(&mut world, item);
    }
    let bytes = world.cloud.snapshot();
    let query = json!({
        "TableName": "orders", "IndexName": "by-status", "KeyConditionExpression": "#s = :s",
        "ExpressionAttributeNames": {"#s": "status"},
        "ExpressionAttributeValues": {":s": {"S": "new"}}
    });
    let before = ok(&mut world, "Query", query.clone());
    world.cloud = Cloud::restore(&bytes, crate::cloud::Waiting::Gone).unwrap();
    assert_eq!(world.cloud.snapshot(), bytes);
    assert_eq!(ok(&mut world, "Query", query), before);
    let told = ok(&mut world, "DescribeTable", json!({"TableName": "orders"}));
    assert_eq!(told["Table"]["ItemCount"], 20);
    refused(&mut world, "CreateTable", orders(), "ResourceInUseException", "orders");
}

fn status(world: &mut World, operation: &str, request: Value) -> String {
    let mut answer = ok(world, operation, request);
    let member = if operation == "DescribeTable" { "Table" } else { "TableDescription" };
    answer[member]["TableStatus"].take().as_str().unwrap().to_owned()
}

fn put_one(world: &mut World) -> bool {
    let item = json!({"TableName": "table", "Item": {"id": {"S": "1"}}});
    world.call("DynamoDB_20120810.PutItem", item).is_ok()
}

#[test]
fn what_passes_by_itself_has_passed_for_the_next_request() {
    let mut world = World::new();
    let named = || json!({"TableName": "table"});
    let units = json!({"ReadCapacityUnits": 6, "WriteCapacityUnits": 6});
    let change = json!({"TableName": "table", "ProvisionedThroughput": units});
    assert_eq!(status(&mut world, "CreateTable", simple("table")), "CREATING");
    assert!(put_one(&mut world));
    assert_eq!(status(&mut world, "DescribeTable", named()), "ACTIVE");
    assert_eq!(status(&mut world, "UpdateTable", change), "UPDATING");
    assert_eq!(status(&mut world, "DescribeTable", named()), "ACTIVE");
    assert_eq!(status(&mut world, "DeleteTable", named()), "DELETING");
    assert!(!put_one(&mut world));
    assert_eq!(ok(&mut world, "ListTables", json!({}))["TableNames"], json!([]));
    assert_eq!(status(&mut world, "CreateTable", simple("table")), "CREATING");
}

#[test]
fn timed_states_last_for_a_while_of_virtual_time() {
    let mut world = World::with(Settings { lifecycle: Lifecycle::Timed, ..Settings::default() });
    let named = || json!({"TableName": "table"});
    let busy = |world: &mut World, operation: &str, request: Value, what: &str| {
        let text = format!(
            "Attempt to change a resource which is still in use: Table is being {what}: table"
        );
        refused(world, operation, request, "ResourceInUseException", &text);
    };
    ok(&mut world, "CreateTable", simple("table"));
    world.advance_seconds(9);
    assert_eq!(status(&mut world, "DescribeTable", named()), "CREATING");
    assert!(!put_one(&mut world));
    busy(&mut world, "DeleteTable", named(), "created");
    world.advance_seconds(1);
    assert_eq!(status(&mut world, "DescribeTable", named()), "ACTIVE");
    assert!(put_one(&mut world));

    let stream = json!({"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"});
    let change = || json!({"TableName": "table", "StreamSpecification": stream});
    ok(&mut world, "UpdateTable", change());
    assert!(put_one(&mut world));
    busy(&mut world, "UpdateTable", change(), "updated");
    world.advance_seconds(10);

    ok(&mut world, "DeleteTable", named());
    assert_eq!(status(&mut world, "DescribeTable", named()), "DELETING");
    assert!(!put_one(&mut world));
    busy(&mut world, "CreateTable", simple("table"), "deleted");
    world.restart();
    world.advance_seconds(10);
    assert_eq!(ok(&mut world, "ListTables", json!({}))["TableNames"], json!([]));
    ok(&mut world, "CreateTable", simple("table"));
}
