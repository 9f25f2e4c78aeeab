//! ListActivities: activities by name, in pages of 100.
//!
//! Errors: `InvalidToken`.
//! Source: API reference "ListActivities"; recording of 2024-03-17.

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
    pub max_results: Option<i32>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub activities: Option<Vec<ActivityListItem>>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ActivityListItem {
    pub activity_arn: Option<String>,
    pub creation_date: Option<Timestamp>,
    pub name: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_page(request.max_results);
    constraints.done()?;
    let asked = Page { max_results: request.max_results, token: request.next_token };
    let (shown, next_token) = page(ctx, states.activities.values(), asked)?;
    let items = shown.into_iter().map(|activity| ActivityListItem {
        activity_arn: Some(activity.arn.to_string()),
        creation_date: Some(activity.created),
        name: Some(activity.name.clone()),
    });
    Ok(Response { activities: Some(items.collect()), next_token })
}
