use serde_json::{Value, json};

use super::{get, invalid, key, ok, put, refused, with, world};
use crate::cloud::testing::World;
use crate::kernel::{Lifecycle, Settings};

const ARN: &str = "arn:aws:dynamodb:us-east-1:000000000000:table/orders";

fn on_orders(more: Value) -> Value {
    with(json!({"TableName": "orders"}), more)
}

fn expire_by(world: &mut World, attribute: &str, enabled: bool) {
    let specification = json!({"AttributeName": attribute, "Enabled": enabled});
    let body = on_orders(json!({"TimeToLiveSpecification": specification}));
    let told = ok(world, "UpdateTimeToLive", body);
    assert_eq!(told["TimeToLiveSpecification"], specification);
}

fn seconds(world: &World) -> i64 {
    world.now().seconds()
}

/// Puts an item that expires `after` seconds from now.
fn put_expiring(world: &mut World, sk: i64, after: i64) {
    let at = (seconds(world) + after).to_string();
    put(world, with(key("a", sk), json!({"ttl": {"N": at}})));
}

#[test]
fn items_go_when_they_have_expired() {
    let mut world = world();
    put_expiring(&mut world, 1, 100);
    let body = on_orders(json!({
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "OLD_IMAGE"}
    }));
    ok(&mut world, "UpdateTable", body);
    expire_by(&mut world, "ttl", true);
    let told = ok(&mut world, "DescribeTimeToLive", on_orders(json!({})));
    let enabled = json!({"AttributeName": "ttl", "TimeToLiveStatus": "ENABLED"});
    assert_eq!(told["TimeToLiveDescription"], enabled);
    put_expiring(&mut world, 2, 50);
    put_expiring(&mut world, 3, 500);
    put_expiring(&mut world, 4, -10);
    put_expiring(&mut world, 5, -6 * 365 * 86_400);
    put(&mut world, with(key("a", 6), json!({"ttl": {"S": "1"}})));
    put_expiring(&mut world, 7, 40);
    put(&mut world, key("a", 7));
    let left = |world: &mut World| {
        let told = ok(world, "Scan", on_orders(json!({})));
        let items = told["Items"].as_array().unwrap().iter();
        items.map(|it| it["sk"]["N"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join("")
    };
    assert_eq!(left(&mut world), "1234567");
    for (advanced, expected) in [(49, "1234567"), (2, "123567"), (59, "13567"), (50, "3567")] {
        world.advance_seconds(advanced);
        assert_eq!(left(&mut world), expected, "{advanced}");
    }
    expire_by(&mut world, "ttl", false);
    world.advance_seconds(1000);
    assert_eq!(left(&mut world), "3567");
    expire_by(&mut world, "ttl", true);
    world.advance_seconds(1);
    assert_eq!(left(&mut world), "567");
}

#[test]
fn streams_say_who_deleted_what_has_expired() {
    let mut world = world();
    let specification = json!({"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"});
    let told =
        ok(&mut world, "UpdateTable", on_orders(json!({"StreamSpecification": specification})));
    let arn = told["TableDescription"]["LatestStreamArn"].clone();
    expire_by(&mut world, "ttl", true);
    put_expiring(&mut world, 1, 5);
    world.advance_seconds(100);
    let streams = |operation: &str| format!("DynamoDBStreams_20120810.{operation}");
    let told = world.ok(&streams("DescribeStream"), json!({"StreamArn": arn}));
    let shard = told["StreamDescription"]["Shards"][0]["ShardId"].clone();
    let told = world.ok(
        &streams("GetShardIterator"),
        json!({"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}),
    );
    let iterator = json!({"ShardIterator": told["ShardIterator"]});
    let records = world.ok(&streams("GetRecords"), iterator)["Records"].clone();
    assert_eq!(
        (&records[0]["eventName"], records[0].get("userIdentity")),
        (&"INSERT".into(), None)
    );
    assert_eq!(records[1]["eventName"], "REMOVE");
    let service = json!({"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"});
    assert_eq!(records[1]["userIdentity"], service);
}

#[test]
fn expiry_survives_a_snapshot() {
    let mut world = world();
    expire_by(&mut world, "ttl", true);
    put_expiring(&mut world, 1, 5);
    world.restart();
    world.advance_seconds(70);
    assert_eq!(get(&mut world, "a", 1), Value::Null);
    put_expiring(&mut world, 2, 5);
    world.advance_seconds(70);
    assert_eq!(get(&mut world, "a", 2), Value::Null);
}

#[test]
fn time_to_live_changes_once() {
    let mut world = world();
    let update = |attribute: &str, enabled: bool| {
        on_orders(json!({
            "TimeToLiveSpecification": {"AttributeName": attribute, "Enabled": enabled}
        }))
    };
    invalid(&mut world, "UpdateTimeToLive", update("x", false), "TimeToLive is already disabled");
    expire_by(&mut world, "x", true);
    invalid(&mut world, "UpdateTimeToLive", update("x", true), "TimeToLive is already enabled");
    let other = "TimeToLive is active on a different AttributeName: current AttributeName is x";
    invalid(&mut world, "UpdateTimeToLive", update("y", true), other);
    invalid(&mut world, "UpdateTimeToLive", update("", true), "greater than or equal to 1");
    let mut timed = World::with(Settings { lifecycle: Lifecycle::Timed, ..Settings::default() });
    ok(&mut timed, "CreateTable", super::orders());
    timed.advance_seconds(60);
    expire_by(&mut timed, "x", true);
    let told = ok(&mut timed, "DescribeTimeToLive", on_orders(json!({})));
    assert_eq!(told["TimeToLiveDescription"]["TimeToLiveStatus"], "ENABLING");
    let part = "Time to live has been modified multiple times within a fixed interval";
    invalid(&mut timed, "UpdateTimeToLive", update("x", false), part);
    timed.advance_seconds(3600);
    expire_by(&mut timed, "x", false);
    let told = ok(&mut timed, "DescribeTimeToLive", on_orders(json!({})));
    let disabling = json!({"AttributeName": "x", "TimeToLiveStatus": "DISABLING"});
    assert_eq!(told["TimeToLiveDescription"], disabling);
    invalid(&mut timed, "UpdateTimeToLive", update("y", true), part);
    timed.advance_seconds(3600);
    let told = ok(&mut timed, "DescribeTimeToLive", on_orders(json!({})));
    assert_eq!(told["TimeToLiveDescription"], json!({"TimeToLiveStatus": "DISABLED"}));
    expire_by(&mut timed, "y", true);
}

#[test]
fn tables_have_tags() {
    let mut world = World::new();
    let tags = json!([{"Key": "team", "Value": "a"}, {"Key": "stage", "Value": ""}]);
    ok(&mut world, "CreateTable", with(super::orders(), json!({"Tags": tags})));
    let list = |world: &mut World| {
        ok(world, "ListTagsOfResource", json!({"ResourceArn": ARN}))["Tags"].clone()
    };
    assert_eq!(
        list(&mut world),
        json!([{"Key": "stage", "Value": ""}, {"Key": "team", "Value": "a"}])
    );
    let tag = |tags: Value| json!({"ResourceArn": ARN, "Tags": tags});
    ok(&mut world, "TagResource", tag(json!([{"Key": "team", "Value": "b"}])));
    let untag = json!({"ResourceArn": ARN, "TagKeys": ["stage", "absent"]});
    ok(&mut world, "UntagResource", untag);
    assert_eq!(list(&mut world), json!([{"Key": "team", "Value": "b"}]));
    for (tags, part) in [
        (
            json!([{"Key": "aws:x", "Value": ""}]),
            "Tag Key cannot be prefixed with aws:, Key: aws:x",
        ),
        (
            json!([{"Key": "x", "Value": ""}, {"Key": "x", "Value": ""}]),
            "Duplicate Tag Keys provided as input: Duplicate Tag Key found x",
        ),
        (json!([{"Key": "", "Value": ""}]), "The Tag Key provided is invalid, Key: "),
        (
            json!([{"Key": "k".repeat(129), "Value": ""}]),
            "The Tag Key provided is invalid, Key: kk",
        ),
        (json!([{"Value": ""}]), "The Tag Key provided is invalid, Key: null"),
        (
            json!([{"Key": "k", "Value": "v".repeat(257)}]),
            "The Tag Value provided is invalid, Value: vv",
        ),
        (json!([{"Key": "k"}]), "The Tag Value provided is invalid, Value: null"),
        (json!([]), "Atleast one Tag needs to be provided as Input."),
    ] {
        invalid(&mut world, "TagResource", tag(tags), part);
    }
    let part = "Atleast one Tag Key needs to be provided as Input.";
    invalid(&mut world, "UntagResource", json!({"ResourceArn": ARN, "TagKeys": []}), part);
    let many: Vec<Value> =
        (0..50).map(|at| json!({"Key": format!("k{at}"), "Value": ""})).collect();
    let part = "Number of Tags exceed the current limit for the provided ResourceArn";
    invalid(&mut world, "TagResource", tag(json!(many)), part);
    for operation in ["ListTagsOfResource", "TagResource", "UntagResource"] {
        let arn = format!("{ARN}2");
        let tags = json!([{"Key": "k", "Value": "v"}]);
        let body = json!({"ResourceArn": arn, "Tags": tags, "TagKeys": ["k"]});
        let part = format!("Requested resource not found: ResourceArn: {arn} not found");
        refused(&mut world, operation, body, "ResourceNotFoundException", &part);
    }
}

#[test]
fn encryption_is_described() {
    let mut world = World::new();
    let base = super::orders();
    let body = with(base, json!({"SSESpecification": {"Enabled": true}}));
    let created = ok(&mut world, "CreateTable", body);
    let told = &created["TableDescription"]["SSEDescription"];
    assert_eq!((&told["SSEType"], &told["Status"]), (&json!("KMS"), &json!("ENABLED")));
    let key = told["KMSMasterKeyArn"].as_str().unwrap();
    assert!(key.starts_with("arn:aws:kms:us-east-1:000000000000:key/"), "{key}");
    let update = |specification: Value| on_orders(json!({"SSESpecification": specification}));
    let own = update(json!({"Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": "abc"}));
    let told = ok(&mut world, "UpdateTable", own);
    let told = &told["TableDescription"]["SSEDescription"];
    assert_eq!(told["Status"], "UPDATING");
    assert_eq!(told["KMSMasterKeyArn"], "arn:aws:kms:us-east-1:000000000000:key/abc");
    ok(&mut world, "UpdateTable", update(json!({"Enabled": false})));
    let told = ok(&mut world, "DescribeTable", on_orders(json!({})));
    assert!(told["Table"].get("SSEDescription").is_none());
    let wrong = update(json!({"Enabled": true, "SSEType": "AES256"}));
    invalid(&mut world, "UpdateTable", wrong, "SSEType AES256 is not supported");
}

#[test]
fn what_terraform_asks_is_answered() {
    let mut world = world();
    let told = ok(&mut world, "DescribeLimits", json!({}));
    assert_eq!(told["TableMaxReadCapacityUnits"], 40_000);
    let name = on_orders(json!({}));
    let told = ok(&mut world, "DescribeContinuousBackups", name.clone());
    assert_eq!(
        told["ContinuousBackupsDescription"],
        json!({
            "ContinuousBackupsStatus": "ENABLED",
            "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"}
        })
    );
    let told = ok(&mut world, "DescribeKinesisStreamingDestination", name.clone());
    assert_eq!(told, json!({"KinesisDataStreamDestinations": [], "TableName": "orders"}));
    let told = ok(&mut world, "DescribeTimeToLive", name.clone());
    let disabled = json!({"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}});
    assert_eq!(told, disabled);
    let told = ok(&mut world, "DescribeContributorInsights", name);
    assert_eq!(told, json!({"ContributorInsightsStatus": "DISABLED", "TableName": "orders"}));
    let missing = json!({"TableName": "nowhere"});
    for (operation, shape, text) in [
        ("DescribeContinuousBackups", "TableNotFoundException", "Table not found: nowhere"),
        ("DescribeTimeToLive", "ResourceNotFoundException", "Table: nowhere not found"),
    ] {
        refused(&mut world, operation, missing.clone(), shape, text);
    }
}

#[test]
fn insights_and_destinations_are_kept() {
    let mut world = world();
    let told = ok(
        &mut world,
        "UpdateContributorInsights",
        on_orders(json!({"ContributorInsightsAction": "ENABLE", "IndexName": "by-status"})),
    );
    assert_eq!(told["ContributorInsightsStatus"], "ENABLING");
    let told = ok(&mut world, "ListContributorInsights", json!({}));
    let summary = json!({
        "ContributorInsightsMode": "ACCESSED_AND_THROTTLED_KEYS",
        "ContributorInsightsStatus": "ENABLED", "IndexName": "by-status", "TableName": "orders"
    });
    assert_eq!(told["ContributorInsightsSummaries"], json!([summary]));
    let stream = "arn:aws:kinesis:us-east-1:000000000000:stream/changes";
    let to = |more: Value| with(on_orders(json!({"StreamArn": stream})), more);
    let enable = "EnableKinesisStreamingDestination";
    let told = ok(&mut world, enable, to(json!({})));
    assert_eq!(told["DestinationStatus"], "ENABLING");
    assert_eq!(told["EnableKinesisStreamingConfiguration"], json!({}));
    invalid(&mut world, enable, to(json!({})), "must be DISABLED or ENABLE_FAILED");
    let precision = |word: &str| {
        to(json!({"UpdateKinesisStreamingConfiguration": {
            "ApproximateCreationDateTimePrecision": word
        }}))
    };
    let update = "UpdateKinesisStreamingDestination";
    invalid(&mut world, update, precision("SECOND"), "[MILLISECOND, MICROSECOND]");
    ok(&mut world, update, precision("MICROSECOND"));
    invalid(&mut world, update, precision("MICROSECOND"), "Precision is already set");
    let told = ok(&mut world, "DescribeKinesisStreamingDestination", on_orders(json!({})));
    assert_eq!(
        told["KinesisDataStreamDestinations"],
        json!([{
            "ApproximateCreationDateTimePrecision": "MICROSECOND", "DestinationStatus": "ACTIVE",
            "StreamArn": stream
        }])
    );
    let told = ok(&mut world, "DisableKinesisStreamingDestination", to(json!({})));
    assert_eq!(told["DestinationStatus"], "DISABLING");
}

#[test]
fn policies_are_kept_by_revision() {
    let mut world = world();
    let on = |more: Value| with(json!({"ResourceArn": ARN}), more);
    let shape = "PolicyNotFoundException";
    refused(&mut world, "GetResourcePolicy", on(json!({})), shape, "not found");
    let put = on(json!({"Policy": "{\"Version\":\"2012-10-17\"}"}));
    let first = ok(&mut world, "PutResourcePolicy", put.clone());
    assert_eq!(ok(&mut world, "PutResourcePolicy", put), first);
    let told = ok(&mut world, "GetResourcePolicy", on(json!({})));
    assert_eq!(told["RevisionId"], first["RevisionId"]);
    let stale = on(json!({"ExpectedRevisionId": "1"}));
    refused(&mut world, "DeleteResourcePolicy", stale, shape, "not found");
    assert_eq!(ok(&mut world, "DeleteResourcePolicy", on(json!({}))), first);
    assert_eq!(ok(&mut world, "DeleteResourcePolicy", on(json!({}))), json!({}));
    invalid(&mut world, "PutResourcePolicy", on(json!({"Policy": "x"})), "Invalid policy document");
    let created = with(super::orders(), json!({"TableName": "other", "ResourcePolicy": "x"}));
    invalid(&mut world, "CreateTable", created, "Invalid policy document");
    let long = on(json!({"Policy": format!("{{}}{}", " ".repeat(20_479))}));
    let part = "Maximum policy size of 20480 bytes exceeded";
    invalid(&mut world, "PutResourcePolicy", long, part);
}

#[test]
fn a_policy_does_not_lock_out_who_puts_it() {
    let mut world = world();
    let put = |action: &str, more: Value| {
        let statement = json!({
            "Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*"
        });
        let policy = json!({"Version": "2012-10-17", "Statement": [statement]});
        with(json!({"ResourceArn": ARN, "Policy": policy.to_string()}), more)
    };
    let part = "The new resource policy will not allow you to update the resource policy in the \
                future.";
    let shape = "AccessDeniedException";
    for confirmed in [json!({}), json!({"ConfirmRemoveSelfResourceAccess": false})] {
        let body = put("dynamodb:PutResourcePolicy", confirmed);
        refused(&mut world, "PutResourcePolicy", body, shape, part);
    }
    ok(&mut world, "PutResourcePolicy", put("dynamodb:DeleteResourcePolicy", json!({})));
    let confirmed = json!({"ConfirmRemoveSelfResourceAccess": true});
    ok(&mut world, "PutResourcePolicy", put("dynamodb:PutResourcePolicy", confirmed));
}

#[test]
fn policies_are_of_tables_and_streams_that_are_here() {
    let mut world = world();
    let other = |from: &str, to: &str| ARN.replace(from, to);
    for (arn, shape, part) in [
        (
            other("000000000000", "111111111111"),
            "ValidationException",
            "This action is only supported by accounts that match the resource owner’s account.",
        ),
        (other("us-east-1", "eu-west-1"), "ValidationException", "Invalid resource Arn: arn:aws:"),
        (
            format!("{ARN}/backup/0170"),
            "ValidationException",
            "Provided Arn is not a DynamoDB resource arn: ",
        ),
        (
            format!("{ARN}/stream/2000-01-01T00:00:00.000"),
            "ResourceNotFoundException",
            "Stream: 2000-01-01T00:00:00.000 not found for Table: orders",
        ),
    ] {
        refused(&mut world, "GetResourcePolicy", json!({"ResourceArn": arn}), shape, part);
    }
}
