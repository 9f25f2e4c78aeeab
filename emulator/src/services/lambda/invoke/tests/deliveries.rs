//! Events that other services send to functions, each in AWS's form, if the policy permits it.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use super::{Lambda, ROLE, arn, function_arn, returned};

impl Lambda {
    fn with_rule() -> Self {
        let mut lambda = Self::new();
        let pattern = json!({"source": ["shop"]}).to_string();
        lambda.world.ok("AWSEvents.PutRule", json!({"Name": "r", "EventPattern": pattern}));
        let targets = json!([{"Id": "1", "Arn": function_arn("f")}]);
        lambda.world.ok("AWSEvents.PutTargets", json!({"Rule": "r", "Targets": targets}));
        lambda
    }

    fn put(&mut self) -> String {
        let entry = json!({"Source": "shop", "DetailType": "d", "Detail": "{\"n\":1}"});
        let put = self.world.ok("AWSEvents.PutEvents", json!({"Entries": [entry]}));
        put["Entries"][0]["EventId"].as_str().unwrap().to_owned()
    }
}

#[test]
fn rules_send_events() {
    let mut lambda = Lambda::with_rule();
    lambda.put();
    assert!(lambda.asked().is_empty(), "no policy permits it");
    lambda.permit("f", "events.amazonaws.com");
    let id = lambda.put();
    let event = lambda.end(returned("1")).payload();
    assert_eq!((&event["id"], &event["detail"]), (&json!(id), &json!({"n": 1})));
}

#[test]
fn a_refusal_names_the_missing_statement() {
    let mut lambda = Lambda::with_rule();
    let id = lambda.put();
    let story = lambda.world.cloud.trace(id.parse().unwrap()).unwrap().to_string();
    for part in [
        "function policy of arn:aws:lambda:us-east-1:000000000000:function:f",
        r#""Principal":{"Service":"events.amazonaws.com"}"#,
        r#""Action":"lambda:InvokeFunction""#,
        r#""aws:SourceArn":"arn:aws:events:us-east-1:000000000000:rule/r""#,
    ] {
        assert!(story.contains(part), "{part}: {story}");
    }
    let why = lambda.world.cloud.why("f").remove(0).to_string();
    assert!(why.contains("lambda:InvokeFunction"), "{why}");
}

#[test]
fn topics_send_records() {
    let mut lambda = Lambda::new();
    lambda.permit("f", "sns.amazonaws.com");
    let (topic, function) = (arn("sns", "t"), function_arn("f"));
    for form in [
        "Action=CreateTopic&Name=t".to_owned(),
        format!("Action=Subscribe&TopicArn={topic}&Protocol=lambda&Endpoint={function}"),
        format!("Action=Publish&TopicArn={topic}&Message=hello&Subject=s"),
    ] {
        assert_eq!(lambda.world.query("sns", &form).0, 200);
    }
    let event = lambda.end(returned("1")).payload();
    let record = &event["Records"][0];
    assert_eq!(record["EventSource"], "aws:sns");
    assert_eq!(
        (&record["Sns"]["Message"], &record["Sns"]["Subject"]),
        (&json!("hello"), &json!("s"))
    );
}

#[test]
fn schedules_send_their_input() {
    let mut lambda = Lambda::new();
    let body = json!({
        "ScheduleExpression": "rate(365 days)", "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": function_arn("f"), "RoleArn": ROLE, "Input": "{\"n\":1}"},
    });
    let request =
        crate::cloud::request::rest("scheduler", ("POST", "/schedules/s"), body.to_string());
    assert_eq!(lambda.world.send(request).unwrap().status().as_u16(), 200);
    lambda.world.advance_seconds(1);
    assert_eq!(lambda.end(returned("1")).payload(), json!({"n": 1}));
}

