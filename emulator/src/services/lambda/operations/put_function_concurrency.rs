//! PutFunctionConcurrency: reserves a part of the account's concurrency for a function.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "PutFunctionConcurrency".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::concurrency::UNRESERVED_MIN;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub function_name: Option<String>,
    pub reserved_concurrent_executions: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub reserved_concurrent_executions: Option<i32>,
}

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::unqualified(request.function_name.as_deref())?;
    let reserved = request.reserved_concurrent_executions;
    let mut constraints = Constraints::default();
    constraints.required("reservedConcurrentExecutions", reserved.as_ref());
    constraints.range("reservedConcurrentExecutions", reserved, (0, i32::MAX));
    constraints.done()?;
    let reserved = reserved.unwrap_or_default().unsigned_abs();
    let before = lambda.function(ctx, &address)?.reserved_concurrency.unwrap_or(0);
    let unreserved = lambda.unreserved_concurrency() + before;
    if reserved > 0 && unreserved < reserved.saturating_add(UNRESERVED_MIN) {
        return Err(LambdaError::Parameter(format!(
            "Specified ReservedConcurrentExecutions for function decreases account's \
             UnreservedConcurrentExecution below its minimum value of [{UNRESERVED_MIN}]."
        )));
    }
    lambda.found(&address).reserved_concurrency = Some(reserved);
    Ok(Response { reserved_concurrent_executions: i32::try_from(reserved).ok() })
}
