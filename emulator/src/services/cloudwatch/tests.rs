//! Behaviour of CloudWatch in virtual time, over each of its protocols.

use std::io::Write as _;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

use super::operations::get_metric_statistics;
use crate::cloud::testing::World;
use crate::kernel::Settings;
use crate::wire::{Protocol, Timestamp, cbor};

const TARGET: &str = "GraniteServiceVersion20100801";
/// Where virtual time begins, in seconds; the start of an hour.
const START: i64 = 1_767_225_600;
const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;
const PROTOCOLS: [Protocol; 3] = [Protocol::AwsJson10, Protocol::RpcV2Cbor, Protocol::AwsQuery];

fn request(protocol: Protocol, operation: &str, input: &Value) -> Request<Bytes> {
    let request = |path: &str| Request::post(path).header("host", "localhost:4566");
    match protocol {
        Protocol::RpcV2Cbor => request(&format!("/service/{TARGET}/operation/{operation}"))
            .header("smithy-protocol", "rpc-v2-cbor")
            .header("content-type", "application/cbor")
            .body(cbor::to_vec(input).unwrap().into()),
        Protocol::AwsQuery => request("/")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form(operation, input).into()),
        _ => request("/")
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", format!("{TARGET}.{operation}"))
            .body(input.to_string().into()),
    }
    .unwrap()
}

fn form(operation: &str, input: &Value) -> String {
    let mut form = format!("Action={operation}&Version=2010-08-01");
    push_form(&mut form, "", input);
    form
}

fn push_form(form: &mut String, path: &str, value: &Value) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            let dot = if path.is_empty() { "" } else { "." };
            push_form(form, &format!("{path}{dot}{name}"), value);
        }),
        Value::Array(items) => (1..).zip(items).for_each(|(number, item)| {
            push_form(form, &format!("{path}.member.{number}"), item);
        }),
        scalar => {
            let text = scalar.as_str().map_or(scalar.to_string(), str::to_owned);
            let escaped: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
            form.push_str(&format!("&{path}={escaped}"));
        }
    }
}

fn send(world: &mut World, protocol: Protocol, operation: &str, input: &Value) -> Response<Bytes> {
    let response = world.send(request(protocol, operation, input));
    response.expect("it answers at once")
}

fn ok(world: &mut World, operation: &str, input: Value) -> Value {
    world.ok(&format!("{TARGET}.{operation}"), input)
}

/// Puts one entry of the metric `m` in `N`.
fn put(world: &mut World, mut datum: Value) {
    datum["MetricName"] = "m".into();
    ok(
        world,
        "PutMetricData",
        json!({"Namespace": "N", "MetricData": [datum]}),
    );
}

/// The statistics of `m` from `start` to `end` (seconds after the beginning).
fn statistics(world: &mut World, start: i64, end: i64, period: i64, more: Value) -> Vec<Value> {
    let mut input = json!({
        "Namespace": "N", "MetricName": "m", "Period": period,
        "StartTime": START + start, "EndTime": START + end,
    });
    let members = more.as_object().unwrap().clone();
    input.as_object_mut().unwrap().extend(members);
    let answer = ok(world, "GetMetricStatistics", input);
    assert_eq!(answer["Label"], "m");
    answer["Datapoints"].as_array().unwrap().clone()
}

fn sums(world: &mut World, start: i64, end: i64, period: i64) -> Vec<(i64, f64)> {
    let points = statistics(world, start, end, period, json!({"Statistics": ["Sum"]}));
    let pair = |point: &Value| {
        let at = point["Timestamp"].as_f64().unwrap() as i64 - START;
        (at, point["Sum"].as_f64().unwrap())
    };
    points.iter().map(pair).collect()
}

