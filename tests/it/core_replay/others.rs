//! What the client does with the services other than SQS and SNS.

use bytes::Bytes;
use fastrand::Rng;
use http::Request;
use serde_json::{Value, json};

use crate::world;

/// A rule with a queue as its target, and a table.
pub(super) fn opening(queue_arn: &str) -> Vec<Request<Bytes>> {
    let pattern = json!({"source": ["shop"], "detail": {"state": ["placed", "paid"]}});
    let target = json!({"Id": "queue", "Arn": queue_arn});
    vec![
        events("PutRule", json!({"Name": "placed", "EventPattern": pattern.to_string()})),
        events("PutTargets", json!({"Rule": "placed", "Targets": [target]})),
        dynamodb(
            "CreateTable",
            json!({
                "TableName": "orders",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "BillingMode": "PAY_PER_REQUEST",
            }),
        ),
    ]
}

/// Its answer is drawn from the seed.
const ASSUME_ROLE: &str = "Action=AssumeRole&Version=2011-06-15&RoleSessionName=me\
                           &RoleArn=arn:aws:iam::000000000000:role/r";

pub(super) fn any(rng: &mut Rng) -> Request<Bytes> {
    match rng.u8(..100) {
        0..35 => any_event(rng),
        35..75 => any_item(rng),
        75..95 => any_metric(rng),
        95..98 => world::query("sts", "Action=GetCallerIdentity&Version=2011-06-15"),
        _ => world::query("sts", ASSUME_ROLE),
    }
}

fn any_event(rng: &mut Rng) -> Request<Bytes> {
    let state = ["placed", "paid", "lost"][rng.usize(..3)];
    let entry = json!({
        "Source": "shop",
        "DetailType": "Order",
        "Detail": json!({"state": state, "number": rng.u16(..)}).to_string(),
    });
    match rng.u8(..4) {
        0 => events("DescribeRule", json!({"Name": "missing"})),
        1 => events("ListRules", json!({})),
        _ => events("PutEvents", json!({"Entries": [entry]})),
    }
}

fn any_item(rng: &mut Rng) -> Request<Bytes> {
    let key = json!({"id": {"S": format!("order-{}", rng.u8(..8))}});
    let mut body = json!({"TableName": "orders"});
    match rng.u8(..5) {
        0 => {
            body["Item"] = key;
            body["Item"]["total"] = json!({"N": rng.u16(..).to_string()});
            dynamodb("PutItem", body)
        }
        1 => {
            body["Key"] = key;
            body["UpdateExpression"] = json!("SET version = :new");
            body["ConditionExpression"] = json!("attribute_not_exists(version) OR version < :new");
            let version = rng.u8(..20).to_string();
            body["ExpressionAttributeValues"] = json!({":new": {"N": version}});
            dynamodb("UpdateItem", body)
        }
        2 => {
            body["Key"] = key;
            body["ReturnValues"] = json!("ALL_OLD");
            dynamodb("DeleteItem", body)
        }
        3 => dynamodb("Scan", body),
        _ => {
            body["Key"] = key;
            dynamodb("GetItem", body)
        }
    }
}

fn any_metric(rng: &mut Rng) -> Request<Bytes> {
    let target = "GraniteServiceVersion20100801";
    if rng.bool() {
        let datum =
            json!({"MetricName": "orders", "Value": f64::from(rng.u16(..)), "Unit": "Count"});
        let body = json!({"Namespace": "Shop", "MetricData": [datum]});
        return world::json(&format!("{target}.PutMetricData"), &body);
    }
    let form = "Action=GetMetricStatistics&Version=2010-08-01&Namespace=Shop&MetricName=orders\
                &StartTime=2026-01-01T00:00:00Z&EndTime=2026-01-08T00:00:00Z&Period=3600\
                &Statistics.member.1=Sum&Statistics.member.2=Maximum";
    world::query("monitoring", form)
}

fn events(operation: &str, body: Value) -> Request<Bytes> {
    world::json(&format!("AWSEvents.{operation}"), &body)
}

fn dynamodb(operation: &str, body: Value) -> Request<Bytes> {
    world::json(&format!("DynamoDB_20120810.{operation}"), &body)
}
