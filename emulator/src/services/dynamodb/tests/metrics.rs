//! What CloudWatch learns of tables.

use super::*;

fn statistics(world: &mut World, name: &str, operation: Option<&str>) -> Value {
    statistics_by(world, name, operation.map(|operation| ("Operation", operation)))
}

/// A metric of the table, by a second dimension if it has one.
fn statistics_by(world: &mut World, name: &str, second: Option<(&str, &str)>) -> Value {
    let mut dimensions = vec![json!({"Name": "TableName", "Value": "orders"})];
    dimensions.extend(second.map(|(name, value)| json!({"Name": name, "Value": value})));
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

fn whole_account(world: &mut World, name: &str) -> Option<f64> {
    let now = world.now().seconds();
    let input = json!({
        "Namespace": "AWS/DynamoDB", "MetricName": name,
        "StartTime": now - 600, "EndTime": now, "Period": 600, "Statistics": ["Sum"],
    });
    let answer = world.ok("GraniteServiceVersion20100801.GetMetricStatistics", input);
    answer["Datapoints"][0]["Sum"].as_f64()
}

/// Developer guide "DynamoDB Metrics and dimensions": whose fault an error was, and where it
/// counts.
#[test]
fn errors_are_counted_by_whose_fault_they_are() {
    let mut world = world();
    let key = json!({"pk": {"S": "a"}, "sk": {"N": "1"}});
    let get = json!({"TableName": "orders", "Key": key});
    let err = |world: &mut World, operation: &str, input: &Value| {
        world.err(&format!("DynamoDB_20120810.{operation}"), input.clone()).shape
    };
    err(&mut world, "GetItem", &json!({"TableName": "none", "Key": key}));
    err(&mut world, "GetItem", &json!({"TableName": "orders", "Key": {"pk": {"S": "a"}}}));
    let refused = json!({
        "TableName": "orders", "Item": key, "ConditionExpression": "attribute_exists(pk)",
    });
    err(&mut world, "PutItem", &refused);
    let rule = |code: &str, status: u16| {
        json!([{"operation": "GetItem", "times": 1,
            "effect": {"error": {"code": code, "status": status}}}])
    };
    for (code, status) in [
        ("ProvisionedThroughputExceededException", 400),
        ("InternalServerError", 500),
        ("TransactionConflictException", 400),
    ] {
        world.set_faults(serde_json::from_value(rule(code, status)).unwrap()).unwrap();
        assert_eq!(err(&mut world, "GetItem", &get), code);
    }
    world.advance_seconds(60);
    // Two that were wrong by themselves, and the conflict.
    assert_eq!(whole_account(&mut world, "UserErrors"), Some(3.0));
    for (name, operation, expected) in [
        ("ThrottledRequests", Some("GetItem"), json!([[1.0, 1.0, "Count"]])),
        ("ThrottledRequests", Some("PutItem"), json!([])),
        ("ReadThrottleEvents", None, json!([[1.0, 1.0, "Count"]])),
        ("WriteThrottleEvents", None, json!([])),
        ("SystemErrors", Some("GetItem"), json!([[1.0, 1.0, "Count"]])),
        ("TransactionConflict", None, json!([[1.0, 1.0, "Count"]])),
        ("ConditionalCheckFailedRequests", None, json!([[1.0, 1.0, "Count"]])),
        ("SuccessfulRequestLatency", Some("GetItem"), json!([])),
    ] {
        assert_eq!(statistics(&mut world, name, operation), expected, "{name} {operation:?}");
    }
    // Nobody made a table of that name.
    let listed = json!({"Namespace": "AWS/DynamoDB"});
    let listed = world.ok("GraniteServiceVersion20100801.ListMetrics", listed);
    assert!(!listed.to_string().contains("\"none\""), "{listed}");
}

#[test]
fn what_is_provisioned_is_published_of_tables_and_indexes() {
    let mut world = world();
    let units = |read: i64| json!({"ReadCapacityUnits": read, "WriteCapacityUnits": read + 1});
    let index = json!({"IndexName": "by-status", "ProvisionedThroughput": units(7)});
    let bound = json!({"MaxReadRequestUnits": 9});
    let update = json!({"TableName": "orders", "OnDemandThroughput": bound});
    ok(&mut world, "UpdateTable", update);
    let key = json!({"pk": {"S": "a"}, "sk": {"N": "1"}});
    let get = json!({"TableName": "orders", "Key": key});
    ok(&mut world, "GetItem", get.clone());
    world.advance_seconds(60);
    let none = json!([]);
    assert_eq!(statistics(&mut world, "ProvisionedReadCapacityUnits", None), none);
    let bounds = json!([[9.0, 1.0, "Count"]]);
    assert_eq!(statistics(&mut world, "OnDemandMaxReadRequestUnits", None), bounds);
    assert_eq!(statistics(&mut world, "OnDemandMaxWriteRequestUnits", None), none);
    world.advance_seconds(3600);
    let update = json!({
        "TableName": "orders", "BillingMode": "PROVISIONED", "ProvisionedThroughput": units(3),
        "GlobalSecondaryIndexUpdates": [{"Update": index}]
    });
    ok(&mut world, "UpdateTable", update);
    ok(&mut world, "GetItem", get);
    world.advance_seconds(60);
    let index = Some(("GlobalSecondaryIndexName", "by-status"));
    for (name, second, units) in [
        ("ProvisionedReadCapacityUnits", None, 3.0),
        ("ProvisionedWriteCapacityUnits", None, 4.0),
        ("ProvisionedReadCapacityUnits", index, 7.0),
        ("ProvisionedWriteCapacityUnits", index, 8.0),
    ] {
        let expected = json!([[units, 1.0, "Count"]]);
        assert_eq!(statistics_by(&mut world, name, second), expected, "{name} {second:?}");
    }
}

#[test]
fn an_alarm_on_user_errors_fires_by_itself() {
    let mut world = world();
    let alarm = json!({
        "AlarmName": "errors", "Namespace": "AWS/DynamoDB", "MetricName": "UserErrors",
        "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1, "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold", "TreatMissingData": "notBreaching",
    });
    world.ok("GraniteServiceVersion20100801.PutMetricAlarm", alarm);
    world.advance_seconds(3600);
    let state = |world: &mut World| {
        let answer = world.ok("GraniteServiceVersion20100801.DescribeAlarms", json!({}));
        answer["MetricAlarms"][0]["StateValue"].as_str().unwrap().to_owned()
    };
    assert_eq!(state(&mut world), "INSUFFICIENT_DATA", "it never had data");
    world.err("DynamoDB_20120810.GetItem", json!({"TableName": "none", "Key": {}}));
    world.advance_seconds(120);
    let history = world.ok("GraniteServiceVersion20100801.DescribeAlarmHistory", json!({}));
    assert!(history.to_string().contains("from INSUFFICIENT_DATA to ALARM"), "{history}");
}

#[test]
fn an_index_has_units_of_its_own() {
    let mut world = world();
    let item = json!({
        "pk": {"S": "a"}, "sk": {"N": "1"}, "status": {"S": "open"}, "at": {"N": "1"},
        "total": {"N": "5"},
    });
    ok(&mut world, "PutItem", json!({"TableName": "orders", "Item": item}));
    let query = json!({
        "TableName": "orders", "IndexName": "by-status",
        "KeyConditionExpression": "#s = :s", "ExpressionAttributeNames": {"#s": "status"},
        "ExpressionAttributeValues": {":s": {"S": "open"}},
    });
    ok(&mut world, "Query", query);
    world.advance_seconds(60);
    let index = Some(("GlobalSecondaryIndexName", "by-status"));
    let written = "ConsumedWriteCapacityUnits";
    // The table's own and its local index's; the global one's stands apart.
    assert_eq!(statistics_by(&mut world, written, None), json!([[2.0, 1.0, "Count"]]));
    assert_eq!(statistics_by(&mut world, written, index), json!([[1.0, 1.0, "Count"]]));
    let read = "ConsumedReadCapacityUnits";
    assert_eq!(statistics_by(&mut world, read, index), json!([[0.5, 1.0, "Count"]]));
}

#[test]
fn entries_that_are_left_undone_and_items_that_expire_are_counted() {
    let mut world = world();
    let attribute = json!({"AttributeName": "ttl", "Enabled": true});
    let enable = json!({"TableName": "orders", "TimeToLiveSpecification": attribute});
    ok(&mut world, "UpdateTimeToLive", enable);
    let at = (world.now().seconds() + 60).to_string();
    let item = |number: usize| with(key("a", number as i64), json!({"ttl": {"N": at}}));
    let puts: Vec<Value> =
        (0..20).map(|number| json!({"PutRequest": {"Item": item(number)}})).collect();
    let rule = json!([{"effect": {"fail-entries": {"code": "x", "share": 0.5}}}]);
    world.set_faults(serde_json::from_value(rule).unwrap()).unwrap();
    let answer = ok(&mut world, "BatchWriteItem", json!({"RequestItems": {"orders": puts}}));
    let left = answer["UnprocessedItems"]["orders"].as_array().unwrap().len();
    assert!((1..20).contains(&left));
    world.set_faults(Vec::new()).unwrap();
    world.advance_seconds(60);
    let throttled = json!([[left as f64, left as f64, "Count"]]);
    assert_eq!(statistics(&mut world, "WriteThrottleEvents", None), throttled);
    assert_eq!(statistics(&mut world, "ThrottledRequests", Some("BatchWriteItem")), json!([]));
    world.advance_seconds(300);
    let expired = (20 - left) as f64;
    let expired = json!([[expired, expired, "Count"]]);
    assert_eq!(statistics(&mut world, "TimeToLiveDeletedItemCount", None), expired);
}
