//! ListTagsForResource: the tags of a machine or an activity.
//!
//! Errors: `InvalidArn`, `ResourceNotFound`.
//! Source: API reference "ListTagsForResource"; recordings of 2023-08-25.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::shapes::Tag;
use crate::services::stepfunctions::state::StepFunctions;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub resource_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub tags: Option<Vec<Tag>>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_arn("resourceArn", request.resource_arn.as_ref());
    constraints.done()?;
    let tags = states.tags(ctx, request.resource_arn.as_deref())?;
    let tags =
        tags.iter().map(|(key, value)| Tag { key: Some(key.clone()), value: Some(value.clone()) });
    Ok(Response { tags: Some(tags.collect()) })
}
