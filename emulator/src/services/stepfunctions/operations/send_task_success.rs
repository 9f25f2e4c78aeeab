//! SendTaskSuccess: a task has ended well, says who has its token.
//!
//! Limits: output of 256 KiB.
//! Errors: `InvalidOutput`, `InvalidToken`, `TaskDoesNotExist`, `TaskTimedOut`.
//! Source: API reference "SendTaskSuccess".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use skyrig_asl::Json;
use skyrig_asl::execution::{News, PAYLOAD_BYTES_MAX};

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::state::StepFunctions;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub output: Option<String>,
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
    constraints.required("output", request.output.as_ref());
    constraints.states_text("output", request.output.as_ref(), PAYLOAD_BYTES_MAX);
    constraints.done()?;
    let (key, number) = states.task_of(request.task_token.as_deref())?;
    let output = Json::parse(request.output.as_deref().unwrap_or_default())
        .map_err(StepFunctionsError::InvalidOutput)?;
    states.tell(ctx, &key, number, News::Succeeded { output });
    Ok(Response {})
}
