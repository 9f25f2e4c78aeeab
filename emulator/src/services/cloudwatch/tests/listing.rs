//! ListMetrics, and metrics in snapshots.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use super::*;

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
    let dimensions: Vec<Value> =
        pairs.iter().map(|(name, value)| json!({"Name": name, "Value": value})).collect();
    put(&mut world, json!({"Value": 5, "Dimensions": dimensions, "Unit": "Count"}));
    let metrics = json!([{"Dimensions": dimensions, "MetricName": "m", "Namespace": "N"}]);
    let expected = json!({"Metrics": metrics});
    assert_eq!(ok(&mut world, "ListMetrics", json!({"Namespace": "N"})), expected);
    for protocol in PROTOCOLS {
        let response = send(&mut world, protocol, "ListMetrics", &json!({"MetricName": "m"}));
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
        (json!({"Dimensions": [{"Name": "d", "Value": "1"}, {"Name": "e"}]}), 0),
        (json!({"Namespace": "a"}), 0),
        (json!({"OwningAccount": "000000000000"}), 4),
    ] {
        let answer = ok(&mut world, "ListMetrics", filter.clone());
        assert_eq!(answer["Metrics"].as_array().unwrap().len(), count, "{filter}");
    }
}

#[test]
fn lists_come_in_pages() {
    let mut world = World::new();
    let data: Vec<Value> =
        (0..501).map(|n| json!({"MetricName": format!("m{n:03}"), "Value": 1})).collect();
    ok(&mut world, "PutMetricData", json!({"Namespace": "N", "MetricData": data}));
    let first = ok(&mut world, "ListMetrics", json!({}));
    assert_eq!(first["Metrics"].as_array().unwrap().len(), 500);
    let second = ok(&mut world, "ListMetrics", json!({"NextToken": first["NextToken"]}));
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
        (json!({"NextToken": "?"}), "InvalidParameterValue", "Invalid nextToken"),
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
    put(&mut world, json!({"Values": [1, 2], "StorageResolution": 1, "Unit": "Count"}));
    let form = "Action=ListMetrics&Version=2010-08-01";
    let request = Request::post("/")
        .header("host", "localhost:4566")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("authorization", "Credential=test/20260101/eu-west-1/monitoring/aws4_request")
        .body(Bytes::from_static(form.as_bytes()))
        .unwrap();
    let elsewhere = world.send(request).unwrap();
    let xml = std::str::from_utf8(elsewhere.body()).unwrap();
    assert!(!xml.contains("<MetricName>"), "{xml}");

    let bytes = world.cloud.snapshot();
    world.cloud = crate::cloud::Cloud::restore(&bytes, crate::cloud::Waiting::Gone).unwrap();
    assert_eq!(world.cloud.snapshot(), bytes);
    assert_eq!(sums(&mut world, 0, 60, 60), [(0, 3.0)]);
}
