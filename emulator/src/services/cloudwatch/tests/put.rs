//! PutMetricData: what it takes and refuses.

use std::io::Write as _;

use http::Request;
use serde_json::{Value, json};

use super::*;
use crate::kernel::Settings;
use crate::services::cloudwatch::operations::{get_metric_statistics, put_metric_data};
use crate::services::cloudwatch::{MetricDatum, Unit};
use crate::wire::Timestamp;

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
        let data: Vec<Value> =
            (0..500).map(|value| json!({"MetricName": "m", "Value": value})).collect();
        let input = json!({"Namespace": "N", "MetricData": data});
        let (mut parts, body) = request(protocol, "PutMetricData", &input).into_parts();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&body).unwrap();
        parts.headers.insert("content-encoding", "gzip".parse().unwrap());
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
        json!({"MetricName": "m", "Values": [1, 2], "Counts": [1]}),
        "InvalidParameterValue",
        "The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the \
         same size.",
    );
}

#[test]
fn values_and_a_set_may_stand_together() {
    let set = json!({"SampleCount": 10, "Sum": 55, "Minimum": 1, "Maximum": 10});
    let datum = json!({"MetricName": "m", "Values": [1, 20], "StatisticValues": set});
    for protocol in PROTOCOLS {
        let mut world = World::new();
        let input = json!({"Namespace": "N", "MetricData": [datum]});
        let answer = send(&mut world, protocol, "PutMetricData", &input);
        assert_eq!(answer.status(), 200, "{protocol:?}");
        assert_eq!(sums(&mut world, 0, 60, 60), [(0, 76.0)], "{protocol:?}");
    }
}

#[test]
fn numbers_that_are_none_are_refused_by_name_in_json() {
    for number in ["NaN", "Infinity", "-Infinity"] {
        let sentence = format!("The value {number} for parameter {{}}Value is invalid.");
        invalid_datum(
            json!({"MetricName": "m", "Value": number}),
            "InvalidParameterValue",
            &sentence.replace("{}", "MetricData.member.1."),
        );
    }
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
        (dimension(":d", "x"), "The value :d for parameter {}Dimensions.member.1.Name is invalid."),
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
    ] {
        let sentence = sentence.replace("{}", "MetricData.member.1.");
        invalid_datum(datum, "InvalidParameterValue", &sentence);
    }
}

#[test]
fn what_its_numbers_must_be() {
    let with = |member: &str, value: Value| {
        let mut datum = json!({"MetricName": "m", "Value": 1});
        datum[member] = value;
        datum
    };
    for (datum, sentence) in [
        (with("Value", json!(1e300)), "The value 1e300 for parameter {}Value is invalid."),
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
            with("Dimensions", json!(vec![json!({"Name": "d", "Value": "v"}); 31])),
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
}

#[test]
fn what_an_entry_must_have_and_which_units_there_are() {
    let with = |member: &str, value: Value| {
        let mut datum = json!({"MetricName": "m", "Value": 1});
        datum[member] = value;
        datum
    };
    let dimension =
        |name: &str, value: &str| with("Dimensions", json!([{"Name": name, "Value": value}]));
    let units = Unit::all().join(", ");
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
    check(json!({"Namespace": "N"}), "MissingParameter", "The parameter MetricData is required.");
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
    let nan = put_metric_data::Request {
        namespace: Some("N".to_owned()),
        metric_data: Some(vec![MetricDatum {
            metric_name: Some("m".to_owned()),
            value: Some(f64::NAN),
            ..MetricDatum::default()
        }]),
        ..put_metric_data::Request::default()
    };
    let (parts, _) = request(Protocol::RpcV2Cbor, "PutMetricData", &json!({})).into_parts();
    let body = cbor::to_vec(&nan).unwrap().into();
    let response = World::new().send(Request::from_parts(parts, body)).unwrap();
    let answer: Value = cbor::from_slice(response.body()).unwrap();
    let message = "The value NaN for parameter MetricData.member.1.Value is invalid.";
    assert_eq!(answer["message"], message);

    let (status, answer) = World::new().query("monitoring", &form("1.5e3"));
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("<PutMetricDataResponse"), "{answer}");
    assert!(!answer.contains("PutMetricDataResult"), "{answer}");
}

#[test]
fn limits_are_inclusive() {
    let mut world = World::new();
    let dimensions: Vec<Value> =
        (0..30).map(|n| json!({"Name": format!("d{n}"), "Value": "x".repeat(1024)})).collect();
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
    assert_eq!(ok(&mut world, "ListMetrics", json!({})), json!({"Metrics": []}));
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

    let strict = Settings { strict: true, ..Settings::default() };
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
    assert_eq!(ok(&mut world, "ListMetrics", json!({})), json!({"Metrics": []}));
}

#[test]
fn names_of_metrics_have_no_control_characters() {
    let mut world = World::new();
    let input = |namespace: &str, name: &str, dimension: &str| {
        let dimension = json!({"Name": dimension, "Value": dimension});
        let datum = json!({"MetricName": name, "Value": 1, "Dimensions": [dimension]});
        json!({"Namespace": namespace, "MetricData": [datum]})
    };
    for (input, status) in [
        (input("N", "m", "d"), 200),
        (input("N\0", "m", "d"), 400),
        (input("N", "m\n", "d"), 400),
        (input("N", "m", "\u{7f}"), 400),
    ] {
        let answer = send(&mut world, Protocol::AwsJson10, "PutMetricData", &input);
        assert_eq!(answer.status(), status, "{input}");
    }
}
