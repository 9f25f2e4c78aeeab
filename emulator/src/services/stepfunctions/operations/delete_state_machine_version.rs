//! DeleteStateMachineVersion: forgets a version; its number is never used again.
//!
//! Errors: `ConflictException` if an alias leads to it, `InvalidArn`, `ValidationException`.
//! Source: API reference "DeleteStateMachineVersion"; recordings of 2023-08-11 and 2025-04-09.

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
    pub state_machine_version_arn: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    let arn = request.state_machine_version_arn.as_ref();
    constraints.states_long_arn("stateMachineVersionArn", arn);
    constraints.done()?;
    let of = names::machine(arn.map(String::as_str))?;
    let number = of.qualifier.as_deref().and_then(|it| it.parse::<u64>().ok());
    let Some(number) = number else {
        // Unverified: the text.
        return Err(StepFunctionsError::validation("The ARN must be that of a version."));
    };
    let Ok(machine) = states.machine(ctx, &of) else { return Ok(Response {}) };
    let aliases = machine.aliases.values().filter(|alias| alias.leads_to(number));
    let aliases: Vec<&str> = aliases.map(|alias| alias.name.as_str()).collect();
    if !aliases.is_empty() {
        return Err(StepFunctionsError::Conflict(format!(
            "Version to be deleted must not be referenced by an alias. Current list of aliases \
             referencing this version: [{}]",
            aliases.join(", ")
        )));
    }
    machine.versions.remove(&number);
    Ok(Response {})
}
