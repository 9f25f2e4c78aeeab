//! Alarms on other alarms: how changes spread, and what holds actions back.

use serde_json::{Value, json};

use super::alarms::{inbox, received};
use super::*;

/// A metric alarm that nothing changes but requests.
fn leaf(world: &mut World, name: &str) {
    let input = json!({
        "AlarmName": name, "MetricName": "none", "Namespace": "N", "Statistic": "Sum",
        "Period": 60, "EvaluationPeriods": 1, "Threshold": 2, "TreatMissingData": "ignore",
        "ComparisonOperator": "GreaterThanThreshold",
    });
    ok(world, "PutMetricAlarm", input);
}

fn composite(world: &mut World, name: &str, rule: &str, more: Value) {
    let mut input = json!({"AlarmName": name, "AlarmRule": rule});
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    ok(world, "PutCompositeAlarm", input);
}

fn set(world: &mut World, name: &str, state: &str) {
    let input = json!({"AlarmName": name, "StateValue": state, "StateReason": "test"});
    ok(world, "SetAlarmState", input);
}

fn shown(world: &mut World, name: &str) -> Value {
    let input = json!({"AlarmNames": [name], "AlarmTypes": ["CompositeAlarm"]});
    ok(world, "DescribeAlarms", input)["CompositeAlarms"][0].clone()
}

fn state(world: &mut World, name: &str) -> String {
    shown(world, name)["StateValue"].as_str().unwrap().to_owned()
}

/// The states that the messages in the inbox tell of, the oldest first.
fn told(world: &mut World) -> Vec<String> {
    let messages = received(world, "inbox");
    let message = |it: &Value| {
        let message: Value = serde_json::from_str(it["Message"].as_str().unwrap()).unwrap();
        message["NewStateValue"].as_str().unwrap().to_owned()
    };
    messages.iter().map(message).collect()
}

fn both(topic: &str) -> Value {
    json!({"AlarmActions": [topic], "OKActions": [topic]})
}

#[test]
fn a_composite_alarm_follows_its_children() {
    let mut world = World::new();
    let topic = inbox(&mut world);
    leaf(&mut world, "a");
    leaf(&mut world, "b");
    composite(&mut world, "c", "ALARM(a) OR ALARM(b)", both(topic));
    let alarm = shown(&mut world, "c");
    assert_eq!(alarm["StateValue"], "OK");
    let arn = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:";
    let reason = format!("{arn}c was created and its alarm rule evaluates to OK");
    assert_eq!(alarm["StateReason"], reason);
    assert_eq!(told(&mut world), ["OK"]);
    set(&mut world, "a", "ALARM");
    let alarm = shown(&mut world, "c");
    let reason = format!("{arn}a transitioned to ALARM at Thursday 01 January, 2026 00:00:00 UTC");
    assert_eq!((&alarm["StateValue"], &alarm["StateReason"]), (&json!("ALARM"), &json!(reason)));
    let data = json!({"triggeringAlarms": [{"arn": format!("{arn}a"), "state": {
        "value": "ALARM", "timestamp": "2026-01-01T00:00:00.000+0000",
    }}]});
    assert_eq!(alarm["StateReasonData"], data.to_string());
    // The second child changes nothing.
    world.advance_seconds(1);
    set(&mut world, "b", "ALARM");
    assert_eq!(shown(&mut world, "c"), alarm);
    let message = received(&mut world, "inbox").remove(0);
    assert_eq!(message["Subject"], "ALARM: \"c\" in US East (N. Virginia)");
    let message: Value = serde_json::from_str(message["Message"].as_str().unwrap()).unwrap();
    assert_eq!(message["AlarmRule"], "ALARM(a) OR ALARM(b)");
    assert_eq!(message["TriggeringChildren"][0]["State"]["Value"], "ALARM");
    assert_eq!(message.get("Trigger"), None);
    set(&mut world, "a", "OK");
    assert_eq!(state(&mut world, "c"), "ALARM");
    set(&mut world, "b", "OK");
    assert_eq!(told(&mut world), ["OK"]);
    // The next evaluation finds nothing, and nobody looks any more.
    world.advance_seconds(60);
    assert_eq!(world.cloud.next_deadline(), None);
}

