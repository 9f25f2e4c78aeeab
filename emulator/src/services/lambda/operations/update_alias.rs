//! UpdateAlias: lets an alias lead elsewhere, or describes it anew.
//!
//! Errors: `ResourceNotFoundException`, `PreconditionFailedException`,
//! `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "UpdateAlias".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::shapes::AliasRoutingConfiguration;
use crate::services::lambda::state::Lambda;
use crate::services::lambda::version::{check_revision, revision};
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub description: Option<String>,
    pub function_name: Option<String>,
    pub function_version: Option<String>,
    pub name: Option<String>,
    pub revision_id: Option<String>,
    pub routing_config: Option<AliasRoutingConfiguration>,
}

pub use crate::services::lambda::shapes::AliasConfiguration as Response;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::unqualified(request.function_name.as_deref())?;
    let mut constraints = Constraints::default();
    let version = request.function_version.as_deref();
    constraints.alias(None, version, request.description.as_deref());
    constraints.done()?;
    let function = lambda.function(ctx, &address)?;
    let name = request.name.unwrap_or_default();
    let mut alias = function.alias(&name)?.clone();
    check_revision(request.revision_id.as_deref(), Some(&alias.revision), "GetAlias")?;
    if let Some(version) = request.function_version {
        function.check_version(&version)?;
        alias.version = version;
    }
    if request.routing_config.is_some() {
        alias.other = function.routing(&alias.version, request.routing_config)?;
    } else {
        // The share of another version stays, so it has to fit the new one.
        let weights = alias.shown(function, &name).routing_config;
        function.routing(&alias.version, weights)?;
    }
    alias.description = request.description.unwrap_or(alias.description);
    alias.revision = revision(ctx);
    let shown = alias.shown(function, &name);
    function.aliases.insert(name, alias);
    Ok(shown)
}
