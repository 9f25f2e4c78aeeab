//! What is refused, and with which words. Source: AWS's answers, most of them of October 2026.

use serde_json::{Value, json};

use super::super::model::{Member, Shape};
use super::super::model_inputs::{
    CREATE_BACKUP, CREATE_TABLE, DELETE_RESOURCE_POLICY, KINESIS_DESTINATION, LIST_BACKUPS,
    LIST_INSIGHTS, LIST_TABLES, OF_BACKUP, OF_RESOURCE, OF_TABLE, PUT_RESOURCE_POLICY,
    RESTORE_FROM_BACKUP, RESTORE_TO_POINT_IN_TIME, TAG_RESOURCE, UNTAG_RESOURCE,
    UPDATE_CONTINUOUS_BACKUPS, UPDATE_INSIGHTS, UPDATE_TABLE, UPDATE_TIME_TO_LIVE,
};
use super::{invalid, ok, refused, with, world};
use crate::cloud::testing::World;

/// A value that this shape takes.
fn right(shape: &Shape) -> Value {
    match shape {
        Shape::Any => json!(true),
        Shape::Name | Shape::Table => json!("name"),
        Shape::Text(min, _) => json!("x".repeat((*min).max(1))),
        Shape::Word(words) => json!(words[0]),
        Shape::Number(min, _) => json!((*min).max(1)),
        Shape::List(of, ..) => json!([right(of)]),
        Shape::Object(_, members) => right_members(members),
    }
}

/// The required members.
fn right_members(members: &[Member]) -> Value {
    let required = members.iter().filter(|(_, required, _)| *required);
    required.map(|(name, _, shape)| ((*name).to_owned(), right(shape))).collect()
}

/// Values that this shape does not take, with the place inside and what is said of them.
fn wrong(shape: &Shape) -> Vec<(String, Value, String)> {
    let here = |value: Value, text: String| (String::new(), value, text);
    let length = |word: &str, bound: usize| {
        format!("Member must have length {word} than or equal to {bound}")
    };
    match shape {
        Shape::Any => Vec::new(),
        Shape::Name | Shape::Table => vec![
            here(json!("ab"), length("greater", 3)),
            here(json!("a".repeat(256)), length("less", 255)),
            here(json!("a b*"), "expression pattern: [a-zA-Z0-9_.-]+".to_owned()),
        ],
        Shape::Text(min, max) => vec![
            here(json!("x".repeat(min - 1)), length("greater", *min)),
            here(json!("x".repeat(max + 1)), length("less", *max)),
        ],
        Shape::Word(words) => {
            vec![here(json!("Other"), format!("enum value set: [{}]", words.join(", ")))]
        }
        Shape::Number(min, max) => {
            let bound = |word: &str, bound: i64| {
                format!("Member must have value {word} than or equal to {bound}")
            };
            let low = min.checked_sub(1).map(|low| here(json!(low), bound("greater", *min)));
            let high = max.checked_add(1).map(|high| here(json!(high), bound("less", *max)));
            low.into_iter().chain(high).collect()
        }
        Shape::List(of, min, max) => {
            let mut out: Vec<_> = wrong(of)
                .into_iter()
                .map(|(path, value, text)| (format!(".1.member{path}"), json!([value]), text))
                .collect();
            if *min > 0 {
                out.push(here(json!([]), length("greater", *min)));
            }
            if *max < 100 {
                out.push(here(json!(vec![right(of); max + 1]), length("less", *max)));
            }
            out
        }
        Shape::Object(_, members) => wrong_members(members),
    }
}

fn wrong_members(members: &[Member]) -> Vec<(String, Value, String)> {
    let whole = right_members(members);
    let mut out = Vec::new();
    for (name, required, shape) in members {
        let spelled = format!("{}{}", name[..1].to_ascii_lowercase(), &name[1..]);
        if *required {
            let mut without = whole.clone();
            without.as_object_mut().unwrap().remove(*name);
            out.push((format!(".{spelled}"), without, "Member must not be null".to_owned()));
        }
        for (path, value, text) in wrong(shape) {
            out.push((
                format!(".{spelled}{path}"),
                with(whole.clone(), json!({*name: value})),
                text,
            ));
        }
    }
    out
}