/// The error `(query code, message)` that each protocol gives for `input`.
fn check_error(operation: &str, input: Value, code: &str, message: &str) {
    let shape = match code {
        "MissingParameter" => "MissingRequiredParameterException".to_owned(),
        code => format!("{code}Exception"),
    };
    for protocol in PROTOCOLS {
        let mut world = World::new();
        let response = send(&mut world, protocol, operation, &input);
        let case = format!("{protocol:?} {input}");
        assert_eq!(response.status(), 400, "{case}");
        let body = response.body();
        let document: Value = match protocol {
            Protocol::AwsQuery => {
                let xml = std::str::from_utf8(body).unwrap();
                let message = message.replace('"', "&quot;");
                let expected = format!(
                    "<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>"
                );
                assert!(xml.contains(&expected), "{case}: {xml}");
                continue;
            }
            Protocol::RpcV2Cbor => cbor::from_slice(body).unwrap(),
            _ => serde_json::from_slice(body).unwrap(),
        };
        let query_error = response.headers()["x-amzn-query-error"].to_str().unwrap();
        assert_eq!(query_error, format!("{code};Sender"), "{case}");
        let kind = format!("com.amazonaws.cloudwatch.v2010_08_01#{shape}");
        assert_eq!(
            document,
            json!({"__type": kind, "message": message}),
            "{case}"
        );
    }
}

fn invalid_datum(datum: Value, code: &str, message: &str) {
    let input = json!({"Namespace": "N", "MetricData": [datum]});
    check_error("PutMetricData", input, code, message);
}

#[test]
fn each_protocol_puts_and_reads() {
    for protocol in PROTOCOLS {
        let mut world = World::new();
        // The metric of the recording: the values 0 to 9.
        let data: Vec<Value> = (0..10)
            .map(|value| json!({"MetricName": "metric", "Value": value, "Timestamp": START + 60}))
            .collect();
        let input = json!({"Namespace": "N", "MetricData": data});
        let response = send(&mut world, protocol, "PutMetricData", &input);
        assert_eq!(response.status(), 200, "{protocol:?}: {response:?}");
        let input = json!({
            "Namespace": "N", "MetricName": "metric", "Period": 3600,
            "StartTime": START, "EndTime": START + 3600,
            "Statistics": ["Average", "Sum", "Minimum", "Maximum", "SampleCount"],
            "ExtendedStatistics": ["p50"],
        });
        let response = send(&mut world, protocol, "GetMetricStatistics", &input);
        assert_eq!(response.status(), 200, "{protocol:?}: {response:?}");
        let content_type = response.headers()["content-type"].to_str().unwrap();
        assert_eq!(content_type, protocol.content_type());
        let body = response.body();
        let answer: get_metric_statistics::Response = match protocol {
            Protocol::RpcV2Cbor => cbor::from_slice(body).unwrap(),
            Protocol::AwsJson10 => serde_json::from_slice(body).unwrap(),
            _ => {
                let xml = std::str::from_utf8(body).unwrap();
                let expected = "<GetMetricStatisticsResult><Label>metric</Label><Datapoints>\
                    <member><Timestamp>2026-01-01T00:00:00Z</Timestamp>\
                    <SampleCount>10.0</SampleCount><Average>4.5</Average><Sum>45.0</Sum>\
                    <Minimum>0.0</Minimum><Maximum>9.0</Maximum><Unit>None</Unit>\
                    <ExtendedStatistics><entry><key>p50</key><value>4.0</value></entry>\
                    </ExtendedStatistics></member></Datapoints></GetMetricStatisticsResult>";
                assert!(xml.contains(expected), "{xml}");
                continue;
            }
        };
        let point = get_metric_statistics::Datapoint {
            timestamp: Some(Timestamp::from_millis(START * 1000)),
            sample_count: Some(10.0),
            average: Some(4.5),
            sum: Some(45.0),
            minimum: Some(0.0),
            maximum: Some(9.0),
            unit: Some("None".to_owned()),
            extended_statistics: Some([("p50".to_owned(), 4.0)].into()),
        };
        assert_eq!(answer.label.as_deref(), Some("metric"));
        assert_eq!(answer.datapoints, Some(vec![point]), "{protocol:?}");
    }
}

