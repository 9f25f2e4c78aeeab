//! TagResource: adds tags of a machine or an activity, or replaces their values.
//!
//! Limits: 50 tags; keys of 1 to 128 characters, values of 0 to 256.
//! Errors: `InvalidArn`, `ResourceNotFound`, `TooManyTags`.
//! Source: API reference "TagResource"; recordings of 2023-08-25.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::shapes::Tag;
use crate::services::stepfunctions::state::StepFunctions;
use crate::services::stepfunctions::tagging;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub resource_arn: Option<String>,
    pub tags: Option<Vec<Tag>>,
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
    constraints.required("tags", request.tags.as_ref());
    constraints.states_tags(request.tags.as_ref());
    constraints.done()?;
    let arn = request.resource_arn.as_deref();
    let tags = states.tags(ctx, arn)?;
    *tags = tagging::joined(tags, request.tags, arn.unwrap_or_default())?;
    Ok(Response {})
}
