//! Shards follow one another in virtual time.

use serde_json::{Value, json};

use super::{key, ok, orders, put, with};
use crate::cloud::testing::World;

const HOUR: u64 = 3600;

fn streams(world: &mut World, operation: &str, body: Value) -> Value {
    world.ok(&format!("DynamoDBStreams_20120810.{operation}"), body)
}

fn shards(world: &mut World, arn: &Value) -> Vec<Value> {
    let shown = streams(world, "DescribeStream", json!({"StreamArn": arn}));
    shown["StreamDescription"]["Shards"].as_array().unwrap().clone()
}

/// The sort keys in a shard from its oldest record on, and whether more may come.
fn read(world: &mut World, arn: &Value, shard: &Value) -> (Vec<String>, bool) {
    let body = json!({
        "StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"
    });
    let iterator = streams(world, "GetShardIterator", body)["ShardIterator"].clone();
    let told = streams(world, "GetRecords", json!({"ShardIterator": iterator}));
    let records = told["Records"].as_array().unwrap().iter();
    let keys = records.map(|it| it["dynamodb"]["Keys"]["sk"]["N"].as_str().unwrap().to_owned());
    (keys.collect(), told.get("NextShardIterator").is_some())
}

#[test]
fn a_shard_is_closed_and_another_follows_it() {
    let mut world = World::new();
    let specification = json!({"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"});
    let body = with(orders(), json!({"StreamSpecification": specification}));
    let arn = ok(&mut world, "CreateTable", body)["TableDescription"]["LatestStreamArn"].clone();
    put(&mut world, key("a", 1));
    world.advance_seconds(5 * HOUR);
    put(&mut world, key("a", 2));
    world.restart();
    let both = shards(&mut world, &arn);
    assert_eq!(both.len(), 2);
    assert_eq!(both[1]["ParentShardId"], both[0]["ShardId"]);
    let range = |shard: &Value, name: &str| shard["SequenceNumberRange"].get(name).cloned();
    assert!(range(&both[0], "EndingSequenceNumber").is_some());
    assert_eq!(range(&both[1], "EndingSequenceNumber"), None);
    assert_eq!(read(&mut world, &arn, &both[0]), (vec!["1".to_owned()], false));
    assert_eq!(read(&mut world, &arn, &both[1]), (vec!["2".to_owned()], true));
    let children = json!({
        "StreamArn": arn,
        "ShardFilter": {"Type": "CHILD_SHARDS", "ShardId": both[0]["ShardId"]}
    });
    let told = streams(&mut world, "DescribeStream", children);
    assert_eq!(told["StreamDescription"]["Shards"], json!([both[1]]));
    let first = streams(&mut world, "DescribeStream", json!({"StreamArn": arn, "Limit": 1}));
    let last = first["StreamDescription"]["LastEvaluatedShardId"].clone();
    assert_eq!(last, both[0]["ShardId"]);
    let rest = json!({"StreamArn": arn, "ExclusiveStartShardId": last});
    let rest = streams(&mut world, "DescribeStream", rest);
    assert_eq!(rest["StreamDescription"]["Shards"], json!([both[1]]));
}

#[test]
fn shards_go_with_their_records_however_long_nobody_looks() {
    let mut world = World::new();
    let specification = json!({"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"});
    let body = with(orders(), json!({"StreamSpecification": specification}));
    let arn = ok(&mut world, "CreateTable", body)["TableDescription"]["LatestStreamArn"].clone();
    put(&mut world, key("a", 1));
    let first = shards(&mut world, &arn)[0].clone();
    world.advance_seconds(27 * HOUR);
    assert_eq!(shards(&mut world, &arn)[0]["ShardId"], first["ShardId"]);
    world.advance_seconds(2 * HOUR);
    assert!(shards(&mut world, &arn).iter().all(|shard| shard["ShardId"] != first["ShardId"]));
    world.advance_seconds(1000 * 24 * HOUR);
    let left = shards(&mut world, &arn);
    assert!((2..=8).contains(&left.len()), "{}", left.len());
    put(&mut world, key("a", 2));
    assert_eq!(read(&mut world, &arn, left.last().unwrap()), (vec!["2".to_owned()], true));
}
