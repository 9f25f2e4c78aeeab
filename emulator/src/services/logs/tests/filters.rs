//! Metric filters, subscription filters, and the service's own metrics.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use super::{Logs, START};
use crate::services::logs::subscription::packed;

impl Logs {
    fn filter(&mut self, pattern: &str, transformation: Value) {
        let mut whole = json!({"metricName": "m", "metricNamespace": "N", "metricValue": "1"});
        whole.as_object_mut().unwrap().extend(transformation.as_object().unwrap().clone());
        let input = json!({
            "logGroupName": "g", "filterName": "f", "filterPattern": pattern,
            "metricTransformations": [whole],
        });
        self.ok("PutMetricFilter", input);
    }

    /// Sums and numbers of samples of a metric, minute by minute.
    fn points(&mut self, (namespace, name): (&str, &str), dimensions: Value) -> Vec<(f64, f64)> {
        let start = START / 1000;
        let answer = self.world.ok(
            "GraniteServiceVersion20100801.GetMetricStatistics",
            json!({
                "Namespace": namespace, "MetricName": name, "Dimensions": dimensions,
                "StartTime": start, "EndTime": start + 3600, "Period": 60,
                "Statistics": ["Sum", "SampleCount"],
            }),
        );
        let mut points: Vec<(i64, f64, f64)> = answer["Datapoints"]
            .as_array()
            .unwrap()
            .iter()
            .map(|point| {
                let time = point["Timestamp"].as_f64().unwrap() as i64;
                (time, point["Sum"].as_f64().unwrap(), point["SampleCount"].as_f64().unwrap())
            })
            .collect();
        points.sort_by_key(|(time, ..)| *time);
        points.into_iter().map(|(_, sum, count)| (sum, count)).collect()
    }
}

#[test]
fn matching_events_become_data_points() {
    let of = |name: &str, value: &str| json!([{"Name": name, "Value": value}]);
    let events = [
        r#"{"ms": 10, "who": "a"}"#,
        r#"{"ms": 10, "who": "b"}"#,
        r#"{"ms": "2.5", "who": "a"}"#,
        r#"{"ms": "slow"}"#,
        "no JSON",
    ];
    for (pattern, transformation, dimensions, wanted) in [
        ("", json!({}), json!([]), vec![(5.0, 5.0)]),
        ("JSON", json!({}), json!([]), vec![(1.0, 1.0)]),
        ("{ $.ms EXISTS }", json!({"metricValue": "$.ms"}), json!([]), vec![(22.5, 3.0)]),
        (
            "{ $.ms > 0 }",
            json!({"metricValue": "$.ms", "dimensions": {"Who": "$.who"}}),
            of("Who", "a"),
            vec![(10.0, 1.0)],
        ),
        ("nothing", json!({"defaultValue": 0.0}), json!([]), vec![(0.0, 1.0)]),
        ("nothing", json!({}), json!([]), vec![]),
        ("[first, second]", json!({"metricValue": "3"}), json!([]), vec![(3.0, 1.0)]),
    ] {
        let mut logs = Logs::new();
        logs.filter(pattern, transformation);
        logs.put("s", &events);
        assert_eq!(logs.points(("N", "m"), dimensions), wanted, "{pattern}");
    }
}

/// A metric filter lets an alarm fire with no call from outside.
#[test]
fn an_alarm_watches_what_a_filter_counts() {
    let mut logs = Logs::new();
    logs.filter("ERROR", json!({"defaultValue": 0.0}));
    logs.world.ok(
        "GraniteServiceVersion20100801.PutMetricAlarm",
        json!({
            "AlarmName": "errors", "Namespace": "N", "MetricName": "m", "Statistic": "Sum",
            "Period": 60, "EvaluationPeriods": 1, "Threshold": 2,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        }),
    );
    logs.put("s", &["fine", "ERROR one", "ERROR two"]);
    logs.world.advance_seconds(90);
    let alarms = logs.world.ok("GraniteServiceVersion20100801.DescribeAlarms", json!({}));
    assert_eq!(alarms["MetricAlarms"][0]["StateValue"], "ALARM");
}