#[test]
fn alarms_send_their_change() {
    let mut lambda = Lambda::new();
    lambda.permit("f", "lambda.alarms.cloudwatch.amazonaws.com");
    let alarm = json!({
        "AlarmName": "a", "Namespace": "N", "MetricName": "m", "Statistic": "Sum", "Period": 60,
        "Threshold": 1, "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold",
        "AlarmActions": [function_arn("f")],
    });
    lambda.world.ok("GraniteServiceVersion20100801.PutMetricAlarm", alarm);
    let set = json!({"AlarmName": "a", "StateValue": "ALARM", "StateReason": "by hand"});
    lambda.world.ok("GraniteServiceVersion20100801.SetAlarmState", set);
    let event = lambda.end(returned("1")).payload();
    assert_eq!(event["source"], "aws.cloudwatch");
    assert_eq!(event["alarmArn"], arn("cloudwatch", "alarm:a"));
    let data = &event["alarmData"];
    assert_eq!(
        (&data["state"]["value"], &data["state"]["reason"]),
        (&json!("ALARM"), &json!("by hand"))
    );
    assert_eq!(data["previousState"]["value"], "INSUFFICIENT_DATA");
    let why = lambda.world.cloud.why("f").remove(0).to_string();
    assert!(why.contains("when it comes to ALARM"), "{why}");
    assert!(!why.contains("NOW:"), "{why}");
    let metric = &data["configuration"]["metrics"][0]["metricStat"]["metric"];
    assert_eq!((&metric["namespace"], &metric["name"]), (&json!("N"), &json!("m")));
}

#[test]
fn subscribed_log_groups_send_compressed_batches() {
    let mut lambda = Lambda::new();
    lambda.permit("f", "logs.amazonaws.com");
    let mut logs = |operation: &str, input: Value| {
        lambda.world.ok(&format!("Logs_20140328.{operation}"), input);
    };
    logs("CreateLogGroup", json!({"logGroupName": "g"}));
    logs("CreateLogStream", json!({"logGroupName": "g", "logStreamName": "s"}));
    logs(
        "PutSubscriptionFilter",
        json!({
            "logGroupName": "g", "filterName": "n", "filterPattern": "ERROR",
            "destinationArn": function_arn("f"),
        }),
    );
    let at = lambda.world.now().millis();
    let events = json!([
        {"timestamp": at, "message": "ERROR 1"}, {"timestamp": at, "message": "fine"},
    ]);
    let put = json!({"logGroupName": "g", "logStreamName": "s", "logEvents": events});
    lambda.world.ok("Logs_20140328.PutLogEvents", put);
    let event = lambda.end(returned("1")).payload();
    let packed = STANDARD.decode(event["awslogs"]["data"].as_str().unwrap()).unwrap();
    let mut text = String::new();
    GzDecoder::new(&packed[..]).read_to_string(&mut text).unwrap();
    let batch: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&batch["logGroup"], &batch["messageType"]), (&json!("g"), &json!("DATA_MESSAGE")));
    assert_eq!(batch["logEvents"].as_array().unwrap().len(), 1);
    assert_eq!(batch["logEvents"][0]["message"], "ERROR 1");
    let why = lambda.world.cloud.why("f").remove(0).to_string();
    assert!(why.contains("events that match \"ERROR\""), "{why}");
}

/// A function whose own log group is sent to it would run for ever.
#[test]
fn a_function_that_hears_its_own_log_ends() {
    let mut lambda = Lambda::new();
    lambda.permit("f", "logs.amazonaws.com");
    lambda.event("f", &json!({}));
    lambda.end(returned("1"));
    let filter = json!({
        "logGroupName": "/aws/lambda/f", "filterName": "n", "filterPattern": "START",
        "destinationArn": function_arn("f"),
    });
    lambda.world.ok("Logs_20140328.PutSubscriptionFilter", filter);
    lambda.event("f", &json!({}));
    let mut runs = 0;
    while let Some(first) = lambda.asked().first() {
        lambda.done(first, returned("1"));
        runs += 1;
        assert!(runs < 100, "it never ends");
    }
    assert!(runs > 2, "{runs}");
}

#[test]
fn what_is_not_there_is_said() {
    let mut lambda = Lambda::with_rule();
    lambda.permit("f", "events.amazonaws.com");
    lambda.ok("DELETE", "/2015-03-31/functions/f", &json!({}));
    let id = lambda.put();
    let story = lambda.world.cloud.trace(id.parse().unwrap()).unwrap().to_string();
    assert!(story.contains("function:f does not exist"), "{story}");
}
