//! GetFunctionUrlConfig: the address of a function or an alias.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`.
//! Source: API reference "GetFunctionUrlConfig".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::permission;
use crate::services::lambda::state::Lambda;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub function_name: Option<String>,
    pub qualifier: Option<String>,
}

pub use crate::services::lambda::shapes::FunctionUrlConfig as Response;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::read(request.function_name.as_deref(), request.qualifier.as_deref())?;
    let function = lambda.function(ctx, &address)?;
    let key = function.url_key(address.qualifier.as_deref())?;
    let url = function.urls.get(&key).ok_or_else(permission::no_resource)?;
    Ok(url.shown(ctx, function, &key))
}
