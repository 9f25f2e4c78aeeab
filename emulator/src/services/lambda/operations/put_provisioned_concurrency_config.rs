//! PutProvisionedConcurrencyConfig: asks for environments that are kept ready; it is stored.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "PutProvisionedConcurrencyConfig".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::concurrency::{Provisioned, UNRESERVED_MIN};
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub function_name: Option<String>,
    pub provisioned_concurrent_executions: Option<i32>,
    pub qualifier: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub allocated_provisioned_concurrent_executions: Option<i32>,
    pub available_provisioned_concurrent_executions: Option<i32>,
    pub last_modified: Option<String>,
    pub requested_provisioned_concurrent_executions: Option<i32>,
    pub status: Option<String>,
    pub status_reason: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::read(request.function_name.as_deref(), request.qualifier.as_deref())?;
    let requested = request.provisioned_concurrent_executions;
    let mut constraints = Constraints::default();
    constraints.required("provisionedConcurrentExecutions", requested.as_ref());
    constraints.range("provisionedConcurrentExecutions", requested, (1, i32::MAX));
    constraints.done()?;
    ctx.not_honoured("ProvisionedConcurrentExecutions")?;
    let requested = requested.unwrap_or_default().unsigned_abs();
    let unreserved = lambda.unreserved_concurrency();
    let function = lambda.function(ctx, &address)?;
    let key = function.check_provisionable(address.qualifier.as_deref())?;
    let most = function.reserved_concurrency.unwrap_or(unreserved.saturating_sub(UNRESERVED_MIN));
    // Source: users' reports of AWS's answers.
    if requested > most {
        return Err(LambdaError::parameter(
            "Requested Provisioned Concurrency should not be greater than the \
             reservedConcurrentExecution for function",
        ));
    }
    let it = Provisioned::new(ctx, requested);
    let number = |it: u32| i32::try_from(it).ok();
    let shown = Response {
        requested_provisioned_concurrent_executions: number(it.requested),
        allocated_provisioned_concurrent_executions: number(it.allocated(ctx)),
        available_provisioned_concurrent_executions: number(it.allocated(ctx)),
        last_modified: Some(it.modified.iso_offset()),
        status: Some(it.status(ctx).to_owned()),
        status_reason: None,
    };
    function.provisioned.insert(key, it);
    Ok(shown)
}
