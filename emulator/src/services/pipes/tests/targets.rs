//! What targets and enrichments get.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Clouds, arn, pipe, template};
use crate::cloud::Input;
use crate::kernel::{HttpAnswer, OutsideRequest};

#[test]
fn a_template_is_filled_in() {
    for (text, body, given) in [
        ("<$.body>", "{\"a\": [1]}", "{\"a\": [1]}"),
        ("<$.body.a[0]>", "{\"a\": [1]}", "1"),
        ("{\"k\": \"<$.body.a>\"}", "{\"a\": \"x\"}", "{\"k\": \"x\"}"),
        ("plain <aws.pipes.pipe-name> <b>", "x", "plain \"p\" <b>"),
        ("<$.body.none>", "{}", "\"\""),
        ("<aws.pipes.source-arn>", "x", "\"arn:aws:sqs:us-east-1:000000000000:from\""),
    ] {
        let mut clouds = Clouds::new();
        clouds.pipe("p", &template(text));
        clouds.send(&[body]);
        assert_eq!(clouds.taken("to"), [given], "{text}");
    }
    let mut clouds = Clouds::new();
    clouds.pipe("p", &json!({}));
    clouds.send(&["hello"]);
    let event: Value = serde_json::from_str(&clouds.taken("to")[0]).unwrap();
    assert_eq!((&event["body"], &event["eventSource"]), (&json!("hello"), &json!("aws:sqs")));
    assert_eq!(event["eventSourceARN"], arn("sqs", "from"));
    assert_eq!(event["attributes"]["ApproximateReceiveCount"], "1");
}

#[test]
fn buses_topics_and_logs_get_events() {
    let mut clouds = Clouds::new();
    let pattern = json!({"source": ["Pipe p", "shop"]}).to_string();
    clouds.world.ok("AWSEvents.PutRule", json!({"Name": "r", "EventPattern": pattern}));
    let targets = json!([{"Id": "1", "Arn": arn("sqs", "to")}]);
    clouds.world.ok("AWSEvents.PutTargets", json!({"Rule": "r", "Targets": targets}));
    let policy = json!({"Statement": {"Effect": "Allow", "Principal": "*",
        "Action": "sqs:SendMessage", "Resource": "*"}});
    let attributes = json!({"QueueUrl": "to", "Attributes": {"Policy": policy.to_string()}});
    clouds.world.ok("AmazonSQS.SetQueueAttributes", attributes);
    clouds.pipe(
        "p",
        &json!({
            "Target": arn("events", "event-bus/default"),
            "TargetParameters": {"InputTemplate": "<$.body>"},
        }),
    );
    clouds.send(&["{\"kind\":\"placed\"}"]);
    let event: Value = serde_json::from_str(&clouds.taken("to")[0]).unwrap();
    assert_eq!(
        (&event["source"], &event["detail-type"]),
        (&json!("Pipe p"), &json!("Event from aws:sqs"))
    );
    assert_eq!(event["detail"], json!({"kind": "placed"}));
    let bus = json!({"Source": "shop", "DetailType": "$.body.kind", "Resources": ["$.messageId"]});
    let parameters = json!({"InputTemplate": "<$.body>", "EventBridgeEventBusParameters": bus});
    let update = json!({"RoleArn": super::ROLE, "TargetParameters": parameters});
    clouds.ok("PUT", "/v1/pipes/p", &update);
    clouds.send(&["{\"kind\":\"placed\"}"]);
    let event: Value = serde_json::from_str(&clouds.taken("to")[0]).unwrap();
    assert_eq!((&event["source"], &event["detail-type"]), (&json!("shop"), &json!("placed")));
    assert_eq!(event["resources"][0].as_str().unwrap().len(), 36);
    let topic = arn("sns", "t");
    for form in [
        "Action=CreateTopic&Name=t".to_owned(),
        format!("Action=Subscribe&TopicArn={topic}&Protocol=sqs&Endpoint={}", arn("sqs", "to")),
    ] {
        assert_eq!(clouds.world.query("sns", &form).0, 200);
    }
    let to_topic = json!({"RoleArn": super::ROLE, "Target": topic});
    clouds.ok("PUT", "/v1/pipes/p", &to_topic);
    clouds.send(&["{\"a\":1}"]);
    let envelope: Value = serde_json::from_str(&clouds.taken("to")[0]).unwrap();
    assert_eq!(envelope["Message"], "{\"a\":1}");
    let logs = "Logs_20140328";
    clouds.world.ok(&format!("{logs}.CreateLogGroup"), json!({"logGroupName": "g"}));
    let stream = json!({"logGroupName": "g", "logStreamName": "s"});
    clouds.world.ok(&format!("{logs}.CreateLogStream"), stream.clone());
    let parameters = json!({"InputTemplate": "<$.body>", "CloudWatchLogsParameters": {
        "LogStreamName": "s", "Timestamp": "$.attributes.SentTimestamp"}});
    let to_logs = json!({"RoleArn": super::ROLE, "Target": arn("logs", "log-group:g"),
        "TargetParameters": parameters});
    clouds.ok("PUT", "/v1/pipes/p", &to_logs);
    clouds.send(&["{\"b\":1}"]);
    let events = clouds.world.ok(&format!("{logs}.GetLogEvents"), stream);
    assert_eq!(events["events"][0]["message"], "{\"b\":1}");
}

