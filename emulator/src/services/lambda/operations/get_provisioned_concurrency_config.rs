//! GetProvisionedConcurrencyConfig: the environments that a version or an alias asks for.
//!
//! Errors: `ResourceNotFoundException`, `ProvisionedConcurrencyConfigNotFoundException`,
//! `InvalidParameterValueException`.
//! Source: API reference "GetProvisionedConcurrencyConfig".

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
    let function = lambda.function(ctx, &address)?;
    let key = function.check_provisionable(address.qualifier.as_deref())?;
    let it = function.provisioned.get(&key).ok_or(LambdaError::NoProvisionedConcurrency)?;
    let number = |it: u32| i32::try_from(it).ok();
    Ok(Response {
        requested_provisioned_concurrent_executions: number(it.requested),
        allocated_provisioned_concurrent_executions: number(it.allocated(ctx)),
        available_provisioned_concurrent_executions: number(it.allocated(ctx)),
        last_modified: Some(it.modified.iso_offset()),
        status: Some(it.status(ctx).to_owned()),
        status_reason: None,
    })
}