#[test]
fn gzip_bodies_are_read() {
    for protocol in PROTOCOLS {
        let mut world = World::new();
        let data: Vec<Value> = (0..500)
            .map(|value| json!({"MetricName": "m", "Value": value}))
            .collect();
        let input = json!({"Namespace": "N", "MetricData": data});
        let (mut parts, body) = request(protocol, "PutMetricData", &input).into_parts();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&body).unwrap();
        parts
            .headers
            .insert("content-encoding", "gzip".parse().unwrap());
        let body = gzip.finish().unwrap().into();
        let response = world.send(Request::from_parts(parts, body)).unwrap();
        assert_eq!(response.status(), 200, "{protocol:?}: {response:?}");
        assert_eq!(sums(&mut world, 0, 60, 60), [(0, 124_750.0)]);
    }
}

#[test]
fn recorded_validation_of_put_metric_data() {
    let path = "MetricData.member.1";
    let exclusive = |first: &str, second: &str| {
        format!(
            "The parameters {path}.{first} and {path}.{second} are mutually exclusive and you \
             have specified both."
        )
    };
    let combination = "InvalidParameterCombination";
    let set = json!({"SampleCount": 10, "Sum": 55, "Minimum": 1, "Maximum": 10});
    invalid_datum(
        json!({"MetricName": "m", "Value": 1, "Values": [1], "Counts": [1]}),
        combination,
        &exclusive("Value", "Values"),
    );
    invalid_datum(
        json!({"MetricName": "m", "Value": 1, "StatisticValues": set}),
        combination,
        &exclusive("Value", "StatisticValues"),
    );
    invalid_datum(
        json!({"MetricName": "m", "Values": [1], "StatisticValues": set}),
        combination,
        &exclusive("Values", "StatisticValues"),
    );
    invalid_datum(
        json!({"MetricName": "m", "Values": [1, 2], "Counts": [1]}),
        "InvalidParameterValue",
        "The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the \
         same size.",
    );
}

#[test]
fn what_an_entry_must_be() {
    let long = "x".repeat(256);
    let with = |member: &str, value: Value| {
        let mut datum = json!({"MetricName": "m", "Value": 1});
        datum[member] = value;
        datum
    };
    let dimension =
        |name: &str, value: &str| with("Dimensions", json!([{"Name": name, "Value": value}]));
    for (datum, sentence) in [
        (
            with("MetricName", json!(long)),
            "The parameter {}MetricName must be shorter than 256 \
            characters.",
        ),
        (
            with("MetricName", json!("ü")),
            "The value for parameter {}MetricName contains non-ASCII \
            characters.",
        ),
        (
            dimension("d", &"x".repeat(1025)),
            "The parameter {}Dimensions.member.1.Value must be \
            shorter than 1025 characters.",
        ),
        (
            dimension(":d", "x"),
            "The value :d for parameter {}Dimensions.member.1.Name is invalid.",
        ),
        (
            with("Timestamp", json!(START - 14 * 86_400 - 1)),
            "The parameter {}Timestamp must \
            specify a time within the past two weeks.",
        ),
        (
            with("Timestamp", json!(START + 2 * 3600 + 1)),
            "The parameter {}Timestamp must specify \
            a time no more than two hours in the future.",
        ),
        (
            with("StorageResolution", json!(300)),
            "The parameter {}StorageResolution must be a \
            value in the set [ 1, 60 ].",
        ),
        (
            with("Value", json!(1e300)),
            "The value 1e300 for parameter {}Value is invalid.",
        ),
        (
            json!({"MetricName": "m", "Values": [1], "Counts": [-1]}),
            "The value -1 for parameter \
            {}Counts.member.1 is invalid.",
        ),
        (
            json!({"MetricName": "m", "Values": vec![1; 151]}),
            "The collection {}Values must not \
            have a size greater than 150.",
        ),
        (
            with(
                "Dimensions",
                json!(vec![json!({"Name": "d", "Value": "v"}); 31]),
            ),
            "The collection \
            {}Dimensions must not have a size greater than 30.",
        ),
        (
            json!({"MetricName": "m", "StatisticValues": {"SampleCount": 0, "Sum": 0, "Minimum": 0,
            "Maximum": 0}}),
            "The parameter {}StatisticValues.SampleCount must be greater than 0.",
        ),
    ] {
        let sentence = sentence.replace("{}", "MetricData.member.1.");
        invalid_datum(datum, "InvalidParameterValue", &sentence);
    }
    let units = super::Unit::all().join(", ");
    invalid_datum(
        with("Unit", json!("Parsecs")),
        "InvalidParameterValue",
        &format!("The parameter MetricData.member.1.Unit must be a value in the set [ {units} ]."),
    );
    invalid_datum(
        json!({"Value": 1}),
        "MissingParameter",
        "The parameter MetricData.member.1.MetricName is required.",
    );
    invalid_datum(
        dimension("d", ""),
        "MissingParameter",
        "The parameter MetricData.member.1.Dimensions.member.1.Value is required.",
    );
    invalid_datum(
        json!({"MetricName": "m", "StatisticValues": {"Sum": 1, "Minimum": 1, "Maximum": 1}}),
        "MissingParameter",
        "The parameter MetricData.member.1.StatisticValues.SampleCount is required.",
    );
    invalid_datum(
        json!({"MetricName": "m"}),
        "InvalidParameterCombination",
        "At least one of the parameters MetricData.member.1.Value and \
         MetricData.member.1.StatisticValues must be specified.",
    );
}