/// Makes an API destination `d`; its ARN.
fn destination(clouds: &mut Clouds) -> Value {
    let auth = json!({"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}});
    let connection = clouds.world.ok(
        "AWSEvents.CreateConnection",
        json!({
            "Name": "c", "AuthorizationType": "API_KEY", "AuthParameters": auth,
        }),
    );
    clouds.world.ok(
        "AWSEvents.CreateApiDestination",
        json!({
            "Name": "d", "ConnectionArn": connection["ConnectionArn"], "HttpMethod": "POST",
            "InvocationEndpoint": "https://example.com/*",
        }),
    )["ApiDestinationArn"]
        .clone()
}

/// Answers the only question to a server; its URL and body.
fn answer(clouds: &mut Clouds, status: u16, body: &str) -> (String, String) {
    // A destination takes so many requests a second.
    clouds.world.advance_seconds(1);
    let mut asked = clouds.world.take_asked();
    let asked_once = asked.pop().expect("a server is asked");
    assert!(asked.is_empty());
    let OutsideRequest::Http { target, body: sent } = asked_once.request else {
        panic!("not a server")
    };
    let body = Bytes::copy_from_slice(body.as_bytes());
    let told = HttpAnswer { status, headers: Vec::new(), body };
    clouds.world.feed(Input::Answered(asked_once.id, Ok(told))).unwrap();
    (target.url, String::from_utf8(sent.to_vec()).unwrap())
}

#[test]
fn a_server_is_target_and_enrichment() {
    let mut clouds = Clouds::new();
    let destination = destination(&mut clouds);
    let http = json!({"PathParameterValues": ["$.body.id"], "QueryStringParameters": {"q": "1"}});
    clouds.pipe(
        "p",
        &json!({
            "Target": destination,
            "TargetParameters": {"InputTemplate": "<$.body>", "HttpParameters": http},
        }),
    );
    clouds.send(&["{\"id\":7}"]);
    let sent = answer(&mut clouds, 200, "");
    assert_eq!(sent, ("https://example.com/7?q=1".to_owned(), "{\"id\":7}".to_owned()));
    assert_eq!(clouds.counts("from"), (0, 0));
    clouds.send(&["{\"id\":8}"]);
    answer(&mut clouds, 500, "");
    assert_eq!(clouds.counts("from"), (0, 1), "it comes again");
    clouds.ok("DELETE", "/v1/pipes/p", &Value::Null);
    clouds.world.ok("AmazonSQS.PurgeQueue", json!({"QueueUrl": "from"}));
    for (said, passed) in [
        ("[{\"n\":1},{\"n\":2}]", vec!["{\"n\":1}", "{\"n\":2}"]),
        ("{\"n\":1}", vec!["{\"n\":1}"]),
        ("[]", vec![]),
        ("", vec![]),
    ] {
        let parameters = json!({"InputTemplate": "{\"ask\": <$.body>}"});
        clouds.ok(
            "POST",
            "/v1/pipes/e",
            &pipe(&json!({
                "Enrichment": destination, "EnrichmentParameters": parameters,
            })),
        );
        clouds.send(&["[3]"]);
        assert_eq!(answer(&mut clouds, 200, said).1, "{\"ask\": [3]}");
        assert_eq!(
            (clouds.taken("to"), clouds.counts("from")),
            (passed.into_iter().map(str::to_owned).collect(), (0, 0),)
        );
        clouds.ok("DELETE", "/v1/pipes/e", &Value::Null);
    }
}

#[test]
fn executions_are_logged_at_the_pipes_level() {
    let logs = "Logs_20140328";
    for (level, data, steps) in [
        ("ERROR", json!(null), vec!["TARGET_STAGE_FAILED", "EXECUTION_FAILED"]),
        ("OFF", json!(null), vec![]),
        (
            "INFO",
            json!(["ALL"]),
            vec![
                "EXECUTION_STARTED",
                "TARGET_STAGE_ENTERED",
                "TARGET_STAGE_SUCCEEDED",
                "EXECUTION_SUCCEEDED",
                "EXECUTION_STARTED",
                "TARGET_STAGE_ENTERED",
                "TARGET_STAGE_FAILED",
                "EXECUTION_FAILED",
            ],
        ),
    ] {
        let mut clouds = Clouds::new();
        clouds.world.ok(&format!("{logs}.CreateLogGroup"), json!({"logGroupName": "g"}));
        let to = json!({"LogGroupArn": arn("logs", "log-group:g")});
        let mut log = json!({"Level": level, "CloudwatchLogsLogDestination": to});
        if !data.is_null() {
            log["IncludeExecutionData"] = data;
        }
        clouds.pipe("p", &json!({"LogConfiguration": log}));
        clouds.send(&["hello"]);
        clouds.world.ok("AmazonSQS.DeleteQueue", json!({"QueueUrl": "to"}));
        clouds.send(&["again"]);
        let request = json!({"logGroupName": "g", "logStreamName": "p", "startFromHead": true});
        let told = clouds.world.call(&format!("{logs}.GetLogEvents"), request);
        let events = told.map(|told| told["events"].clone()).unwrap_or_default();
        let events = events.as_array().cloned().unwrap_or_default();
        let records: Vec<Value> = events
            .iter()
            .map(|event| serde_json::from_str(event["message"].as_str().unwrap()).unwrap())
            .collect();
        let found: Vec<&str> =
            records.iter().map(|record| record["messageType"].as_str().unwrap()).collect();
        assert_eq!(found, steps, "{level}");
        if level == "INFO" {
            assert!(records[0]["payload"].as_str().unwrap().contains("hello"));
            let error = records[6]["error"]["message"].as_str().unwrap();
            assert!(error.contains("QueueDoesNotExist"), "{error}");
        }
    }
}
