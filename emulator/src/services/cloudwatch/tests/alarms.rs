//! Alarms over time: from data to states, and from states to messages.

use serde_json::{Value, json};

use super::*;
use crate::kernel::{Scope, What};
use crate::services::cloudwatch::StateValue;

/// An alarm `a` on the average of `m` in `N`: above 2, period 60, 1 of 1.
fn alarm(world: &mut World, more: Value) {
    let mut input = json!({
        "AlarmName": "a", "MetricName": "m", "Namespace": "N", "Statistic": "Average",
        "Period": 60, "EvaluationPeriods": 1, "Threshold": 2,
        "ComparisonOperator": "GreaterThanThreshold",
    });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    ok(world, "PutMetricAlarm", input);
}

fn describe(world: &mut World) -> Value {
    let answer = ok(world, "DescribeAlarms", json!({"AlarmNames": ["a"]}));
    answer["MetricAlarms"][0].clone()
}

fn state(world: &mut World) -> String {
    describe(world)["StateValue"].as_str().unwrap().to_owned()
}

fn reason(world: &mut World) -> (String, Value) {
    let alarm = describe(world);
    let data = alarm["StateReasonData"].as_str().unwrap_or("null");
    (alarm["StateReason"].as_str().unwrap().to_owned(), serde_json::from_str(data).unwrap())
}

/// A topic `t` that everything published to can be received from, in the queue `inbox`.
pub(super) fn inbox(world: &mut World) -> &'static str {
    let policy = json!({"Statement": [{
        "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*",
    }]});
    let attributes = json!({"Policy": policy.to_string()});
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "inbox", "Attributes": attributes}));
    let queue = "arn%3Aaws%3Asqs%3Aus-east-1%3A000000000000%3Ainbox";
    let topic = "arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3At";
    for form in [
        "Action=CreateTopic&Name=t".to_owned(),
        format!("Action=Subscribe&TopicArn={topic}&Protocol=sqs&Endpoint={queue}"),
    ] {
        let (status, answer) = world.query("sns", &form);
        assert_eq!(status, 200, "{answer}");
    }
    "arn:aws:sns:us-east-1:000000000000:t"
}

/// Takes the bodies that wait in a queue, as JSON.
pub(super) fn received(world: &mut World, queue: &str) -> Vec<Value> {
    let request = json!({"QueueUrl": queue, "MaxNumberOfMessages": 10});
    let answer = world.ok("AmazonSQS.ReceiveMessage", request);
    let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
    for message in &messages {
        let taken = json!({"QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"]});
        world.ok("AmazonSQS.DeleteMessage", taken);
    }
    let body = |message: &Value| serde_json::from_str(message["Body"].as_str().unwrap()).unwrap();
    messages.iter().map(body).collect()
}

#[test]
fn states_follow_the_data() {
    let mut world = World::new();
    alarm(&mut world, json!({}));
    assert_eq!(state(&mut world), "INSUFFICIENT_DATA");
    world.advance_seconds(30);
    put(&mut world, json!({"Value": 3}));
    world.advance_seconds(29);
    assert_eq!(state(&mut world), "INSUFFICIENT_DATA");
    world.advance_seconds(1);
    assert_eq!(state(&mut world), "ALARM");
    let (sentence, data) = reason(&mut world);
    assert_eq!(
        sentence,
        "Threshold Crossed: 1 datapoint [3.0 (01/01/26 00:00:00)] was greater than the threshold \
         (2.0)."
    );
    let expected = json!({
        "version": "1.0", "queryDate": "2026-01-01T00:01:00.000+0000",
        "startDate": "2026-01-01T00:00:00.000+0000", "statistic": "Average", "period": 60,
        "recentDatapoints": [3.0], "threshold": 2.0,
        "evaluatedDatapoints": [
            {"timestamp": "2026-01-01T00:00:00.000+0000", "sampleCount": 1.0, "value": 3.0},
        ],
    });
    assert_eq!(data, expected);
    put(&mut world, json!({"Value": 2}));
    world.advance_seconds(60);
    assert_eq!(state(&mut world), "OK");
    assert!(reason(&mut world).0.contains("[2.0 (01/01/26 00:01:00)] was not greater than the"));
    world.advance_seconds(600);
    let (sentence, data) = reason(&mut world);
    assert_eq!(sentence, "Insufficient Data: 1 datapoint was unknown.");
    assert_eq!(data["recentDatapoints"], json!([]));
    let alarm = describe(&mut world);
    let changed = (START + 300) as f64;
    assert_eq!(alarm["StateUpdatedTimestamp"], changed);
    assert_eq!(alarm["StateTransitionedTimestamp"], changed);
    assert_eq!(world.cloud.next_deadline(), None);
}

