//! Pipes from a table's stream.

use serde_json::{Value, json};

use super::{Clouds, arn};

const TABLE: &str = "DynamoDB_20120810";

/// A cloud whose table `orders` has a stream, and a pipe from it to the queue `to`.
fn piped(stream: &Value, more: &Value) -> Clouds {
    let mut clouds = Clouds::new();
    let created = clouds.world.ok(
        &format!("{TABLE}.CreateTable"),
        json!({
            "TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
        }),
    );
    write(&mut clouds, "before", 0);
    let mut parameters = json!({"StartingPosition": "LATEST"});
    for (name, value) in stream.as_object().unwrap() {
        parameters[name] = value.clone();
    }
    let mut source = json!({"DynamoDBStreamParameters": parameters});
    for (name, value) in more.as_object().unwrap() {
        source[name] = value.clone();
    }
    clouds.pipe(
        "p",
        &json!({
            "Source": created["TableDescription"]["LatestStreamArn"], "SourceParameters": source,
            "TargetParameters": {
                "InputTemplate": "<$.dynamodb.NewImage.k.S> <$.dynamodb.NewImage.n.N>",
            },
        }),
    );
    clouds
}

fn write(clouds: &mut Clouds, key: &str, number: i32) {
    let item = json!({"k": {"S": key}, "n": {"N": number.to_string()}});
    let request = json!({"TableName": "orders", "Item": item});
    clouds.world.ok(&format!("{TABLE}.PutItem"), request);
}

fn down(times: u32) -> Value {
    json!([{
        "name": "down", "service": "sqs", "operation": "SendMessageBatch", "resource": "to",
        "times": times, "effect": {"error": {"code": "InternalError", "status": 500}},
    }])
}

fn said(key: &str, number: i32) -> String {
    format!("\"{key}\" \"{number}\"")
}

#[test]
fn a_stream_is_read_from_where_it_is_said() {
    let mut clouds = piped(&json!({}), &json!({}));
    assert_eq!(clouds.world.cloud.next_deadline(), None, "an idle pipe costs nothing");
    write(&mut clouds, "a", 1);
    assert_eq!(clouds.taken("to"), [said("a", 1)]);
    let mut clouds = piped(&json!({"StartingPosition": "TRIM_HORIZON"}), &json!({}));
    write(&mut clouds, "a", 1);
    assert_eq!(clouds.taken("to"), [said("before", 0), said("a", 1)]);
}

#[test]
fn reading_goes_on_over_days_and_shards() {
    let mut clouds = piped(&json!({}), &json!({}));
    for day in 0..4 {
        clouds.world.advance_seconds(86_400 + 3 * 3600);
        write(&mut clouds, "a", day);
        assert_eq!(clouds.taken("to"), [said("a", day)]);
    }
    clouds.world.restart();
    clouds.ok("POST", "/v1/pipes/p/stop", &Value::Null);
    write(&mut clouds, "a", 10);
    clouds.world.advance_seconds(5 * 3600);
    write(&mut clouds, "a", 11);
    clouds.ok("POST", "/v1/pipes/p/start", &Value::Null);
    assert_eq!(clouds.taken("to"), [said("a", 10), said("a", 11)]);
    clouds.world.ok(&format!("{TABLE}.DeleteTable"), json!({"TableName": "orders"}));
    assert_eq!(clouds.world.cloud.next_deadline(), None, "nobody waits for what has ended");
}

#[test]
fn what_does_not_match_is_skipped() {
    let filters = json!([{"Pattern": "{\"dynamodb\":{\"NewImage\":{\"n\":{\"N\":[\"2\"]}}}}"}]);
    let mut clouds = piped(&json!({}), &json!({"FilterCriteria": {"Filters": filters}}));
    for number in 1..4 {
        write(&mut clouds, "a", number);
    }
    assert_eq!(clouds.taken("to"), [said("a", 2)]);
}

#[test]
fn a_batch_that_fails_holds_up_what_follows() {
    let mut clouds = piped(&json!({"BatchSize": 2}), &json!({}));
    clouds.faults(down(2));
    for number in 0..5 {
        write(&mut clouds, "a", number);
    }
    assert_eq!(clouds.taken("to"), Vec::<String>::new());
    clouds.world.advance_seconds(60);
    let all: Vec<String> = (0..5).map(|number| said("a", number)).collect();
    assert_eq!(clouds.taken("to"), all);
}

#[test]
fn what_failed_too_often_goes_to_the_dead_letter_queue() {
    for (bisect, batch_sizes) in [
        (json!({}), vec![4]),
        (json!({"OnPartialBatchItemFailure": "AUTOMATIC_BISECT"}), vec![1, 1, 1, 1]),
    ] {
        let mut stream = json!({
            "BatchSize": 4, "MaximumBatchingWindowInSeconds": 5, "MaximumRetryAttempts": 1,
            "DeadLetterConfig": {"Arn": arn("sqs", "dead")},
        });
        for (name, value) in bisect.as_object().unwrap() {
            stream[name] = value.clone();
        }
        let mut clouds = piped(&stream, &json!({}));
        clouds.faults(down(1_000));
        for number in 0..4 {
            write(&mut clouds, "a", number);
        }
        clouds.world.advance_seconds(600);
        let letters = clouds.taken("dead");
        let letters: Vec<Value> =
            letters.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        let sizes: Vec<i64> = letters
            .iter()
            .map(|letter| letter["DDBStreamBatchInfo"]["batchSize"].as_i64().unwrap())
            .collect();
        assert_eq!(sizes, batch_sizes);
        assert_eq!(letters[0]["context"]["condition"], "RetryAttemptsExhausted");
        assert_eq!(letters[0]["context"]["partnerResourceArn"], arn("pipes", "pipe/p"));
        clouds.faults(json!([]));
        write(&mut clouds, "a", 9);
        clouds.world.advance_seconds(5);
        assert_eq!(clouds.taken("to"), [said("a", 9)]);
    }
}

#[test]
fn records_that_are_too_old_are_given_up() {
    let stream = json!({
        "MaximumRecordAgeInSeconds": 60, "DeadLetterConfig": {"Arn": arn("sqs", "dead")},
    });
    let mut clouds = piped(&stream, &json!({}));
    clouds.faults(down(1_000));
    write(&mut clouds, "a", 1);
    clouds.world.advance_seconds(200);
    let letter: Value = serde_json::from_str(&clouds.taken("dead")[0]).unwrap();
    assert_eq!(letter["context"]["condition"], "RecordAgeExceeded");
}

#[test]
fn lanes_keep_the_order_of_each_key() {
    let mut clouds = piped(&json!({"ParallelizationFactor": 4, "BatchSize": 2}), &json!({}));
    clouds.faults(down(7));
    for number in 0..40 {
        write(&mut clouds, ["a", "b", "c", "d", "e"][number as usize % 5], number);
    }
    clouds.world.advance_seconds(3600);
    let taken = clouds.taken("to");
    assert_eq!(taken.len(), 40);
    for key in ["a", "b", "c", "d", "e"] {
        let numbers = taken.iter().filter(|it| it.starts_with(&format!("\"{key}\"")));
        let numbers: Vec<i32> = numbers
            .map(|it| it.rsplit(' ').next().unwrap().trim_matches('"').parse().unwrap())
            .collect();
        assert!(numbers.is_sorted() && numbers.len() == 8, "{key}: {numbers:?}");
    }
}
