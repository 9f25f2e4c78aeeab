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
    WarmUpConfiguration, Watch, check_actions, check_limits_of_actions,
};
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::metric::NAME_MAX;
use crate::services::cloudwatch::state::CloudWatch;
use crate::services::cloudwatch::tagging::{self, Tag};

const DESCRIPTION_MAX: usize = 1024;
const QUERY_MAX: usize = 10_000;
const OPERATORS: [&str; 7] = [
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "GreaterThanUpperThreshold",
];

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
    fn actions(&self) -> ActionLists<'_> {
        [&self.ok_actions, &self.alarm_actions, &self.insufficient_data_actions]
    }

    fn check(&self) -> Result<(), CloudWatchError> {
        let mut constraints = Constraints::default();
        constraints.required("alarmName", self.alarm_name.as_ref());
        let name = self.alarm_name.as_deref();
        constraints.length("alarmName", name, (1, NAME_MAX));
        let description = self.alarm_description.as_deref();
        constraints.length("alarmDescription", description, (0, DESCRIPTION_MAX));
        let query = self.scheduled_query_configuration.as_ref();
        constraints.required("scheduledQueryConfiguration", query);
        if let Some(query) = query {
            let member = |name: &str| format!("scheduledQueryConfiguration.{name}");
            let text = query.query_string.as_ref();
            constraints.required(&member("queryString"), text);
            constraints.length(&member("queryString"), text.map(String::as_str), (0, QUERY_MAX));
            let role = query.scheduled_query_role_arn.as_ref();
            constraints.required(&member("scheduledQueryRoleARN"), role);
            let schedule = query.schedule_configuration.as_ref();
            constraints.required(&member("scheduleConfiguration"), schedule);
            let aggregation = query.aggregation_expression.as_ref();
            constraints.required(&member("aggregationExpression"), aggregation);
        }
        for (member, number) in [
            ("queryResultsToEvaluate", self.query_results_to_evaluate),
            ("queryResultsToAlarm", self.query_results_to_alarm),
        ] {
            constraints.required(member, number.as_ref());
            constraints.range(member, number, (1, i32::MAX));
        }
        constraints.required("threshold", self.threshold.as_ref());
        let operator = self.comparison_operator.as_deref();
        constraints.required("comparisonOperator", operator.as_ref());
        constraints.one_of("comparisonOperator", operator, &OPERATORS);
        constraints.length("treatMissingData", self.treat_missing_data.as_deref(), (1, NAME_MAX));
        check_limits_of_actions(&mut constraints, self.actions());
        constraints.done()?;
        if name.is_some_and(|name| name.contains(|letter: char| letter.is_ascii_control())) {
            let text = "AlarmName must not contain control characters.".to_owned();
            return Err(CloudWatchError::Validation(text));
        }
        Ok(())
    }
}
