//! DeleteActivity: removes an activity; one that is not there is no error.
//!
//! Errors: `InvalidArn`.
//! Source: API reference "DeleteActivity"; recordings of 2024-11-25.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::names;
use crate::services::stepfunctions::state::StepFunctions;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub activity_arn: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("activityArn", request.activity_arn.as_ref());
    constraints.done()?;
    let name = names::activity(request.activity_arn.as_deref())?;
    if states.activity(ctx, request.activity_arn.as_deref()).is_ok() {
        states.remove_activity(ctx, &name);
    }
    Ok(Response {})
}
