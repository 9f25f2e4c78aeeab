//! What an alarm sends when its state changes: AWS's message to topics, and the event.
//!
//! Knows no topic and no bus; deliveries go out through the outbox.
//!
//! Source: answers recorded on AWS, 2024-01-03 and 2025-09-19; user guide "Alarm events and
//! EventBridge".

use serde::Serialize;
use serde_json::{Map, Value, json};
use serde_with::skip_serializing_none;

use super::composite::HeldBy;
use super::config::Config;
use super::history::{History, ItemType};
use super::shapes::{CompositeAlarm, MetricAlarm, MetricDataQuery};
use super::state::{Alarm, State, suppression_reason};
use crate::kernel::{Arn, Context, Delivery, MessageId, NodeId, Principal, RetrySchedule};
use crate::services::cloudwatch::metric::Dimension;
use crate::wire::Timestamp;

/// What regions are called in messages; others by their code.
const REGIONS: [(&str, &str); 16] = [
    ("us-east-1", "US East (N. Virginia)"),
    ("us-east-2", "US East (Ohio)"),
    ("us-west-1", "US West (N. California)"),
    ("us-west-2", "US West (Oregon)"),
    ("ca-central-1", "Canada (Central)"),
    ("eu-central-1", "EU (Frankfurt)"),
    ("eu-west-1", "EU (Ireland)"),
    ("eu-west-2", "EU (London)"),
    ("eu-west-3", "EU (Paris)"),
    ("eu-north-1", "EU (Stockholm)"),
    ("ap-south-1", "Asia Pacific (Mumbai)"),
    ("ap-southeast-1", "Asia Pacific (Singapore)"),
    ("ap-southeast-2", "Asia Pacific (Sydney)"),
    ("ap-northeast-1", "Asia Pacific (Tokyo)"),
    ("ap-northeast-2", "Asia Pacific (Seoul)"),
    ("sa-east-1", "South America (Sao Paulo)"),
];

/// CloudWatch as policies name it.
const PRINCIPAL: Principal = Principal::of("cloudwatch.amazonaws.com");

/// The same where an alarm invokes a function.
const PRINCIPAL_OF_FUNCTIONS: Principal = Principal::of("lambda.alarms.cloudwatch.amazonaws.com");

/// Longest subject that topics take, in characters.
const SUBJECT_MAX: usize = 100;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Message<'a> {
    alarm_name: &'a str,
    alarm_description: Option<&'a str>,
    #[serde(rename = "AWSAccountId")]
    account: &'a str,
    alarm_configuration_updated_timestamp: Option<String>,
    new_state_value: &'a str,
    new_state_reason: &'a str,
    state_change_time: String,
    region: &'a str,
    alarm_arn: &'a Arn,
    old_state_value: &'a str,
    #[serde(rename = "OKActions")]
    ok_actions: &'a [String],
    alarm_actions: &'a [String],
    insufficient_data_actions: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    trigger: Option<Trigger<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alarm_rule: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    triggering_children: Option<Value>,
}

#[skip_serializing_none]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Trigger<'a> {
    metric_name: Option<&'a str>,
    namespace: Option<&'a str>,
    statistic_type: &'a str,
    statistic: Option<String>,
    extended_statistic: Option<&'a str>,
    #[serialize_always]
    unit: Option<&'a str>,
    dimensions: Vec<Pair<'a>>,
    period: Option<i32>,
    evaluation_periods: Option<i32>,
    datapoints_to_alarm: Option<i32>,
    comparison_operator: Option<&'a str>,
    threshold: Option<f64>,
    threshold_metric_id: Option<&'a str>,
    metrics: Option<&'a [MetricDataQuery]>,
    treat_missing_data: &'a str,
    evaluate_low_sample_count_percentile: &'a str,
}

#[derive(Serialize)]
struct Pair<'a> {
    value: &'a str,
    name: &'a str,
}

fn region_name(region: &str) -> &str {
    REGIONS.iter().find(|(code, _)| *code == region).map_or(region, |(_, name)| name)
}

impl Alarm {
    /// Runs the actions of the state that the alarm came into from `before`.
    pub(super) fn act(
        &self,
        ctx: &mut Context<'_>,
        history: &mut History,
        (before, since): (&State, Timestamp),
        cause: NodeId,
    ) {
        let state = self.state.value.as_str();
        let message = self.message(ctx, before);
        let region = region_name(ctx.region());
        let subject = format!("{state}: \"{}\" in {region}", self.name());
        let subject: String = subject.chars().take(SUBJECT_MAX).collect();
        for action in self.config.common().actions_of(self.state.value) {
            let target: Option<Arn> = action.parse().ok().filter(has_effect);
            let (outcome, summary) = match &target {
                Some(_) => ("Succeeded", format!("Successfully executed action {action}")),
                None => {
                    tracing::warn!(alarm = self.name(), action, "this action has no effect here");
                    ("Failed", format!("Failed to execute action {action}"))
                }
            };
            // Unverified: the members.
            let data = json!({
                "actionState": outcome,
                "stateUpdateTimestamp": self.updated.millis(),
                "notificationResource": action,
            });
            history.push(ctx.now(), self, ItemType::Action, summary, &data);
            match target {
                Some(function) if &*function.service == "lambda" => {
                    let event = self.function_event(ctx, (before, since));
                    let delivery = self.delivery(function, None, event, cause);
                    ctx.deliver(Delivery { principal: PRINCIPAL_OF_FUNCTIONS, ..delivery });
                }
                Some(topic) => {
                    let subject = Some(subject.clone());
                    ctx.deliver(self.delivery(topic, subject, message.clone(), cause));
                }
                None => {}
            }
        }
    }

