//! ListMapRuns: the runs of an execution's distributed maps, in pages of 100.
//!
//! Errors: `ExecutionDoesNotExist`, `InvalidArn`, `InvalidToken`.
//! Source: API reference "ListMapRuns".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::paging::{Page, page};
use crate::services::stepfunctions::state::StepFunctions;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub execution_arn: Option<String>,
    pub max_results: Option<i32>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub map_runs: Option<Vec<MapRunListItem>>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MapRunListItem {
    pub execution_arn: Option<String>,
    pub map_run_arn: Option<String>,
    pub start_date: Option<Timestamp>,
    pub state_machine_arn: Option<String>,
    pub stop_date: Option<Timestamp>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("executionArn", request.execution_arn.as_ref());
    constraints.states_page(request.max_results);
    constraints.done()?;
    let asked = Page { max_results: request.max_results, token: request.next_token };
    let arn = request.execution_arn.as_deref();
    let child = states.child(ctx, arn)?.map(|child| (child.place, child.of.arn.to_string()));
    let (parent, owner) = child.unzip();
    let run = states.run(ctx, owner.as_deref().or(arn))?;
    let runs = run.execution.map_runs().iter().filter(|it| it.parent == parent);
    let (shown, next_token) = page(ctx, runs, asked)?;
    let items = shown.into_iter().map(|of| MapRunListItem {
        execution_arn: request.execution_arn.clone(),
        map_run_arn: Some(of.arn.clone()),
        start_date: Some(Timestamp::from_millis(of.started_at)),
        state_machine_arn: Some(run.machine_arn.clone()),
        stop_date: of.stopped_at.map(Timestamp::from_millis),
    });
    Ok(Response { map_runs: Some(items.collect()), next_token })
}
