//! What buses log, and where it arrives.

use serde_json::{Value, json};

use super::{Events, PATTERN, arn};

const STREAM: &str = "EventBridgeEventBusLogs";

impl Events {
    fn logs(&mut self, operation: &str, input: Value) -> Value {
        self.0.ok(&format!("Logs_20140328.{operation}"), input)
    }

    /// Lets what the bus logs with these weights go into the group `bus`.
    fn logged(&mut self, bus: &str, weights: &[&str]) {
        self.logs("CreateLogGroup", json!({"logGroupName": "bus"}));
        let group = json!({"destinationResourceArn": arn("logs", "log-group:bus")});
        let made = json!({"name": "group", "deliveryDestinationConfiguration": group});
        let made = self.logs("PutDeliveryDestination", made);
        let destination = made["deliveryDestination"]["arn"].clone();
        for weight in weights {
            let bus = arn("events", &format!("event-bus/{bus}"));
            let name = format!("source-{weight}");
            let source = json!({
                "name": name, "resourceArn": bus, "logType": format!("{weight}_LOGS"),
            });
            self.logs("PutDeliverySource", source);
            let delivery =
                json!({"deliverySourceName": name, "deliveryDestinationArn": destination});
            self.logs("CreateDelivery", delivery);
        }
    }

    /// Everything that the group has got; nothing where its stream is not there.
    fn records(&mut self) -> Vec<Value> {
        let found = self.logs("FilterLogEvents", json!({"logGroupName": "bus"}));
        let events = found["events"].as_array().unwrap();
        assert!(events.iter().all(|event| event["logStreamName"] == STREAM), "{found}");
        let message = |event: &Value| event["message"].as_str().unwrap().to_owned();
        events.iter().map(|event| serde_json::from_str(&message(event)).unwrap()).collect()
    }

    fn steps(&mut self) -> Vec<String> {
        let records = self.records();
        records.iter().map(|it| it["message_type"].as_str().unwrap().to_owned()).collect()
    }
}

/// User guide "Amazon EventBridge event bus log schema".
#[test]
fn a_bus_logs_as_much_as_it_is_told_to() {
    let of_errors: &[&str] = &[];
    let of_info = &["EVENT_INGEST_SUCCESS", "RULE_MATCH", "INVOCATION_SUCCESS"];
    let of_trace = &[
        "EVENT_RECEIPT",
        "EVENT_INGEST_SUCCESS",
        "RULE_MATCH_START",
        "RULE_MATCH",
        "INVOCATION_START",
        "INVOCATION_ATTEMPT_START",
        "INVOCATION_ATTEMPT_SUCCESS",
        "INVOCATION_SUCCESS",
    ];
    let all = ["ERROR", "INFO", "TRACE"];
    for (level, weights, expected) in [
        ("TRACE", &all[..], &of_trace[..]),
        ("INFO", &all, of_info),
        ("ERROR", &all, of_errors),
        ("OFF", &all, of_errors),
        // What nobody has asked for goes nowhere.
        ("TRACE", &["INFO"], of_info),
    ] {
        let mut events = Events::with_rule();
        events.ok("UpdateEventBus", json!({"Name": "default", "LogConfig": {"Level": level}}));
        events.logged("default", weights);
        events.put(&json!({}));
        let mut steps = events.steps();
        steps.sort_by_key(|step| of_trace.iter().position(|it| it == step));
        assert_eq!(steps, expected, "{level} {weights:?}");
        assert_eq!(events.receive("q").len(), 1);
    }
}

#[test]
fn full_detail_has_the_event_and_none_has_not() {
    for (detail, expected) in [("FULL", json!("{\"order\":7}")), ("NONE", Value::Null)] {
        let mut events = Events::with_rule();
        let config = json!({"Level": "INFO", "IncludeDetail": detail});
        events.ok("UpdateEventBus", json!({"Name": "default", "LogConfig": config}));
        events.logged("default", &["INFO"]);
        let id = events.put(&json!({"order": 7}));
        let records = events.records();
        let of = |step: &str| records.iter().find(|it| it["message_type"] == step).unwrap();
        let ingested = of("EVENT_INGEST_SUCCESS");
        let bus = arn("events", "event-bus/default");
        assert_eq!((&ingested["resource_arn"], &ingested["event_id"]), (&json!(bus), &json!(id)));
        assert_eq!(ingested["log_level"], "INFO");
        assert_eq!(ingested["message_timestamp_ms"], 1_767_225_600_000_i64);
        let details = &ingested["details"];
        assert_eq!(
            (&details["source"], &details["detail_type"]),
            (&json!("shop"), &json!("OrderPlaced"))
        );
        assert_eq!(details["event_detail"], expected, "{detail}");
        let matched = &of("RULE_MATCH")["details"];
        assert_eq!(matched["rule_arn"], arn("events", "rule/r"));
        assert_eq!(matched["target_arns"], json!([arn("sqs", "q")]));
        let ended = of("INVOCATION_SUCCESS");
        assert_eq!(matched["invocation_ids"], json!([ended["invocation_id"]]));
        assert_eq!(ended["details"]["total_attempts"], 1);
    }
}

