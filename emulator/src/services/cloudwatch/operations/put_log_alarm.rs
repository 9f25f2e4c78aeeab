//! PutLogAlarm: sets up an alarm on a query of logs, or changes one. It is stored and shown; its
//! query is not run, so its state changes only by SetAlarmState.
//!
//! Limits: those of AWS's model; 5 actions a state.
//! Errors: `ValidationError`.
//! Source: API reference "PutLogAlarm".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::alarm::{
    ActionConfiguration, ActionLists, AlarmKind, Config, LogAlarm, ScheduledQueryConfiguration,
    WarmUpConfiguration, Watch, check_actions,
};
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::state::CloudWatch;
use crate::services::cloudwatch::tagging::{self, Tag};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub alarm_name: Option<String>,
    pub alarm_description: Option<String>,
    pub scheduled_query_configuration: Option<ScheduledQueryConfiguration>,
    pub query_results_to_evaluate: Option<i32>,
    pub query_results_to_alarm: Option<i32>,
    pub threshold: Option<f64>,
    pub comparison_operator: Option<String>,
    pub treat_missing_data: Option<String>,
    pub actions_enabled: Option<bool>,
    #[serde(rename = "OKActions")]
    pub ok_actions: Option<Vec<String>>,
    pub alarm_actions: Option<Vec<String>>,
    pub insufficient_data_actions: Option<Vec<String>>,
    pub action_log_line_count: Option<i32>,
    pub action_log_line_role_arn: Option<String>,
    /// Of a new alarm; an alarm that exists keeps its tags.
    pub tags: Option<Vec<Tag>>,
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
    request.check()?;
    check_actions(ctx, request.actions())?;
    let name = request.alarm_name.as_deref().unwrap_or_default();
    cloudwatch.alarms.check_kind(name, AlarmKind::Log)?;
    let tags = tagging::checked(Constraints::default(), request.tags.take())?;
    ctx.not_honoured("ScheduledQueryConfiguration")?;
    let config = Config::Log(Box::new(config(ctx, request)));
    cloudwatch.alarms.put(ctx, config, Watch::Nothing, tags);
    Ok(Response {})
}

/// The request as the alarm shows it.
fn config(ctx: &Context<'_>, request: Request) -> LogAlarm {
    LogAlarm {
        alarm_name: request.alarm_name,
        alarm_description: request.alarm_description,
        alarm_configuration_updated_timestamp: Some(ctx.now()),
        actions_enabled: Some(request.actions_enabled.unwrap_or(true)),
        ok_actions: Some(request.ok_actions.unwrap_or_default()),
        alarm_actions: Some(request.alarm_actions.unwrap_or_default()),
        insufficient_data_actions: Some(request.insufficient_data_actions.unwrap_or_default()),
        scheduled_query_configuration: request.scheduled_query_configuration,
        query_results_to_evaluate: request.query_results_to_evaluate,
        query_results_to_alarm: request.query_results_to_alarm,
        threshold: request.threshold,
        comparison_operator: request.comparison_operator,
        treat_missing_data: request.treat_missing_data,
        action_log_line_count: request.action_log_line_count,
        action_log_line_role_arn: request.action_log_line_role_arn,
        warm_up_configuration: request.warm_up_configuration,
        action_configuration: request.action_configuration,
        ..LogAlarm::default()
    }
}

impl Request {
    pub(in crate::services::cloudwatch) fn actions(&self) -> ActionLists<'_> {
        [&self.ok_actions, &self.alarm_actions, &self.insufficient_data_actions]
    }
}