#[test]
fn what_a_put_must_be() {
    let datum = json!({"MetricName": "m", "Value": 1});
    let check = |input: Value, code: &str, message: &str| {
        check_error("PutMetricData", input, code, message);
    };
    check(
        json!({"MetricData": [datum]}),
        "MissingParameter",
        "The parameter Namespace is required.",
    );
    check(
        json!({"Namespace": "N"}),
        "MissingParameter",
        "The parameter MetricData is required.",
    );
    check(
        json!({"Namespace": ":N", "MetricData": [datum]}),
        "InvalidParameterValue",
        "The value :N for parameter Namespace is invalid.",
    );
    check(
        json!({"Namespace": "N", "MetricData": vec![datum.clone(); 1001]}),
        "InvalidParameterValue",
        "The collection MetricData must not have a size greater than 1000.",
    );
    // All findings of a kind are reported together.
    let old = json!({"MetricName": "m", "Value": 1, "Timestamp": 0});
    check(
        json!({"Namespace": "N", "MetricData": [old, datum, old]}),
        "InvalidParameterValue",
        "The parameter MetricData.member.1.Timestamp must specify a time within the past two \
         weeks.\nThe parameter MetricData.member.3.Timestamp must specify a time within the past \
         two weeks.",
    );
}

#[test]
fn numbers_that_only_some_protocols_can_write() {
    let form = |value: &str| {
        format!(
            "Action=PutMetricData&Version=2010-08-01&Namespace=N&MetricData.member.1.MetricName=m\
             &MetricData.member.1.Value={value}"
        )
    };
    for (value, shown) in [("NaN", "NaN"), ("inf", "Infinity"), ("-inf", "-Infinity")] {
        let (status, answer) = World::new().query("monitoring", &form(value));
        let message = format!("The value {shown} for parameter MetricData.member.1.Value is");
        assert_eq!(status, 400);
        assert!(answer.contains(&message), "{answer}");
    }
    let (status, answer) = World::new().query("monitoring", &form("1.5e3"));
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("<PutMetricDataResponse"), "{answer}");
    assert!(!answer.contains("PutMetricDataResult"), "{answer}");
}

