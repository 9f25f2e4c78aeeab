//! UntagResource: removes tags by key; unknown keys are no error.
//!
//! Errors: `InvalidArn`, `ResourceNotFound`.
//! Source: API reference "UntagResource"; recordings of 2023-08-25.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::state::StepFunctions;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub resource_arn: Option<String>,
    pub tag_keys: Option<Vec<String>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("resourceArn", request.resource_arn.as_ref());
    constraints.required("tagKeys", request.tag_keys.as_ref());
    constraints.done()?;
    let keys = request.tag_keys.unwrap_or_default();
    states.tags(ctx, request.resource_arn.as_deref())?.retain(|key, _| !keys.contains(key));
    Ok(Response {})
}
