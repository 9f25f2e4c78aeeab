//! DescribeExecution: an execution as it is. Of Express executions nothing is kept.
//!
//! Errors: `ExecutionDoesNotExist`, `InvalidArn`.
//! Source: API reference "DescribeExecution"; recordings of 2024-03-08 to 2024-06-11.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, Outcome};
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::WAITING;
use crate::services::stepfunctions::advancing::TIMER;
use crate::services::stepfunctions::describing;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::names;
use crate::services::stepfunctions::run::Run;
use crate::services::stepfunctions::shapes::DataDetails;
use crate::services::stepfunctions::state::StepFunctions;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub execution_arn: Option<String>,
    pub included_data: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub cause: Option<String>,
    pub error: Option<String>,
    pub execution_arn: Option<String>,
    pub input: Option<String>,
    pub input_details: Option<DataDetails>,
    pub map_run_arn: Option<String>,
    pub name: Option<String>,
    pub output: Option<String>,
    pub output_details: Option<DataDetails>,
    pub redrive_count: Option<i32>,
    pub redrive_date: Option<Timestamp>,
    pub redrive_status: Option<String>,
    pub redrive_status_reason: Option<String>,
    pub start_date: Option<Timestamp>,
    pub state_machine_alias_arn: Option<String>,
    pub state_machine_arn: Option<String>,
    pub state_machine_version_arn: Option<String>,
    pub status: Option<String>,
    pub stop_date: Option<Timestamp>,
    pub trace_header: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Outcome<Response>, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("executionArn", request.execution_arn.as_ref());
    constraints.states_included(request.included_data.as_ref());
    constraints.done()?;
    let data = request.included_data.as_deref() != Some("METADATA_ONLY");
    if let Some(child) = states.child(ctx, request.execution_arn.as_deref())? {
        return Ok(Outcome::Done(child.description(data)));
    }
    let waits = ctx.caller().is_some_and(|it| it.principal.as_ref() == Some(&WAITING));
    let run = states.run(ctx, request.execution_arn.as_deref())?;
    // A task that waits for what it has started asks, too.
    if waits && run.stopped.is_none() {
        let call = ctx.park(&format!("{TIMER}{}", run.key).into());
        run.waiters.push(call);
        return Ok(Outcome::Parked);
    }
    Ok(Outcome::Done(describing::execution(run, data)))
}

impl StepFunctions {
    /// The execution that an ARN names.
    pub(in crate::services::stepfunctions) fn run(
        &mut self,
        ctx: &Context<'_>,
        text: Option<&str>,
    ) -> Result<&mut Run, StepFunctionsError> {
        self.forget(ctx.now());
        let key = names::execution(text)?;
        let text = text.unwrap_or_default();
        let is_it = |run: &&mut Run| run.arn.as_str() == text;
        let found = self.executions.get_mut(&key).filter(is_it);
        found.ok_or_else(|| StepFunctionsError::ExecutionDoesNotExist(text.to_owned()))
    }
}