/// Each constraint of each operation that has them as a table, broken alone.
#[test]
fn every_constraint_of_the_model_is_kept() {
    let mut world = World::new();
    let mut count = 0;
    for (operation, members) in [
        ("CreateBackup", CREATE_BACKUP),
        ("CreateTable", CREATE_TABLE),
        ("DeleteBackup", OF_BACKUP),
        ("DeleteResourcePolicy", DELETE_RESOURCE_POLICY),
        ("DeleteTable", OF_TABLE),
        ("DescribeBackup", OF_BACKUP),
        ("DescribeContinuousBackups", OF_TABLE),
        ("DescribeContributorInsights", OF_TABLE),
        ("DescribeKinesisStreamingDestination", OF_TABLE),
        ("DescribeTable", OF_TABLE),
        ("DescribeTimeToLive", OF_TABLE),
        ("DisableKinesisStreamingDestination", &KINESIS_DESTINATION[..3]),
        ("EnableKinesisStreamingDestination", &KINESIS_DESTINATION[..3]),
        ("GetResourcePolicy", OF_RESOURCE),
        ("ListBackups", LIST_BACKUPS),
        ("ListContributorInsights", LIST_INSIGHTS),
        ("ListTables", LIST_TABLES),
        ("ListTagsOfResource", OF_RESOURCE),
        ("PutResourcePolicy", PUT_RESOURCE_POLICY),
        ("RestoreTableFromBackup", RESTORE_FROM_BACKUP),
        ("RestoreTableToPointInTime", RESTORE_TO_POINT_IN_TIME),
        ("TagResource", TAG_RESOURCE),
        ("UntagResource", UNTAG_RESOURCE),
        ("UpdateContinuousBackups", UPDATE_CONTINUOUS_BACKUPS),
        ("UpdateContributorInsights", UPDATE_INSIGHTS),
        ("UpdateTable", UPDATE_TABLE),
        ("UpdateTimeToLive", UPDATE_TIME_TO_LIVE),
    ] {
        for (path, mut body, text) in wrong_members(members) {
            // What any value does for here has a type on the wire.
            typed(&mut body);
            invalid(&mut world, operation, body.clone(), &text);
            invalid(&mut world, operation, body, &format!("at '{}'", &path[1..]));
            count += 1;
        }
    }
    assert!(count > 300, "{count}");
}

/// Gives the members of any value the types that they have.
fn typed(body: &mut Value) {
    for (name, value) in [
        ("Tags", json!([])),
        ("TagKeys", json!([])),
        ("Policy", json!("{}")),
        ("RegionName", json!("eu-west-1")),
    ] {
        replace(body, name, &value);
    }
}

fn replace(value: &mut Value, name: &str, with: &Value) {
    match value {
        Value::Object(members) => {
            for (key, member) in members.iter_mut() {
                if key == name {
                    *member = with.clone();
                } else {
                    replace(member, name, with);
                }
            }
        }
        Value::Array(entries) => {
            entries.iter_mut().for_each(|entry| replace(entry, name, with));
        }
        _ => {}
    }
}

fn table(more: Value) -> Value {
    let base = json!({
        "TableName": "table", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": "a", "AttributeType": "S"},
            {"AttributeName": "b", "AttributeType": "S"}
        ],
        "KeySchema": [
            {"AttributeName": "a", "KeyType": "HASH"}, {"AttributeName": "b", "KeyType": "RANGE"}
        ]
    });
    with(base, more)
}

