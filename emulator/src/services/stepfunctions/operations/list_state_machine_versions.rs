//! ListStateMachineVersions: the last version first, in pages of 100.
//!
//! Errors: `InvalidArn`, `InvalidToken`, `ValidationException`.
//! Source: API reference "ListStateMachineVersions"; recordings of 2023-08-11.

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
    pub state_machine_versions: Option<Vec<StateMachineVersionListItem>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StateMachineVersionListItem {
    pub creation_date: Option<Timestamp>,
    pub state_machine_version_arn: Option<String>,
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
    let Ok(machine) = states.machine(ctx, &of) else {
        return Ok(Response { next_token: None, state_machine_versions: Some(Vec::new()) });
    };
    let (shown, next_token) = page(ctx, machine.versions.values().rev(), asked)?;
    let items = shown.into_iter().map(|version| StateMachineVersionListItem {
        creation_date: Some(version.created),
        state_machine_version_arn: Some(machine.version_arn(version.number)),
    });
    Ok(Response { next_token, state_machine_versions: Some(items.collect()) })
}
