//! StartSyncExecution: starts an execution of an Express machine and answers when it has ended.
//!
//! Limits: input of 256 KiB; five minutes.
//! Errors: `InvalidArn`, `InvalidExecutionInput`, `InvalidName`, `StateMachineDeleting`,
//! `StateMachineDoesNotExist`, `StateMachineTypeNotSupported`.
//! Source: API reference "StartSyncExecution"; recordings of 2024-07-15.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use skyrig_asl::execution::Input;

use crate::kernel::{Context, Outcome};
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::advancing::TIMER;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::names;
use crate::services::stepfunctions::shapes::DataDetails;
use crate::services::stepfunctions::starting::Start;
use crate::services::stepfunctions::state::StepFunctions;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub included_data: Option<String>,
    pub input: Option<String>,
    pub name: Option<String>,
    pub state_machine_arn: Option<String>,
    pub trace_header: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub billing_details: Option<BillingDetails>,
    pub cause: Option<String>,
    pub error: Option<String>,
    pub execution_arn: Option<String>,
    pub input: Option<String>,
    pub input_details: Option<DataDetails>,
    pub name: Option<String>,
    pub output: Option<String>,
    pub output_details: Option<DataDetails>,
    pub start_date: Option<Timestamp>,
    pub state_machine_arn: Option<String>,
    pub status: Option<String>,
    pub stop_date: Option<Timestamp>,
    pub trace_header: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BillingDetails {
    pub billed_duration_in_milliseconds: Option<i64>,
    #[serde(rename = "billedMemoryUsedInMB")]
    pub billed_memory_used_in_mb: Option<i64>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Outcome<Response>, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("stateMachineArn", request.state_machine_arn.as_ref());
    constraints.states_name("name", request.name.as_ref());
    constraints.states_included(request.included_data.as_ref());
    constraints.done()?;
    let of = names::machine(request.state_machine_arn.as_deref())?;
    if names::is_here(ctx, &of.arn) && !states.live_machine(ctx, &of)?.is_express() {
        return Err(StepFunctionsError::TypeNotSupported);
    }
    let start =
        Start { of, name: request.name, input: request.input, trace_header: request.trace_header };
    let begun = states.begin(ctx, start)?;
    let call = ctx.park(&format!("{TIMER}{}", begun.key).into());
    if let Some(run) = states.executions.get_mut(&begun.key) {
        run.waiters.push(call);
    }
    states.advance(ctx, &begun.key, Input::Start);
    Ok(Outcome::Parked)
}