    /// Puts `CloudWatch Alarm State Change` on the default bus.
    pub(super) fn send_event(
        &self,
        ctx: &mut Context<'_>,
        id: MessageId,
        (before, since): (&State, Timestamp),
        cause: NodeId,
    ) {
        let detail = self.event_detail(id, (before, since));
        let event = format!(
            "{{\"version\":\"0\",\"id\":\"{id}\",\"detail-type\":\"CloudWatch Alarm State \
             Change\",\"source\":\"aws.cloudwatch\",\"account\":\"{}\",\"time\":\"{}\",\
             \"region\":\"{}\",\"resources\":[\"{}\"],\"detail\":{detail}}}",
            ctx.account(),
            ctx.now().iso_seconds(),
            ctx.region(),
            self.arn,
        );
        let bus = ctx.scope().arn("events", "event-bus/default");
        ctx.deliver(self.delivery(bus, None, event, cause));
    }

    fn event_detail(&self, id: MessageId, (before, since): (&State, Timestamp)) -> Value {
        json!({
            "alarmName": self.name(),
            "state": self.state.event(self.updated),
            "previousState": before.event(since),
            "configuration": self.event_configuration(id),
        })
    }

    /// What a function gets.
    ///
    /// Source: user guide "Invoke a Lambda function from an alarm".
    fn function_event(&self, ctx: &mut Context<'_>, before: (&State, Timestamp)) -> String {
        let id = ctx.ids().uuid();
        let event = json!({
            "source": "aws.cloudwatch",
            "alarmArn": self.arn.as_str(),
            "accountId": ctx.account(),
            "time": self.updated.iso_offset(),
            "region": ctx.region(),
            "alarmData": self.event_detail(id, before),
        });
        event.to_string()
    }

    fn message(&self, ctx: &Context<'_>, before: &State) -> String {
        let common = self.config.common();
        let composite = self.config.composite();
        let message = Message {
            alarm_name: common.name,
            alarm_description: common.description,
            account: ctx.account(),
            alarm_configuration_updated_timestamp: common.configured.map(Timestamp::iso_offset),
            new_state_value: self.state.value.as_str(),
            new_state_reason: &self.state.reason,
            state_change_time: self.updated.iso_offset(),
            region: region_name(ctx.region()),
            alarm_arn: &self.arn,
            old_state_value: before.value.as_str(),
            ok_actions: common.ok_actions,
            alarm_actions: common.alarm_actions,
            insufficient_data_actions: common.insufficient_data_actions,
            trigger: self.config.metric().map(trigger),
            alarm_rule: composite.and_then(|it| it.alarm_rule.as_deref()),
            triggering_children: composite.map(|_| self.state.triggering_children()),
        };
        serde_json::to_string(&message).expect("text and numbers have a form in JSON")
    }

    fn event_configuration(&self, id: MessageId) -> Value {
        let mut shown = match &self.config {
            Config::Metric(config) => json!({"metrics": self.event_metrics(config, id)}),
            Config::Composite(config) => event_composite(config),
            Config::Log(_) => json!({}),
        };
        if let Some(description) = self.config.common().description {
            shown["description"] = description.into();
        }
        shown
    }

    fn event_metrics(&self, config: &MetricAlarm, id: MessageId) -> Value {
        if let Some(metrics) = &config.metrics {
            return event_queries(metrics);
        }
        let mut stat = json!({
            "metric": event_metric(
                (&config.namespace, &config.metric_name),
                config.dimensions.as_deref().unwrap_or_default(),
            ),
            "period": config.period,
            "stat": self.statistic(),
        });
        if let Some(unit) = &config.unit {
            stat["unit"] = unit.as_str().into();
        }
        json!([{"id": id, "metricStat": stat, "returnData": true}])
    }

    fn delivery(&self, to: Arn, subject: Option<String>, body: String, cause: NodeId) -> Delivery {
        // Unverified: AWS does not say how often an alarm's action is tried.
        let delivery = Delivery::new((self.arn.clone(), PRINCIPAL), to, body, cause);
        Delivery { subject, ..delivery.tried_again(RetrySchedule::EVENTS) }
    }
}

