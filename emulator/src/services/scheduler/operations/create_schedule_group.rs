//! CreateScheduleGroup: makes a group of schedules.
//!
//! Limits: 500 groups; names as those of schedules.
//! Errors: `ConflictException`, `ServiceQuotaExceededException`, `ValidationException`.
//! Source: API reference "CreateScheduleGroup".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::scheduler::error::SchedulerError;
use crate::services::scheduler::group::Group;
use crate::services::scheduler::state::Scheduler;
use crate::services::scheduler::tagging::{self, TAGS_MAX, Tag};
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
    pub tags: Option<Vec<Tag>>,
    pub client_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub schedule_group_arn: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    scheduler: &mut Scheduler,
    request: Request,
) -> Result<Response, SchedulerError> {
    let tags = request.tags.unwrap_or_default();
    let mut constraints = Constraints::default();
    constraints.required("name", request.name.as_ref());
    constraints.name("name", request.name.as_deref());
    constraints.token(request.client_token.as_deref());
    constraints.group_tags(&tags);
    constraints.done()?;
    let tags = tagging::map(tags);
    if tags.len() > TAGS_MAX {
        return Err(SchedulerError::TooManyTags);
    }
    let mut group = Group::new(ctx, &request.name.unwrap_or_default(), tags);
    group.client_token = request.client_token;
    let group = scheduler.add_group(ctx, group)?;
    Ok(Response { schedule_group_arn: Some(group.arn.to_string()) })
}
