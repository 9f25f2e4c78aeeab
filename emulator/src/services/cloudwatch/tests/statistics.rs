//! GetMetricStatistics: sums, percentiles, units, periods and retention.

use serde_json::{Value, json};

use super::*;

#[test]
fn the_three_forms_of_samples_add_up() {
    let mut world = World::new();
    put(&mut world, json!({"Value": 4}));
    put(&mut world, json!({"Values": [1, 2], "Counts": [10, 5]}));
    put(&mut world, json!({"Values": [3, 3]}));
    let set = json!({"SampleCount": 2, "Sum": 18, "Minimum": 8, "Maximum": 10});
    put(&mut world, json!({"StatisticValues": set}));
    let all = json!({"Statistics": ["SampleCount", "Sum", "Average", "Minimum", "Maximum"]});
    let points = statistics(&mut world, 0, 60, 60, all);
    let expected = json!([{
        "Timestamp": START as f64, "SampleCount": 20.0, "Sum": 48.0, "Average": 2.4,
        "Minimum": 1.0, "Maximum": 10.0, "Unit": "None",
    }]);
    assert_eq!(json!(points), expected);
}

#[test]
fn percentiles_come_from_the_values() {
    let mut world = World::new();
    let values: Vec<u32> = (1..=100).collect();
    put(&mut world, json!({"Values": values}));
    let wanted = json!({"ExtendedStatistics": ["p0", "p50", "p99", "p99.5", "p100"]});
    let points = statistics(&mut world, 0, 60, 60, wanted);
    let expected = json!({"p0": 1.0, "p50": 50.0, "p99": 99.0, "p99.5": 100.0, "p100": 100.0});
    assert_eq!(points[0]["ExtendedStatistics"], expected);
    assert_eq!(points[0]["Unit"], "None");
    assert_eq!(points[0].get("Sum"), None);
}

#[test]
fn percentiles_need_known_values() {
    let p50 = json!({"ExtendedStatistics": ["p50"]});
    for (datum, expected) in [
        (json!({"Value": -1}), None),
        (
            json!({"StatisticValues": {"SampleCount": 2, "Sum": 3, "Minimum": 1, "Maximum": 2}}),
            None,
        ),
        (
            json!({"StatisticValues": {"SampleCount": 2, "Sum": 4, "Minimum": 2, "Maximum": 2}}),
            Some(2.0),
        ),
    ] {
        let mut world = World::new();
        put(&mut world, datum.clone());
        let points = statistics(&mut world, 0, 60, 60, p50.clone());
        let found = points.first().map(|point| &point["ExtendedStatistics"]["p50"]);
        assert_eq!(found.and_then(Value::as_f64), expected, "{datum}");
        // The plain statistics are there in any case.
        assert_eq!(sums(&mut world, 0, 60, 60).len(), 1, "{datum}");
    }
}

#[test]
fn units_are_kept_apart_and_filtered() {
    let mut world = World::new();
    put(&mut world, json!({"Value": 1, "Unit": "Seconds"}));
    put(&mut world, json!({"Value": 1000, "Unit": "Milliseconds"}));
    put(&mut world, json!({"Value": 5}));
    let sum = |unit: Option<&str>| match unit {
        Some(unit) => json!({"Statistics": ["Sum"], "Unit": unit}),
        None => json!({"Statistics": ["Sum"]}),
    };
    let mut shown = |unit| {
        let points = statistics(&mut world, 0, 60, 60, sum(unit));
        let pair = |point: &Value| {
            let unit = point["Unit"].as_str().unwrap().to_owned();
            (unit, point["Sum"].as_f64().unwrap())
        };
        points.iter().map(pair).collect::<Vec<_>>()
    };
    let pair = |unit: &str, sum| (unit.to_owned(), sum);
    assert_eq!(
        shown(None),
        [pair("Seconds", 1.0), pair("Milliseconds", 1000.0), pair("None", 5.0)]
    );
    assert_eq!(shown(Some("Milliseconds")), [pair("Milliseconds", 1000.0)]);
    assert_eq!(shown(Some("Bytes")), []);
}

#[test]
fn dimensions_are_a_set_and_part_of_the_metric() {
    let mut world = World::new();
    let (a, b) = (json!({"Name": "a", "Value": "1"}), json!({"Name": "b", "Value": "2"}));
    put(&mut world, json!({"Value": 1, "Dimensions": [a, b]}));
    put(&mut world, json!({"Value": 2, "Dimensions": [b, a]}));
    put(&mut world, json!({"Value": 4, "Dimensions": [a]}));
    let mut sum = |dimensions: Value| {
        let wanted = json!({"Statistics": ["Sum"], "Dimensions": dimensions});
        let points = statistics(&mut world, 0, 60, 60, wanted);
        points.first().map(|point| point["Sum"].as_f64().unwrap())
    };
    assert_eq!(sum(json!([b, a])), Some(3.0));
    assert_eq!(sum(json!([a])), Some(4.0));
    assert_eq!(sum(json!([b])), None);
    assert_eq!(sum(json!([])), None);
}

#[test]
fn periods_are_counted_from_the_start() {
    let mut world = World::new();
    for (at, value) in [(0, 1), (59, 2), (60, 4), (119, 8), (120, 16), (300, 32)] {
        put(&mut world, json!({"Value": value, "Timestamp": START + at}));
    }
    assert_eq!(sums(&mut world, 0, 360, 60), [(0, 3.0), (60, 12.0), (120, 16.0), (300, 32.0)]);
    assert_eq!(sums(&mut world, 60, 360, 120), [(60, 28.0), (300, 32.0)]);
    // The start is rounded down to its minute, the end is exclusive.
    assert_eq!(sums(&mut world, 59, 60, 60), [(0, 3.0)]);
    assert_eq!(sums(&mut world, 60, 120, 300), [(60, 12.0)]);
}