#[test]
fn two_alarms_with_data_fire_one_above_them() {
    let mut world = World::new();
    for (name, metric) in [("high", "m"), ("long", "m")] {
        let statistic = if name == "high" { "Maximum" } else { "SampleCount" };
        let input = json!({
            "AlarmName": name, "MetricName": metric, "Namespace": "N", "Statistic": statistic,
            "Period": 60, "EvaluationPeriods": 1, "Threshold": 2,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        });
        ok(&mut world, "PutMetricAlarm", input);
    }
    composite(&mut world, "c", "ALARM(high) AND ALARM(long)", json!({}));
    put(&mut world, json!({"Value": 9}));
    world.advance_seconds(60);
    assert_eq!(state(&mut world, "c"), "OK");
    put(&mut world, json!({"Value": 9}));
    put(&mut world, json!({"Value": 1}));
    world.advance_seconds(60);
    assert_eq!(state(&mut world, "c"), "ALARM");
}

/// A dead letter, and an error that a metric filter would have counted: then nobody calls.
#[test]
fn a_dead_letter_and_an_error_fire_one_alarm_above_theirs() {
    let mut world = World::new();
    let topic = inbox(&mut world);
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "dead"}));
    let redrive = json!({
        "deadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:dead", "maxReceiveCount": 1,
    });
    let attributes = json!({"VisibilityTimeout": "10", "RedrivePolicy": redrive.to_string()});
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "work", "Attributes": attributes}));
    for (name, namespace, metric, dimensions) in [
        (
            "letters",
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            json!([{"Name": "QueueName", "Value": "dead"}]),
        ),
        ("errors", "Logs", "Errors", json!([])),
    ] {
        let input = json!({
            "AlarmName": name, "MetricName": metric, "Namespace": namespace,
            "Dimensions": dimensions, "Statistic": "Maximum", "Period": 60,
            "EvaluationPeriods": 5, "DatapointsToAlarm": 1, "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        });
        ok(&mut world, "PutMetricAlarm", input);
    }
    let rule = "ALARM(letters) AND ALARM(errors)";
    composite(&mut world, "c", rule, json!({"AlarmActions": [topic]}));
    world.ok("AmazonSQS.SendMessage", json!({"QueueUrl": "work", "MessageBody": "poison"}));
    for _ in 0..2 {
        world.ok("AmazonSQS.ReceiveMessage", json!({"QueueUrl": "work"}));
        world.advance_seconds(10);
    }
    world.advance_seconds(60);
    assert!(told(&mut world).is_empty(), "half of it is no reason");
    let datum = json!({"MetricName": "Errors", "Value": 1});
    ok(&mut world, "PutMetricData", json!({"Namespace": "Logs", "MetricData": [datum]}));
    world.advance_seconds(120);
    assert_eq!(told(&mut world), ["ALARM"]);
}

#[test]
fn changes_go_up_once_after_all_below_and_end_in_circles() {
    let mut world = World::new();
    for name in ["a", "b"] {
        leaf(&mut world, name);
    }
    // `top` depends on `a` both through `left` and `right`.
    composite(&mut world, "left", "ALARM(a)", json!({}));
    composite(&mut world, "right", "NOT ALARM(a)", json!({}));
    composite(&mut world, "top", "ALARM(left) AND NOT ALARM(right)", json!({}));
    set(&mut world, "a", "ALARM");
    assert_eq!(state(&mut world, "top"), "ALARM");
    let history = ok(
        &mut world,
        "DescribeAlarmHistory",
        json!({
            "AlarmName": "top", "AlarmTypes": ["CompositeAlarm"], "HistoryItemType": "StateUpdate",
        }),
    );
    // Created as OK, then ALARM: nothing in between.
    assert_eq!(history["AlarmHistoryItems"].as_array().unwrap().len(), 2, "{history}");
    composite(&mut world, "x", "ALARM(b)", json!({}));
    composite(&mut world, "y", "ALARM(x)", json!({}));
    composite(&mut world, "x", "ALARM(b) OR NOT ALARM(y)", json!({}));
    set(&mut world, "b", "ALARM");
    set(&mut world, "b", "OK");
    for name in ["x", "y"] {
        let refused = world.err(&format!("{TARGET}.DeleteAlarms"), json!({"AlarmNames": [name]}));
        let expected =
            format!("Cannot delete {name} as there are composite alarm(s) depending on it.");
        assert_eq!(refused.message, expected);
    }
    composite(&mut world, "x", "FALSE", json!({}));
    ok(&mut world, "DeleteAlarms", json!({"AlarmNames": ["y"]}));
    ok(&mut world, "DeleteAlarms", json!({"AlarmNames": ["x", "b"]}));
}

#[test]
fn relatives_and_kinds_are_asked_for() {
    let mut world = World::new();
    leaf(&mut world, "a");
    composite(&mut world, "c", "ALARM(a)", json!({}));
    composite(&mut world, "d", "ALARM(c) OR OK(a)", json!({}));
    for (input, metric, above) in [
        (json!({}), vec!["a"], vec![]),
        (json!({"AlarmTypes": ["CompositeAlarm"]}), vec![], vec!["c", "d"]),
        (json!({"AlarmTypes": ["CompositeAlarm", "MetricAlarm"]}), vec!["a"], vec!["c", "d"]),
        (json!({"ChildrenOfAlarmName": "d"}), vec!["a"], vec!["c"]),
        (json!({"ParentsOfAlarmName": "a"}), vec![], vec!["c", "d"]),
        (json!({"ParentsOfAlarmName": "d"}), vec![], vec![]),
    ] {
        let answer = ok(&mut world, "DescribeAlarms", input.clone());
        let names = |list: &str| -> Vec<String> {
            let alarms = answer[list].as_array().unwrap().iter();
            alarms.map(|it| it["AlarmName"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(
            (names("MetricAlarms"), names("CompositeAlarms")),
            (
                metric.into_iter().map(str::to_owned).collect(),
                above.into_iter().map(str::to_owned).collect(),
            ),
            "{input}"
        );
    }
    let children = ok(&mut world, "DescribeAlarms", json!({"ChildrenOfAlarmName": "c"}));
    assert_eq!(children["MetricAlarms"][0].get("Threshold"), None);
    assert_eq!(children["MetricAlarms"][0]["StateValue"], "INSUFFICIENT_DATA");
}

#[test]
fn bad_rules_are_refused() {
    for (more, message) in [
        (json!({"AlarmRule": "()"}), "Error in AlarmRule [Unsupported token ')' at char 1]"),
        (
            json!({"AlarmRule": " TRUE"}),
            "AlarmRule must not contain leading or trailing whitespace or be null",
        ),
        (
            json!({"AlarmRule": "ALARM(x) OR ALARM(y)"}),
            "Could not save the composite alarm as alarms [x, y] in the alarm rule do not exist",
        ),
        (
            json!({"AlarmRule": "ALARM(arn:aws:cloudwatch:eu-west-1:000000000000:alarm:c)"}),
            "Could not save the composite alarm as alarms \
             [arn:aws:cloudwatch:eu-west-1:000000000000:alarm:c] in the alarm rule do not exist",
        ),
        (
            json!({"AlarmRule": "TRUE", "ActionsSuppressor": "s"}),
            "ActionsSuppressorWaitPeriod must not be null with ActionsSuppressor",
        ),
        (
            json!({
                "AlarmRule": "TRUE", "ActionsSuppressor": "s", "ActionsSuppressorWaitPeriod": 1,
                "ActionsSuppressorExtensionPeriod": 1,
            }),
            "The ActionsSuppressor s does not exist",
        ),
    ] {
        let mut input = json!({"AlarmName": "c"});
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        check_error("PutCompositeAlarm", input, "ValidationError", message);
    }
}

fn suppressed(world: &mut World, topic: &str) {
    for name in ["a", "s"] {
        leaf(world, name);
    }
    let mut more = both(topic);
    more["ActionsSuppressor"] = "s".into();
    more["ActionsSuppressorWaitPeriod"] = 120.into();
    more["ActionsSuppressorExtensionPeriod"] = 180.into();
    composite(world, "c", "ALARM(a)", more);
    // The wait of its creation.
    world.advance_seconds(120);
    assert_eq!(told(world), ["OK"]);
}

#[test]
fn actions_wait_for_the_suppressor_and_go_on_without_it() {
    let mut world = World::new();
    let topic = inbox(&mut world);
    suppressed(&mut world, topic);
    set(&mut world, "a", "ALARM");
    let alarm = shown(&mut world, "c");
    assert_eq!(alarm["ActionsSuppressedBy"], "WaitPeriod");
    assert_eq!(alarm["ActionsSuppressedReason"], "Actions suppressed by WaitPeriod");
    world.advance_seconds(119);
    assert!(told(&mut world).is_empty());
    world.advance_seconds(1);
    assert_eq!(told(&mut world), ["ALARM"]);
    assert_eq!(shown(&mut world, "c").get("ActionsSuppressedBy"), None);
    // Back and forth within the wait: nothing is to be told.
    set(&mut world, "a", "OK");
    world.advance_seconds(60);
    set(&mut world, "a", "ALARM");
    world.advance_seconds(1000);
    assert!(told(&mut world).is_empty());
    assert_eq!(world.cloud.next_deadline(), None);
}

#[test]
fn the_suppressor_holds_actions_back_until_its_extension_is_over() {
    let mut world = World::new();
    let topic = inbox(&mut world);
    suppressed(&mut world, topic);
    set(&mut world, "a", "ALARM");
    world.advance_seconds(60);
    set(&mut world, "s", "ALARM");
    assert_eq!(shown(&mut world, "c")["ActionsSuppressedBy"], "Alarm");
    world.advance_seconds(3600);
    assert!(told(&mut world).is_empty());
    set(&mut world, "s", "OK");
    assert_eq!(shown(&mut world, "c")["ActionsSuppressedBy"], "ExtensionPeriod");
    world.restart();
    world.advance_seconds(179);
    assert!(told(&mut world).is_empty());
    world.advance_seconds(1);
    assert_eq!(told(&mut world), ["ALARM"]);
    // What begins and ends while it is suppressed is never told.
    set(&mut world, "s", "ALARM");
    set(&mut world, "a", "OK");
    set(&mut world, "a", "ALARM");
    set(&mut world, "s", "OK");
    world.advance_seconds(3600);
    assert!(told(&mut world).is_empty());
}

#[test]
fn a_suppressor_that_is_deleted_holds_nothing_back() {
    let mut world = World::new();
    let topic = inbox(&mut world);
    suppressed(&mut world, topic);
    set(&mut world, "s", "ALARM");
    set(&mut world, "a", "ALARM");
    ok(&mut world, "DeleteAlarms", json!({"AlarmNames": ["s"]}));
    world.advance_seconds(179);
    assert!(told(&mut world).is_empty());
    world.advance_seconds(1);
    assert_eq!(told(&mut world), ["ALARM"]);
}

#[test]
fn suppression_is_told_on_the_bus() {
    let mut world = World::new();
    let topic = inbox(&mut world);
    suppressed(&mut world, topic);
    let pattern = json!({"source": ["aws.cloudwatch"], "detail": {"alarmName": ["c"]}});
    world.ok("AWSEvents.PutRule", json!({"Name": "r", "EventPattern": pattern.to_string()}));
    let target = json!({"Id": "1", "Arn": "arn:aws:sqs:us-east-1:000000000000:inbox"});
    world.ok("AWSEvents.PutTargets", json!({"Rule": "r", "Targets": [target]}));
    set(&mut world, "a", "ALARM");
    let event = received(&mut world, "inbox").remove(0);
    assert_eq!(event["detail"]["state"]["actionsSuppressedBy"], "WaitPeriod");
    let configuration = json!({
        "alarmRule": "ALARM(a)", "actionsSuppressor": "s", "actionsSuppressorWaitPeriod": 120,
        "actionsSuppressorExtensionPeriod": 180,
    });
    assert_eq!(event["detail"]["configuration"], configuration);
    world.advance_seconds(120);
    let events = received(&mut world, "inbox");
    let event = events.iter().find(|it| it.get("detail").is_some()).unwrap();
    assert_eq!(event["detail"]["state"]["value"], "ALARM");
    assert_eq!(event["detail"]["state"].get("actionsSuppressedBy"), None);
    assert_eq!(event["detail"]["previousState"]["actionsSuppressedBy"], "WaitPeriod");
}

#[test]
fn a_mute_rule_holds_actions_back_for_its_time() {
    let mut world = World::new();
    let topic = inbox(&mut world);
    leaf(&mut world, "a");
    composite(&mut world, "c", "ALARM(a)", both(topic));
    assert_eq!(told(&mut world), ["OK"]);
    let schedule = json!({"Expression": "cron(0 2 * * *)", "Duration": "PT1H"});
    let mute = json!({
        "Name": "night", "Rule": {"Schedule": schedule},
        "MuteTargets": {"AlarmNames": ["c"]}, "Tags": [{"Key": "k", "Value": "v"}],
    });
    ok(&mut world, "PutAlarmMuteRule", mute.clone());
    let status = |world: &mut World| {
        let rule = ok(world, "GetAlarmMuteRule", json!({"AlarmMuteRuleName": "night"}));
        rule["Status"].as_str().unwrap().to_owned()
    };
    assert_eq!(status(&mut world), "SCHEDULED");
    world.advance_seconds(2 * HOUR);
    assert_eq!(status(&mut world), "ACTIVE");
    set(&mut world, "a", "ALARM");
    assert_eq!(state(&mut world, "c"), "ALARM");
    world.advance_seconds(HOUR - 1);
    assert!(told(&mut world).is_empty());
    world.advance_seconds(1);
    assert_eq!(told(&mut world), ["ALARM"]);
    // Muted again, and told when the rule is gone.
    world.advance_seconds(23 * HOUR);
    set(&mut world, "a", "OK");
    assert!(told(&mut world).is_empty());
    let listed = ok(&mut world, "ListAlarmMuteRules", json!({"AlarmName": "c"}));
    let arn = "arn:aws:cloudwatch:us-east-1:000000000000:alarm-mute-rule:night";
    let expected = json!([{
        "AlarmMuteRuleArn": arn, "Status": "ACTIVE", "MuteType": "RECURRING",
        "LastUpdatedTimestamp": START as f64,
    }]);
    assert_eq!(listed["AlarmMuteRuleSummaries"], expected);
    let tags = ok(&mut world, "ListTagsForResource", json!({"ResourceARN": arn}));
    assert_eq!(tags["Tags"], json!([{"Key": "k", "Value": "v"}]));
    ok(&mut world, "DeleteAlarmMuteRule", json!({"AlarmMuteRuleName": "night"}));
    assert_eq!(told(&mut world), ["OK"]);
    let name = json!({"AlarmMuteRuleName": "night"});
    let refused = world.err(&format!("{TARGET}.GetAlarmMuteRule"), name);
    assert_eq!(refused.shape, "ResourceNotFoundException");
}

#[test]
fn alarms_on_logs_are_stored_and_shown() {
    let mut world = World::new();
    let alarm = json!({
        "AlarmName": "l", "QueryResultsToEvaluate": 3, "QueryResultsToAlarm": 2, "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "ScheduledQueryConfiguration": {
            "QueryString": "fields @message", "AggregationExpression": "count(*)",
            "ScheduledQueryRoleARN": "arn:aws:iam::000000000000:role/r",
            "ScheduleConfiguration": {
                "ScheduleExpression": "rate(1 minute)", "StartTimeOffset": 60,
            },
        },
    });
    ok(&mut world, "PutLogAlarm", alarm.clone());
    composite(&mut world, "c", "ALARM(l)", json!({}));
    let answer = ok(&mut world, "DescribeAlarms", json!({"AlarmTypes": ["LogAlarm"]}));
    let shown = &answer["LogAlarms"][0];
    assert_eq!(shown["ScheduledQueryConfiguration"], alarm["ScheduledQueryConfiguration"]);
    assert_eq!(shown["StateValue"], "INSUFFICIENT_DATA");
    set(&mut world, "l", "ALARM");
    assert_eq!(state(&mut world, "c"), "ALARM");
    let contributors = ok(&mut world, "DescribeAlarmContributors", json!({"AlarmName": "l"}));
    assert_eq!(contributors["AlarmContributors"], json!([]));
    let refused = world.err(
        &format!("{TARGET}.PutMetricAlarm"),
        json!({
            "AlarmName": "l", "MetricName": "m", "Namespace": "N", "Statistic": "Sum", "Period": 60,
            "EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold",
        }),
    );
    assert_eq!(refused.message, "The name l is already that of an alarm of the type LogAlarm");
}
