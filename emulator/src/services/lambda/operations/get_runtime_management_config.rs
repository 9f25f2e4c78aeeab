//! GetRuntimeManagementConfig: when the runtime of a version is updated.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`.
//! Source: API reference "GetRuntimeManagementConfig".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::state::Lambda;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub function_name: Option<String>,
    pub qualifier: Option<String>,
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
    let function = lambda.function(ctx, &address)?;
    let version = function.look(address.qualifier.as_deref())?.run.version.to_string();
    let management = function.runtime_management.get(&version).cloned().unwrap_or_default();
    Ok(Response {
        function_arn: Some(function.qualified(address.qualifier.as_deref()).to_string()),
        runtime_version_arn: management.runtime,
        update_runtime_on: Some(management.update),
    })
}