#[test]
fn the_recorded_alarm_on_missing_data() {
    let mut world = World::new();
    let topic = inbox(&mut world);
    let more = json!({
        "AlarmDescription": "testing cloudwatch alarms", "MetricName": "my-metric101",
        "Dimensions": [{"Name": "InstanceId", "Value": "abc"}], "Unit": "Seconds", "Period": 10,
        "EvaluationPeriods": 2, "TreatMissingData": "breaching",
        "OKActions": [topic], "AlarmActions": [topic],
    });
    alarm(&mut world, more);
    world.advance_seconds(10);
    let (sentence, data) = reason(&mut world);
    let expected = "Threshold Crossed: no datapoints were received for 2 periods and 2 missing \
                    datapoints were treated as [Breaching].";
    assert_eq!(sentence, expected);
    let expected_data = json!({
        "evaluatedDatapoints": [
            {"timestamp": "2026-01-01T00:00:00.000+0000"},
            {"timestamp": "2025-12-31T23:59:50.000+0000"},
        ],
        "period": 10, "queryDate": "2026-01-01T00:00:10.000+0000", "recentDatapoints": [],
        "statistic": "Average", "threshold": 2.0, "unit": "Seconds", "version": "1.0",
    });
    assert_eq!(data, expected_data);
    let notification = received(&mut world, "inbox").remove(0);
    assert_eq!(notification["Subject"], "ALARM: \"a\" in US East (N. Virginia)");
    let message: Value = serde_json::from_str(notification["Message"].as_str().unwrap()).unwrap();
    let expected = json!({
        "AWSAccountId": "000000000000", "AlarmActions": [topic],
        "AlarmArn": "arn:aws:cloudwatch:us-east-1:000000000000:alarm:a",
        "AlarmConfigurationUpdatedTimestamp": "2026-01-01T00:00:00.000+0000",
        "AlarmDescription": "testing cloudwatch alarms", "AlarmName": "a",
        "InsufficientDataActions": [], "NewStateReason": expected, "NewStateValue": "ALARM",
        "OKActions": [topic], "OldStateValue": "INSUFFICIENT_DATA",
        "Region": "US East (N. Virginia)", "StateChangeTime": "2026-01-01T00:00:10.000+0000",
        "Trigger": {
            "ComparisonOperator": "GreaterThanThreshold",
            "Dimensions": [{"name": "InstanceId", "value": "abc"}],
            "EvaluateLowSampleCountPercentile": "", "EvaluationPeriods": 2,
            "MetricName": "my-metric101", "Namespace": "N", "Period": 10,
            "Statistic": "AVERAGE", "StatisticType": "Statistic", "Threshold": 2.0,
            "TreatMissingData": "breaching", "Unit": "Seconds",
        },
    });
    assert_eq!(message, expected);
}

#[test]
fn a_queue_that_fills_up_raises_the_alarm_although_nobody_looks() {
    let mut world = World::new();
    let topic = inbox(&mut world);
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "work"}));
    // Its metrics fall silent, and the alarm with them.
    let more = json!({
        "MetricName": "ApproximateAgeOfOldestMessage", "Namespace": "AWS/SQS",
        "Dimensions": [{"Name": "QueueName", "Value": "work"}], "Statistic": "Maximum",
        "Threshold": 300, "EvaluationPeriods": 3, "DatapointsToAlarm": 2, "AlarmActions": [topic],
    });
    alarm(&mut world, more);
    world.advance_seconds(24 * HOUR);
    assert_eq!(world.cloud.next_deadline(), None);
    assert!(received(&mut world, "inbox").is_empty());
    world.ok("AmazonSQS.SendMessage", json!({"QueueUrl": "work", "MessageBody": "stuck"}));
    world.advance_seconds(360);
    assert!(received(&mut world, "inbox").is_empty());
    world.advance_seconds(120);
    let scope = Scope::new("000000000000", "us-east-1");
    let (value, why) = world.cloud.alarm_state(&scope, "a").unwrap();
    assert_eq!(value, StateValue::Alarm);
    assert_eq!(
        why,
        "Threshold Crossed: 2 out of the last 3 datapoints [420.0 (02/01/26 00:06:00), 360.0 \
         (02/01/26 00:05:00)] were greater than the threshold (300.0) (minimum 2 datapoints for \
         OK -> ALARM transition)."
    );
    assert_eq!(received(&mut world, "inbox").len(), 1);
    let story: Vec<What> = world.cloud.lineage().entries().map(|it| it.what).collect();
    let at = story.iter().rposition(|what| *what == What::AlarmChanged).unwrap();
    assert_eq!(
        story[at..at + 4],
        [What::AlarmChanged, What::EventPut, What::Published, What::Enqueued]
    );
}