#[test]
fn what_goes_wrong_is_an_error_with_its_reason() {
    let mut events = Events::new();
    events.queue("dlq");
    events.ok("CreateEventBus", json!({"Name": "b", "LogConfig": {"Level": "ERROR"}}));
    events.ok("PutRule", json!({"Name": "r", "EventBusName": "b", "EventPattern": PATTERN}));
    let dead = json!({"Arn": arn("sqs", "dlq")});
    let target = json!({"Id": "x", "Arn": arn("sqs", "none"), "DeadLetterConfig": dead});
    events.ok("PutTargets", json!({"Rule": "r", "EventBusName": "b", "Targets": [target]}));
    events.logged("b", &["ERROR", "INFO"]);
    let entry = json!({"Source": "shop", "DetailType": "d", "Detail": "{}", "EventBusName": "b"});
    events.ok("PutEvents", json!({"Entries": [entry]}));
    let expected = ["INVOCATION_ATTEMPT_PERMANENT_FAILURE", "INVOCATION_FAILURE", "INVOCATION_DLQ"];
    assert_eq!(events.steps(), expected);
    let first = events.records().remove(0);
    assert_eq!(first["error"]["aws_service"], "sqs", "{first}");
    assert!(first["error"]["error_message"].as_str().unwrap().contains("none"), "{first}");
}

#[test]
fn each_try_that_fails_is_logged_when_it_fails() {
    let mut events = Events::with_rule();
    events.ok("UpdateEventBus", json!({"Name": "default", "LogConfig": {"Level": "TRACE"}}));
    events.logged("default", &["ERROR", "TRACE"]);
    let faults = json!([{"service": "events", "effect": {"fail-delivery": {"times": 2}}}]);
    events.0.set_faults(serde_json::from_value(faults).unwrap()).unwrap();
    events.put(&json!({}));
    events.0.advance_seconds(600);
    assert_eq!(events.receive("q").len(), 1);
    let steps = events.steps();
    let count = |step: &str| steps.iter().filter(|it| *it == step).count();
    assert_eq!(count("INVOCATION_ATTEMPT_START"), 3, "{steps:?}");
    assert_eq!(count("INVOCATION_ATTEMPT_RETRYABLE_FAILURE"), 2, "{steps:?}");
    assert_eq!(count("INVOCATION_ATTEMPT_SUCCESS"), 1, "{steps:?}");
    let last = events.records().into_iter().filter(|it| it["details"]["attempt_count"] == 3);
    assert!(last.count() >= 1, "{steps:?}");
}

/// Events of AWS itself that match nothing are nobody's business.
#[test]
fn an_event_that_matches_nothing_is_logged_unless_it_is_of_aws() {
    let mut events = Events::new();
    events.ok("UpdateEventBus", json!({"Name": "default", "LogConfig": {"Level": "INFO"}}));
    events.logged("default", &["INFO"]);
    let alarm = json!({
        "AlarmName": "a", "Namespace": "n", "MetricName": "m", "Statistic": "Sum", "Period": 60,
        "EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold",
    });
    events.0.ok("GraniteServiceVersion20100801.PutMetricAlarm", alarm);
    let state = json!({"AlarmName": "a", "StateValue": "ALARM", "StateReason": "test"});
    events.0.ok("GraniteServiceVersion20100801.SetAlarmState", state);
    assert_eq!(events.steps(), [""; 0]);
    events.put(&json!({}));
    assert_eq!(events.steps(), ["EVENT_INGEST_SUCCESS", "NO_STANDARD_RULES_MATCHED"]);
}
