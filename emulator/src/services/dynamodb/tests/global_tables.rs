//! Replicas in other regions.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{key, orders, with};
use crate::cloud::testing::{Refused, World};
use crate::kernel::{Lifecycle, Settings};

const HOME: &str = "us-east-1";
const EUROPE: &str = "eu-west-1";
const ASIA: &str = "ap-northeast-1";

fn call(world: &mut World, region: &str, name: &str, body: Value) -> Result<Value, Refused> {
    world.call_in(region, &format!("DynamoDB_20120810.{name}"), body)
}

fn ok(world: &mut World, region: &str, name: &str, body: Value) -> Value {
    let shown = body.to_string();
    call(world, region, name, body).unwrap_or_else(|it| panic!("{region} {name} {shown}: {it:?}"))
}

fn refused(world: &mut World, region: &str, name: &str, body: Value, shape: &str, part: &str) {
    let refused = call(world, region, name, body).unwrap_err();
    assert!(refused.shape == shape && refused.message.contains(part), "{refused:?}");
}

fn invalid(world: &mut World, region: &str, name: &str, body: Value, part: &str) {
    refused(world, region, name, body, "ValidationException", part);
}

fn replica(action: &str, region: &str) -> Value {
    let update = json!({ action: {"RegionName": region} });
    json!({"TableName": "orders", "ReplicaUpdates": [update]})
}

fn put(world: &mut World, region: &str, sk: i64, note: &str) {
    let item = with(key("a", sk), json!({"note": {"S": note}}));
    ok(world, region, "PutItem", json!({"TableName": "orders", "Item": item}));
}

fn delete(world: &mut World, region: &str, sk: i64) {
    ok(world, region, "DeleteItem", json!({"TableName": "orders", "Key": key("a", sk)}));
}

fn describe(world: &mut World, region: &str) -> Value {
    ok(world, region, "DescribeTable", json!({"TableName": "orders"}))["Table"].clone()
}

/// The items of one region, `1=note` and so on.
fn items(world: &mut World, region: &str) -> String {
    let told = ok(world, region, "Scan", json!({"TableName": "orders"}));
    let items = told["Items"].as_array().unwrap().iter();
    let shown = items.map(|item| {
        let text = |name: &str, kind: &str| item[name][kind].as_str().unwrap_or("-").to_owned();
        format!("{}={}", text("sk", "N"), text("note", "S"))
    });
    shown.collect::<Vec<_>>().join(" ")
}

/// The table `orders` in two regions, with an item that was there before.
fn world() -> World {
    world_with(Settings::default())
}

fn world_with(settings: Settings) -> World {
    let mut world = World::with(settings);
    ok(&mut world, HOME, "CreateTable", orders());
    world.advance_seconds(60);
    put(&mut world, HOME, 1, "old");
    let told = ok(&mut world, HOME, "UpdateTable", replica("Create", EUROPE));
    let replica = &told["TableDescription"]["Replicas"][0];
    assert_eq!(
        (&replica["RegionName"], &replica["ReplicaStatus"]),
        (&json!(EUROPE), &json!("CREATING"))
    );
    world.advance_seconds(60);
    world
}

