//! ListFunctionUrlConfigs: the addresses of a function and its aliases, in pages of 50.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "ListFunctionUrlConfigs".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::page::page;
use crate::services::lambda::shapes::FunctionUrlConfig;
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub function_name: Option<String>,
    pub marker: Option<String>,
    pub max_items: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub function_url_configs: Option<Vec<FunctionUrlConfig>>,
    pub next_marker: Option<String>,
}

const MAX_ITEMS: i32 = 50;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::unqualified(request.function_name.as_deref())?;
    let mut constraints = Constraints::default();
    constraints.max_items(request.max_items, MAX_ITEMS);
    constraints.done()?;
    let function = &*lambda.function(ctx, &address)?;
    let all = function.urls.iter().map(|(key, it)| (key.clone(), it.shown(ctx, function, key)));
    let (shown, next_marker) = page(ctx, all, (request.marker, request.max_items))?;
    Ok(Response { function_url_configs: Some(shown), next_marker })
}
