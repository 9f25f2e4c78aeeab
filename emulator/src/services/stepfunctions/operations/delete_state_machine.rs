//! DeleteStateMachine: begins to delete a machine; its executions end when they would go on.
//!
//! Errors: `InvalidArn`, `ValidationException`. A machine that is not there is no error.
//! Source: API reference "DeleteStateMachine"; recording of 2023-06-22.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::names;
use crate::services::stepfunctions::state::StepFunctions;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub state_machine_arn: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("stateMachineArn", request.state_machine_arn.as_ref());
    constraints.done()?;
    let of = names::machine(request.state_machine_arn.as_deref())?;
    match of.qualifier {
        // Unverified: AWS deletes the version, or refuses.
        Some(_) => Err(StepFunctionsError::InvalidArn(
            "Resource type not valid in this context: stateMachine".to_owned(),
        )),
        None => {
            if let Ok(machine) = states.machine(ctx, &of) {
                machine.begin_deletion(ctx);
            }
            Ok(Response {})
        }
    }
}