#[test]
fn a_replica_is_a_copy_and_is_told_what_changes() {
    let mut world = world();
    let home = describe(&mut world, HOME);
    let replica = json!([{"RegionName": EUROPE, "ReplicaStatus": "ACTIVE"}]);
    assert_eq!((&home["Replicas"], &home["GlobalTableVersion"]), (&replica, &json!("2019.11.21")));
    let europe = describe(&mut world, EUROPE);
    assert_eq!(europe["Replicas"][0]["RegionName"], HOME);
    assert_eq!(europe["StreamSpecification"]["StreamViewType"], "NEW_AND_OLD_IMAGES");
    for name in ["KeySchema", "BillingModeSummary", "AttributeDefinitions"] {
        assert_eq!(europe[name].is_object(), home[name].is_object(), "{name}");
    }
    assert!(europe["TableArn"].as_str().unwrap().contains(EUROPE));
    assert_eq!(items(&mut world, EUROPE), "1=old");
    put(&mut world, HOME, 2, "home");
    put(&mut world, EUROPE, 3, "europe");
    assert_eq!(items(&mut world, EUROPE), "1=old 3=europe", "it takes some time");
    world.restart();
    world.advance_seconds(3);
    for region in [HOME, EUROPE] {
        assert_eq!(items(&mut world, region), "1=old 2=home 3=europe", "{region}");
    }
    let index = json!({
        "TableName": "orders", "IndexName": "by-total", "KeyConditionExpression": "pk = :a",
        "ExpressionAttributeValues": {":a": {"S": "a"}}
    });
    assert_eq!(ok(&mut world, EUROPE, "Query", index)["Count"], 0);
    delete(&mut world, EUROPE, 1);
    world.advance_seconds(3);
    assert_eq!(items(&mut world, HOME), "2=home 3=europe");
}

#[test]
fn the_last_writer_wins_whatever_comes_first() {
    for (first, last) in [(HOME, EUROPE), (EUROPE, HOME)] {
        let mut world = world();
        put(&mut world, first, 1, "first");
        world.advance(std::time::Duration::from_millis(50));
        put(&mut world, last, 1, "last");
        world.advance_seconds(5);
        for region in [HOME, EUROPE] {
            assert_eq!(items(&mut world, region), "1=last", "{region}");
        }
        delete(&mut world, first, 1);
        world.advance(std::time::Duration::from_millis(50));
        put(&mut world, last, 1, "again");
        world.advance_seconds(5);
        for region in [HOME, EUROPE] {
            assert_eq!(items(&mut world, region), "1=again", "{region}");
        }
    }
}

