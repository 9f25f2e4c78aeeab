//! What CloudWatch learns.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Lambda, failed, returned};
use crate::kernel::FunctionRun;

/// Sum and sample count of a metric of a function in all minutes.
fn points(lambda: &mut Lambda, name: &str, dimensions: &Value) -> Vec<(f64, f64)> {
    let input = json!({
        "Namespace": "AWS/Lambda", "MetricName": name, "Dimensions": dimensions,
        "StartTime": lambda.world.now().seconds() - 3600,
        "EndTime": lambda.world.now().seconds() + 60, "Period": 60,
        "Statistics": ["Sum", "SampleCount"],
    });
    let target = "GraniteServiceVersion20100801.GetMetricStatistics";
    let answer = lambda.world.ok(target, input);
    let number = |point: &Value, name: &str| point[name].as_f64().unwrap();
    let all = answer["Datapoints"].as_array().unwrap().iter();
    all.map(|point| (number(point, "Sum"), number(point, "SampleCount"))).collect()
}

#[test]
fn functions_are_counted_and_timed() {
    let mut lambda = Lambda::new();
    lambda.reserve("f", 2);
    for end in [returned("1"), failed()] {
        lambda.call("f", &json!({}));
        let asked = lambda.one();
        let duration = Duration::from_micros(1500);
        lambda.ran(&asked, Ok(FunctionRun { duration, ..FunctionRun::of(end) }));
    }
    lambda.call("f", &json!({}));
    lambda.call("f", &json!({}));
    lambda.refused("f", &[], "{}");
    lambda.world.advance_seconds(61);
    let whole = json!([{"Name": "FunctionName", "Value": "f"}]);
    let resource = json!([
        {"Name": "FunctionName", "Value": "f"}, {"Name": "Resource", "Value": "f"},
    ]);
    for dimensions in [whole, resource] {
        for (name, sum, count) in [
            ("Invocations", 2.0, 2.0),
            ("Errors", 1.0, 2.0),
            ("Throttles", 1.0, 3.0),
            ("Duration", 3.0, 2.0),
            ("ConcurrentExecutions", 5.0, 4.0),
        ] {
            assert_eq!(points(&mut lambda, name, &dimensions), [(sum, count)], "{name}");
        }
    }
}

#[test]
fn events_are_counted() {
    let mut lambda = Lambda::new();
    lambda.event_config(
        "f",
        &json!({"MaximumRetryAttempts": 0, "DestinationConfig": {
            "OnFailure": {"Destination": "arn:aws:sqs:us-east-1:000000000000:none"},
        }}),
    );
    lambda.event("f", &json!({}));
    lambda.end(failed());
    lambda.world.advance_seconds(61);
    let of = json!([{"Name": "FunctionName", "Value": "f"}]);
    for name in ["AsyncEventsReceived", "AsyncEventsDropped", "DestinationDeliveryFailures"] {
        assert_eq!(points(&mut lambda, name, &of), [(1.0, 1.0)], "{name}");
    }
    assert_eq!(points(&mut lambda, "AsyncEventAge", &of), [(0.0, 1.0)]);
    assert_eq!(points(&mut lambda, "DeadLetterErrors", &of), []);
}

/// Alarms hear of a function that was silent.
#[test]
fn an_alarm_watches_errors() {
    let mut lambda = Lambda::new();
    let alarm = json!({
        "AlarmName": "a", "Namespace": "AWS/Lambda", "MetricName": "Errors", "Statistic": "Sum",
        "Dimensions": [{"Name": "FunctionName", "Value": "f"}], "Period": 60, "Threshold": 0,
        "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold",
    });
    lambda.world.ok("GraniteServiceVersion20100801.PutMetricAlarm", alarm);
    lambda.world.advance_seconds(600);
    lambda.call("f", &json!({}));
    lambda.end(failed());
    lambda.world.advance_seconds(125);
    let shown = lambda.world.ok("GraniteServiceVersion20100801.DescribeAlarms", json!({}));
    assert_eq!(shown["MetricAlarms"][0]["StateValue"], "ALARM");
}