#[test]
fn limits_are_inclusive() {
    let mut world = World::new();
    let dimensions: Vec<Value> = (0..30)
        .map(|n| json!({"Name": format!("d{n}"), "Value": "x".repeat(1024)}))
        .collect();
    let set = json!({"SampleCount": 2, "Sum": 3, "Minimum": 1, "Maximum": 2});
    for datum in [
        json!({"MetricName": "x".repeat(255), "Value": 1, "Dimensions": dimensions}),
        json!({"MetricName": "m", "Value": -(2_f64.powi(360))}),
        json!({"MetricName": "m", "Values": vec![1; 150], "Counts": vec![0; 150]}),
        json!({"MetricName": "m", "Value": 1, "Timestamp": START - 14 * 86_400}),
        json!({"MetricName": "m", "Value": 1, "Timestamp": START + 2 * 3600}),
        json!({"MetricName": "m", "StatisticValues": set, "StorageResolution": 60}),
    ] {
        let input = json!({"Namespace": "N", "MetricData": [datum]});
        ok(&mut world, "PutMetricData", input);
    }
    let datum = json!({"MetricName": "many", "Value": 1});
    let input = json!({"Namespace": "N", "MetricData": vec![datum; 1000]});
    ok(&mut world, "PutMetricData", input);
}

#[test]
fn a_refused_put_changes_nothing() {
    let mut world = World::new();
    let good = json!({"MetricName": "m", "Value": 1});
    let bad = json!({"MetricName": "m", "Value": 1, "Unit": "Parsecs"});
    let input = json!({"Namespace": "N", "MetricData": [good, bad]});
    world.err(&format!("{TARGET}.PutMetricData"), input);
    assert_eq!(
        ok(&mut world, "ListMetrics", json!({})),
        json!({"Metrics": []})
    );
}

#[test]
fn entities_are_reported_as_not_honoured() {
    let entity = json!({"KeyAttributes": {"Type": "Service", "Name": "orders"}});
    let datum = json!({"MetricName": "m", "Value": 3});
    let input = json!({
        "Namespace": "N", "EntityMetricData": [{"Entity": entity, "MetricData": [datum]}]
    });
    let mut world = World::new();
    ok(&mut world, "PutMetricData", input.clone());
    assert_eq!(sums(&mut world, 0, 60, 60), [(0, 3.0)]);

    let strict = Settings {
        strict: true,
        ..Settings::default()
    };
    let mut world = World::with(strict);
    let target = format!("{TARGET}.PutMetricData");
    let refused = world.err(&target, input);
    assert_eq!(refused.shape, "NotImplementedException");
    assert!(refused.message.contains("EntityMetricData.Entity"));
    let input = json!({
        "Namespace": "N", "MetricData": [datum], "StrictEntityValidation": true
    });
    let refused = world.err(&target, input);
    assert!(refused.message.contains("StrictEntityValidation"));
    assert_eq!(
        ok(&mut world, "ListMetrics", json!({})),
        json!({"Metrics": []})
    );
}

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
        let found = points
            .first()
            .map(|point| &point["ExtendedStatistics"]["p50"]);
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
        [
            pair("Seconds", 1.0),
            pair("Milliseconds", 1000.0),
            pair("None", 5.0)
        ]
    );
    assert_eq!(shown(Some("Milliseconds")), [pair("Milliseconds", 1000.0)]);
    assert_eq!(shown(Some("Bytes")), []);
}

