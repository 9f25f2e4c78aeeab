//! CreateSchedule: makes a schedule in a group.
//!
//! Limits: names of 1 to 64 letters, digits, `.`, `-` and `_`, unique in their group; expressions
//! of 256 characters; an input of 256 KiB.
//! Errors: `ConflictException`, `ResourceNotFoundException`, `ServiceQuotaExceededException`,
//! `ValidationException`.
//! Source: API reference "CreateSchedule"; user guide, "Schedule types".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::scheduler::error::SchedulerError;
use crate::services::scheduler::group::DEFAULT;
use crate::services::scheduler::schedule::{Schedule, owned};
use crate::services::scheduler::settings::{Settings, Wanted};
use crate::services::scheduler::shapes::{FlexibleTimeWindow, Target};
use crate::services::scheduler::state::Scheduler;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub group_name: Option<String>,
    pub name: Option<String>,
    pub client_token: Option<String>,
    pub schedule_expression: Option<String>,
    pub schedule_expression_timezone: Option<String>,
    pub start_date: Option<Timestamp>,
    pub end_date: Option<Timestamp>,
    pub description: Option<String>,
    pub state: Option<String>,
    pub kms_key_arn: Option<String>,
    pub target: Option<Target>,
    pub flexible_time_window: Option<FlexibleTimeWindow>,
    pub action_after_completion: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub schedule_arn: Option<String>,
}

impl Request {
    pub(in crate::services::scheduler) fn wanted(self) -> Wanted {
        Wanted {
            group: self.group_name,
            name: self.name,
            client_token: self.client_token,
            expression: self.schedule_expression,
            zone: self.schedule_expression_timezone,
            start: self.start_date,
            end: self.end_date,
            description: self.description,
            state: self.state,
            kms_key_arn: self.kms_key_arn,
            target: self.target,
            window: self.flexible_time_window,
            after_completion: self.action_after_completion,
        }
    }
}

pub fn run(
    ctx: &mut Context<'_>,
    scheduler: &mut Scheduler,
    request: Request,
) -> Result<Response, SchedulerError> {
    let group = request.group_name.clone().unwrap_or_else(|| DEFAULT.to_owned());
    let name = request.name.clone().unwrap_or_default();
    let client_token = request.client_token.clone();
    let settings = Settings::read(ctx, request.wanted())?;
    scheduler.active_group(ctx, &group)?;
    let key = (group.as_str(), name.as_str());
    if let Ok(old) = scheduler.schedule(key)
        && client_token.is_some()
        && old.client_token == client_token
        && old.settings == settings
    {
        return Ok(Response { schedule_arn: Some(old.arn.to_string()) });
    }
    scheduler.check_new_schedule(key)?;
    let mut schedule = Schedule::new(ctx, key, settings);
    schedule.client_token = client_token;
    let arn = schedule.arn.to_string();
    scheduler.schedules.insert(owned(key), schedule);
    Ok(Response { schedule_arn: Some(arn) })
}
