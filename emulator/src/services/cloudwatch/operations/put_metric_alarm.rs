//! PutMetricAlarm: sets up an alarm on a metric, or changes one, which keeps its state.
//!
//! Limits: 5 actions a state; periods of a day at most, seven days where they are an hour or more.
//! Errors: `ValidationError`. Several metrics, expressions and PromQL are stored without effect.
//! Source: API reference "PutMetricAlarm"; recordings of 2025-09-19.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::alarm::{
    ActionConfiguration, AlarmKind, Config, EvaluationCriteria, EvaluationWindow, MetricAlarm,
    MetricDataQuery, WarmUpConfiguration, Watch, checked,
};
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::metric::Dimension;
use crate::services::cloudwatch::state::CloudWatch;
use crate::services::cloudwatch::tagging::{self, Tag};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub alarm_name: Option<String>,
    pub alarm_description: Option<String>,
    pub actions_enabled: Option<bool>,
    #[serde(rename = "OKActions")]
    pub ok_actions: Option<Vec<String>>,
    pub alarm_actions: Option<Vec<String>>,
    pub insufficient_data_actions: Option<Vec<String>>,
    pub metric_name: Option<String>,
    pub namespace: Option<String>,
    pub statistic: Option<String>,
    pub extended_statistic: Option<String>,
    pub dimensions: Option<Vec<Dimension>>,
    pub period: Option<i32>,
    pub unit: Option<String>,
    pub evaluation_periods: Option<i32>,
    pub datapoints_to_alarm: Option<i32>,
    pub threshold: Option<f64>,
    pub comparison_operator: Option<String>,
    pub treat_missing_data: Option<String>,
    pub evaluate_low_sample_count_percentile: Option<String>,
    pub metrics: Option<Vec<MetricDataQuery>>,
    /// Of a new alarm; an alarm that exists keeps its tags.
    pub tags: Option<Vec<Tag>>,
    pub threshold_metric_id: Option<String>,
    pub evaluation_criteria: Option<EvaluationCriteria>,
    pub evaluation_interval: Option<i32>,
    pub evaluation_window: Option<EvaluationWindow>,
    pub warm_up_configuration: Option<WarmUpConfiguration>,
    pub action_configuration: Option<ActionConfiguration>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    mut request: Request,
) -> Result<Response, CloudWatchError> {
    let tags = request.tags.take();
    let config = config(ctx, request);
    let rule = checked(ctx, cloudwatch, &config)?;
    let name = config.alarm_name.as_deref().unwrap_or_default();
    cloudwatch.alarms.check_kind(name, AlarmKind::Metric)?;
    let tags = tagging::checked(Constraints::default(), tags)?;
    let watch = rule.map_or(Watch::Nothing, |rule| Watch::Metric(Box::new(rule)));
    cloudwatch.alarms.put(ctx, Config::Metric(Box::new(config)), watch, tags);
    Ok(Response {})
}

/// The request as the alarm shows it.
fn config(ctx: &Context<'_>, request: Request) -> MetricAlarm {
    let several = request.metrics.as_ref().is_some_and(|metrics| !metrics.is_empty());
    let no_metric = several || request.evaluation_criteria.is_some();
    let dimensions = request.dimensions;
    MetricAlarm {
        alarm_name: request.alarm_name,
        alarm_description: request.alarm_description,
        alarm_configuration_updated_timestamp: Some(ctx.now()),
        actions_enabled: Some(request.actions_enabled.unwrap_or(true)),
        ok_actions: Some(request.ok_actions.unwrap_or_default()),
        alarm_actions: Some(request.alarm_actions.unwrap_or_default()),
        insufficient_data_actions: Some(request.insufficient_data_actions.unwrap_or_default()),
        metric_name: request.metric_name,
        namespace: request.namespace,
        statistic: request.statistic,
        extended_statistic: request.extended_statistic,
        dimensions: if no_metric { dimensions } else { Some(dimensions.unwrap_or_default()) },
        period: request.period,
        unit: request.unit,
        evaluation_periods: request.evaluation_periods,
        datapoints_to_alarm: request.datapoints_to_alarm,
        threshold: request.threshold,
        comparison_operator: request.comparison_operator,
        treat_missing_data: request.treat_missing_data,
        evaluate_low_sample_count_percentile: request.evaluate_low_sample_count_percentile,
        metrics: request.metrics.filter(|_| several),
        threshold_metric_id: request.threshold_metric_id,
        evaluation_criteria: request.evaluation_criteria,
        evaluation_interval: request.evaluation_interval,
        evaluation_window: request.evaluation_window,
        warm_up_configuration: request.warm_up_configuration,
        action_configuration: request.action_configuration,
        ..MetricAlarm::default()
    }
}
