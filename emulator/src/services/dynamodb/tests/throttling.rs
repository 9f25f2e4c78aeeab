//! What a fault rule's throttling looks like.

use serde_json::{Value, json};

use super::{err, ok, with};
use crate::cloud::testing::World;

const PROVISIONED: &str = "The level of configured provisioned throughput for the table was \
                           exceeded. Consider increasing your provisioning level with the \
                           UpdateTable API.";
const BY_REQUEST: &str = "Throughput exceeds the current capacity of your table or index.";

/// With a table of each billing mode, and a rule that slows all down.
fn world() -> World {
    let mut world = World::new();
    let keys = json!([{"AttributeName": "a", "KeyType": "HASH"}]);
    let table = |name: &str| {
        json!({
            "TableName": name, "KeySchema": keys,
            "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}]
        })
    };
    let units = json!({"ReadCapacityUnits": 1, "WriteCapacityUnits": 1});
    let provisioned = with(table("provisioned"), json!({"ProvisionedThroughput": units}));
    ok(&mut world, "CreateTable", provisioned);
    let by_request = with(table("by-request"), json!({"BillingMode": "PAY_PER_REQUEST"}));
    ok(&mut world, "CreateTable", by_request);
    let rules = json!([{"effect": "throttle"}]);
    world.set_faults(serde_json::from_value(rules).unwrap()).unwrap();
    world
}

fn arn(table: &str) -> String {
    format!("arn:aws:dynamodb:us-east-1:000000000000:table/{table}")
}

#[test]
fn a_throttled_request_is_told_by_the_billing_mode() {
    let mut world = world();
    let get = |table: &str| json!({"TableName": table, "Key": {"a": {"S": "x"}}});
    let put = |table: &str| json!({"TableName": table, "Item": {"a": {"S": "x"}}});
    let (provisioned, by_request) =
        ("ProvisionedThroughputExceededException", "ThrottlingException");
    for (operation, body, shape, text, member, reason, table) in [
        (
            "GetItem",
            get("provisioned"),
            provisioned,
            PROVISIONED,
            "ThrottlingReasons",
            "TableReadProvisionedThroughputExceeded",
            "provisioned",
        ),
        (
            "PutItem",
            put(&arn("provisioned")),
            provisioned,
            PROVISIONED,
            "ThrottlingReasons",
            "TableWriteProvisionedThroughputExceeded",
            "provisioned",
        ),
        (
            "GetItem",
            get("by-request"),
            by_request,
            BY_REQUEST,
            "throttlingReasons",
            "TableReadKeyRangeThroughputExceeded",
            "by-request",
        ),
        (
            "PutItem",
            put("by-request"),
            by_request,
            BY_REQUEST,
            "throttlingReasons",
            "TableWriteKeyRangeThroughputExceeded",
            "by-request",
        ),
    ] {
        let refused = err(&mut world, operation, body);
        assert_eq!(refused.shape, shape, "{operation}");
        assert!(refused.message.starts_with(text), "{refused:?}");
        let reasons = json!([{"reason": reason, "resource": arn(table)}]);
        assert_eq!(refused.body[member], reasons, "{operation}");
    }
    let refused = err(&mut world, "DescribeTable", json!({"TableName": "provisioned"}));
    assert_eq!((&*refused.shape, &*refused.message), ("ThrottlingException", "Rate exceeded"));
}

#[test]
fn a_throttled_transaction_is_cancelled_with_a_reason_for_each_action() {
    let mut world = world();
    let put = |table: &str| json!({"Put": {"TableName": table, "Item": {"a": {"S": "x"}}}});
    let body = json!({"TransactItems": [put("by-request"), put("none"), put("provisioned")]});
    let refused = err(&mut world, "TransactWriteItems", body);
    assert_eq!(refused.shape, "TransactionCanceledException");
    let text = "[ThrottlingError, None, ProvisionedThroughputExceeded]";
    assert!(refused.message.ends_with(text), "{refused:?}");
    let reasons = &refused.body["CancellationReasons"];
    assert!(reasons[0]["Message"].as_str().unwrap().starts_with(BY_REQUEST), "{reasons}");
    assert_eq!(reasons[1], json!({"Code": "None"}));
    assert_eq!(reasons[2]["Message"], PROVISIONED);
    let get = json!({"Get": {"TableName": "provisioned", "Key": {"a": {"S": "x"}}}});
    let refused = err(&mut world, "TransactGetItems", json!({"TransactItems": [get]}));
    assert!(refused.message.ends_with("[ProvisionedThroughputExceeded]"), "{refused:?}");
    world.set_faults(Default::default()).unwrap();
    world.advance_seconds(60);
    let sum = |world: &mut World, name: &str| {
        let body = json!({
            "Namespace": "AWS/DynamoDB", "MetricName": name, "Statistics": ["Sum"],
            "Dimensions": [{"Name": "TableName", "Value": "provisioned"}], "Period": 3600,
            "StartTime": world.now().seconds() - 3600, "EndTime": world.now().seconds() + 3600
        });
        let told = world.ok("GraniteServiceVersion20100801.GetMetricStatistics", body);
        told["Datapoints"][0]["Sum"].clone()
    };
    assert_eq!(sum(&mut world, "ReadThrottleEvents"), json!(1.0));
    assert_eq!(sum(&mut world, "WriteThrottleEvents"), json!(1.0));
    assert_eq!(sum(&mut world, "ConditionalCheckFailedRequests"), Value::Null);
}
