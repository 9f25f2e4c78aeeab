//! What CloudWatch learns of tables.

use super::*;

fn statistics(world: &mut World, name: &str, operation: Option<&str>) -> Value {
    let mut dimensions = vec![json!({"Name": "TableName", "Value": "orders"})];
    dimensions.extend(operation.map(|it| json!({"Name": "Operation", "Value": it})));
    let now = world.now().seconds();
    let input = json!({
        "Namespace": "AWS/DynamoDB", "MetricName": name, "Dimensions": dimensions,
        "StartTime": now - 600, "EndTime": now, "Period": 60, "Statistics": ["Sum", "SampleCount"],
    });
    let answer = world.ok("GraniteServiceVersion20100801.GetMetricStatistics", input);
    let points = answer["Datapoints"].as_array().unwrap().iter();
    points.map(|point| json!([point["Sum"], point["SampleCount"], point["Unit"]])).collect()
}

#[test]
fn units_latencies_and_refusals_are_published_by_the_minute() {
    let mut world = world();
    let key = json!({"pk": {"S": "a"}, "sk": {"N": "1"}});
    let put = json!({"TableName": "orders", "Item": key});
    ok(&mut world, "PutItem", put.clone());
    let mut refused = put;
    refused["ConditionExpression"] = "attribute_not_exists(pk)".into();
    let answer = world.err("DynamoDB_20120810.PutItem", refused);
    assert_eq!(answer.shape, "ConditionalCheckFailedException");
    for consistent in [true, false] {
        let get = json!({"TableName": "orders", "Key": key, "ConsistentRead": consistent});
        ok(&mut world, "GetItem", get);
    }
    ok(&mut world, "Scan", json!({"TableName": "orders"}));
    ok(
        &mut world,
        "TransactGetItems",
        json!({
            "TransactItems": [{"Get": {"TableName": "orders", "Key": key}}],
        }),
    );
    assert_eq!(statistics(&mut world, "ConsumedReadCapacityUnits", None), json!([]));
    world.advance_seconds(60);
    for (name, operation, expected) in [
        ("ConsumedReadCapacityUnits", None, json!([[4.0, 4.0, "Count"]])),
        ("ConsumedWriteCapacityUnits", None, json!([[1.0, 1.0, "Count"]])),
        ("ConditionalCheckFailedRequests", None, json!([[1.0, 1.0, "Count"]])),
        ("SuccessfulRequestLatency", Some("GetItem"), json!([[2.0, 2.0, "Milliseconds"]])),
        ("SuccessfulRequestLatency", Some("PutItem"), json!([[1.0, 1.0, "Milliseconds"]])),
        ("ReturnedItemCount", Some("Scan"), json!([[1.0, 1.0, "Count"]])),
        ("ReturnedItemCount", Some("GetItem"), json!([])),
    ] {
        assert_eq!(statistics(&mut world, name, operation), expected, "{name} {operation:?}");
    }
    world.advance_seconds(3600);
    assert_eq!(statistics(&mut world, "ConsumedReadCapacityUnits", None), json!([]));
}
