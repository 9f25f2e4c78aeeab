//! PutFunctionRecursionConfig: says whether a function may call itself
//! through others; it is stored.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "PutFunctionRecursionConfig".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub function_name: Option<String>,
    pub recursive_loop: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub recursive_loop: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let mut constraints = Constraints::default();
    constraints.required("recursiveLoop", request.recursive_loop.as_ref());
    let words = ["Allow", "Terminate"];
    constraints.one_of("recursiveLoop", request.recursive_loop.as_deref(), &words);
    constraints.done()?;
    if request.recursive_loop.as_deref() == Some("Allow") {
        ctx.not_honoured("RecursiveLoop")?;
    }
    let address = Address::unqualified(request.function_name.as_deref())?;
    let function = lambda.function(ctx, &address)?;
    function.recursive_loop = request.recursive_loop.unwrap_or_default();
    Ok(Response { recursive_loop: Some(function.recursive_loop.clone()) })
}
