//! CloudWatch's languages: the rule of a composite alarm, and the body of a dashboard.

use std::ops::Range;

use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};
use skyrig::Settings;
use skyrig::cloud::{Driver, request};

use super::answer;

/// The statuses of answers: the emulator itself never fails.
const STATUSES: Range<u16> = 200..500;
/// The alarms that rules may name, beside `c`, which is the composite one.
const ALARMS: [&str; 4] = ["a", "b", "a b", "x)"];
const STATES: [&str; 3] = ["ALARM", "OK", "INSUFFICIENT_DATA"];

struct World(Driver);

impl World {
    fn new() -> Self {
        Self(Driver::new(Settings { relaxed: true, ..Settings::default() }))
    }

    fn send(&mut self, operation: &str, input: &Value) -> Response<Bytes> {
        let target = format!("GraniteServiceVersion20100801.{operation}");
        let response = self.0.send(request::json(&target, input.to_string()));
        let response = response.expect("it is answered at once");
        answer::check(&response, STATUSES);
        response
    }

    /// Whether it was done, and the answer.
    fn call(&mut self, operation: &str, input: &Value) -> (bool, Value) {
        let response = self.send(operation, input);
        let answer = serde_json::from_slice(response.body()).unwrap_or_default();
        (response.status() == 200, answer)
    }
}

/// The input is the text of a rule; what it names goes through all states.
pub(crate) fn run_rule(input: &[u8]) {
    let mut world = World::new();
    for name in ALARMS {
        let alarm = json!({
            "AlarmName": name, "Namespace": "N", "MetricName": "m", "Statistic": "Sum",
            "Period": 60, "EvaluationPeriods": 1, "Threshold": 1,
            "ComparisonOperator": "GreaterThanThreshold",
        });
        assert!(world.call("PutMetricAlarm", &alarm).0);
    }
    let rule = String::from_utf8_lossy(input);
    let composite = json!({"AlarmName": "c", "AlarmRule": rule});
    if !world.call("PutCompositeAlarm", &composite).0 {
        return;
    }
    for state in STATES {
        for name in ALARMS {
            let set = json!({"AlarmName": name, "StateValue": state, "StateReason": "r"});
            assert!(world.call("SetAlarmState", &set).0);
        }
    }
    let asked = json!({"AlarmTypes": ["CompositeAlarm"]});
    let shown = world.call("DescribeAlarms", &asked).1["CompositeAlarms"][0].clone();
    assert_eq!(shown["AlarmRule"], *rule, "the rule is kept as it was sent");
    assert_ne!(shown["StateValue"], "INSUFFICIENT_DATA", "a rule holds or does not");
    if rule.contains('c') {
        // It may be about itself, and then go round.
        return;
    }
    // The same rule again changes nothing.
    assert!(world.call("PutCompositeAlarm", &composite).0);
    let again = world.call("DescribeAlarms", &asked).1["CompositeAlarms"][0].clone();
    assert_eq!(again["StateReason"], shown["StateReason"]);
}

/// The input is the body of a dashboard.
pub(crate) fn run_dashboard(input: &[u8]) {
    let mut world = World::new();
    let body = String::from_utf8_lossy(input);
    let put = json!({"DashboardName": "d", "DashboardBody": body});
    let (is_good, told) = world.call("PutDashboard", &put);
    let shown = world.call("GetDashboard", &json!({"DashboardName": "d"}));
    assert_eq!(shown.0, is_good, "what was refused is not kept: {told}");
    if is_good {
        assert_eq!(shown.1["DashboardBody"], *body, "a body is kept as it was sent");
    }
}
