//! ListVersionsByFunction: the versions of a function, `$LATEST` first, in pages of 50.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "ListVersionsByFunction".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::page::page;
use crate::services::lambda::shapes::FunctionConfiguration;
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
    pub next_marker: Option<String>,
    pub versions: Option<Vec<FunctionConfiguration>>,
}

const MAX_ITEMS: i32 = 10_000;

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
    let all = function.all_versions().map(|version| {
        // `$LATEST` is before every number.
        let number = version.number().parse::<u64>().unwrap_or(0);
        (format!("{number:020}"), version)
    });
    let (shown, next_marker) = page(ctx, all, (request.marker, request.max_items))?;
    let versions = shown
        .into_iter()
        .map(|version| version.configuration(ctx, &function.qualified(Some(version.number()))));
    Ok(Response { versions: Some(versions.collect()), next_marker })
}
