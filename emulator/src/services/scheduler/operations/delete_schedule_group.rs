//! DeleteScheduleGroup: ends a group and all of its schedules.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "DeleteScheduleGroup".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::scheduler::constraint;
use crate::services::scheduler::error::SchedulerError;
use crate::services::scheduler::state::Scheduler;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
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
    scheduler.delete_group(ctx, &name)?;
    Ok(Response {})
}