#[test]
fn dimensions_are_a_set_and_part_of_the_metric() {
    let mut world = World::new();
    let (a, b) = (
        json!({"Name": "a", "Value": "1"}),
        json!({"Name": "b", "Value": "2"}),
    );
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
    assert_eq!(
        sums(&mut world, 0, 360, 60),
        [(0, 3.0), (60, 12.0), (120, 16.0), (300, 32.0)]
    );
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

#[test]
fn what_a_query_for_statistics_must_be() {
    let check = |change: Value, code: &str, message: &str| {
        let mut input = json!({
            "Namespace": "N", "MetricName": "m", "Period": 60, "Statistics": ["Sum"],
            "StartTime": START, "EndTime": START + 3600,
        });
        let input_members = input.as_object_mut().unwrap();
        input_members.extend(change.as_object().unwrap().clone());
        input_members.retain(|_, value| !value.is_null());
        check_error("GetMetricStatistics", input, code, message);
    };
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
            json!({"ExtendedStatistics": ["tm99"]}),
            "The statistic tm99 of parameter \
            ExtendedStatistics.member.1 is not implemented by this emulator; percentiles (p0 to \
            p100) are.",
        ),
        (
            json!({"ExtendedStatistics": vec!["p1"; 11]}),
            "The collection ExtendedStatistics must \
            not have a size greater than 10.",
        ),
        (
            json!({"Period": 0}),
            "The parameter Period must be greater than or equal to 1.",
        ),
        (
            json!({"Period": 90}),
            "The parameter Period must be 1, 5, 10, 20, 30 or a multiple of \
            60.",
        ),
        (
            json!({"EndTime": START}),
            "The parameter StartTime must not equal parameter EndTime.",
        ),
        (
            json!({"EndTime": START - 1}),
            "The parameter StartTime must be less than the parameter \
            EndTime.",
        ),
    ] {
        check(change, "InvalidParameterValue", message);
    }
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

#[test]
fn the_recorded_list_of_metrics() {
    let mut world = World::new();
    let pairs = [
        ("error", "none"),
        ("exception", "none"),
        ("method", "GET"),
        ("outcome", "SUCCESS"),
        ("status", "200"),
        ("uri", "/greetings"),
    ];
    let dimensions: Vec<Value> = pairs
        .iter()
        .map(|(name, value)| json!({"Name": name, "Value": value}))
        .collect();
    put(
        &mut world,
        json!({"Value": 5, "Dimensions": dimensions, "Unit": "Count"}),
    );
    let metrics = json!([{"Dimensions": dimensions, "MetricName": "m", "Namespace": "N"}]);
    let expected = json!({"Metrics": metrics});
    assert_eq!(
        ok(&mut world, "ListMetrics", json!({"Namespace": "N"})),
        expected
    );
    for protocol in PROTOCOLS {
        let response = send(
            &mut world,
            protocol,
            "ListMetrics",
            &json!({"MetricName": "m"}),
        );
        let body = response.body();
        let answer: Value = match protocol {
            Protocol::AwsQuery => {
                let xml = std::str::from_utf8(body).unwrap();
                let first = "<ListMetricsResult><Metrics><member><Namespace>N</Namespace>\
                    <MetricName>m</MetricName><Dimensions><member><Name>error</Name>";
                assert!(xml.contains(first), "{xml}");
                continue;
            }
            Protocol::RpcV2Cbor => cbor::from_slice(body).unwrap(),
            _ => serde_json::from_slice(body).unwrap(),
        };
        assert_eq!(answer, expected, "{protocol:?}");
    }
}

#[test]
fn metrics_are_listed_by_their_parts() {
    let mut world = World::new();
    for (namespace, name, value) in [("A", "x", "1"), ("A", "y", "2"), ("B", "x", "1")] {
        let dimensions = json!([{"Name": "d", "Value": value}]);
        let datum = json!({"MetricName": name, "Value": 1, "Dimensions": dimensions});
        let input = json!({"Namespace": namespace, "MetricData": [datum]});
        ok(&mut world, "PutMetricData", input);
    }
    put(&mut world, json!({"Value": 1}));
    for (filter, count) in [
        (json!({}), 4),
        (json!({"Namespace": "A"}), 2),
        (json!({"MetricName": "x"}), 2),
        (json!({"Namespace": "A", "MetricName": "x"}), 1),
        (json!({"Dimensions": [{"Name": "d"}]}), 3),
        (json!({"Dimensions": [{"Name": "d", "Value": "1"}]}), 2),
        (
            json!({"Dimensions": [{"Name": "d", "Value": "1"}, {"Name": "e"}]}),
            0,
        ),
        (json!({"Namespace": "a"}), 0),
        (json!({"OwningAccount": "000000000000"}), 4),
    ] {
        let answer = ok(&mut world, "ListMetrics", filter.clone());
        assert_eq!(
            answer["Metrics"].as_array().unwrap().len(),
            count,
            "{filter}"
        );
    }
}

