//! Streams: what a table's changes leave in them, and how they are read.

use serde_json::{Value, json};

use super::{err, key, ok, orders, put, with};
use crate::cloud::testing::{Refused, World};

const DAY: u64 = 86_400;

fn call(world: &mut World, operation: &str, body: Value) -> Result<Value, Refused> {
    world.call(&format!("DynamoDBStreams_20120810.{operation}"), body)
}

fn streams(world: &mut World, operation: &str, body: Value) -> Value {
    call(world, operation, body).unwrap_or_else(|refused| panic!("{operation}: {refused:?}"))
}

fn specification(view: &str) -> Value {
    json!({"StreamSpecification": {"StreamEnabled": true, "StreamViewType": view}})
}

/// A world whose table `orders` has a stream; with the stream's ARN.
fn world(view: &str) -> (World, String) {
    let mut world = World::new();
    let made = ok(&mut world, "CreateTable", with(orders(), specification(view)));
    let arn = made["TableDescription"]["LatestStreamArn"].as_str().unwrap().to_owned();
    (world, arn)
}

fn iterator(world: &mut World, arn: &str, more: Value) -> Result<String, Refused> {
    let shown = streams(world, "DescribeStream", json!({"StreamArn": arn}));
    let shard = shown["StreamDescription"]["Shards"][0]["ShardId"].clone();
    let body = with(json!({"StreamArn": arn, "ShardId": shard}), more);
    let answer = call(world, "GetShardIterator", body)?;
    Ok(answer["ShardIterator"].as_str().unwrap().to_owned())
}

fn oldest(world: &mut World, arn: &str) -> String {
    iterator(world, arn, json!({"ShardIteratorType": "TRIM_HORIZON"})).unwrap()
}

/// The records from the oldest on.
fn records(world: &mut World, arn: &str) -> Vec<Value> {
    let iterator = oldest(world, arn);
    let answer = streams(world, "GetRecords", json!({"ShardIterator": iterator}));
    answer["Records"].as_array().unwrap().clone()
}

/// The sort keys of the records from `iterator` on, and the next iterator.
fn read(world: &mut World, iterator: &str, limit: u32) -> (Vec<String>, String) {
    let body = json!({"ShardIterator": iterator, "Limit": limit});
    let answer = streams(world, "GetRecords", body);
    let records = answer["Records"].as_array().unwrap();
    let sort_key = |record: &Value| record["dynamodb"]["Keys"]["sk"]["N"].as_str().unwrap().into();
    let next = answer["NextShardIterator"].as_str().unwrap_or_default();
    (records.iter().map(sort_key).collect(), next.to_owned())
}

fn put_item(world: &mut World, sk: i64, more: Value) {
    put(world, with(key("a", sk), more));
}

fn delete(world: &mut World, sk: i64) {
    ok(world, "DeleteItem", json!({"TableName": "orders", "Key": key("a", sk)}));
}

