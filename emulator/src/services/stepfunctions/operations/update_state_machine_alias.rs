//! UpdateStateMachineAlias: another description, or other versions.
//!
//! Errors: `ConflictException`, `InvalidArn`, `ResourceNotFound`, `StateMachineDeleting`,
//! `ValidationException`.
//! Source: API reference "UpdateStateMachineAlias"; recordings of 2025-04-09.

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
    pub description: Option<String>,
    pub routing_configuration: Option<Vec<Route>>,
    pub state_machine_alias_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub update_date: Option<Timestamp>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("stateMachineAliasArn", request.state_machine_alias_arn.as_ref());
    constraints.length("description", request.description.as_deref(), (0, 256));
    if let Some(given) = &request.routing_configuration {
        constraints.count("routingConfiguration", " '[...]'", given.len(), (1, 2));
    }
    constraints.done()?;
    let (machine, name) = states.with_alias(ctx, request.state_machine_alias_arn.as_deref())?;
    let arn = machine.arn.clone();
    let routes = match &request.routing_configuration {
        None => None,
        Some(given) => {
            let (of, routes) = states.routes(ctx, given)?;
            if of.arn != arn {
                // Unverified: the text.
                return Err(StepFunctionsError::validation(
                    "Routing configuration must contain versions of the alias' state machine.",
                ));
            }
            Some(routes)
        }
    };
    let (machine, _) = states.with_alias(ctx, request.state_machine_alias_arn.as_deref())?;
    let alias = machine.aliases.get_mut(&name).expect("it was found before");
    if let Some(routes) = routes {
        alias.routes = routes;
    }
    if request.description.is_some() {
        alias.description = request.description;
    }
    alias.updated = ctx.now();
    Ok(Response { update_date: Some(alias.updated) })
}
