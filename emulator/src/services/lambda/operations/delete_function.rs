//! DeleteFunction: deletes a function, or one of its versions.
//!
//! Errors: `ResourceNotFoundException`, `ResourceConflictException`,
//! `InvalidParameterValueException`.
//! Source: API reference "DeleteFunction".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::{Address, LATEST};
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
    pub status_code: Option<i32>,
}

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::read(request.function_name.as_deref(), request.qualifier.as_deref())?;
    let function = lambda.function(ctx, &address)?;
    match address.qualifier.as_deref() {
        None => {
            lambda.functions.remove(address.name.as_str());
        }
        Some(LATEST) => {
            return Err(LambdaError::parameter(
                "$LATEST version cannot be deleted without deleting the function.",
            ));
        }
        Some(qualifier) => function.delete_version(qualifier)?,
    }
    Ok(Response { status_code: Some(204) })
}
