//! CreateAlias: names a version.
//!
//! Errors: `ResourceNotFoundException`, `ResourceConflictException`,
//! `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "CreateAlias".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::alias::Alias;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::shapes::AliasRoutingConfiguration;
use crate::services::lambda::state::Lambda;
use crate::services::lambda::version::revision;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub description: Option<String>,
    pub function_name: Option<String>,
    pub function_version: Option<String>,
    pub name: Option<String>,
    pub routing_config: Option<AliasRoutingConfiguration>,
}

pub use crate::services::lambda::shapes::AliasConfiguration as Response;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::unqualified(request.function_name.as_deref())?;
    let (name, version) = (request.name.as_deref(), request.function_version.as_deref());
    let mut constraints = Constraints::default();
    constraints.required("name", name.as_ref());
    constraints.required("functionVersion", version.as_ref());
    constraints.alias(name, version, request.description.as_deref());
    constraints.done()?;
    let function = lambda.function(ctx, &address)?;
    let name = request.name.unwrap_or_default();
    let version = request.function_version.unwrap_or_default();
    if function.aliases.contains_key(&name) {
        let arn = function.qualified(Some(&name));
        return Err(LambdaError::AliasExists(arn.to_string()));
    }
    function.check_version(&version)?;
    let other = function.routing(&version, request.routing_config)?;
    let description = request.description.unwrap_or_default();
    let alias = Alias { version, description, other, revision: revision(ctx) };
    let shown = alias.shown(function, &name);
    function.aliases.insert(name, alias);
    Ok(shown)
}