fn index(more: Value) -> Value {
    let base = json!({
        "IndexName": "index", "KeySchema": [{"AttributeName": "b", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"}
    });
    with(base, more)
}

#[test]
fn tables_that_do_not_fit_together_are_refused_in_aws_words() {
    let units = json!({"ReadCapacityUnits": 1, "WriteCapacityUnits": 1});
    let provisioned = json!({"BillingMode": "PROVISIONED", "ProvisionedThroughput": units});
    let a = json!({"AttributeName": "a", "AttributeType": "S"});
    let globals = |more: Value| json!({"GlobalSecondaryIndexes": [index(more)]});
    let names = json!({"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x", "x"]});
    let stream = |enabled: bool, view: Value| {
        let specification = json!({"StreamEnabled": enabled, "StreamViewType": view});
        json!({ "StreamSpecification": specification })
    };
    let sse = |given: Value| json!({"SSESpecification": given});
    let on_demand = |units: i64| json!({"OnDemandThroughput": {"MaxReadRequestUnits": units}});
    let mut world = World::new();
    for (more, part) in [
        (json!({"AttributeDefinitions": [a, a]}), "Attribute Name is duplicated: a"),
        (
            json!({"AttributeDefinitions": [a]}),
            "Invalid KeySchema: Some index key attribute have no definition",
        ),
        (json!({"GlobalSecondaryIndexes": []}), "List of GlobalSecondaryIndexes is empty"),
        (json!({"LocalSecondaryIndexes": []}), "List of LocalSecondaryIndexes is empty"),
        (
            globals(json!({"ProvisionedThroughput": units})),
            "ProvisionedThroughput should not be specified for index: index when BillingMode is \
             PAY_PER_REQUEST",
        ),
        (
            with(globals(json!({})), provisioned.clone()),
            "ProvisionedThroughput is not specified for index: index",
        ),
        (globals(json!({"Projection": names})), "Duplicate element in NonKeyAttributes: x"),
        (globals(json!({"Projection": {}})), "Unknown ProjectionType: null"),
        (
            stream(true, Value::Null),
            "Table is being created with a stream enabled, UpdateViewType is required",
        ),
        (
            stream(false, json!("KEYS_ONLY")),
            "Table is being created with a stream disabled, UpdateViewType should not be specified",
        ),
        (
            json!({"TableClass": "COLD"}),
            "Invalid table-class parameter provided. Please try again with a valid table-class \
             value: [STANDARD, STANDARD_INFREQUENT_ACCESS].",
        ),
        (
            sse(json!({"Enabled": false, "SSEType": "KMS"})),
            "SSEType can not be specified if Enabled is false",
        ),
        (
            sse(json!({"Enabled": false, "KMSMasterKeyId": "id"})),
            "KMSMasterKeyId can not be specified if Enabled is false",
        ),
        (
            sse(json!({"Enabled": true, "KMSMasterKeyId": "id"})),
            "SSEType KMS is required if KMSMasterKeyId is specified",
        ),
        (
            on_demand(0),
            "Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid \
             range",
        ),
        (
            with(on_demand(1), provisioned),
            "MaxReadRequestUnits for OnDemandThroughput cannot be specified when the table \
             BillingMode is PROVISIONED",
        ),
    ] {
        invalid(&mut world, "CreateTable", table(more), part);
    }
    let many = json!({"ReadCapacityUnits": 40_001, "WriteCapacityUnits": 1});
    let many = json!({"BillingMode": "PROVISIONED", "ProvisionedThroughput": many});
    let part = "The requested ReadCapacityUnits, 40001, is above the per table maximum";
    refused(&mut world, "CreateTable", table(many), "LimitExceededException", part);
    ok(&mut world, "CreateTable", table(json!({"SSESpecification": {}, "Tags": []})));
}

#[test]
fn changes_that_aws_does_not_make_together_are_refused() {
    let mut world = world();
    let class = json!({"TableClass": "STANDARD_INFREQUENT_ACCESS"});
    let protection = json!({"DeletionProtectionEnabled": true});
    let stream =
        json!({"StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}});
    let units = json!({"ReadCapacityUnits": 1, "WriteCapacityUnits": 1});
    let units = json!({"BillingMode": "PROVISIONED", "ProvisionedThroughput": units});
    let sse = json!({"SSESpecification": {"Enabled": true}});
    let gone = json!({"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by-status"}}]});
    let bound = json!({"OnDemandThroughput": {"MaxReadRequestUnits": 5}});
    let both = |one: &Value, other: &Value| {
        with(with(json!({"TableName": "orders"}), one.clone()), other.clone())
    };
    for (body, part) in [
        (both(&sse, &class), "Server-Side Encryption modification must be the only operation"),
        (both(&class, &protection), "TableClass modification must be the only operation"),
        (both(&protection, &stream), "DeletionProtection modification must be the only operation"),
        (both(&bound, &stream), "OnDemandThroughput can only be combined with BillingMode"),
        (both(&units, &stream), "You cannot modify stream status while updating table IOPS"),
        (both(&units, &gone), "You cannot create or delete index while updating table IOPS"),
        (both(&gone, &stream), "You cannot create or delete index while changing stream status"),
        (both(&units, &json!({})), "ProvisionedThroughput must be specified for index: by-status"),
        (
            both(&json!({"SSESpecification": {"Enabled": false}}), &json!({})),
            "Table is already encrypted by default",
        ),
        (
            both(&json!({"GlobalSecondaryIndexUpdates": []}), &json!({})),
            "List of GlobalSecondaryIndexUpdates is empty",
        ),
    ] {
        invalid(&mut world, "UpdateTable", body, part);
    }
    let on_demand = json!({"BillingMode": "PAY_PER_REQUEST"});
    ok(&mut world, "UpdateTable", both(&on_demand, &stream));
    let told = ok(&mut world, "UpdateTable", both(&on_demand, &bound));
    assert_eq!(told["TableDescription"]["OnDemandThroughput"], bound["OnDemandThroughput"]);
    let clear = json!({"OnDemandThroughput": {"MaxReadRequestUnits": -1}});
    let told = ok(&mut world, "UpdateTable", both(&clear, &json!({})));
    assert_eq!(told["TableDescription"].get("OnDemandThroughput"), None);
    let ghost = json!({"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "ghost"}}]});
    let part = "Requested resource not found: Index ghost for table orders";
    let shape = "ResourceNotFoundException";
    refused(&mut world, "UpdateTable", both(&ghost, &json!({})), shape, part);
}

#[test]
fn warm_throughput_comes_with_the_billing_mode() {
    let mut world = world();
    let told = ok(&mut world, "DescribeTable", json!({"TableName": "orders"}));
    let warm =
        json!({"ReadUnitsPerSecond": 12_000, "Status": "ACTIVE", "WriteUnitsPerSecond": 4_000});
    assert_eq!(told["Table"]["WarmThroughput"], warm);
    assert_eq!(told["Table"]["GlobalSecondaryIndexes"][0]["WarmThroughput"], warm);
    let units = json!({"ReadCapacityUnits": 2, "WriteCapacityUnits": 3});
    let body = table(json!({"BillingMode": "PROVISIONED", "ProvisionedThroughput": units}));
    let told = ok(&mut world, "CreateTable", body);
    assert_eq!(told["TableDescription"].get("WarmThroughput"), None);
    let told = ok(&mut world, "DescribeTable", json!({"TableName": "table"}));
    let warm = json!({"ReadUnitsPerSecond": 2, "Status": "ACTIVE", "WriteUnitsPerSecond": 3});
    assert_eq!(told["Table"]["WarmThroughput"], warm);
}

#[test]
fn an_index_may_use_attributes_that_are_keys_already() {
    let mut world = world();
    let keys = json!([
        {"AttributeName": "colour", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}
    ]);
    let create = json!({"Create": index(json!({"KeySchema": keys}))});
    let update = |definitions: Value| {
        let base = json!({"TableName": "orders", "GlobalSecondaryIndexUpdates": [create]});
        with(base, definitions)
    };
    let part = "AttributeDefinitions is not specified for index: index";
    invalid(&mut world, "UpdateTable", update(json!({})), part);
    let colour = json!([{"AttributeName": "colour", "AttributeType": "S"}]);
    ok(&mut world, "UpdateTable", update(json!({"AttributeDefinitions": colour})));
}

#[test]
fn members_of_other_types_are_told_in_aws_words() {
    let mut world = world();
    let item = |value: Value| json!({"TableName": "orders", "Item": {"pk": value}});
    let scan = |more: Value| with(json!({"TableName": "orders"}), more);
    let map = "Start of structure or map found where not expected";
    for (operation, body, text) in [
        ("PutItem", item(json!({"S": 1})), "NUMBER_VALUE cannot be converted to String"),
        ("PutItem", item(json!({"N": 1.5})), "NUMBER_VALUE cannot be converted to String"),
        ("PutItem", item(json!({"S": true})), "TRUE_VALUE cannot be converted to String"),
        ("PutItem", item(json!({"S": {}})), map),
        ("Scan", scan(json!({"Limit": "5"})), "STRING_VALUE cannot be converted to Integer"),
        (
            "Scan",
            scan(json!({"ConsistentRead": "x"})),
            "STRING_VALUE cannot be converted to Boolean",
        ),
        ("Scan", scan(json!({"FilterExpression": []})), "Start of list found where not expected"),
    ] {
        refused(&mut world, operation, body, "SerializationException", text);
    }
}

#[test]
fn tables_of_elsewhere_are_nobody_elses_to_use() {
    let mut world = world();
    let arn =
        |region: &str, account: &str| format!("arn:aws:dynamodb:{region}:{account}:table/orders");
    let here = ("us-east-1", "000000000000");
    let other = arn(here.0, "111111111111");
    let key = super::key("a", 1);
    for (operation, body) in [
        ("GetItem", json!({"TableName": other, "Key": key})),
        ("PutItem", json!({"TableName": other, "Item": key})),
        ("DescribeTable", json!({"TableName": other})),
        ("ListTagsOfResource", json!({"ResourceArn": other})),
    ] {
        let part = format!(
            "is not authorized to perform: dynamodb:{operation} on resource: {other} because no \
             resource-based policy allows the dynamodb:{operation} action"
        );
        refused(&mut world, operation, body, "AccessDeniedException", &part);
    }
    let other = arn("eu-west-1", here.1);
    let part = format!("1 validation error detected: Invalid AWS region in '{other}'");
    invalid(&mut world, "GetItem", json!({"TableName": other, "Key": key}), &part);
    ok(&mut world, "GetItem", json!({"TableName": arn(here.0, here.1), "Key": key}));
}

#[test]
fn actions_of_transactions_are_checked_together() {
    let mut world = world();
    let body = json!({"TransactItems": [
        {"Put": {"Item": {}}},
        {"Update": {"TableName": "orders", "ReturnValuesOnConditionCheckFailure": "SOME"}}
    ]});
    for part in [
        "4 validation errors detected: ",
        "Value null at 'transactItems.1.member.put.tableName'",
        "Value null at 'transactItems.2.member.update.key'",
        "Value null at 'transactItems.2.member.update.updateExpression'",
        "Value 'SOME' at 'transactItems.2.member.update.returnValuesOnConditionCheckFailure'",
    ] {
        invalid(&mut world, "TransactWriteItems", body.clone(), part);
    }
    let body = json!({"Statement": "SELECT * FROM orders", "Parameters": []});
    let part = "1 validation error detected: Value '[]' at 'parameters' failed to satisfy \
                constraint: Member must have length greater than or equal to 1";
    invalid(&mut world, "ExecuteStatement", body, part);
}