#[test]
fn a_third_replica_knows_all_and_one_that_goes_is_forgotten() {
    let mut world = world();
    // On its way to a table that is not yet told of the third replica.
    put(&mut world, EUROPE, 2, "europe");
    ok(&mut world, HOME, "UpdateTable", replica("Create", ASIA));
    put(&mut world, ASIA, 3, "asia");
    world.advance_seconds(5);
    for region in [HOME, EUROPE, ASIA] {
        assert_eq!(items(&mut world, region), "1=old 2=europe 3=asia", "{region}");
        let replicas = describe(&mut world, region)["Replicas"].clone();
        assert_eq!(replicas.as_array().unwrap().len(), 2, "{region}");
    }
    let part = "acted as a source region for new replica(s) being added";
    invalid(&mut world, HOME, "DeleteTable", json!({"TableName": "orders"}), part);
    let told = ok(&mut world, HOME, "UpdateTable", replica("Delete", EUROPE));
    let shown = told["TableDescription"]["Replicas"].as_array().unwrap().iter();
    let shown = shown.map(|it| it["ReplicaStatus"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(shown, ["ACTIVE", "DELETING"]);
    let gone = "Requested resource not found";
    let body = json!({"TableName": "orders"});
    refused(&mut world, EUROPE, "DescribeTable", body.clone(), "ResourceNotFoundException", gone);
    for (region, other) in [(HOME, ASIA), (ASIA, HOME)] {
        let replicas = describe(&mut world, region)["Replicas"].clone();
        assert_eq!(replicas, json!([{"RegionName": other, "ReplicaStatus": "ACTIVE"}]));
    }
    ok(&mut world, ASIA, "DeleteTable", body.clone());
    assert_eq!(describe(&mut world, HOME).get("Replicas"), None);
    put(&mut world, HOME, 4, "alone");
    world.advance_seconds(5);
    ok(&mut world, HOME, "DeleteTable", body);
}

#[test]
fn what_replicas_have_in_common_changes_everywhere() {
    let mut world = world();
    let create = json!({
        "TableName": "orders",
        "AttributeDefinitions": [{"AttributeName": "note", "AttributeType": "S"}],
        "GlobalSecondaryIndexUpdates": [{"Create": {
            "IndexName": "by-note", "KeySchema": [{"AttributeName": "note", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"}
        }}]
    });
    ok(&mut world, EUROPE, "UpdateTable", create);
    let specification = json!({"AttributeName": "until", "Enabled": true});
    let body = json!({"TableName": "orders", "TimeToLiveSpecification": specification});
    ok(&mut world, HOME, "UpdateTimeToLive", body);
    for region in [HOME, EUROPE] {
        let indexes = describe(&mut world, region)["GlobalSecondaryIndexes"].clone();
        let mut indexes = indexes.as_array().unwrap().iter();
        assert!(indexes.any(|index| index["IndexName"] == "by-note"), "{region}");
        let told = ok(&mut world, region, "DescribeTimeToLive", json!({"TableName": "orders"}));
        assert_eq!(told["TimeToLiveDescription"]["AttributeName"], "until", "{region}");
    }
    let until = world.now().seconds() + 10;
    let item = with(key("a", 9), json!({"until": {"N": until.to_string()}}));
    ok(&mut world, HOME, "PutItem", json!({"TableName": "orders", "Item": item}));
    world.advance_seconds(5);
    assert_eq!(items(&mut world, EUROPE), "1=old 9=-");
    world.advance_seconds(100);
    for region in [HOME, EUROPE] {
        assert_eq!(items(&mut world, region), "1=old", "{region}");
    }
}

#[test]
fn updates_of_replicas_are_checked() {
    let mut world = world();
    let strong = with(replica("Create", ASIA), json!({"MultiRegionConsistency": "STRONG"}));
    let both = json!({"TableName": "orders", "ReplicaUpdates": [
        {"Create": {"RegionName": ASIA}, "Delete": {"RegionName": ASIA}}
    ]});
    let unnamed = json!({"TableName": "orders", "ReplicaUpdates": [{"Create": {}}]});
    let off = json!({"TableName": "orders", "StreamSpecification": {"StreamEnabled": false}});
    for (body, part) in [
        (replica("Create", HOME), "Cannot add, delete, or update the local region"),
        (replica("Delete", HOME), "Cannot add, delete, or update the local region"),
        (replica("Create", EUROPE), "one or more replicas already existed as tables"),
        (replica("Delete", ASIA), "Please retry the request without these replicas"),
        (replica("Update", ASIA), "Please retry the request without these replicas"),
        (replica("Create", "cn-north-1"), "Region cn-north-1 is not supported"),
        (replica("Create", "Ü"), "Region Ü is not supported"),
        (replica("Create", "eu-west-9"), "Region eu-west-9 is not supported"),
        (both, "more than one type of replica actions not allowed"),
        (unnamed, "'replicaUpdates.1.member.create.regionName' failed to satisfy constraint"),
        (off, "Disabling Stream is not allowed for a Global Table replica."),
    ] {
        invalid(&mut world, HOME, "UpdateTable", body, part);
    }
    let part = "MultiRegionConsistency STRONG";
    refused(&mut world, HOME, "UpdateTable", strong, "NotImplementedException", part);
    ok(&mut world, ASIA, "CreateTable", orders());
    ok(&mut world, HOME, "UpdateTable", replica("Create", ASIA));
    let replicas = describe(&mut world, HOME)["Replicas"].clone();
    assert_eq!(replicas[0]["ReplicaStatus"], "CREATION_FAILED");
    let why = replicas[0]["ReplicaStatusDescription"].as_str().unwrap().to_owned();
    assert!(why.contains("already existed as tables"), "{why}");
    ok(&mut world, HOME, "UpdateTable", replica("Delete", ASIA));
    assert_eq!(describe(&mut world, ASIA)["TableStatus"], "ACTIVE");
}

#[test]
fn states_of_replicas_pass_by_time() {
    let timed = Settings { lifecycle: Lifecycle::Timed, ..Settings::default() };
    let mut world = world_with(timed);
    ok(&mut world, HOME, "UpdateTable", replica("Create", ASIA));
    world.advance_seconds(3);
    assert_eq!(describe(&mut world, HOME)["Replicas"][0]["ReplicaStatus"], "CREATING");
    world.advance_seconds(30);
    assert_eq!(describe(&mut world, HOME)["Replicas"][0]["ReplicaStatus"], "ACTIVE");
    ok(&mut world, HOME, "UpdateTable", replica("Delete", ASIA));
    world.advance_seconds(3);
    assert_eq!(describe(&mut world, ASIA)["TableStatus"], "DELETING");
    world.advance_seconds(30);
    let home = describe(&mut world, HOME);
    assert_eq!(home["Replicas"].as_array().unwrap().len(), 1);
}

/// What happens in the world of the property.
#[derive(Clone, Debug)]
enum Step {
    Put(usize, i64, u8),
    Delete(usize, i64),
    Wait(u64),
    Restart,
    AddAsia,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..3usize, 0..4i64, any::<u8>()).prop_map(|(at, sk, note)| Step::Put(at, sk, note)),
        2 => (0..3usize, 0..4i64).prop_map(|(at, sk)| Step::Delete(at, sk)),
        4 => (0..900u64).prop_map(Step::Wait),
        1 => Just(Step::Restart),
        1 => Just(Step::AddAsia),
    ]
}

/// The items as the stream of a region tells them.
fn told_by_stream(world: &mut World, region: &str) -> usize {
    let arn = describe(world, region)["LatestStreamArn"].clone();
    let streams = |world: &mut World, name: &str, body: Value| {
        world.call_in(region, &format!("DynamoDBStreams_20120810.{name}"), body).unwrap()
    };
    let shown = streams(world, "DescribeStream", json!({"StreamArn": arn}));
    let shard = shown["StreamDescription"]["Shards"][0]["ShardId"].clone();
    let from = json!({"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"});
    let iterator = streams(world, "GetShardIterator", from)["ShardIterator"].clone();
    let told = streams(world, "GetRecords", json!({"ShardIterator": iterator}));
    let mut there = std::collections::BTreeSet::new();
    for record in told["Records"].as_array().unwrap() {
        let sk = record["dynamodb"]["Keys"]["sk"]["N"].as_str().unwrap().to_owned();
        match record["eventName"].as_str().unwrap() {
            "REMOVE" => assert!(there.remove(&sk), "removed twice: {record}"),
            "INSERT" => assert!(there.insert(sk), "inserted twice: {record}"),
            _ => assert!(there.contains(&sk), "modified before it was there: {record}"),
        }
    }
    there.len()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// When nothing is on its way any more, every region has the same items, and the streams of
    /// replicas that began empty tell the way there.
    #[test]
    fn replicas_converge(steps in proptest::collection::vec(any_step(), 1..60)) {
        let mut world = World::new();
        ok(&mut world, HOME, "CreateTable", orders());
        ok(&mut world, HOME, "UpdateTable", replica("Create", EUROPE));
        let mut regions = vec![HOME, EUROPE];
        for step in &steps {
            match step {
                Step::Put(at, sk, note) => {
                    put(&mut world, regions[at % regions.len()], *sk, &note.to_string());
                }
                Step::Delete(at, sk) => delete(&mut world, regions[at % regions.len()], *sk),
                Step::Wait(millis) => world.advance(std::time::Duration::from_millis(*millis)),
                Step::Restart => world.restart(),
                Step::AddAsia if regions.len() == 2 => {
                    ok(&mut world, HOME, "UpdateTable", replica("Create", ASIA));
                    regions.push(ASIA);
                }
                Step::AddAsia => {}
            }
        }
        world.advance_seconds(10);
        let home = items(&mut world, HOME);
        for region in &regions {
            prop_assert_eq!(&items(&mut world, region), &home, "{}", region);
        }
        let count = home.split_whitespace().count();
        for region in [HOME, EUROPE] {
            prop_assert_eq!(told_by_stream(&mut world, region), count, "{}", region);
        }
    }
}