/// Shapes and sizes recorded on 2025-10-08.
#[test]
fn a_stream_tells_what_changed() {
    let (mut world, arn) = world("NEW_AND_OLD_IMAGES");
    let shown = streams(&mut world, "DescribeStream", json!({"StreamArn": arn}));
    let shard = shown["StreamDescription"]["Shards"][0]["ShardId"].clone();
    assert_eq!(
        shown["StreamDescription"],
        json!({
            "CreationRequestDateTime": 1_767_225_600.0,
            "KeySchema": [
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            "Shards": [{
                "SequenceNumberRange": {"StartingSequenceNumber": "100000000000000000000"},
                "ShardId": shard,
            }],
            "StreamArn": arn,
            "StreamLabel": "2026-01-01T00:00:00.000",
            "StreamStatus": "ENABLED",
            "StreamViewType": "NEW_AND_OLD_IMAGES",
            "TableName": "orders",
        })
    );
    assert_eq!(shard.as_str().unwrap().len(), 37);
    put_item(&mut world, 1, json!({}));
    put_item(&mut world, 1, json!({"name": {"S": "Fred"}}));
    delete(&mut world, 1);
    let keys = key("a", 1);
    let named = with(keys.clone(), json!({"name": {"S": "Fred"}}));
    // Names, and values of one byte and of a number with one digit.
    let key_bytes = 2 + 1 + 2 + 2;
    for (record, (number, name, images, bytes)) in records(&mut world, &arn).iter().zip([
        (0, "INSERT", json!({"NewImage": keys}), 2 * key_bytes),
        (1, "MODIFY", json!({"NewImage": named, "OldImage": keys}), 3 * key_bytes + 8),
        (2, "REMOVE", json!({"OldImage": named}), 2 * key_bytes + 8),
    ]) {
        let change = json!({
            "ApproximateCreationDateTime": 1_767_225_600.0, "Keys": keys,
            "SequenceNumber": format!("10000000000000000000{number}"), "SizeBytes": bytes,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        });
        let expected = json!({
            "awsRegion": "us-east-1", "dynamodb": with(change, images), "eventName": name,
            "eventID": record["eventID"], "eventSource": "aws:dynamodb", "eventVersion": "1.1",
        });
        assert_eq!(*record, expected);
        assert_eq!(record["eventID"].as_str().unwrap().len(), 32);
    }
    assert_eq!(records(&mut world, &arn).len(), 3);
}

#[test]
fn a_view_type_says_which_images_there_are() {
    for (view, insert, modify, remove) in [
        ("KEYS_ONLY", "", "", ""),
        ("NEW_IMAGE", "NewImage", "NewImage", ""),
        ("OLD_IMAGE", "", "OldImage", "OldImage"),
        ("NEW_AND_OLD_IMAGES", "NewImage", "NewImage OldImage", "OldImage"),
    ] {
        let (mut world, arn) = world(view);
        put_item(&mut world, 1, json!({}));
        put_item(&mut world, 1, json!({"name": {"S": "Fred"}}));
        delete(&mut world, 1);
        let images = |record: &Value| {
            let members = record["dynamodb"].as_object().unwrap().keys();
            let images: Vec<_> = members.filter(|name| name.ends_with("Image")).cloned().collect();
            images.join(" ")
        };
        let found: Vec<String> = records(&mut world, &arn).iter().map(images).collect();
        assert_eq!(found, [insert, modify, remove], "{view}");
    }
}

#[test]
fn what_changes_nothing_leaves_no_record() {
    let (mut world, arn) = world("KEYS_ONLY");
    put_item(&mut world, 1, json!({"total": {"N": "1"}}));
    put_item(&mut world, 1, json!({"total": {"N": "1.0"}}));
    delete(&mut world, 2);
    let table = json!({"TableName": "orders", "Key": key("a", 1)});
    let update = json!({
        "UpdateExpression": "SET note = if_not_exists(note, :n) REMOVE old_note",
        "ExpressionAttributeValues": {":n": {"S": "x"}},
    });
    ok(&mut world, "UpdateItem", with(table.clone(), update.clone()));
    ok(&mut world, "UpdateItem", with(table.clone(), update));
    let failing = json!({"ConditionExpression": "attribute_not_exists(pk)"});
    err(&mut world, "DeleteItem", with(table, failing));
    let names: Vec<_> =
        records(&mut world, &arn).iter().map(|record| record["eventName"].clone()).collect();
    assert_eq!(names, ["INSERT", "MODIFY"]);
}

#[test]
fn batches_and_transactions_leave_their_records_in_order() {
    let (mut world, arn) = world("KEYS_ONLY");
    let write = |sk| json!({"PutRequest": {"Item": key("a", sk)}});
    let batch = json!({"RequestItems": {"orders": [write(3), write(1)]}});
    ok(&mut world, "BatchWriteItem", batch);
    let transaction = json!({"TransactItems": [
        {"Put": {"TableName": "orders", "Item": key("a", 2)}},
        {"Delete": {"TableName": "orders", "Key": key("a", 3)}},
        {"ConditionCheck": {
            "TableName": "orders", "Key": key("a", 1),
            "ConditionExpression": "attribute_exists(pk)",
        }},
    ]});
    ok(&mut world, "TransactWriteItems", transaction);
    let failing = json!({"TransactItems": [
        {"Put": {"TableName": "orders", "Item": key("a", 9)}},
        {"ConditionCheck": {
            "TableName": "orders", "Key": key("a", 3),
            "ConditionExpression": "attribute_exists(pk)",
        }},
    ]});
    err(&mut world, "TransactWriteItems", failing);
    let iterator = oldest(&mut world, &arn);
    assert_eq!(read(&mut world, &iterator, 10).0, ["3", "1", "2", "3"]);
}

#[test]
fn iterators_begin_where_they_say() {
    let (mut world, arn) = world("KEYS_ONLY");
    let latest = iterator(&mut world, &arn, json!({"ShardIteratorType": "LATEST"})).unwrap();
    for sk in 1..=3 {
        put_item(&mut world, sk, json!({}));
        world.advance_seconds(10);
    }
    let second = records(&mut world, &arn)[1]["dynamodb"]["SequenceNumber"].clone();
    let mut check = |more: Value, expected: &[&str]| {
        let iterator = iterator(&mut world, &arn, more).unwrap();
        assert_eq!(read(&mut world, &iterator, 10).0, expected);
    };
    check(json!({"ShardIteratorType": "TRIM_HORIZON"}), &["1", "2", "3"]);
    check(json!({"ShardIteratorType": "LATEST"}), &[]);
    let at = json!({"ShardIteratorType": "AT_SEQUENCE_NUMBER", "SequenceNumber": second});
    check(at, &["2", "3"]);
    let after = json!({"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": second});
    check(after, &["3"]);
    let since = json!({"ShardIteratorType": "AT_TIMESTAMP", "Timestamp": 1_767_225_605});
    check(since, &["2", "3"]);
    // Page by page, also over what comes later.
    let (found, next) = read(&mut world, &latest, 2);
    assert_eq!(found, ["1", "2"]);
    let (found, next) = read(&mut world, &next, 2);
    assert_eq!(found, ["3"]);
    let (found, next) = read(&mut world, &next, 2);
    assert!(found.is_empty());
    put_item(&mut world, 4, json!({}));
    assert_eq!(read(&mut world, &next, 2).0, ["4"]);
}

#[test]
fn a_page_of_records_has_a_megabyte() {
    let (mut world, arn) = world("NEW_IMAGE");
    for sk in 1..=4 {
        put_item(&mut world, sk, json!({"note": {"S": "x".repeat(350 * 1024)}}));
    }
    let iterator = oldest(&mut world, &arn);
    let (found, next) = read(&mut world, &iterator, 1000);
    assert_eq!(found, ["1", "2"]);
    assert_eq!(read(&mut world, &next, 1000).0, ["3", "4"]);
}

#[test]
fn records_are_there_for_a_day_and_iterators_for_a_quarter_of_an_hour() {
    let (mut world, arn) = world("KEYS_ONLY");
    put_item(&mut world, 1, json!({}));
    let first = records(&mut world, &arn)[0]["dynamodb"]["SequenceNumber"].clone();
    world.advance_seconds(600);
    put_item(&mut world, 2, json!({}));
    let old = oldest(&mut world, &arn);
    world.advance_seconds(900);
    assert_eq!(read(&mut world, &old, 10).0, ["1", "2"]);
    world.advance_seconds(1);
    let refused = call(&mut world, "GetRecords", json!({"ShardIterator": old})).unwrap_err();
    assert_eq!(refused.shape, "ExpiredIteratorException");
    world.advance_seconds(DAY - 1501 - 1);
    let at = json!({"ShardIteratorType": "AT_SEQUENCE_NUMBER", "SequenceNumber": first});
    let place = iterator(&mut world, &arn, at.clone()).unwrap();
    assert_eq!(read(&mut world, &place, 10).0, ["1", "2"]);
    world.advance_seconds(1);
    let refused = call(&mut world, "GetRecords", json!({"ShardIterator": place})).unwrap_err();
    assert_eq!(refused.shape, "TrimmedDataAccessException");
    let refused = iterator(&mut world, &arn, at).unwrap_err();
    assert_eq!(refused.shape, "TrimmedDataAccessException");
    let oldest = oldest(&mut world, &arn);
    assert_eq!(read(&mut world, &oldest, 10).0, ["2"]);
}

#[test]
fn a_stream_is_closed_and_another_opened() {
    let mut world = World::new();
    ok(&mut world, "CreateTable", orders());
    let update = |more: Value| with(json!({"TableName": "orders"}), more);
    let off = json!({"StreamSpecification": {"StreamEnabled": false}});
    let refused = err(&mut world, "UpdateTable", update(off.clone()));
    assert_eq!(refused.shape, "ValidationException");
    let opened = ok(&mut world, "UpdateTable", update(specification("KEYS_ONLY")));
    let described = &opened["TableDescription"];
    assert_eq!(described["StreamSpecification"]["StreamViewType"], "KEYS_ONLY");
    let first = described["LatestStreamArn"].as_str().unwrap().to_owned();
    let refused = err(&mut world, "UpdateTable", update(specification("NEW_IMAGE")));
    assert_eq!(refused.shape, "ValidationException");
    put_item(&mut world, 1, json!({}));
    let closed = ok(&mut world, "UpdateTable", update(off));
    assert_eq!(closed["TableDescription"]["LatestStreamArn"], first);
    assert_eq!(closed["TableDescription"].get("StreamSpecification"), None);
    put_item(&mut world, 2, json!({}));
    let iterator = oldest(&mut world, &first);
    assert_eq!(read(&mut world, &iterator, 10), (vec!["1".to_owned()], String::new()));
    let shown = streams(&mut world, "DescribeStream", json!({"StreamArn": first}));
    assert_eq!(shown["StreamDescription"]["StreamStatus"], "DISABLED");
    let reopened = ok(&mut world, "UpdateTable", update(specification("NEW_IMAGE")));
    let second = reopened["TableDescription"]["LatestStreamArn"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    let arns = |world: &mut World, body: Value| -> Vec<String> {
        let answer = streams(world, "ListStreams", body);
        let streams = answer["Streams"].as_array().unwrap();
        streams.iter().map(|it| it["StreamArn"].as_str().unwrap().to_owned()).collect()
    };
    let both = [first.clone(), second.clone()];
    assert_eq!(arns(&mut world, json!({"TableName": "orders"})), both);
    assert!(arns(&mut world, json!({"TableName": "other"})).is_empty());
    assert_eq!(arns(&mut world, json!({"ExclusiveStartStreamArn": first})), both[1..]);
    let page = streams(&mut world, "ListStreams", json!({"Limit": 1}));
    assert_eq!(page["LastEvaluatedStreamArn"], first);
    ok(&mut world, "DeleteTable", json!({"TableName": "orders"}));
    assert_eq!(arns(&mut world, json!({})), both);
    world.advance_seconds(DAY);
    assert!(arns(&mut world, json!({})).is_empty());
}

#[test]
fn requests_are_checked() {
    let (mut world, arn) = world("KEYS_ONLY");
    let mut check = |operation: &str, body: Value, shape: &str, message: &str| {
        let refused = call(&mut world, operation, body).unwrap_err();
        assert_eq!((refused.shape.as_str(), refused.message.as_str()), (shape, message));
    };
    let missing = arn.replace("orders", "missing");
    let (invalid, failed) = ("ValidationException", "failed to satisfy constraint: Member must");
    let not_found = format!("Requested resource not found: Stream: {missing} not found");
    let gone = json!({"StreamArn": missing});
    check("DescribeStream", gone, "ResourceNotFoundException", &not_found);
    let null = |member: &str| {
        format!("1 validation error detected: Value null at '{member}' {failed} not be null")
    };
    check("DescribeStream", json!({}), invalid, &null("streamArn"));
    check("GetRecords", json!({}), invalid, &null("shardIterator"));
    check("GetRecords", json!({"ShardIterator": "x"}), invalid, "Invalid ShardIterator");
    for (limit, problem) in [(0, "greater than or equal to 1"), (101, "less than or equal to 100")]
    {
        let message = format!(
            "1 validation error detected: Value '{limit}' at 'limit' {failed} have value {problem}"
        );
        check("ListStreams", json!({"Limit": limit}), invalid, &message);
    }
    let nowhere = "shardId-00000000000000000000-00000001";
    let shard = json!({
        "StreamArn": arn, "ShardId": nowhere, "ShardIteratorType": "LATEST",
    });
    let message =
        format!("Requested resource not found: Shard: {nowhere} in Stream: {arn} not found");
    check("GetShardIterator", shard, "ResourceNotFoundException", &message);
    for more in [
        json!({"ShardIteratorType": "OLDEST"}),
        json!({"ShardIteratorType": "AT_SEQUENCE_NUMBER"}),
        json!({"ShardIteratorType": "AT_SEQUENCE_NUMBER", "SequenceNumber": "7"}),
    ] {
        assert_eq!(iterator(&mut world, &arn, more).unwrap_err().shape, invalid);
    }
    for specification in [
        json!({"StreamEnabled": true}),
        json!({"StreamEnabled": true, "StreamViewType": "ALL"}),
        json!({"StreamEnabled": false, "StreamViewType": "KEYS_ONLY"}),
        json!({"StreamViewType": "KEYS_ONLY"}),
    ] {
        let body = json!({"TableName": "other", "StreamSpecification": specification});
        let refused = err(&mut world, "CreateTable", with(orders(), body));
        assert_eq!(refused.shape, invalid);
    }
}

#[test]
fn members_have_the_lengths_of_the_model() {
    let (mut world, arn) = world("KEYS_ONLY");
    let (invalid, failed) = ("ValidationException", "failed to satisfy constraint: Member must");
    let several = "4 validation errors detected: Value 'x' at 'streamArn' failed to satisfy \
                   constraint: Member must have length greater than or equal to 37; Value 'x' at \
                   'shardId' failed to satisfy constraint: Member must have length greater than or \
                   equal to 28; Value 'OLD' at 'shardIteratorType' failed to satisfy constraint: \
                   Member must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, \
                   AT_SEQUENCE_NUMBER, TRIM_HORIZON, AT_TIMESTAMP]; Value '7' at 'sequenceNumber' \
                   failed to satisfy constraint: Member must have length greater than or equal to \
                   21";
    let body = json!({
        "StreamArn": "x", "ShardId": "x", "ShardIteratorType": "OLD", "SequenceNumber": "7"
    });
    let refused = call(&mut world, "GetShardIterator", body).unwrap_err();
    assert_eq!((refused.shape.as_str(), refused.message.as_str()), (invalid, several));
    for (operation, body, path, bound) in [
        ("DescribeStream", json!({"StreamArn": "a".repeat(1025)}), "streamArn", "less"),
        (
            "DescribeStream",
            json!({"StreamArn": arn, "ExclusiveStartShardId": "x"}),
            "exclusiveStartShardId",
            "greater",
        ),
        (
            "DescribeStream",
            json!({"StreamArn": arn, "ShardFilter": {"ShardId": "x"}}),
            "shardFilter.shardId",
            "greater",
        ),
        ("GetRecords", json!({"ShardIterator": "x".repeat(2049)}), "shardIterator", "less"),
        ("ListStreams", json!({"TableName": "ab"}), "tableName", "greater"),
        (
            "ListStreams",
            json!({"ExclusiveStartStreamArn": "x"}),
            "exclusiveStartStreamArn",
            "greater",
        ),
    ] {
        let refused = call(&mut world, operation, body).unwrap_err();
        let part = format!("at '{path}' {failed} have length {bound} than or equal to");
        assert_eq!(refused.shape, invalid, "{operation} {path}");
        assert!(refused.message.contains(&part), "{operation} {path}: {refused:?}");
    }
}

#[test]
fn a_restart_keeps_streams() {
    let (mut world, arn) = world("NEW_AND_OLD_IMAGES");
    put_item(&mut world, 1, json!({}));
    put_item(&mut world, 1, json!({"name": {"S": "Fred"}}));
    let before = records(&mut world, &arn);
    world.restart();
    assert_eq!(records(&mut world, &arn), before);
    delete(&mut world, 1);
    assert_eq!(records(&mut world, &arn).len(), 3);
}
