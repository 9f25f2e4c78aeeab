//! UntagResource: removes tags by key; unknown keys are no error.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "UntagResource".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub resource: Option<String>,
    pub tag_keys: Option<Vec<String>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let mut constraints = Constraints::default();
    constraints.required("tagKeys", request.tag_keys.as_ref());
    constraints.done()?;
    let keys = request.tag_keys.unwrap_or_default();
    lambda.tagged(ctx, request.resource.as_deref())?.retain(|key, _| !keys.contains(key));
    Ok(Response {})
}
