//! SendTaskHeartbeat: a task is still under way, says who has its token.
//!
//! Errors: `InvalidToken`, `TaskDoesNotExist`, `TaskTimedOut`.
//! Source: API reference "SendTaskHeartbeat".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use skyrig_asl::execution::News;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::state::StepFunctions;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub task_token: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.required("taskToken", request.task_token.as_ref());
    constraints.states_text("taskToken", request.task_token.as_ref(), 2048);
    constraints.done()?;
    let (key, number) = states.task_of(request.task_token.as_deref())?;
    states.tell(ctx, &key, number, News::Heartbeat);
    Ok(Response {})
}
