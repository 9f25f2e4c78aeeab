//! What tells the staff that something is wrong: CloudWatch alarms with a topic of their own, and a
//! dashboard.

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types::{ComparisonOperator, Dimension, Statistic};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde_json::{Value, json};

use crate::adapters::aws::Aws;
use crate::config::{METRIC_NAMESPACE, Names};
use crate::failure::{Dependency, Failure};
use crate::role::Role;

/// Alarms that one DeleteAlarms call takes. Source: DeleteAlarms, API reference.
const DELETED_AT_ONCE: usize = 100;
const MINUTE_SECONDS: i32 = 60;

pub(super) struct Monitoring {
    client: Client,
}

/// When to raise an alarm: `threshold` is reached in `of` of the last `periods` minutes.
struct Alarm {
    name: String,
    about: String,
    namespace: &'static str,
    metric: &'static str,
    dimension: (&'static str, String),
    statistic: Statistic,
    threshold: f64,
    of: i32,
    periods: i32,
}

impl Monitoring {
    pub(super) fn new(aws: &Aws) -> Self {
        Self { client: aws.cloudwatch() }
    }

    /// Creates or replaces all alarms and the dashboard. Answers their names.
    pub(super) async fn apply(
        &self,
        names: &Names,
        region: &str,
        topic_arn: &str,
    ) -> Result<Vec<String>, Failure> {
        let mut made = Vec::new();
        for alarm in alarms(names) {
            made.push(alarm.name.clone());
            self.put(alarm, topic_arn).await?;
        }
        let put = self
            .client
            .put_dashboard()
            .dashboard_name(names.dashboard())
            .dashboard_body(dashboard(names, region).to_string())
            .send()
            .await;
        put.map_err(|error| Failure::of_call(Dependency::CloudWatch, "PutDashboard", &error))?;
        made.push(names.dashboard());
        Ok(made)
    }

    /// Removes what there is. Answers the names.
    pub(super) async fn destroy(&self, names: &Names) -> Result<Vec<String>, Failure> {
        let mut removed = Vec::new();
        let wanted: Vec<_> = alarms(names).into_iter().map(|alarm| alarm.name).collect();
        for some in wanted.chunks(DELETED_AT_ONCE) {
            let known = self.client.describe_alarms().set_alarm_names(Some(some.to_vec()));
            let known = known.send().await.map_err(|error| {
                Failure::of_call(Dependency::CloudWatch, "DescribeAlarms", &error)
            })?;
            let known = known.metric_alarms().iter().filter_map(|alarm| alarm.alarm_name());
            let known: Vec<_> = known.map(str::to_owned).collect();
            if known.is_empty() {
                continue;
            }
            let deleted = self.client.delete_alarms().set_alarm_names(Some(known.clone()));
            deleted.send().await.map_err(|error| {
                Failure::of_call(Dependency::CloudWatch, "DeleteAlarms", &error)
            })?;
            removed.extend(known);
        }
        let deleted = self.client.delete_dashboards().dashboard_names(names.dashboard());
        match deleted.send().await {
            Ok(_) => removed.push(names.dashboard()),
            // The SDK has no name for it.
            Err(error) if error.code() == Some("ResourceNotFound") => {}
            Err(error) => {
                return Err(Failure::of_call(Dependency::CloudWatch, "DeleteDashboards", &error));
            }
        }
        Ok(removed)
    }

    async fn put(&self, alarm: Alarm, topic_arn: &str) -> Result<(), Failure> {
        let (name, value) = alarm.dimension;
        self.client
            .put_metric_alarm()
            .alarm_name(alarm.name)
            .alarm_description(alarm.about)
            .namespace(alarm.namespace)
            .metric_name(alarm.metric)
            .dimensions(Dimension::builder().name(name).value(value).build())
            .statistic(alarm.statistic)
            .comparison_operator(ComparisonOperator::GreaterThanOrEqualToThreshold)
            .threshold(alarm.threshold)
            .period(MINUTE_SECONDS)
            .evaluation_periods(alarm.periods)
            .datapoints_to_alarm(alarm.of)
            .treat_missing_data("notBreaching")
            .alarm_actions(topic_arn)
            .ok_actions(topic_arn)
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::CloudWatch, "PutMetricAlarm", &error))?;
        Ok(())
    }
}

fn alarms(names: &Names) -> Vec<Alarm> {
    let of_queue = |name: String, about: String, queue: String| Alarm {
        name,
        about,
        namespace: "AWS/SQS",
        metric: "ApproximateNumberOfMessagesVisible",
        dimension: ("QueueName", queue),
        statistic: Statistic::Maximum,
        threshold: 1.0,
        of: 1,
        periods: 1,
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
        dimension: ("System", names.prefix().to_owned()),
        statistic: Statistic::Sum,
        threshold: 10.0,
        of: 3,
        periods: 5,
    });
    alarms
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

fn dashboard(names: &Names, region: &str) -> Value {
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
    // EventBridge counts by rule. Source: user guide, "Monitoring Amazon EventBridge".
    let bus = names.bus();
    let invocations =
        [("SuccessfulInvocationAttempts", "successful"), ("FailedInvocations", "failed")].map(
            |(metric, label)| {
                let search = format!(
                    "SUM(SEARCH('{{AWS/Events,EventBusName,RuleName}} MetricName=\"{metric}\" \
                 EventBusName=\"{bus}\"', 'Sum'))"
                );
                json!([{ "expression": search, "label": label }])
            },
        );
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
        widget("EventBridge invocations", "Sum", invocations.to_vec()),
        widget("Service health (1 is well)", "Minimum", of_services(system, "ServiceHealth")),
        widget("Milliseconds from event to end", "Average", of_services(system, "EventLatency")),
        widget("Orders, deliveries and cancellations a minute", "Average", business(system)),
        widget("Seconds from order to delivery", "Average", latencies.to_vec()),
    ]})
}
