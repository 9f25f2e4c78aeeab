//! EnableAlarmActions, DisableAlarmActions: whether alarms act when their state changes.
//!
//! Limits: 100 names. Names of no alarm are passed over.
//! Errors: `ValidationError`.
//! Source: API reference "EnableAlarmActions"; recordings of 2025-09-22.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::metric::NAME_MAX;
use crate::services::cloudwatch::state::CloudWatch;

const NAMES_MAX: usize = 100;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub alarm_names: Option<Vec<String>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {}

/// EnableAlarmActions.
pub fn enable(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    set(ctx, cloudwatch, request, true)
}

/// DisableAlarmActions.
pub fn disable(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    set(ctx, cloudwatch, request, false)
}

fn set(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
    enabled: bool,
) -> Result<Response, CloudWatchError> {
    let names = check_names(request.alarm_names)?;
    for name in names {
        cloudwatch.alarms.set_actions_enabled(ctx.now(), &name, enabled);
    }
    Ok(Response {})
}

/// The names, if they are there and of good length.
pub(super) fn check_names(names: Option<Vec<String>>) -> Result<Vec<String>, CloudWatchError> {
    let mut constraints = Constraints::default();
    constraints.required("alarmNames", names.as_ref());
    constraints.entries("alarmNames", names.as_deref().unwrap_or_default(), (0, NAMES_MAX));
    for (number, name) in (1..).zip(names.iter().flatten()) {
        let member = format!("alarmNames.{number}.member");
        constraints.length(&member, Some(name), (1, NAME_MAX));
    }
    constraints.done()?;
    Ok(names.unwrap_or_default())
}
