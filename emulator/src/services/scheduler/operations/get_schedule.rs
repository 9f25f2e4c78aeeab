//! GetSchedule: all that a schedule is set to.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "GetSchedule".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::scheduler::constraint;
use crate::services::scheduler::error::SchedulerError;
use crate::services::scheduler::group::DEFAULT;
use crate::services::scheduler::shapes::{FlexibleTimeWindow, Target};
use crate::services::scheduler::state::Scheduler;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub group_name: Option<String>,
    pub name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub arn: Option<String>,
    pub group_name: Option<String>,
    pub name: Option<String>,
    pub schedule_expression: Option<String>,
    pub start_date: Option<Timestamp>,
    pub end_date: Option<Timestamp>,
    pub description: Option<String>,
    pub schedule_expression_timezone: Option<String>,
    pub state: Option<String>,
    pub creation_date: Option<Timestamp>,
    pub last_modification_date: Option<Timestamp>,
    pub kms_key_arn: Option<String>,
    pub target: Option<Target>,
    pub flexible_time_window: Option<FlexibleTimeWindow>,
    pub action_after_completion: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    scheduler: &mut Scheduler,
    request: Request,
) -> Result<Response, SchedulerError> {
    let name = constraint::name(request.name)?;
    let group = request.group_name.unwrap_or_else(|| DEFAULT.to_owned());
    scheduler.group(ctx, &group)?;
    let schedule = scheduler.schedule((&group, &name))?;
    let settings = &schedule.settings;
    Ok(Response {
        arn: Some(schedule.arn.to_string()),
        group_name: Some(group),
        name: Some(name),
        schedule_expression: Some(settings.expression.as_str().to_owned()),
        start_date: settings.start,
        end_date: settings.end,
        description: settings.description.clone(),
        schedule_expression_timezone: Some(settings.zone.name().to_owned()),
        state: Some(settings.state()),
        creation_date: Some(schedule.created),
        last_modification_date: Some(schedule.modified),
        kms_key_arn: settings.kms_key_arn.clone(),
        target: Some(settings.target.told()),
        flexible_time_window: Some(settings.window()),
        action_after_completion: Some(
            if settings.ends_in_deletion { "DELETE" } else { "NONE" }.to_owned(),
        ),
    })
}
