//! DescribeStateMachineAlias: an alias as it is.
//!
//! Errors: `InvalidArn`, `ResourceNotFound`, `ValidationException`.
//! Source: API reference "DescribeStateMachineAlias"; recording of 2025-04-09.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::shapes::Route;
use crate::services::stepfunctions::state::StepFunctions;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub state_machine_alias_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub creation_date: Option<Timestamp>,
    pub description: Option<String>,
    pub name: Option<String>,
    pub routing_configuration: Option<Vec<Route>>,
    pub state_machine_alias_arn: Option<String>,
    pub update_date: Option<Timestamp>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("stateMachineAliasArn", request.state_machine_alias_arn.as_ref());
    constraints.done()?;
    let (machine, name) = states.with_alias(ctx, request.state_machine_alias_arn.as_deref())?;
    let alias = &machine.aliases[&name];
    Ok(Response {
        creation_date: Some(alias.created),
        description: alias.description.clone(),
        name: Some(name.clone()),
        routing_configuration: Some(alias.shown(machine)),
        state_machine_alias_arn: Some(format!("{}:{name}", machine.arn)),
        update_date: Some(alias.updated),
    })
}
