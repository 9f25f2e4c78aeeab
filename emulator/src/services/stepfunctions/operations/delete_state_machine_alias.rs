//! DeleteStateMachineAlias: forgets an alias; executions that it started go on.
//!
//! Errors: `InvalidArn`, `ResourceNotFound`, `ValidationException`.
//! Source: API reference "DeleteStateMachineAlias".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::state::StepFunctions;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub state_machine_alias_arn: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("stateMachineAliasArn", request.state_machine_alias_arn.as_ref());
    constraints.done()?;
    let (machine, name) = states.with_alias(ctx, request.state_machine_alias_arn.as_deref())?;
    machine.aliases.remove(&name);
    Ok(Response {})
}
