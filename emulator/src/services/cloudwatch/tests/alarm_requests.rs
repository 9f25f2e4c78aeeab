//! Requests about alarms: what is refused, what is shown.

use serde_json::{Value, json};

use super::*;
use crate::kernel::Settings;

fn minimal() -> Value {
    json!({
        "AlarmName": "a", "MetricName": "m", "Namespace": "N", "Statistic": "Sum", "Period": 60,
        "EvaluationPeriods": 1, "Threshold": 30, "ComparisonOperator": "GreaterThanThreshold",
    })
}

fn with(more: Value) -> Value {
    let mut input = minimal();
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

#[test]
fn the_recorded_minimal_alarm() {
    for protocol in PROTOCOLS {
        let mut world = World::new();
        assert_eq!(send(&mut world, protocol, "PutMetricAlarm", &minimal()).status(), 200);
        let response = send(&mut world, protocol, "DescribeAlarms", &json!({}));
        let body = response.body();
        let answer: Value = match protocol {
            Protocol::AwsQuery => {
                let xml = std::str::from_utf8(body).unwrap();
                let first = "<DescribeAlarmsResult><CompositeAlarms/><MetricAlarms><member>\
                    <AlarmName>a</AlarmName><AlarmArn>";
                assert!(xml.contains(first), "{xml}");
                continue;
            }
            Protocol::RpcV2Cbor => cbor::from_slice(body).unwrap(),
            _ => serde_json::from_slice(body).unwrap(),
        };
        let now = START as f64;
        let alarm = json!({
            "ActionsEnabled": true, "AlarmActions": [],
            "AlarmArn": "arn:aws:cloudwatch:us-east-1:000000000000:alarm:a",
            "AlarmConfigurationUpdatedTimestamp": now, "AlarmName": "a",
            "ComparisonOperator": "GreaterThanThreshold", "Dimensions": [],
            "EvaluationPeriods": 1, "InsufficientDataActions": [], "MetricName": "m",
            "Namespace": "N", "OKActions": [], "Period": 60,
            "StateReason": "Unchecked: Initial alarm creation",
            "StateTransitionedTimestamp": now, "StateUpdatedTimestamp": now,
            "StateValue": "INSUFFICIENT_DATA", "Statistic": "Sum", "Threshold": 30.0,
        });
        let expected = json!({"CompositeAlarms": [], "MetricAlarms": [alarm]});
        assert_eq!(answer, expected, "{protocol:?}");
    }
}

#[test]
fn the_recorded_errors_of_set_alarm_state() {
    let input = json!({"AlarmName": "a", "StateValue": "INVALID", "StateReason": "x"});
    let message = "1 validation error detected: Value 'INVALID' at 'stateValue' failed to satisfy \
                   constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]";
    check_error("SetAlarmState", input, "ValidationError", message);
    let input = json!({"AlarmName": "a", "StateValue": "OK", "StateReason": "x"});
    for protocol in PROTOCOLS {
        let response = send(&mut World::new(), protocol, "SetAlarmState", &input);
        assert_eq!(response.status(), 404);
        let body = response.body();
        let document: Value = match protocol {
            Protocol::AwsQuery => {
                let xml = std::str::from_utf8(body).unwrap();
                let error = "<Error><Type>Sender</Type><Code>ResourceNotFound</Code></Error>";
                assert!(xml.contains(error), "{xml}");
                continue;
            }
            Protocol::RpcV2Cbor => cbor::from_slice(body).unwrap(),
            _ => serde_json::from_slice(body).unwrap(),
        };
        let kind = "com.amazonaws.cloudwatch.v2010_08_01#ResourceNotFound";
        assert_eq!(document, json!({"__type": kind}));
    }
}

#[test]
fn wrong_alarms_are_refused() {
    let day = "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must \
               be <= 86400).";
    let exactly_one = "Exactly one of Statistic or ExtendedStatistic must be specified";
    let null = "1 validation error detected: Value null at 'alarmName' failed to satisfy \
                constraint: Member must not be null";
    for (more, message) in [
        (json!({"AlarmName": null}), null),
        (json!({"MetricName": null}), "MetricName must not be null"),
        (json!({"Period": 90}), "Period must be 10, 20, 30 or a multiple of 60"),
        (json!({"Period": 60, "EvaluationPeriods": 1441}), day),
        (
            json!({"DatapointsToAlarm": 2}),
            "DatapointsToAlarm must be less than or equal to EvaluationPeriods",
        ),
        (json!({"AlarmActions": ["t"]}), "Invalid arn syntax: t"),
        (
            json!({"OKActions": ["arn:aws:sns:eu-west-1:000000000000:t"]}),
            "Invalid region eu-west-1 specified. Only us-east-1 is supported.",
        ),
        (
            json!({"Metrics": [{"Id": "e", "Expression": "1"}]}),
            "MetricName should not be set if list of Metrics is set.",
        ),
        (json!({"ExtendedStatistic": "p50"}), exactly_one),
        (
            json!({"Statistic": null, "ExtendedStatistic": "p101"}),
            "The value p101 for parameter ExtendedStatistic is not supported.",
        ),
        (
            json!({"ComparisonOperator": "GreaterThanUpperThreshold"}),
            "GreaterThanUpperThreshold is only valid for alarms with ThresholdMetricId",
        ),
    ] {
        let mut input = with(more);
        input.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let mut world = World::new();
        let refused = world.err(&format!("{TARGET}.PutMetricAlarm"), input.clone());
        assert_eq!(
            (refused.shape.as_str(), refused.message.as_str()),
            ("ValidationException", message)
        );
    }
}

#[test]
fn what_has_no_effect_is_refused_in_strict_mode_only() {
    let prom_ql = json!({
        "AlarmName": "a",
        "EvaluationCriteria": {"PromQLCriteria": {"Query": "up == 0", "PendingPeriod": 60}},
    });
    let wall_clock = json!({"EvaluationWindow": {"WallClockWindow": {"Timezone": "UTC"}}});
    let swf = json!({"AlarmActions": ["arn:aws:swf:us-east-1:000000000000:action/actions/a"]});
    for input in [prom_ql, with(wall_clock), with(swf)] {
        let mut strict = World::with(Settings { strict: true, ..Settings::default() });
        let refused = strict.err(&format!("{TARGET}.PutMetricAlarm"), input.clone());
        assert_eq!(refused.shape, "NotImplementedException");
        let mut world = World::new();
        ok(&mut world, "PutMetricAlarm", input.clone());
        put(&mut world, json!({"Value": 99}));
        world.advance_seconds(120);
        if input.get("AlarmActions").is_none() {
            let shown = ok(&mut world, "DescribeAlarms", json!({}))["MetricAlarms"][0].clone();
            assert_eq!(shown["StateValue"], "INSUFFICIENT_DATA", "{input}");
            for (member, value) in input.as_object().unwrap() {
                assert!(shown[member] == *value || value.is_number(), "{member}: {shown}");
            }
        }
        let set = json!({"AlarmName": "a", "StateValue": "ALARM", "StateReason": "x"});
        ok(&mut world, "SetAlarmState", set);
    }
}

#[test]
fn alarms_are_found_by_their_parts() {
    let mut world = World::new();
    for (name, metric) in [("a1", "m"), ("a2", "m"), ("b", "n")] {
        let topic = format!("arn:aws:sns:us-east-1:000000000000:{metric}");
        let more = json!({"AlarmName": name, "MetricName": metric, "OKActions": [topic]});
        ok(&mut world, "PutMetricAlarm", with(more));
    }
    let set = json!({"AlarmName": "b", "StateValue": "OK", "StateReason": "x"});
    ok(&mut world, "SetAlarmState", set);
    let page = ok(&mut world, "DescribeAlarms", json!({"MaxRecords": 1}))["NextToken"].clone();
    for (input, expected) in [
        (json!({}), "a1 a2 b"),
        (json!({"AlarmNames": ["b", "a1", "c"]}), "a1 b"),
        (json!({"AlarmNamePrefix": "a"}), "a1 a2"),
        (json!({"StateValue": "OK"}), "b"),
        (json!({"ActionPrefix": "arn:aws:sns:us-east-1:000000000000:m"}), "a1 a2"),
        (json!({"AlarmTypes": ["CompositeAlarm"]}), ""),
        (json!({"MaxRecords": 1}), "a1"),
        (json!({"MaxRecords": 1, "NextToken": page}), "a2"),
    ] {
        let answer = ok(&mut world, "DescribeAlarms", input.clone());
        assert_eq!(names(&answer), expected, "{input}");
    }
    for (input, expected) in [
        (json!({"Namespace": "N", "MetricName": "m"}), "a1 a2"),
        (json!({"Namespace": "N", "MetricName": "m", "Statistic": "Average"}), ""),
        (json!({"Namespace": "N", "MetricName": "n", "Period": 60}), "b"),
    ] {
        let answer = ok(&mut world, "DescribeAlarmsForMetric", input.clone());
        assert_eq!(names(&answer), expected, "{input}");
    }
    let missing = json!({"AlarmNames": ["a1", "c"]});
    let response = send(&mut world, Protocol::AwsJson10, "DeleteAlarms", &missing);
    assert_eq!(response.status(), 404);
    ok(&mut world, "DeleteAlarms", json!({"AlarmNames": ["a1", "b"]}));
    assert_eq!(names(&ok(&mut world, "DescribeAlarms", json!({}))), "a2");
}

fn names(answer: &Value) -> String {
    let alarms = answer["MetricAlarms"].as_array().unwrap();
    let names: Vec<&str> = alarms.iter().map(|it| it["AlarmName"].as_str().unwrap()).collect();
    names.join(" ")
}

#[test]
fn the_recorded_tags() {
    let mut world = World::new();
    let arn = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:a";
    let list = |world: &mut World| {
        ok(world, "ListTagsForResource", json!({"ResourceARN": arn}))["Tags"].clone()
    };
    assert_eq!(list(&mut world), json!([]));
    ok(&mut world, "PutMetricAlarm", minimal());
    assert_eq!(list(&mut world), json!([]));
    let tags = json!([{"Key": "tag1", "Value": "foo"}, {"Key": "tag2", "Value": "bar"}]);
    ok(&mut world, "TagResource", json!({"ResourceARN": arn, "Tags": tags}));
    assert_eq!(list(&mut world), tags);
    ok(&mut world, "UntagResource", json!({"ResourceARN": arn, "TagKeys": ["tag1"]}));
    assert_eq!(list(&mut world), json!([{"Key": "tag2", "Value": "bar"}]));
    let nobody = format!("{arn}x");
    let input = json!({"ResourceARN": nobody, "Tags": tags});
    let refused = world.err(&format!("{TARGET}.TagResource"), input);
    assert_eq!(refused.shape, "ResourceNotFoundException");
}

/// A name with a zero byte was kept; no answer in XML could show it, so nobody could delete it.
#[test]
fn names_have_no_control_characters() {
    let mut world = World::new();
    for (more, status) in [
        (json!({"AlarmName": "a\0b"}), 400),
        (json!({"AlarmName": "a\u{7f}"}), 400),
        (json!({"MetricName": "m\n"}), 400),
        (json!({"Namespace": "\u{1}N"}), 400),
        (json!({"Dimensions": [{"Name": "d\t", "Value": "v"}]}), 400),
        (json!({"Dimensions": [{"Name": "d", "Value": "v\u{1f}"}]}), 400),
        (json!({"AlarmName": "a b \u{e4}"}), 200),
        (json!({"AlarmDescription": "one\nother"}), 200),
    ] {
        let answer = send(&mut world, Protocol::AwsJson10, "PutMetricAlarm", &with(more.clone()));
        assert_eq!(answer.status(), status, "{more}");
        let body = std::str::from_utf8(answer.body()).unwrap();
        assert_eq!(body.contains("must not contain control characters"), status == 400, "{body}");
    }
}

/// User guide "CloudWatch service quotas".
#[test]
fn alarms_and_mute_rules_have_quotas() {
    let mut world = World::new();
    let alarm = |number: usize| {
        json!({
            "AlarmName": format!("a{number}"), "Namespace": "n", "MetricName": "m", "Period": 60,
            "Statistic": "Sum", "EvaluationPeriods": 1, "Threshold": 1,
            "ComparisonOperator": "GreaterThanThreshold",
        })
    };
    for number in 0..5_000 {
        ok(&mut world, "PutMetricAlarm", alarm(number));
    }
    ok(&mut world, "PutMetricAlarm", alarm(4_999));
    let composite = json!({"AlarmName": "c", "AlarmRule": "ALARM(a1)"});
    for (operation, input) in [("PutMetricAlarm", alarm(5_000)), ("PutCompositeAlarm", composite)] {
        let refused = world.err(&format!("{TARGET}.{operation}"), input);
        assert_eq!(refused.shape, "LimitExceededFault", "{operation}");
        let text = "The quota for alarms for this customer has already been reached.";
        assert_eq!(refused.message, text);
    }
    let schedule = json!({"Expression": "cron(0 2 * * *)", "Duration": "PT1H"});
    let rule =
        |number: usize| json!({"Name": format!("r{number}"), "Rule": {"Schedule": schedule}});
    for number in 0..2_000 {
        ok(&mut world, "PutAlarmMuteRule", rule(number));
    }
    ok(&mut world, "PutAlarmMuteRule", rule(1_999));
    let refused = world.err(&format!("{TARGET}.PutAlarmMuteRule"), rule(2_000));
    assert_eq!(refused.shape, "LimitExceededFault");
}
