//! UpdateSchedule: sets a schedule anew; what is not said has its default again.
//!
//! Errors: `ConflictException`, `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference "UpdateSchedule".

use crate::kernel::Context;
use crate::services::scheduler::error::SchedulerError;
use crate::services::scheduler::group::DEFAULT;
pub use crate::services::scheduler::operations::create_schedule::{Request, Response};
use crate::services::scheduler::settings::Settings;
use crate::services::scheduler::state::Scheduler;

pub fn run(
    ctx: &mut Context<'_>,
    scheduler: &mut Scheduler,
    request: Request,
) -> Result<Response, SchedulerError> {
    let group = request.group_name.clone().unwrap_or_else(|| DEFAULT.to_owned());
    let name = request.name.clone().unwrap_or_default();
    let settings = Settings::read(ctx, request.wanted())?;
    scheduler.active_group(ctx, &group)?;
    let key = (group.as_str(), name.as_str());
    let schedule = scheduler.schedule(key)?;
    schedule.change(ctx, key, settings);
    Ok(Response { schedule_arn: Some(schedule.arn.to_string()) })
}
