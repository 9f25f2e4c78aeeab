//! ListScheduleGroups: groups by name, in pages of 100.
//!
//! Errors: `ValidationException`.
//! Source: API reference "ListScheduleGroups".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::scheduler::error::SchedulerError;
use crate::services::scheduler::operations::get_schedule_group::Response as Summary;
use crate::services::scheduler::state::{Page, Scheduler, page};
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name_prefix: Option<String>,
    pub next_token: Option<String>,
    pub max_results: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub next_token: Option<String>,
    pub schedule_groups: Option<Vec<Summary>>,
}

pub fn run(
    ctx: &mut Context<'_>,
    scheduler: &mut Scheduler,
    request: Request,
) -> Result<Response, SchedulerError> {
    let mut constraints = Constraints::default();
    constraints.name("namePrefix", request.name_prefix.as_deref());
    constraints.page(request.max_results);
    constraints.done()?;
    let prefix = request.name_prefix.unwrap_or_default();
    let groups = scheduler.groups(ctx).iter().filter(|(name, _)| name.starts_with(&prefix));
    let all = groups.map(|(name, group)| (name.clone(), group));
    let asked = Page { max_results: request.max_results, token: request.next_token };
    let (shown, next_token) = page(ctx, all, asked)?;
    let groups = shown.into_iter().map(Summary::of).collect();
    Ok(Response { next_token, schedule_groups: Some(groups) })
}