#[test]
fn a_filter_is_checked() {
    let mut logs = Logs::new();
    let usual = json!({"metricName": "m", "metricNamespace": "N", "metricValue": "1"});
    let with = |more: Value| {
        let mut whole = usual.clone();
        whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([whole])
    };
    let four: Value = (0..4).map(|it| (format!("d{it}"), json!("$.x"))).collect();
    for (pattern, transformations, message) in [
        ("{ $.a = }", json!([usual]), "Invalid character(s) in term ''"),
        ("{ $.a", json!([usual]), "If a filter pattern starts with '{' it must end with '}'"),
        ("[a", json!([usual]), "If a filter pattern starts with '[' it must end with ']'"),
        ("a@b", json!([usual]), "Invalid filter pattern"),
        ("", json!([]), "Member must have length greater than or equal to 1"),
        ("", with(json!({"metricName": "a:b"})), "Member must satisfy regular expression pattern"),
        ("", with(json!({"metricValue": "much"})), "metricValue 'much' is no number"),
        ("", with(json!({"unit": "Miles"})), "Member must satisfy enum value set"),
        ("", with(json!({"dimensions": four})), "at most 3 dimensions"),
        (
            "",
            with(json!({"dimensions": {"a": "$.x"}, "defaultValue": 0.0})),
            "dimensions and default value are mutually exclusive",
        ),
    ] {
        let input = json!({
            "logGroupName": "g", "filterName": "f", "filterPattern": pattern,
            "metricTransformations": transformations,
        });
        let refused = logs.err("PutMetricFilter", input);
        assert_eq!(refused.0, "InvalidParameterException", "{pattern}");
        assert!(refused.1.contains(message), "{} is not {message}", refused.1);
    }
    for number in 0..100 {
        let input = json!({
            "logGroupName": "g", "filterName": format!("f{number}"), "filterPattern": "",
            "metricTransformations": [usual],
        });
        logs.ok("PutMetricFilter", input);
    }
    let one_more = json!({
        "logGroupName": "g", "filterName": "f", "filterPattern": "",
        "metricTransformations": [usual],
    });
    assert_eq!(logs.err("PutMetricFilter", one_more).0, "LimitExceededException");
    let group = logs.ok("DescribeLogGroups", json!({}))["logGroups"][0].clone();
    assert_eq!(group["metricFilterCount"], 100);
    let absent = json!({"logGroupName": "g", "filterName": "f"});
    assert_eq!(logs.err("DeleteMetricFilter", absent).0, "ResourceNotFoundException");
}

#[test]
fn a_pattern_is_tried_on_messages() {
    let mut logs = Logs::new();
    let line = "127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] \"GET /a HTTP/1.0\" 200 1534";
    let answer = logs.ok(
        "TestMetricFilter",
        json!({"filterPattern": "[..., size]", "logEventMessages": [line, " "]}),
    );
    let match_ = &answer["matches"][0];
    assert_eq!(match_["eventNumber"], 1);
    let values = json!({
        "$1": "127.0.0.1", "$2": "-", "$3": "frank", "$4": "10/Oct/2000:13:25:15 -0700",
        "$5": "GET /a HTTP/1.0", "$6": "200", "$size": "1534",
    });
    assert_eq!(match_["extractedValues"], values);
    assert_eq!(answer["matches"].as_array().unwrap().len(), 1);
    let messages = json!(vec!["x"; 51]);
    let many = json!({"filterPattern": "", "logEventMessages": messages});
    assert!(logs.err("TestMetricFilter", many).1.contains("less than or equal to 50"));
}

#[test]
fn subscribers_are_checked_in_awss_words() {
    let mut logs = Logs::new();
    let arn = |service: &str| format!("arn:aws:{service}:us-east-1:000000000000:x");
    let role = "arn:aws:iam::000000000000:role/r";
    for (destination, role, message) in [
        (
            arn("sqs"),
            None,
            "PutSubscriptionFilter operation cannot work with destinationArn for vendor sqs",
        ),
        (arn("kinesis"), None, "destinationArn for vendor kinesis cannot be used without roleArn"),
        (arn("lambda"), Some(role), "destinationArn for vendor lambda cannot be used with roleArn"),
        ("x".to_owned(), None, "Invalid destination arn."),
    ] {
        let mut input = json!({
            "logGroupName": "g", "filterName": "f", "filterPattern": "",
            "destinationArn": destination,
        });
        role.inspect(|role| input["roleArn"] = (*role).into());
        let refused = logs.err("PutSubscriptionFilter", input);
        assert_eq!(refused, ("InvalidParameterException".to_owned(), message.to_owned()));
    }
    for (name, fits) in [("a", true), ("b", true), ("a", true), ("c", false)] {
        let input = json!({
            "logGroupName": "g", "filterName": name, "filterPattern": "[]",
            "destinationArn": arn("lambda"),
        });
        match fits {
            true => drop(logs.ok("PutSubscriptionFilter", input)),
            false => {
                let refused = logs.err("PutSubscriptionFilter", input);
                assert_eq!(refused.0, "LimitExceededException");
            }
        }
    }
    let held = logs.ok("DescribeSubscriptionFilters", json!({"logGroupName": "g"}));
    assert_eq!(held["subscriptionFilters"][1]["distribution"], "ByLogStream");
    logs.ok("DeleteSubscriptionFilter", json!({"logGroupName": "g", "filterName": "a"}));
    let again = json!({"logGroupName": "g", "filterName": "a"});
    assert_eq!(logs.err("DeleteSubscriptionFilter", again).0, "ResourceNotFoundException");
}

#[test]
fn a_payload_is_compressed_json() {
    let payload = json!({"messageType": "DATA_MESSAGE", "logEvents": [{"message": "ä"}]});
    let mut text = String::new();
    let bytes = STANDARD.decode(packed(&payload)).unwrap();
    GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), payload);
}

#[test]
fn a_group_says_what_came_in() {
    let mut logs = Logs::new();
    logs.put("s", &["12345", "678"]);
    logs.put("s", &["9"]);
    logs.world.advance_seconds(61);
    let dimension = json!([{"Name": "LogGroupName", "Value": "g"}]);
    let bytes = (5 + 3 + 1 + 3 * 26) as f64;
    let incoming = logs.points(("AWS/Logs", "IncomingBytes"), dimension.clone());
    assert_eq!(incoming, [(bytes, 2.0)]);
    let events = logs.points(("AWS/Logs", "IncomingLogEvents"), dimension);
    assert_eq!(events, [(3.0, 2.0)]);
}
