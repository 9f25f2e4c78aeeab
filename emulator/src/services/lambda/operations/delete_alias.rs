//! DeleteAlias: takes a name from a version. One that is not there is no error.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`.
//! Source: API reference "DeleteAlias".

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
    pub name: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::unqualified(request.function_name.as_deref())?;
    let function = lambda.function(ctx, &address)?;
    let name = request.name.unwrap_or_default();
    if function.aliases.remove(&name).is_some() {
        function.forget(&name);
    }
    Ok(Response {})
}
