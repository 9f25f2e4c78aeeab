//! ListFunctions: functions by name, in pages of 50, with all of their versions if asked for.
//!
//! Errors: `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "ListFunctions".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::page::page;
use crate::services::lambda::shapes::FunctionConfiguration;
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub function_version: Option<String>,
    pub marker: Option<String>,
    pub master_region: Option<String>,
    pub max_items: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub functions: Option<Vec<FunctionConfiguration>>,
    pub next_marker: Option<String>,
}

const MAX_ITEMS: i32 = 10_000;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let mut constraints = Constraints::default();
    constraints.one_of("functionVersion", request.function_version.as_deref(), &["ALL"]);
    constraints.max_items(request.max_items, MAX_ITEMS);
    constraints.done()?;
    let with_versions = request.function_version.is_some();
    // Nothing is replicated from another region.
    let elsewhere = request.master_region.as_deref();
    let elsewhere = elsewhere.is_some_and(|it| it != "ALL" && it != ctx.region());
    let functions = lambda.functions.values().filter(|_| !elsewhere);
    let all = functions.flat_map(|function| {
        let versions = function.all_versions().take(if with_versions { usize::MAX } else { 1 });
        versions.map(move |version| {
            // `$LATEST` is before every number.
            let number = version.number().parse::<u64>().unwrap_or(0);
            (format!("{}:{number:020}", function.name), (function, version))
        })
    });
    let (shown, next_marker) = page(ctx, all, (request.marker, request.max_items))?;
    let functions = shown.into_iter().map(|(function, version)| {
        let qualifier = with_versions.then(|| version.number());
        version.configuration(ctx, &function.qualified(qualifier))
    });
    Ok(Response { functions: Some(functions.collect()), next_marker })
}