#[test]
fn lists_come_in_pages() {
    let mut world = World::new();
    let data: Vec<Value> = (0..501)
        .map(|n| json!({"MetricName": format!("m{n:03}"), "Value": 1}))
        .collect();
    ok(
        &mut world,
        "PutMetricData",
        json!({"Namespace": "N", "MetricData": data}),
    );
    let first = ok(&mut world, "ListMetrics", json!({}));
    assert_eq!(first["Metrics"].as_array().unwrap().len(), 500);
    let second = ok(
        &mut world,
        "ListMetrics",
        json!({"NextToken": first["NextToken"]}),
    );
    assert_eq!(second["Metrics"][0]["MetricName"], "m500");
    assert_eq!(second["Metrics"].as_array().unwrap().len(), 1);
    assert_eq!(second.get("NextToken"), None);
}

#[test]
fn metrics_without_news_leave_the_list_before_their_data_goes() {
    let mut world = World::new();
    put(&mut world, json!({"Value": 1}));
    let listed = |world: &mut World, filter: Value| {
        let answer = ok(world, "ListMetrics", filter);
        answer["Metrics"].as_array().unwrap().len()
    };
    let recent = || json!({"RecentlyActive": "PT3H"});
    world.advance_seconds(3 * HOUR);
    assert_eq!(listed(&mut world, recent()), 1);
    world.advance_seconds(1);
    assert_eq!(listed(&mut world, recent()), 0);
    world.advance_seconds(14 * DAY - 3 * HOUR - 1);
    assert_eq!(listed(&mut world, json!({})), 1);
    world.advance_seconds(1);
    assert_eq!(listed(&mut world, json!({})), 0);
    assert_eq!(sums(&mut world, 0, 60, 60), [(0, 1.0)]);
}

#[test]
fn what_a_list_must_be() {
    let long = "x".repeat(256);
    let filters = vec![json!({"Name": "d"}); 11];
    for (input, code, message) in [
        (
            json!({"NextToken": "?"}),
            "InvalidParameterValue",
            "Invalid nextToken",
        ),
        (
            json!({"RecentlyActive": "PT1H"}),
            "InvalidParameterValue",
            "The parameter \
            RecentlyActive must be a value in the set [ PT3H ].",
        ),
        (
            json!({"Namespace": long}),
            "InvalidParameterValue",
            "The parameter Namespace must be \
            shorter than 256 characters.",
        ),
        (
            json!({"Dimensions": filters}),
            "InvalidParameterValue",
            "The collection Dimensions must \
            not have a size greater than 10.",
        ),
        (
            json!({"Dimensions": [{"Value": "v"}]}),
            "MissingParameter",
            "The parameter \
            Dimensions.member.1.Name is required.",
        ),
    ] {
        check_error("ListMetrics", input, code, message);
    }
}

#[test]
fn regions_and_snapshots_keep_metrics() {
    let mut world = World::new();
    put(
        &mut world,
        json!({"Values": [1, 2], "StorageResolution": 1, "Unit": "Count"}),
    );
    let form = "Action=ListMetrics&Version=2010-08-01";
    let request = Request::post("/")
        .header("host", "localhost:4566")
        .header("content-type", "application/x-www-form-urlencoded")
        .header(
            "authorization",
            "Credential=test/20260101/eu-west-1/monitoring/aws4_request",
        )
        .body(Bytes::from_static(form.as_bytes()))
        .unwrap();
    let elsewhere = world.send(request).unwrap();
    let xml = std::str::from_utf8(elsewhere.body()).unwrap();
    assert!(!xml.contains("<MetricName>"), "{xml}");

    let bytes = world.cloud.snapshot();
    world.cloud = crate::cloud::Cloud::restore(&bytes).unwrap();
    assert_eq!(world.cloud.snapshot(), bytes);
    assert_eq!(sums(&mut world, 0, 60, 60), [(0, 3.0)]);
}
