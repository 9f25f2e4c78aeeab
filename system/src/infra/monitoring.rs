//! What tells the staff that something is wrong: CloudWatch alarms with a topic of their own, and a
//! dashboard.

use serde_json::{Value, json};

use super::resource::{Kind, Resource, id, reference_to};
use crate::config::{METRIC_NAMESPACE, Names};
use crate::role::{Role, Saga};

const MINUTE_SECONDS: i32 = 60;
/// Records that the readers of the stream may be behind: those of some fifty orders.
const STREAM_LAG: f64 = 1000.0;

/// When to raise an alarm: `threshold` is reached in `of` of the last `periods` minutes.
struct Alarm {
    name: String,
    about: String,
    namespace: &'static str,
    metric: &'static str,
    dimensions: Vec<(&'static str, String)>,
    statistic: &'static str,
    threshold: f64,
    of: i32,
    periods: i32,
    /// Whether it tells the staff, and not only what is above it.
    tells: bool,
}

/// All alarms, which tell the topic of the alerts, and the dashboard.
pub(super) fn describe(names: &Names, saga: Saga) -> Vec<Resource> {
    let topic = reference_to(&id(Kind::Topic, names, &names.alerts()));
    let alarm = |alarm: Alarm| {
        let name = alarm.name.clone();
        Resource::new(Kind::Alarm, names, name, alarm.properties(&topic))
    };
    let mut all: Vec<_> = alarms(names, saga).into_iter().map(alarm).collect();
    all.push(payments_lost(names, &topic));
    let name = names.dashboard();
    let body = dashboard(names, &reference_to("AWS::Region"));
    let properties = json!({ "DashboardName": name, "DashboardBody": body });
    all.push(Resource::new(Kind::Dashboard, names, name, properties));
    all
}

impl Alarm {
    fn properties(self, topic: &Value) -> Value {
        let dimensions = self.dimensions.iter();
        let dimensions: Vec<_> =
            dimensions.map(|(name, value)| json!({ "Name": name, "Value": value })).collect();
        let told = if self.tells { vec![topic] } else { Vec::new() };
        json!({
            "AlarmName": self.name,
            "AlarmDescription": self.about,
            "Namespace": self.namespace,
            "MetricName": self.metric,
            "Dimensions": dimensions,
            "Statistic": self.statistic,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Threshold": self.threshold,
            "Period": MINUTE_SECONDS,
            "EvaluationPeriods": self.periods,
            "DatapointsToAlarm": self.of,
            "TreatMissingData": "notBreaching",
            "AlarmActions": told,
            "OKActions": told,
            "ActionsEnabled": true,
        })
    }
}

fn alarms(names: &Names, saga: Saga) -> Vec<Alarm> {
    let of_queue = |name: String, about: String, queue: String| Alarm {
        name,
        about,
        namespace: "AWS/SQS",
        metric: "ApproximateNumberOfMessagesVisible",
        dimensions: vec![("QueueName", queue)],
        statistic: "Maximum",
        threshold: 1.0,
        of: 1,
        periods: 1,
        tells: true,
    };
    let mut alarms = Vec::new();
    for role in Role::consumers() {
        let about = format!("{role} gave messages up: see `orderflow dlq inspect {role}`");
        let letters = names.dead_letter_queue(role);
        alarms.push(of_queue(names.alarm(&format!("{role}-dead-letters")), about, letters));
        let about = format!("more is to be done than {role} can do");
        let backlog = of_queue(names.alarm(&format!("{role}-backlog")), about, names.queue(role));
        let (metric, threshold) = backlog_of(role);
        alarms.push(Alarm { metric, threshold, of: 2, periods: 3, ..backlog });
    }
    alarms.push(Alarm {
        name: names.alarm("processing-errors"),
        about: "many messages fail, whether or not they succeed later".into(),
        namespace: METRIC_NAMESPACE,
        metric: "processing_errors",
        dimensions: vec![("System", names.prefix().to_owned())],
        statistic: "Sum",
        threshold: 10.0,
        of: 3,
        periods: 5,
        tells: true,
    });
    let failing = [
        ("System", names.prefix()),
        ("ServiceName", Role::Payments.as_str()),
        ("EventType", asks_for_payment(saga)),
        ("Result", "Failure"),
    ];
    alarms.push(Alarm {
        name: names.alarm("payments-failing"),
        about: "asking for a payment has failed in the last five minutes".into(),
        namespace: METRIC_NAMESPACE,
        metric: "EventProcessingResult",
        dimensions: failing.map(|(name, value)| (name, value.to_owned())).into(),
        statistic: "Sum",
        threshold: 1.0,
        of: 1,
        periods: 5,
        tells: false,
    });
    alarms.push(Alarm {
        name: names.alarm("stream-lag"),
        about: format!("the analytics is {STREAM_LAG} records or more behind the stream"),
        namespace: METRIC_NAMESPACE,
        metric: "stream_lag_records",
        dimensions: vec![("System", names.prefix().to_owned())],
        statistic: "Maximum",
        threshold: STREAM_LAG,
        of: 3,
        periods: 5,
        tells: true,
    });
    alarms
}

/// What lets a payment be taken, as the metrics name it.
const fn asks_for_payment(saga: Saga) -> &'static str {
    match saga {
        Saga::Choreography => "Payment Requested",
        Saga::StepFunctions => "TakePayment",
    }
}

