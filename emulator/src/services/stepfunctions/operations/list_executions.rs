//! ListExecutions: executions of a machine, a version, an alias or a map run, the last first.
//!
//! Errors: `InvalidArn`, `InvalidToken`, `ResourceNotFound`, `StateMachineDoesNotExist`,
//! `StateMachineTypeNotSupported`, `ValidationException`.
//! Source: API reference "ListExecutions"; recordings of 2023-08-17 to 2024-06-30.

use std::ops::Bound;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::child::{Child, children};
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::names;
use crate::services::stepfunctions::paging::{Page, page};
use crate::services::stepfunctions::run::Run;
use crate::services::stepfunctions::state::StepFunctions;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub map_run_arn: Option<String>,
    pub max_results: Option<i32>,
    pub next_token: Option<String>,
    pub redrive_filter: Option<String>,
    pub state_machine_arn: Option<String>,
    pub status_filter: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub executions: Option<Vec<ExecutionListItem>>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExecutionListItem {
    pub execution_arn: Option<String>,
    pub item_count: Option<i32>,
    pub map_run_arn: Option<String>,
    pub name: Option<String>,
    pub redrive_count: Option<i32>,
    pub redrive_date: Option<Timestamp>,
    pub start_date: Option<Timestamp>,
    pub state_machine_alias_arn: Option<String>,
    pub state_machine_arn: Option<String>,
    pub state_machine_version_arn: Option<String>,
    pub status: Option<String>,
    pub stop_date: Option<Timestamp>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    check(&request)?;
    if request.map_run_arn.is_some() {
        return children_of_run(ctx, states, request);
    }
    let of = names::machine(request.state_machine_arn.as_deref())?;
    states.forget(ctx.now());
    if states.machine(ctx, &of)?.is_express() {
        return Err(StepFunctionsError::TypeNotSupported);
    }
    let is_wanted = |run: &&Run| {
        let text = Some(of.arn.as_str());
        let qualified = of.qualifier.is_none()
            || run.version_arn.as_deref() == text
            || run.alias_arn.as_deref() == text;
        let redriven = run.execution.redrive_count() > 0;
        qualified
            && request.status_filter.as_ref().is_none_or(|status| status == run.status())
            && request.redrive_filter.as_ref().is_none_or(|it| (it == "REDRIVEN") == redriven)
    };
    let begin = format!("{}:", of.name);
    let all =
        states.executions.range::<str, _>((Bound::Included(begin.as_str()), Bound::Unbounded));
    let all = all.take_while(|(key, _)| key.starts_with(&begin)).map(|(_, run)| run);
    let mut wanted: Vec<&Run> = all.filter(is_wanted).collect();
    wanted.sort_by_key(|run| std::cmp::Reverse((run.started, run.number)));
    let asked = Page { max_results: request.max_results, token: request.next_token };
    let (shown, next_token) = page(ctx, wanted.into_iter(), asked)?;
    Ok(Response { executions: Some(shown.into_iter().map(item).collect()), next_token })
}

/// The child executions of a map run, the last first.
fn children_of_run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let (run, index) = states.map_run(ctx, request.map_run_arn.as_deref())?;
    if run.execution.map_runs()[index].express {
        return Err(StepFunctionsError::TypeNotSupported);
    }
    let (status, redrive) = (request.status_filter.as_deref(), request.redrive_filter.as_deref());
    let is_wanted = |it: &Child<'_>| it.is_wanted(status, redrive);
    let mut wanted: Vec<Child<'_>> = children(run, Some(index)).filter(is_wanted).collect();
    wanted.reverse();
    let asked = Page { max_results: request.max_results, token: request.next_token };
    let (shown, next_token) = page(ctx, wanted.into_iter(), asked)?;
    Ok(Response { executions: Some(shown.iter().map(Child::item).collect()), next_token })
}

fn check(request: &Request) -> Result<(), StepFunctionsError> {
    const STATUSES: [&str; 6] =
        ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"];
    let mut constraints = Constraints::default();
    constraints.states_page(request.max_results);
    constraints.one_of("statusFilter", request.status_filter.as_deref(), &STATUSES);
    let redrive = request.redrive_filter.as_deref();
    constraints.one_of("redriveFilter", redrive, &["REDRIVEN", "NOT_REDRIVEN"]);
    constraints.done()?;
    if request.state_machine_arn.is_some() == request.map_run_arn.is_some() {
        // Unverified: the text.
        return Err(StepFunctionsError::validation(
            "Must specify either a State Machine ARN or a Map Run ARN, and not both.",
        ));
    }
    Ok(())
}

fn item(run: &Run) -> ExecutionListItem {
    ExecutionListItem {
        execution_arn: Some(run.arn.to_string()),
        item_count: None,
        map_run_arn: None,
        name: Some(run.name.clone()),
        redrive_count: i32::try_from(run.execution.redrive_count()).ok(),
        redrive_date: run.redriven,
        start_date: Some(run.started),
        state_machine_alias_arn: run.alias_arn.clone(),
        state_machine_arn: Some(run.machine_arn.clone()),
        state_machine_version_arn: run.version_arn.clone(),
        status: Some(run.status().to_owned()),
        stop_date: run.stopped,
    }
}
