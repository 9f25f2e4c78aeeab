//! DeleteFunctionEventInvokeConfig: events are invoked as AWS does it when nothing is set.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`.
//! Source: API reference "DeleteFunctionEventInvokeConfig".

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

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::read(request.function_name.as_deref(), request.qualifier.as_deref())?;
    let function = lambda.function(ctx, &address)?;
    let key = function.check_qualifier(address.qualifier.as_deref())?;
    function.event_invoke_at(&key)?;
    function.event_invoke.remove(&key);
    Ok(Response {})
}