/// What to sit up for at night: a dead letter alone may be one broken message, and a failure is
/// tried again.
fn payments_lost(names: &Names, topic: &Value) -> Resource {
    let alarm = |name: &str| {
        let id = id(Kind::Alarm, names, &names.alarm(name));
        format!("ALARM(\"${{{id}}}\")")
    };
    let name = names.alarm("payments-lost");
    let about = "payments have been given up and still fail: repair the gateway before a redrive";
    let rule = format!("{} AND {}", alarm("payments-dead-letters"), alarm("payments-failing"));
    let properties = json!({
        "AlarmName": name,
        "AlarmDescription": about,
        "AlarmRule": { "Fn::Sub": rule },
        "AlarmActions": [topic],
        "OKActions": [topic],
        "ActionsEnabled": true,
    });
    Resource::new(Kind::CompositeAlarm, names, name, properties)
}

/// By what it shows that a role does not keep up, and from where on.
fn backlog_of(role: Role) -> (&'static str, f64) {
    match role.keeps_deadlines() {
        // Delayed, they may count as old messages.
        true => ("ApproximateNumberOfMessagesVisible", 100.0),
        false => ("ApproximateAgeOfOldestMessage", 300.0),
    }
}

/// A metric of each service that handles events.
fn of_services(system: &str, metric: &str) -> Vec<Value> {
    let roles = Role::consumers().filter(|role| *role != Role::Carrier);
    let of = |role: Role| {
        json!([METRIC_NAMESPACE, metric, "System", system, "ServiceName", role.as_str()])
    };
    roles.map(of).collect()
}

fn business(system: &str) -> Vec<Value> {
    ["orders_per_minute", "deliveries_per_minute", "cancellations_per_minute"]
        .map(|name| json!([METRIC_NAMESPACE, name, "System", system]))
        .to_vec()
}

/// EventBridge counts by rule. Source: user guide, "Monitoring Amazon EventBridge".
fn invocations(bus: &str) -> Vec<Value> {
    let by_rule = |(metric, label): (&str, &str)| {
        let search = format!(
            "SUM(SEARCH('{{AWS/Events,EventBusName,RuleName}} MetricName=\"{metric}\" \
             EventBusName=\"{bus}\"', 'Sum'))"
        );
        json!([{ "expression": search, "label": label }])
    };
    [("SuccessfulInvocationAttempts", "successful"), ("FailedInvocations", "failed")]
        .map(by_rule)
        .to_vec()
}

fn dashboard(names: &Names, region: &Value) -> Value {
    let system = names.prefix();
    let roles: Vec<_> = Role::consumers().collect();
    let of_queue = |metric: &str, queue: String| json!(["AWS/SQS", metric, "QueueName", queue]);
    let counters =
        ["orders_processed", "events_published", "processing_errors", "notifications_sent"]
            .map(|name| json!([METRIC_NAMESPACE, name, "System", system]));
    // All event types that there are, by search.
    let times = roles.iter().map(|role| {
        let search = format!(
            "SEARCH('{{{METRIC_NAMESPACE},System,ServiceName,EventType}} \
             MetricName=\"EventProcessingTime\" System=\"{system}\" \
             ServiceName=\"{role}\"', 'Average')"
        );
        json!([{ "expression": search, "label": role.as_str() }])
    });
    let results = roles.iter().flat_map(|role| {
        ["Success", "Failure"].map(|result| {
            let search = format!(
                "SUM(SEARCH('{{{METRIC_NAMESPACE},System,ServiceName,EventType,Result}} \
                 MetricName=\"EventProcessingResult\" System=\"{system}\" \
                 ServiceName=\"{role}\" Result=\"{result}\"', 'Sum'))"
            );
            json!([{ "expression": search, "label": format!("{role} {result}") }])
        })
    });
    let ages =
        roles.iter().map(|role| of_queue("ApproximateAgeOfOldestMessage", names.queue(*role)));
    let letters = roles
        .iter()
        .map(|role| of_queue("ApproximateNumberOfMessagesVisible", names.dead_letter_queue(*role)));
    let latencies = ["p50", "p95", "p99"].map(|percentile| {
        let metric = format!("fulfilment_seconds_{percentile}");
        json!([METRIC_NAMESPACE, metric, "System", system, { "label": percentile }])
    });
    let widget = |title: &str, stat: &str, metrics: Vec<Value>| {
        json!({
            "type": "metric",
            "width": 12,
            "properties": {
                "title": title, "stat": stat, "period": 60, "region": region, "metrics": metrics,
            },
        })
    };
    json!({ "widgets": [
        widget("Counters", "Sum", counters.to_vec()),
        widget("Event processing time", "Average", times.collect()),
        widget("Event processing results", "Sum", results.collect()),
        widget("Age of the oldest message", "Maximum", ages.collect()),
        widget("Dead letters", "Maximum", letters.collect()),
        widget("EventBridge invocations", "Sum", invocations(&names.bus())),
        widget("Service health (1 is well)", "Minimum", of_services(system, "ServiceHealth")),
        widget("Milliseconds from event to end", "Average", of_services(system, "EventLatency")),
        widget("Orders, deliveries and cancellations a minute", "Average", business(system)),
        widget(
            "Records of the stream that the analytics has still to read",
            "Maximum",
            vec![json!([METRIC_NAMESPACE, "stream_lag_records", "System", system])],
        ),
        widget("Seconds from order to delivery", "Average", latencies.to_vec()),
    ]})
}
