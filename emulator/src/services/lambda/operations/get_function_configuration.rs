//! GetFunctionConfiguration: the configuration of a function's version.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`.
//! Source: API reference "GetFunctionConfiguration".

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

pub use crate::services::lambda::shapes::FunctionConfiguration as Response;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::read(request.function_name.as_deref(), request.qualifier.as_deref())?;
    let function = lambda.function(ctx, &address)?;
    let qualifier = address.qualifier.as_deref();
    let version = function.look(qualifier)?;
    Ok(version.configuration(ctx, &function.qualified(qualifier)))
}