#[test]
fn the_change_is_an_event_on_the_default_bus() {
    let mut world = World::new();
    inbox(&mut world);
    let pattern = json!({"source": ["aws.cloudwatch"]}).to_string();
    world.ok("AWSEvents.PutRule", json!({"Name": "r", "EventPattern": pattern}));
    let target = json!({"Id": "1", "Arn": "arn:aws:sqs:us-east-1:000000000000:inbox"});
    world.ok("AWSEvents.PutTargets", json!({"Rule": "r", "Targets": [target]}));
    alarm(&mut world, json!({"Statistic": "Sum", "AlarmDescription": "many"}));
    put(&mut world, json!({"Value": 3}));
    world.advance_seconds(60);
    let event = received(&mut world, "inbox").remove(0);
    assert_eq!(event["detail-type"], "CloudWatch Alarm State Change");
    assert_eq!(event["resources"][0], "arn:aws:cloudwatch:us-east-1:000000000000:alarm:a");
    let detail = &event["detail"];
    assert_eq!(detail["alarmName"], "a");
    assert_eq!(detail["state"]["value"], "ALARM");
    assert_eq!(detail["state"]["timestamp"], "2026-01-01T00:01:00.000+0000");
    let before = json!({
        "value": "INSUFFICIENT_DATA", "reason": "Unchecked: Initial alarm creation",
        "timestamp": "2026-01-01T00:00:00.000+0000",
    });
    assert_eq!(detail["previousState"], before);
    let stat = json!({
        "metric": {"namespace": "N", "name": "m", "dimensions": {}}, "period": 60, "stat": "Sum",
    });
    assert_eq!(detail["configuration"]["metrics"][0]["metricStat"], stat);
    assert_eq!(detail["configuration"]["description"], "many");
}

#[test]
fn a_state_that_was_set_lasts_until_the_next_evaluation() {
    let mut world = World::new();
    let topic = inbox(&mut world);
    alarm(&mut world, json!({"AlarmActions": [topic], "OKActions": [topic]}));
    let set = json!({"AlarmName": "a", "StateValue": "ALARM", "StateReason": "testing alarm"});
    ok(&mut world, "SetAlarmState", set.clone());
    assert_eq!(reason(&mut world), ("testing alarm".to_owned(), Value::Null));
    // A second time changes nothing, so nothing is sent.
    ok(&mut world, "SetAlarmState", set);
    assert_eq!(received(&mut world, "inbox").len(), 1);
    ok(&mut world, "DisableAlarmActions", json!({"AlarmNames": ["a", "nobody"]}));
    let set = json!({"AlarmName": "a", "StateValue": "OK", "StateReason": "testing OK state"});
    ok(&mut world, "SetAlarmState", set);
    let shown = describe(&mut world);
    assert_eq!((&shown["StateValue"], &shown["ActionsEnabled"]), (&json!("OK"), &json!(false)));
    assert!(received(&mut world, "inbox").is_empty());
    world.advance_seconds(60);
    assert_eq!(state(&mut world), "INSUFFICIENT_DATA");
}

#[test]
fn a_changed_alarm_keeps_its_state_and_a_restart_loses_nothing() {
    let mut world = World::new();
    alarm(&mut world, json!({"TreatMissingData": "ignore"}));
    put(&mut world, json!({"Value": 3}));
    world.advance_seconds(60);
    alarm(&mut world, json!({"TreatMissingData": "ignore", "MetricName": "other"}));
    world.restart();
    world.advance_seconds(600);
    assert_eq!(state(&mut world), "ALARM");
    ok(&mut world, "DeleteAlarms", json!({"AlarmNames": ["a"]}));
    put(&mut world, json!({"Value": 1}));
    let history = ok(&mut world, "DescribeAlarmHistory", json!({}));
    let items = history["AlarmHistoryItems"].as_array().unwrap();
    let summaries: Vec<&str> =
        items.iter().map(|item| item["HistorySummary"].as_str().unwrap()).collect();
    let expected = [
        "Alarm \"a\" deleted",
        "Alarm \"a\" updated",
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
        "Alarm \"a\" created",
    ];
    assert_eq!(summaries, expected);
}

#[test]
fn the_request_that_gave_the_data_is_the_cause() {
    let mut world = World::new();
    alarm(&mut world, json!({}));
    put(&mut world, json!({"Value": 3}));
    world.advance_seconds(60);
    let called = world.cloud.lineage().entries().find(|it| it.what == What::Called).unwrap();
    let trace = world.cloud.trace(called.subject.parse().unwrap()).unwrap();
    let changed = &trace.roots[0].led_to[0];
    assert_eq!(changed.what, What::AlarmChanged);
    assert!(changed.note.as_deref().unwrap().starts_with("INSUFFICIENT_DATA -> ALARM: Threshold"));
    assert_eq!(changed.led_to[0].what, What::EventPut);
}
