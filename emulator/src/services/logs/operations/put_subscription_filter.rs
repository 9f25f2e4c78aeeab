//! PutSubscriptionFilter: makes or replaces a filter that sends events on as they come.
//!
//! Limits: two filters a group; patterns of 1,024 letters.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`, `LimitExceededException`.
//! Source: API reference "PutSubscriptionFilter"; recordings of 2026-02-06; answers of AWS as users
//! report them.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Arn;
use crate::kernel::Context;
use crate::services::logs::constraint::{
    self, Constraints, FILTER_NAME, FILTER_PATTERN, NOT_EMPTY, given,
};
use crate::services::logs::error::LogsError;
use crate::services::logs::pattern::FilterPattern;
use crate::services::logs::state::Logs;
use crate::services::logs::subscription::Subscription;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub apply_on_transformed_logs: Option<bool>,
    pub destination_arn: Option<String>,
    pub distribution: Option<String>,
    pub emit_system_fields: Option<Vec<String>>,
    pub field_selection_criteria: Option<String>,
    pub filter_name: Option<String>,
    pub filter_pattern: Option<String>,
    pub log_group_name: Option<String>,
    pub role_arn: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    constraint::names(request.log_group_name.as_ref(), None)?;
    let mut check = Constraints::default();
    FILTER_NAME.required(&mut check, "filterName", request.filter_name.as_ref());
    FILTER_PATTERN.required(&mut check, "filterPattern", request.filter_pattern.as_ref());
    NOT_EMPTY.required(&mut check, "destinationArn", request.destination_arn.as_ref());
    check.one_of("distribution", request.distribution.as_deref(), &["Random", "ByLogStream"]);
    check.done()?;
    let group = given("logGroupName", request.log_group_name)?;
    let name = given("filterName", request.filter_name)?;
    let pattern = FilterPattern::parse(&given("filterPattern", request.filter_pattern)?)?;
    let destination = given("destinationArn", request.destination_arn)?;
    let destination = destination_of(&destination, request.role_arn.is_some())?;
    let existing = &logs.group(&group)?.subscriptions;
    if !existing.contains_key(&name) && existing.len() >= FILTERS_MAX {
        return Err(LogsError::LimitExceeded);
    }
    for (member, used) in [
        ("applyOnTransformedLogs", request.apply_on_transformed_logs == Some(true)),
        ("destinationArn", &*destination.service != "lambda"),
        ("distribution", request.distribution.is_some()),
        ("emitSystemFields", request.emit_system_fields.is_some()),
        ("fieldSelectionCriteria", request.field_selection_criteria.is_some()),
        ("roleArn", request.role_arn.is_some()),
    ] {
        if used {
            ctx.not_honoured(member)?;
        }
    }
    let created = existing.get(&name).map_or(ctx.now().millis(), |old| old.created);
    let filter = Subscription {
        name: name.clone(),
        pattern,
        destination,
        role_arn: request.role_arn,
        distribution: request.distribution.unwrap_or_else(|| "ByLogStream".to_owned()),
        created,
        apply_on_transformed_logs: request.apply_on_transformed_logs.unwrap_or_default(),
        emit_system_fields: request.emit_system_fields,
        field_selection_criteria: request.field_selection_criteria,
    };
    logs.group_mut(&group)?.subscriptions.insert(name, filter);
    Ok(Response {})
}

/// Source: user guide "CloudWatch Logs quotas".
const FILTERS_MAX: usize = 2;

/// What may be subscribed, and whether AWS wants a role for it.
// Differs from AWS: streams of Kinesis and Firehose and destinations of Logs may subscribe to a log
// group, but are not here: what would go to them is given up at once, with the reason.
const DESTINATIONS: [(&str, bool); 4] =
    [("lambda", false), ("kinesis", true), ("firehose", true), ("logs", false)];

fn destination_of(text: &str, has_role: bool) -> Result<Arn, LogsError> {
    let invalid = || LogsError::parameter("Invalid destination arn.");
    let arn: Arn = text.parse().map_err(|_| invalid())?;
    let vendor = &*arn.service;
    let row = DESTINATIONS.iter().find(|(service, _)| *service == vendor);
    let Some((_, needs_role)) = row else {
        return Err(LogsError::parameter(format!(
            "PutSubscriptionFilter operation cannot work with destinationArn for vendor {vendor}"
        )));
    };
    match (needs_role, has_role) {
        (true, false) => Err(LogsError::parameter(format!(
            "destinationArn for vendor {vendor} cannot be used without roleArn"
        ))),
        (false, true) if vendor == "lambda" => Err(LogsError::parameter(format!(
            "destinationArn for vendor {vendor} cannot be used with roleArn"
        ))),
        _ => Ok(arn),
    }
}
