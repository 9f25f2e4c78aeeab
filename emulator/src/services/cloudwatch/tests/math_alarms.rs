//! Alarms on metric math and on bands.

use serde_json::{Value, json};

use super::*;
use crate::kernel::Scope;
use crate::services::cloudwatch::StateValue;

fn stat(id: &str, metric: &str, returned: bool) -> Value {
    json!({
        "Id": id, "ReturnData": returned, "MetricStat": {
            "Metric": {"Namespace": "N", "MetricName": metric}, "Period": 60, "Stat": "Sum",
        },
    })
}

fn alarm(metrics: Value, more: Value) -> Value {
    let mut input = json!({
        "AlarmName": "a", "Metrics": metrics, "EvaluationPeriods": 1, "Threshold": 50,
        "ComparisonOperator": "GreaterThanThreshold",
    });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    input
}

fn feed(world: &mut World, metric: &str, value: f64) {
    let datum = json!({"MetricName": metric, "Value": value});
    ok(world, "PutMetricData", json!({"Namespace": "N", "MetricData": [datum]}));
}

fn state(world: &World) -> (StateValue, String) {
    let scope = Scope::new("000000000000", "us-east-1");
    let (value, reason) = world.cloud.alarm_state(&scope, "a").unwrap();
    (value, reason.to_owned())
}

#[test]
fn an_expression_is_watched() {
    let mut world = World::new();
    let share = json!({"Id": "share", "Expression": "100 * bad / all", "Label": "errors, %"});
    let metrics = json!([share, stat("bad", "errors", false), stat("all", "requests", false)]);
    ok(&mut world, "PutMetricAlarm", alarm(metrics.clone(), json!({})));
    feed(&mut world, "requests", 10.0);
    feed(&mut world, "errors", 5.0);
    world.advance_seconds(60);
    assert_eq!(state(&world).0, StateValue::Ok);
    feed(&mut world, "requests", 10.0);
    feed(&mut world, "errors", 6.0);
    world.advance_seconds(60);
    let (value, reason) = state(&world);
    assert_eq!(value, StateValue::Alarm);
    assert_eq!(
        reason,
        "Threshold Crossed: 1 datapoint [60.0 (01/01/26 00:01:00)] was greater than the threshold \
         (50.0)."
    );
    let shown = ok(&mut world, "DescribeAlarms", json!({}))["MetricAlarms"][0].clone();
    assert_eq!(shown["Metrics"], metrics);
    world.restart();
    world.advance_seconds(600);
    assert_eq!(state(&world).0, StateValue::InsufficientData);
    // It is settled, and costs nothing.
    world.advance_seconds(600);
    assert_eq!(world.cloud.next_deadline(), None);
}

#[test]
fn an_expression_that_always_has_values_is_settled_without_data() {
    let mut world = World::new();
    let filled = json!({"Id": "e", "Expression": "FILL(m, 0)"});
    ok(&mut world, "PutMetricAlarm", alarm(json!([filled, stat("m", "m", false)]), json!({})));
    feed(&mut world, "m", 99.0);
    world.advance_seconds(60);
    assert_eq!(state(&world).0, StateValue::Alarm);
    world.advance_seconds(HOUR);
    assert_eq!(state(&world).0, StateValue::Ok);
    assert_eq!(world.cloud.next_deadline(), None);
}

#[test]
fn a_band_is_watched() {
    let mut world = World::new();
    let band = json!({"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(m, 2)"});
    let more = json!({
        "ThresholdMetricId": "band", "Threshold": null,
        "ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold",
    });
    ok(&mut world, "PutMetricAlarm", alarm(json!([stat("m", "m", true), band]), more));
    for minute in 0..30 {
        feed(&mut world, "m", f64::from(10 + minute % 3));
        world.advance_seconds(60);
    }
    assert_eq!(state(&world).0, StateValue::Ok);
    feed(&mut world, "m", 99.0);
    world.advance_seconds(60);
    let (value, reason) = state(&world);
    assert_eq!(value, StateValue::Alarm);
    assert!(reason.contains("greater than the upper thresholds ["), "{reason}");
    let shown = ok(&mut world, "DescribeAlarms", json!({}))["MetricAlarms"][0].clone();
    let data: Value = serde_json::from_str(shown["StateReasonData"].as_str().unwrap()).unwrap();
    assert_eq!(data["recentDatapoints"], json!([99.0]));
    assert!(data["recentUpperThresholds"][0].as_f64().unwrap() < 99.0, "{data}");
    assert_eq!(data.get("threshold"), None);
}

