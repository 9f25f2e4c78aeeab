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
