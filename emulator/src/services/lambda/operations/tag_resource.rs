//! TagResource: adds tags to a function or replaces their values.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "TagResource".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::state::Lambda;
use crate::services::lambda::tagging;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub resource: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let mut constraints = Constraints::default();
    constraints.required("tags", request.tags.as_ref());
    constraints.done()?;
    let tags = lambda.tagged(ctx, request.resource.as_deref())?;
    let mut all = tags.clone();
    all.extend(request.tags.unwrap_or_default());
    tagging::check(&all)?;
    *tags = all;
    Ok(Response {})
}
