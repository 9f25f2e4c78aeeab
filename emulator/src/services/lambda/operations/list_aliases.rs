//! ListAliases: the aliases of a function, or of one of its versions, in pages of 50.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "ListAliases".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::page::page;
use crate::services::lambda::shapes::AliasConfiguration;
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub function_name: Option<String>,
    pub function_version: Option<String>,
    pub marker: Option<String>,
    pub max_items: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub aliases: Option<Vec<AliasConfiguration>>,
    pub next_marker: Option<String>,
}

const MAX_ITEMS: i32 = 10_000;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::unqualified(request.function_name.as_deref())?;
    let mut constraints = Constraints::default();
    constraints.alias(None, request.function_version.as_deref(), None);
    constraints.max_items(request.max_items, MAX_ITEMS);
    constraints.done()?;
    let function = &*lambda.function(ctx, &address)?;
    let version = request.function_version.as_deref();
    let aliases = function.aliases.iter();
    let wanted = aliases.filter(|(_, alias)| version.is_none_or(|it| alias.leads_to(it)));
    let all = wanted.map(|(name, alias)| (name.clone(), alias.shown(function, name)));
    let (aliases, next_marker) = page(ctx, all, (request.marker, request.max_items))?;
    Ok(Response { aliases: Some(aliases), next_marker })
}
