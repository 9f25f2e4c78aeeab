//! PutRuntimeManagementConfig: says when the runtime of a version is updated; it is stored.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "PutRuntimeManagementConfig".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::runtime_management::{Management, UPDATES};
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub function_name: Option<String>,
    pub qualifier: Option<String>,
    pub runtime_version_arn: Option<String>,
    pub update_runtime_on: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub function_arn: Option<String>,
    pub runtime_version_arn: Option<String>,
    pub update_runtime_on: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::read(request.function_name.as_deref(), request.qualifier.as_deref())?;
    let mut constraints = Constraints::default();
    constraints.required("updateRuntimeOn", request.update_runtime_on.as_ref());
    constraints.one_of("updateRuntimeOn", request.update_runtime_on.as_deref(), &UPDATES);
    constraints.done()?;
    let update = request.update_runtime_on.unwrap_or_default();
    let management = Management { update, runtime: request.runtime_version_arn };
    management.check()?;
    ctx.not_honoured("UpdateRuntimeOn")?;
    let function = lambda.function(ctx, &address)?;
    let version = function.look(address.qualifier.as_deref())?.run.version.to_string();
    let function_arn = Some(function.qualified(address.qualifier.as_deref()).to_string());
    function.runtime_management.insert(version, management.clone());
    let Management { update, runtime } = management;
    Ok(Response { function_arn, runtime_version_arn: runtime, update_runtime_on: Some(update) })
}
