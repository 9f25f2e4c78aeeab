//! ListStateMachineAliases: aliases of a machine, or those that lead to one version, by name.
//!
//! Errors: `InvalidArn`, `InvalidToken`, `StateMachineDoesNotExist`, `ValidationException`.
//! Source: API reference "ListStateMachineAliases"; recordings of 2025-04-09.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::names;
use crate::services::stepfunctions::paging::{Page, page};
use crate::services::stepfunctions::state::StepFunctions;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub max_results: Option<i32>,
    pub next_token: Option<String>,
    pub state_machine_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub next_token: Option<String>,
    pub state_machine_aliases: Option<Vec<StateMachineAliasListItem>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StateMachineAliasListItem {
    pub creation_date: Option<Timestamp>,
    pub state_machine_alias_arn: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("stateMachineArn", request.state_machine_arn.as_ref());
    constraints.states_page(request.max_results);
    constraints.done()?;
    let of = names::machine(request.state_machine_arn.as_deref())?;
    let asked = Page { max_results: request.max_results, token: request.next_token };
    let machine = states.machine(ctx, &of)?;
    let version = of.qualifier.as_deref().and_then(|it| it.parse::<u64>().ok());
    let wanted = machine.aliases.values();
    let wanted = wanted.filter(|alias| version.is_none_or(|number| alias.leads_to(number)));
    let (shown, next_token) = page(ctx, wanted, asked)?;
    let items = shown.into_iter().map(|alias| StateMachineAliasListItem {
        creation_date: Some(alias.created),
        state_machine_alias_arn: Some(format!("{}:{}", machine.arn, alias.name)),
    });
    Ok(Response { next_token, state_machine_aliases: Some(items.collect()) })
}
