//! StartExecution: starts an execution; of a standard machine, the same once more gives the same.
//!
//! Limits: input of 256 KiB, names of 80 characters, which are free again 90 days after the end.
//! Errors: `ExecutionAlreadyExists`, `ExecutionLimitExceeded`, `InvalidArn`,
//! `InvalidExecutionInput`, `InvalidName`, `StateMachineDeleting`, `StateMachineDoesNotExist`,
//! `ValidationException`.
//! Source: API reference "StartExecution"; recordings of 2023-06-22 to 2024-06-30.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use skyrig_asl::execution::Input;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::names;
use crate::services::stepfunctions::starting::Start;
use crate::services::stepfunctions::state::StepFunctions;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub input: Option<String>,
    pub name: Option<String>,
    pub state_machine_arn: Option<String>,
    pub trace_header: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub execution_arn: Option<String>,
    pub start_date: Option<Timestamp>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("stateMachineArn", request.state_machine_arn.as_ref());
    constraints.states_name("name", request.name.as_ref());
    constraints.done()?;
    let start = Start {
        of: names::machine(request.state_machine_arn.as_deref())?,
        name: request.name,
        input: request.input,
        trace_header: request.trace_header,
    };
    let begun = states.begin(ctx, start)?;
    if begun.is_new {
        states.advance(ctx, &begun.key, Input::Start);
    }
    Ok(Response { execution_arn: Some(begun.arn.to_string()), start_date: Some(begun.started) })
}
