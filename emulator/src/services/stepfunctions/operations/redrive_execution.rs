//! RedriveExecution: an execution that did not succeed goes on where it failed.
//!
//! Limits: within 14 days of the end; a history of 24,999 events cannot grow.
//! Errors: `ExecutionDoesNotExist`, `ExecutionLimitExceeded`, `ExecutionNotRedrivable`,
//! `InvalidArn`, `ValidationException`.
//! Source: API reference "RedriveExecution"; developer guide "Restarting state machine executions".

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use skyrig_asl::execution::Input;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::state::StepFunctions;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub client_token: Option<String>,
    pub execution_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub redrive_date: Option<Timestamp>,
}

/// How long after its end an execution can be redriven.
const REDRIVABLE: Duration = Duration::from_secs(14 * 86_400);

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("executionArn", request.execution_arn.as_ref());
    constraints.length("clientToken", request.client_token.as_deref(), (1, 64));
    constraints.done()?;
    let now = ctx.now();
    let run = states.run(ctx, request.execution_arn.as_deref())?;
    let (key, machine) = (Arc::clone(&run.key), run.machine.clone());
    let is_late = run.stopped.is_some_and(|at| at + REDRIVABLE < now);
    if !run.execution.is_redrivable() || is_late {
        let (_, reason) = run.redrive_status();
        let reason = reason.unwrap_or_else(|| "Execution's redrivable period exceeded".to_owned());
        return Err(StepFunctionsError::NotRedrivable(reason));
    }
    let bytes = run.bytes();
    run.stopped = None;
    run.redriven = Some(now);
    states.open += 1;
    states.closed_bytes = states.closed_bytes.saturating_sub(bytes);
    if let Some(machine) = states.machines.get_mut(&machine) {
        machine.running += 1;
    }
    states.advance(ctx, &key, Input::Redrive);
    Ok(Response { redrive_date: Some(now) })
}