/// Unverified: the members for metric math, which AWS documents for the event only.
fn trigger(config: &MetricAlarm) -> Trigger<'_> {
    let dimensions = config.dimensions.iter().flatten();
    Trigger {
        metric_name: config.metric_name.as_deref(),
        namespace: config.namespace.as_deref(),
        statistic_type: match config.extended_statistic {
            Some(_) => "ExtendedStatistic",
            None => "Statistic",
        },
        statistic: config.statistic.as_deref().map(shouted),
        extended_statistic: config.extended_statistic.as_deref(),
        unit: config.unit.as_deref(),
        dimensions: dimensions
            .map(|it| Pair {
                value: it.value.as_deref().unwrap_or_default(),
                name: it.name.as_deref().unwrap_or_default(),
            })
            .collect(),
        period: config.period,
        evaluation_periods: config.evaluation_periods,
        datapoints_to_alarm: config.datapoints_to_alarm,
        comparison_operator: config.comparison_operator.as_deref(),
        threshold: config.threshold,
        threshold_metric_id: config.threshold_metric_id.as_deref(),
        metrics: config.metrics.as_deref(),
        treat_missing_data: config.treat_missing_data.as_deref().unwrap_or_default(),
        evaluate_low_sample_count_percentile: config
            .evaluate_low_sample_count_percentile
            .as_deref()
            .unwrap_or_default(),
    }
}

fn event_composite(config: &CompositeAlarm) -> Value {
    let mut shown = json!({"alarmRule": config.alarm_rule});
    if let Some(suppressor) = &config.actions_suppressor {
        shown["actionsSuppressor"] = suppressor.as_str().into();
        shown["actionsSuppressorWaitPeriod"] = config.actions_suppressor_wait_period.into();
        shown["actionsSuppressorExtensionPeriod"] =
            config.actions_suppressor_extension_period.into();
    }
    shown
}

type Text = Option<String>;

fn event_metric((namespace, name): (&Text, &Text), dimensions: &[Dimension]) -> Value {
    let dimensions: Map<String, Value> = dimensions
        .iter()
        .filter_map(|it| Some((it.name.clone()?, it.value.clone()?.into())))
        .collect();
    json!({"namespace": namespace, "name": name, "dimensions": dimensions})
}

/// Source: user guide "Alarm events and EventBridge", the example with metric math.
fn event_queries(queries: &[MetricDataQuery]) -> Value {
    let shown = queries.iter().map(|query| {
        let mut shown = json!({"id": query.id, "returnData": query.return_data.unwrap_or(true)});
        for (member, text) in [("expression", &query.expression), ("label", &query.label)] {
            if let Some(text) = text {
                shown[member] = text.as_str().into();
            }
        }
        if let Some(stat) = &query.metric_stat {
            let metric = stat.metric.clone().unwrap_or_default();
            let dimensions = metric.dimensions.as_deref().unwrap_or_default();
            shown["metricStat"] = json!({
                "metric": event_metric((&metric.namespace, &metric.metric_name), dimensions),
                "period": stat.period,
                "stat": stat.stat,
            });
            if let Some(unit) = &stat.unit {
                shown["metricStat"]["unit"] = unit.as_str().into();
            }
        }
        shown
    });
    shown.collect()
}

impl State {
    /// Unverified: the names of the members, and that AWS shows those of the reason's data.
    fn triggering_children(&self) -> Value {
        let data = self.reason_data.as_deref().unwrap_or_default();
        let data: Value = serde_json::from_str(data).unwrap_or_default();
        let children = data["triggeringAlarms"].as_array().into_iter().flatten();
        let shown = children.map(|child| {
            let state = &child["state"];
            let state = json!({"Value": state["value"], "Timestamp": state["timestamp"]});
            json!({"Arn": child["arn"], "State": state})
        });
        shown.collect()
    }

    fn event(&self, since: Timestamp) -> Value {
        let mut shown = json!({
            "value": self.value, "reason": self.reason, "timestamp": since.iso_offset(),
        });
        if let Some(data) = &self.reason_data {
            shown["reasonData"] = data.as_str().into();
        }
        if let Some(by) = self.suppressed_by.and_then(HeldBy::suppressed_by) {
            shown["actionsSuppressedBy"] = by.into();
            shown["actionsSuppressedReason"] = suppression_reason(by).into();
        }
        shown
    }
}

/// Whether an action's ARN is of a kind that has an effect here.
pub(in crate::services::cloudwatch) fn has_effect(action: &Arn) -> bool {
    matches!(&*action.service, "sns" | "lambda")
}

/// `SAMPLE_COUNT` for `SampleCount`.
fn shouted(name: &str) -> String {
    let mut shouted = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !shouted.is_empty() {
            shouted.push('_');
        }
        shouted.push(letter.to_ascii_uppercase());
    }
    shouted
}
