//! ListFunctionsByCodeSigningConfig: the functions whose code needs these signatures.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "ListFunctionsByCodeSigningConfig".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::page::page;
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub code_signing_config_arn: Option<String>,
    pub marker: Option<String>,
    pub max_items: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub function_arns: Option<Vec<String>>,
    pub next_marker: Option<String>,
}

/// Source: AWS's model, `MaxListItems`.
const ITEMS_MAX: i32 = 10_000;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let mut constraints = Constraints::default();
    constraints.max_items(request.max_items, ITEMS_MAX);
    constraints.done()?;
    let arn = lambda.code_signing(request.code_signing_config_arn.as_deref())?.arn().to_owned();
    let needs = lambda.functions.values().filter(|it| it.code_signing.as_ref() == Some(&arn));
    let all = needs.map(|it| (it.name.to_string(), it.arn.to_string()));
    let (shown, next_marker) = page(ctx, all, (request.marker, request.max_items))?;
    Ok(Response { function_arns: Some(shown), next_marker })
}
