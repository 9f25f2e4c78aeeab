//! CreateStateMachineAlias: a name for one version, or for two by weight.
//!
//! Limits: 100 aliases of a machine.
//! Errors: `ConflictException`, `InvalidArn`, `InvalidName`, `ResourceNotFound`,
//! `ServiceQuotaExceededException`, `StateMachineDeleting`, `ValidationException`.
//! Source: API reference "CreateStateMachineAlias"; recordings of 2025-04-09.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::alias::{ALIASES_MAX, Alias};
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::names;
use crate::services::stepfunctions::shapes::Route;
use crate::services::stepfunctions::state::StepFunctions;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub description: Option<String>,
    pub name: Option<String>,
    pub routing_configuration: Option<Vec<Route>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub creation_date: Option<Timestamp>,
    pub state_machine_alias_arn: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.required("name", request.name.as_ref());
    constraints.states_name("name", request.name.as_ref());
    constraints.length("description", request.description.as_deref(), (0, 256));
    constraints.required("routingConfiguration", request.routing_configuration.as_ref());
    let given = request.routing_configuration.unwrap_or_default();
    constraints.count("routingConfiguration", " '[...]'", given.len(), (1, 2));
    constraints.done()?;
    let name = names::check_alias(request.name.as_deref())?;
    let now = ctx.now();
    let (machine, routes) = states.routes(ctx, &given)?;
    let arn = Some(format!("{}:{name}", machine.arn));
    if let Some(known) = machine.aliases.get(&name) {
        if known.description != request.description || known.routes != routes {
            return Err(StepFunctionsError::Conflict(
                "Failed to create alias because an alias with the same name and a different \
                 routing configuration already exists."
                    .to_owned(),
            ));
        }
        return Ok(Response { creation_date: Some(known.created), state_machine_alias_arn: arn });
    }
    if machine.aliases.len() >= ALIASES_MAX {
        return Err(StepFunctionsError::QuotaExceeded("aliases of a state machine"));
    }
    let description = request.description;
    let alias = Alias { name: name.clone(), description, routes, created: now, updated: now };
    machine.aliases.insert(name, alias);
    Ok(Response { creation_date: Some(now), state_machine_alias_arn: arn })
}
