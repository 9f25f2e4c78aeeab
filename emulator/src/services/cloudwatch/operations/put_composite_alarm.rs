//! PutCompositeAlarm: sets up an alarm on other alarms, or changes one, which keeps its state until
//! it is evaluated, at once.
//!
//! Limits: 100 alarms in a rule, 150 rules with one alarm, 10,240 characters, 5 actions a state.
//! Errors: `ValidationError`, `LimitExceeded`.
//! Source: API reference "PutCompositeAlarm"; recordings of 2025-09-19 and 2026-02-17.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::alarm::{
    ActionConfiguration, CompositeAlarm, Config, Watch, checked_composite,
};
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::state::CloudWatch;
use crate::services::cloudwatch::tagging::{self, Tag};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub actions_enabled: Option<bool>,
    pub alarm_actions: Option<Vec<String>>,
    pub alarm_description: Option<String>,
    pub alarm_name: Option<String>,
    pub alarm_rule: Option<String>,
    pub insufficient_data_actions: Option<Vec<String>>,
    #[serde(rename = "OKActions")]
    pub ok_actions: Option<Vec<String>>,
    /// Of a new alarm; an alarm that exists keeps its tags.
    pub tags: Option<Vec<Tag>>,
    pub actions_suppressor: Option<String>,
    /// Seconds.
    pub actions_suppressor_wait_period: Option<i32>,
    /// Seconds.
    pub actions_suppressor_extension_period: Option<i32>,
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
    let rule = checked_composite(ctx, &cloudwatch.alarms, &config)?;
    let tags = tagging::checked(Constraints::default(), tags)?;
    let (config, watch) = (Config::Composite(Box::new(config)), Watch::Children(rule));
    cloudwatch.alarms.put(ctx, config, watch, tags);
    Ok(Response {})
}

/// The request as the alarm shows it.
fn config(ctx: &Context<'_>, request: Request) -> CompositeAlarm {
    CompositeAlarm {
        actions_enabled: Some(request.actions_enabled.unwrap_or(true)),
        alarm_actions: Some(request.alarm_actions.unwrap_or_default()),
        alarm_configuration_updated_timestamp: Some(ctx.now()),
        alarm_description: request.alarm_description,
        alarm_name: request.alarm_name,
        alarm_rule: request.alarm_rule,
        insufficient_data_actions: Some(request.insufficient_data_actions.unwrap_or_default()),
        ok_actions: Some(request.ok_actions.unwrap_or_default()),
        actions_suppressor: request.actions_suppressor,
        actions_suppressor_wait_period: request.actions_suppressor_wait_period,
        actions_suppressor_extension_period: request.actions_suppressor_extension_period,
        action_configuration: request.action_configuration,
        ..CompositeAlarm::default()
    }
}
