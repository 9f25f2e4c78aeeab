//! GetScheduleGroup: a group's ARN, state and dates.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "GetScheduleGroup".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::scheduler::constraint;
use crate::services::scheduler::error::SchedulerError;
use crate::services::scheduler::group::Group;
use crate::services::scheduler::state::Scheduler;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub arn: Option<String>,
    pub name: Option<String>,
    pub state: Option<String>,
    pub creation_date: Option<Timestamp>,
    pub last_modification_date: Option<Timestamp>,
}

impl Response {
    pub(in crate::services::scheduler) fn of(group: &Group) -> Self {
        Self {
            arn: Some(group.arn.to_string()),
            name: Some(group.name.to_string()),
            state: Some(group.state()),
            creation_date: Some(group.created),
            last_modification_date: Some(group.modified),
        }
    }
}

pub fn run(
    ctx: &mut Context<'_>,
    scheduler: &mut Scheduler,
    request: Request,
) -> Result<Response, SchedulerError> {
    let name = constraint::name(request.name)?;
    Ok(Response::of(scheduler.group(ctx, &name)?))
}
