//! GetExecutionHistory: the events of an execution of a standard machine, in pages of 100.
//!
//! Errors: `ExecutionDoesNotExist`, `InvalidArn`, `InvalidToken`.
//! Source: API reference "GetExecutionHistory"; recordings of 2024-01-28 and 2024-03-08.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use skyrig_asl::execution as asl;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::paging::{Page, page};
use crate::services::stepfunctions::shapes::history::HistoryEvent;
use crate::services::stepfunctions::state::StepFunctions;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub execution_arn: Option<String>,
    pub include_execution_data: Option<bool>,
    pub max_results: Option<i32>,
    pub next_token: Option<String>,
    pub reverse_order: Option<bool>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub events: Option<Vec<HistoryEvent>>,
    pub next_token: Option<String>,
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
    let data = request.include_execution_data != Some(false);
    let asked = Page { max_results: request.max_results, token: request.next_token };
    let arn = request.execution_arn.as_deref();
    let history = match states.child(ctx, arn)? {
        Some(child) => child.history()?,
        None => &states.run(ctx, arn)?.history,
    };
    let (shown, next_token) = match request.reverse_order {
        Some(true) => page(ctx, history.iter().rev(), asked)?,
        _ => page(ctx, history.iter(), asked)?,
    };
    let events = shown.into_iter().map(|event| shown_event(event, data)).collect();
    Ok(Response { events: Some(events), next_token })
}

fn shown_event(event: &asl::HistoryEvent, data: bool) -> HistoryEvent {
    let mut value = event.to_value();
    if !data && let Some(details) = value.get_mut(event.details_name()) {
        for name in ["input", "output", "parameters", "assignedVariables"] {
            details.as_object_mut().map(|members| members.remove(name));
        }
    }
    let event_read = serde_json::from_value(value);
    let shown: HistoryEvent = event_read.expect("events have the members of the model");
    HistoryEvent { timestamp: Some(Timestamp::from_millis(event.timestamp)), ..shown }
}
