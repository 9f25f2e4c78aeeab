//! ListCodeSigningConfigs: whose signatures code may have, a page at a time.
//!
//! Errors: `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "ListCodeSigningConfigs".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::page::page;
use crate::services::lambda::shapes::CodeSigningConfig;
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub marker: Option<String>,
    pub max_items: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub code_signing_configs: Option<Vec<CodeSigningConfig>>,
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
    let all = lambda.code_signing.iter().map(|(arn, config)| (arn.clone(), config.told()));
    let (shown, next_marker) = page(ctx, all, (request.marker, request.max_items))?;
    Ok(Response { code_signing_configs: Some(shown), next_marker })
}
