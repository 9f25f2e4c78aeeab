//! ListStateMachines: machines by name, in pages of 100.
//!
//! Errors: `InvalidToken`.
//! Source: API reference "ListStateMachines".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::machine::Machine;
use crate::services::stepfunctions::paging::{Page, page};
use crate::services::stepfunctions::state::StepFunctions;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub max_results: Option<i32>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub next_token: Option<String>,
    pub state_machines: Option<Vec<StateMachineListItem>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StateMachineListItem {
    pub creation_date: Option<Timestamp>,
    pub name: Option<String>,
    pub state_machine_arn: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_page(request.max_results);
    constraints.done()?;
    states.forget(ctx.now());
    let names: Vec<String> = states.machines.keys().cloned().collect();
    for name in names {
        states.settle_deletion(ctx, &name);
    }
    let asked = Page { max_results: request.max_results, token: request.next_token };
    let (shown, next_token) = page(ctx, states.machines.values(), asked)?;
    let item = |machine: &Machine| StateMachineListItem {
        creation_date: Some(machine.created),
        name: Some(machine.name.clone()),
        state_machine_arn: Some(machine.arn.to_string()),
        kind: Some(if machine.is_express() { "EXPRESS" } else { "STANDARD" }.to_owned()),
    };
    Ok(Response { next_token, state_machines: Some(shown.into_iter().map(item).collect()) })
}
