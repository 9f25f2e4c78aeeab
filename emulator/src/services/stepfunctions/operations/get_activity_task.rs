//! GetActivityTask: the next task of an activity for a worker, who waits a minute for one.
//!
//! Limits: 1,000 workers may wait at an activity.
//! Errors: `ActivityDoesNotExist`, `ActivityWorkerLimitExceeded`, `InvalidArn`.
//! Source: API reference "GetActivityTask"; recording of 2024-03-17.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, Outcome};
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::state::StepFunctions;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub activity_arn: Option<String>,
    pub worker_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub input: Option<String>,
    pub task_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Outcome<Response>, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("activityArn", request.activity_arn.as_ref());
    constraints.states_name("workerName", request.worker_name.as_ref());
    constraints.done()?;
    let task = states.work(ctx, request.activity_arn.as_deref(), request.worker_name)?;
    Ok(task.map_or(Outcome::Parked, Outcome::Done))
}
