//! StopExecution: ends an execution of a standard machine; one that has ended stays as it is.
//!
//! Limits: error of 256 characters, cause of 32,768.
//! Errors: `ExecutionDoesNotExist`, `InvalidArn`, `ValidationException`.
//! Source: API reference "StopExecution".

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use skyrig_asl::execution::Input;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::child::NOT_STOPPED;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::state::StepFunctions;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub cause: Option<String>,
    pub error: Option<String>,
    pub execution_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub stop_date: Option<Timestamp>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("executionArn", request.execution_arn.as_ref());
    constraints.length("error", request.error.as_deref(), (0, 256));
    constraints.states_text("cause", request.cause.as_ref(), 32_768);
    constraints.done()?;
    if states.child(ctx, request.execution_arn.as_deref())?.is_some() {
        return Err(StepFunctionsError::NotImplemented(NOT_STOPPED));
    }
    let run = states.run(ctx, request.execution_arn.as_deref())?;
    let key = Arc::clone(&run.key);
    let stop = Input::Stop { error: request.error, cause: request.cause };
    states.advance(ctx, &key, stop);
    let stopped = states.executions.get(&key).and_then(|run| run.stopped);
    Ok(Response { stop_date: stopped })
}