#[test]
fn queries_that_make_no_alarm_are_refused() {
    let m = stat("m", "m", true);
    let one = "Exactly one element of the metrics list should return data.";
    let two = "Exactly two elements of the metrics list should return data.";
    let band = json!({"Id": "b", "Expression": "ANOMALY_DETECTION_BAND(m, 2)"});
    let with_band = json!({
        "ThresholdMetricId": "b", "Threshold": null,
        "ComparisonOperator": "GreaterThanUpperThreshold",
    });
    for (metrics, more, message) in [
        (json!([m, {"Id": "e", "Expression": "m*2"}]), json!({}), one),
        (json!([stat("m", "m", false)]), json!({}), one),
        (json!([stat("m", "m", false), band]), with_band.clone(), two),
        (
            json!([m, {"Id": "b", "Expression": "m*2"}]),
            with_band,
            "ThresholdMetricId b must be the id of an ANOMALY_DETECTION_BAND expression.",
        ),
        (
            json!([{"Id": "e", "Expression": "SUM(SEARCH('{N} x', 'Sum'))"}]),
            json!({}),
            "Invalid metrics list: SEARCH is not supported on Metric Alarms.",
        ),
        (json!([m]), json!({"Threshold": null}), "Threshold must not be null"),
        (json!([m]), json!({"Period": 60}), "Period should not be set if list of Metrics is set."),
    ] {
        let mut world = World::new();
        let input = alarm(metrics, more);
        let refused = world.err(&format!("{TARGET}.PutMetricAlarm"), input.clone());
        assert_eq!(refused.message, message, "{input}");
    }
    let mut world = World::new();
    for expression in ["m +", "nothing * 2", "SUM(", "5"] {
        let metrics = json!([{"Id": "e", "Expression": expression}, stat("m", "m", false)]);
        let input = alarm(metrics, json!({}));
        let refused = world.err(&format!("{TARGET}.PutMetricAlarm"), input);
        assert_eq!(refused.shape, "ValidationException", "{expression}");
    }
}

fn select(query: &str) -> Value {
    json!([{"Id": "q", "Expression": query, "Period": 60}])
}

fn feed_of(world: &mut World, queue: &str, value: f64) {
    let dimensions = json!([{"Name": "Queue", "Value": queue}]);
    let datum = json!({"MetricName": "m", "Value": value, "Dimensions": dimensions});
    ok(world, "PutMetricData", json!({"Namespace": "N", "MetricData": [datum]}));
}

#[test]
fn a_query_of_metrics_insights_is_watched() {
    let mut world = World::new();
    let input = alarm(select("SELECT SUM(m) FROM SCHEMA(N, Queue)"), json!({}));
    ok(&mut world, "PutMetricAlarm", input);
    world.advance_seconds(120);
    assert_eq!(state(&world).0, StateValue::InsufficientData);
    feed_of(&mut world, "a", 30.0);
    world.advance_seconds(60);
    assert_eq!(state(&world).0, StateValue::Ok);
    feed_of(&mut world, "a", 30.0);
    feed_of(&mut world, "b", 30.0);
    world.advance_seconds(60);
    let (value, reason) = state(&world);
    assert_eq!(value, StateValue::Alarm);
    assert!(reason.contains("[60.0 (01/01/26 00:03:00)] was greater"), "{reason}");
    let contributors = ok(&mut world, "DescribeAlarmContributors", json!({"AlarmName": "a"}));
    assert_eq!(contributors["AlarmContributors"], json!([]));
}

#[test]
fn each_series_of_a_query_is_watched_by_itself() {
    let mut world = World::new();
    let more = json!({"TreatMissingData": "notBreaching"});
    let query = "SELECT SUM(m) FROM N GROUP BY Queue";
    ok(&mut world, "PutMetricAlarm", alarm(select(query), more));
    let contributors = |world: &mut World| {
        let answer = ok(world, "DescribeAlarmContributors", json!({"AlarmName": "a"}));
        let all = answer["AlarmContributors"].as_array().unwrap().clone();
        assert!(all.iter().all(|it| it["ContributorId"].as_str().unwrap().len() == 16));
        let queue = |it: &Value| it["ContributorAttributes"]["Queue"].as_str().unwrap().to_owned();
        all.iter().map(queue).collect::<Vec<_>>()
    };
    for (values, value, expected) in [
        ([30.0, 30.0], StateValue::Ok, vec![]),
        ([30.0, 60.0], StateValue::Alarm, vec!["b"]),
        ([70.0, 60.0], StateValue::Alarm, vec!["a", "b"]),
        ([70.0, 10.0], StateValue::Alarm, vec!["a"]),
        ([0.0, 10.0], StateValue::Ok, vec![]),
    ] {
        feed_of(&mut world, "a", values[0]);
        feed_of(&mut world, "b", values[1]);
        world.advance_seconds(60);
        assert_eq!(state(&world).0, value, "{values:?}");
        assert_eq!(contributors(&mut world), expected, "{values:?}");
        world.restart();
    }
    feed_of(&mut world, "c", 99.0);
    world.advance_seconds(60);
    assert_eq!(contributors(&mut world), ["c"]);
    world.advance_seconds(600);
    assert_eq!((state(&world).0, contributors(&mut world)), (StateValue::Ok, vec![]));
}
