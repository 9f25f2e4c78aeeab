//! DeleteSchedule: ends a schedule; what it has called goes on.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "DeleteSchedule".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::scheduler::constraint;
use crate::services::scheduler::error::SchedulerError;
use crate::services::scheduler::group::DEFAULT;
use crate::services::scheduler::schedule::owned;
use crate::services::scheduler::state::Scheduler;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub group_name: Option<String>,
    pub name: Option<String>,
    pub client_token: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    scheduler: &mut Scheduler,
    request: Request,
) -> Result<Response, SchedulerError> {
    let name = constraint::name(request.name)?;
    let group = request.group_name.unwrap_or_else(|| DEFAULT.to_owned());
    scheduler.group(ctx, &group)?;
    scheduler.schedule((&group, &name))?;
    scheduler.schedules.remove(&owned((&group, &name)));
    Ok(Response {})
}