#[test]
fn high_resolution_metrics_have_short_periods() {
    let mut world = World::new();
    for at in 0..30 {
        let datum = json!({"Value": 1, "Timestamp": START + at, "StorageResolution": 1});
        put(&mut world, datum);
    }
    let sum = |count: i64, seconds: i64| -> Vec<(i64, f64)> {
        (0..count).map(|n| (n * seconds, seconds as f64)).collect()
    };
    assert_eq!(sums(&mut world, 0, 30, 1), sum(30, 1));
    assert_eq!(sums(&mut world, 3, 30, 5), sum(6, 5));
    assert_eq!(sums(&mut world, 0, 30, 10), sum(3, 10));
    assert_eq!(sums(&mut world, 0, 30, 30), sum(1, 30));
    assert_eq!(sums(&mut world, 0, 60, 60), [(0, 30.0)]);
    // Metrics of standard resolution have none.
    let mut world = World::new();
    put(&mut world, json!({"Value": 1}));
    assert_eq!(sums(&mut world, 0, 60, 1), []);
}

#[test]
fn samples_become_coarser_and_vanish() {
    let mut world = World::new();
    // Two samples in the second and third minute, not aligned to anything coarser.
    for at in [61, 122] {
        let datum = json!({"Value": 1, "Timestamp": START + at, "StorageResolution": 1});
        put(&mut world, datum);
    }
    let periods = |world: &mut World| {
        let mut found = |end, period| sums(world, 0, end, period);
        [
            found(1200, 1).len(),
            found(3600, 60).len(),
            found(3600, 300).len(),
            found(3600, 3600).len(),
        ]
    };
    world.advance_seconds(3 * HOUR + 61);
    assert_eq!(periods(&mut world), [2, 2, 1, 1]);
    world.advance_seconds(1);
    assert_eq!(periods(&mut world), [1, 2, 1, 1]);
    world.advance_seconds(HOUR);
    assert_eq!(periods(&mut world), [0, 2, 1, 1]);
    world.advance_seconds(15 * DAY);
    assert_eq!(periods(&mut world), [0, 0, 1, 1]);
    world.advance_seconds((63 - 15) * DAY);
    assert_eq!(periods(&mut world), [0, 0, 0, 1]);
    assert_eq!(sums(&mut world, 0, 3600, 3600), [(0, 2.0)]);
    world.advance_seconds((455 - 63) * DAY);
    assert_eq!(periods(&mut world), [0, 0, 0, 0]);
}

#[test]
fn old_starts_are_rounded_to_what_is_kept() {
    let mut world = World::new();
    put(&mut world, json!({"Value": 1}));
    world.advance_seconds(20 * DAY);
    assert_eq!(sums(&mut world, 299, 600, 300), [(0, 1.0)]);
    world.advance_seconds(60 * DAY);
    assert_eq!(sums(&mut world, 3599, 7200, 3600), [(0, 1.0)]);
}

fn check(change: Value, code: &str, message: &str) {
    let mut input = json!({
        "Namespace": "N", "MetricName": "m", "Period": 60, "Statistics": ["Sum"],
        "StartTime": START, "EndTime": START + 3600,
    });
    let members = input.as_object_mut().unwrap();
    members.extend(change.as_object().unwrap().clone());
    members.retain(|_, value| !value.is_null());
    check_error("GetMetricStatistics", input, code, message);
}

#[test]
fn what_a_query_for_statistics_must_be() {
    for member in ["Namespace", "MetricName", "StartTime", "EndTime", "Period"] {
        let message = format!("The parameter {member} is required.");
        check(json!({member: null}), "MissingParameter", &message);
    }
    check(
        json!({"Statistics": null}),
        "MissingParameter",
        "At least one of the parameters Statistics and ExtendedStatistics must be specified.",
    );
    for (change, message) in [
        (
            json!({"Statistics": ["Sum", "Median"]}),
            "The parameter Statistics.member.2 must be a \
            value in the set [ Minimum, Maximum, Average, SampleCount, Sum ].",
        ),
        (
            json!({"ExtendedStatistics": ["p101"]}),
            "The value p101 for parameter \
            ExtendedStatistics.member.1 is invalid.",
        ),
        (
            json!({"ExtendedStatistics": ["tm101"]}),
            "The value tm101 for parameter ExtendedStatistics.member.1 is invalid.",
        ),
        (
            json!({"ExtendedStatistics": vec!["p1"; 11]}),
            "The collection ExtendedStatistics must \
            not have a size greater than 10.",
        ),
        (json!({"Period": 0}), "The parameter Period must be greater than or equal to 1."),
        (
            json!({"Period": 90}),
            "The parameter Period must be 1, 5, 10, 20, 30 or a multiple of \
            60.",
        ),
        (json!({"EndTime": START}), "The parameter StartTime must not equal parameter EndTime."),
        (
            json!({"EndTime": START - 1}),
            "The parameter StartTime must be less than the parameter \
            EndTime.",
        ),
    ] {
        check(change, "InvalidParameterValue", message);
    }
}

#[test]
fn the_number_of_points_is_limited() {
    let message = |points: i64| {
        format!(
            "You have requested up to {points} datapoints, which exceeds the limit of 1440. You \
             may reduce the datapoints requested by increasing Period, or decreasing the time \
             range."
        )
    };
    for (change, points) in [
        (json!({"EndTime": START + 86_400, "Period": 1}), 86_400),
        (json!({"EndTime": START + 86_401}), 1441),
    ] {
        check(change, "InvalidParameterCombination", &message(points));
    }
    sums(&mut World::new(), 0, 86_400, 60);
}
