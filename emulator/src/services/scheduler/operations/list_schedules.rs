//! ListSchedules: schedules by group and name, in pages of 100.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "ListSchedules".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::scheduler::error::SchedulerError;
use crate::services::scheduler::schedule::Schedule;
use crate::services::scheduler::state::{Page, Scheduler, page};
use crate::services::shared::constraint::Constraints;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub group_name: Option<String>,
    pub name_prefix: Option<String>,
    pub state: Option<String>,
    pub next_token: Option<String>,
    pub max_results: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub next_token: Option<String>,
    pub schedules: Option<Vec<ScheduleSummary>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ScheduleSummary {
    pub arn: Option<String>,
    pub name: Option<String>,
    pub group_name: Option<String>,
    pub state: Option<String>,
    pub creation_date: Option<Timestamp>,
    pub last_modification_date: Option<Timestamp>,
    pub target: Option<TargetSummary>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TargetSummary {
    pub arn: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    scheduler: &mut Scheduler,
    request: Request,
) -> Result<Response, SchedulerError> {
    let mut constraints = Constraints::default();
    constraints.name("groupName", request.group_name.as_deref());
    constraints.name("namePrefix", request.name_prefix.as_deref());
    constraints.one_of("state", request.state.as_deref(), &["ENABLED", "DISABLED"]);
    constraints.page(request.max_results);
    constraints.done()?;
    if let Some(group) = &request.group_name {
        scheduler.group(ctx, group)?;
    }
    let prefix = request.name_prefix.unwrap_or_default();
    let is_wanted = |(group, name): &(String, String), schedule: &Schedule| {
        request.group_name.as_ref().is_none_or(|wanted| wanted == group)
            && name.starts_with(&prefix)
            && request.state.as_ref().is_none_or(|state| *state == schedule.settings.state())
    };
    let wanted = scheduler.schedules.iter().filter(|(key, schedule)| is_wanted(key, schedule));
    // No name has a slash.
    let all = wanted.map(|(key, schedule)| (format!("{}/{}", key.0, key.1), (key, schedule)));
    let asked = Page { max_results: request.max_results, token: request.next_token };
    let (shown, next_token) = page(ctx, all, asked)?;
    let schedules = shown.into_iter().map(|(key, schedule)| summary(key, schedule)).collect();
    Ok(Response { next_token, schedules: Some(schedules) })
}

fn summary((group, name): &(String, String), schedule: &Schedule) -> ScheduleSummary {
    let target = TargetSummary { arn: Some(schedule.settings.target.arn.to_string()) };
    ScheduleSummary {
        arn: Some(schedule.arn.to_string()),
        name: Some(name.clone()),
        group_name: Some(group.clone()),
        state: Some(schedule.settings.state()),
        creation_date: Some(schedule.created),
        last_modification_date: Some(schedule.modified),
        target: Some(target),
    }
}
