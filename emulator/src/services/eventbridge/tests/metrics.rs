//! What CloudWatch learns of rules and buses.

use serde_json::{Value, json};

use super::{Events, PATTERN, arn};

impl Events {
    /// The sum of a metric over the first three minutes; `None` where there is no data.
    fn sum(&mut self, name: &str, dimensions: &[(&str, &str)]) -> Option<f64> {
        let dimensions: Vec<Value> =
            dimensions.iter().map(|(name, value)| json!({"Name": name, "Value": value})).collect();
        let body = json!({
            "Namespace": "AWS/Events", "MetricName": name, "Dimensions": dimensions,
            "StartTime": 1_767_225_600, "EndTime": 1_767_225_780, "Period": 180,
            "Statistics": ["Sum"],
        });
        let answer = self.0.ok("GraniteServiceVersion20100801.GetMetricStatistics", body);
        answer["Datapoints"][0]["Sum"].as_f64()
    }
}

/// User guide "Monitoring Amazon EventBridge".
#[test]
fn rules_count_what_they_do() {
    let mut events = Events::with_rule();
    events.queue("dlq");
    let dead = json!({"Arn": arn("sqs", "dlq")});
    events.target("r", json!({"Id": "x", "Arn": arn("sqs", "none"), "DeadLetterConfig": dead}));
    let no_dlq = json!({"Arn": arn("sqs", "none")});
    events.target("r", json!({"Id": "y", "Arn": arn("sqs", "no"), "DeadLetterConfig": no_dlq}));
    events.target("r", json!({"Id": "z", "Arn": arn("sqs", "no")}));
    events.put(&json!({}));
    events.0.advance_seconds(60);
    events.put(&json!({}));
    let rule = [("RuleName", "r")];
    // The minute is not over.
    assert_eq!(events.sum("TriggeredRules", &rule), Some(1.0));
    events.0.advance_seconds(120);
    for (name, sum) in [
        ("TriggeredRules", Some(2.0)),
        ("MatchedEvents", Some(2.0)),
        ("Invocations", Some(8.0)),
        ("InvocationAttempts", Some(8.0)),
        ("RetryInvocationAttempts", None),
        ("FailedInvocations", Some(6.0)),
        ("InvocationsSentToDlq", Some(4.0)),
        ("InvocationsFailedToBeSentToDlq", Some(2.0)),
        ("ThrottledRules", None),
    ] {
        assert_eq!(events.sum(name, &rule), sum, "{name}");
    }
    let bus = [("EventBusName", "default")];
    for (name, by_bus, whole) in [
        ("MatchedEvents", Some(2.0), None),
        ("TriggeredRules", Some(2.0), Some(2.0)),
        ("Invocations", None, Some(8.0)),
        ("InvocationAttempts", Some(8.0), Some(8.0)),
        ("SuccessfulInvocationAttempts", Some(2.0), Some(2.0)),
        ("FailedInvocations", None, None),
        ("InvocationsCreated", None, Some(8.0)),
    ] {
        assert_eq!(events.sum(name, &bus), by_bus, "{name}");
        assert_eq!(events.sum(name, &[]), whole, "{name}");
    }
}

#[test]
fn what_all_buses_do_adds_up() {
    let mut events = Events::with_rule();
    events.ok("CreateEventBus", json!({"Name": "b"}));
    events.ok("PutRule", json!({"Name": "r", "EventBusName": "b", "EventPattern": PATTERN}));
    let entry = json!({"Source": "shop", "DetailType": "d", "Detail": "{}", "EventBusName": "b"});
    events.ok("PutEvents", json!({"Entries": [entry]}));
    events.put(&json!({}));
    events.0.advance_seconds(60);
    assert_eq!(events.sum("TriggeredRules", &[]), Some(2.0));
    assert_eq!(events.sum("InvocationsCreated", &[]), Some(1.0));
}

/// User guide "Monitoring Amazon EventBridge", "EventBridge PutEvents metrics".
#[test]
fn requests_to_put_events_are_counted_for_the_account() {
    let mut events = Events::new();
    let entry = json!({"Source": "shop", "DetailType": "d", "Detail": "{}"});
    let malformed = json!({"Source": "shop", "DetailType": "d", "Detail": "no"});
    events.ok("PutEvents", json!({"Entries": [entry, malformed]}));
    events.ok("PutEvents", json!({"Entries": [entry]}));
    events.0.err("AWSEvents.PutEvents", json!({"Entries": []}));
    let faults = json!([{"operation": "PutEvents", "effect": "throttle", "times": 1}]);
    events.0.set_faults(serde_json::from_value(faults).unwrap()).unwrap();
    events.0.err("AWSEvents.PutEvents", json!({"Entries": [entry]}));
    assert_eq!(events.sum("PutEventsApproximateCallCount", &[]), None, "the minute is not over");
    events.0.restart();
    events.0.advance_seconds(60);
    for (name, sum) in [
        ("PutEventsApproximateCallCount", Some(4.0)),
        ("PutEventsApproximateSuccessCount", Some(2.0)),
        ("PutEventsApproximateFailedCount", Some(1.0)),
        ("PutEventsApproximateThrottledCount", Some(1.0)),
        ("PutEventsEntriesCount", Some(3.0)),
        ("PutEventsFailedEntriesCount", Some(1.0)),
        ("PutEventsLatency", Some(2.0)),
        ("PutEventsRequestSize", Some(21.0)),
    ] {
        assert_eq!(events.sum(name, &[]), sum, "{name}");
    }
    events.0.advance_seconds(60);
    let listed = json!({"Namespace": "AWS/Events", "MetricName": "PutEventsEntriesCount"});
    let listed = events.0.ok("GraniteServiceVersion20100801.ListMetrics", listed);
    assert_eq!(listed["Metrics"].as_array().unwrap().len(), 1, "{listed}");
}

#[test]
fn retries_are_counted() {
    let mut events = Events::with_rule();
    let faults = json!([{"service": "events", "effect": {"fail-delivery": {"times": 2}}}]);
    events.0.set_faults(serde_json::from_value(faults).unwrap()).unwrap();
    events.put(&json!({}));
    events.0.advance_seconds(120);
    let rule = [("RuleName", "r")];
    for (name, sum) in
        [("Invocations", 1.0), ("InvocationAttempts", 3.0), ("RetryInvocationAttempts", 2.0)]
    {
        assert_eq!(events.sum(name, &rule), Some(sum), "{name}");
    }
}

#[test]
fn a_rule_of_another_bus_is_counted_with_its_bus() {
    let mut events = Events::new();
    events.ok("CreateEventBus", json!({"Name": "b"}));
    events.ok("PutRule", json!({"Name": "r", "EventBusName": "b", "EventPattern": PATTERN}));
    let entry = json!({"Source": "shop", "DetailType": "d", "Detail": "{}", "EventBusName": "b"});
    events.ok("PutEvents", json!({"Entries": [entry]}));
    events.0.restart();
    events.0.advance_seconds(60);
    assert_eq!(events.sum("TriggeredRules", &[("RuleName", "r")]), None);
    let both = [("EventBusName", "b"), ("RuleName", "r")];
    assert_eq!(events.sum("TriggeredRules", &both), Some(1.0));
    assert_eq!(events.sum("Invocations", &both), None);
}
