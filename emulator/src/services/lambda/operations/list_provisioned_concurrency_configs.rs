//! ListProvisionedConcurrencyConfigs: the environments that a function's versions and
//! aliases ask for.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "ListProvisionedConcurrencyConfigs".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::page::page;
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub function_name: Option<String>,
    pub marker: Option<String>,
    pub max_items: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub next_marker: Option<String>,
    pub provisioned_concurrency_configs: Option<Vec<ProvisionedConcurrencyConfigListItem>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ProvisionedConcurrencyConfigListItem {
    pub allocated_provisioned_concurrent_executions: Option<i32>,
    pub available_provisioned_concurrent_executions: Option<i32>,
    pub function_arn: Option<String>,
    pub last_modified: Option<String>,
    pub requested_provisioned_concurrent_executions: Option<i32>,
    pub status: Option<String>,
    pub status_reason: Option<String>,
}

const MAX_ITEMS: i32 = 50;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::unqualified(request.function_name.as_deref())?;
    let mut constraints = Constraints::default();
    constraints.max_items(request.max_items, MAX_ITEMS);
    constraints.done()?;
    let function = &*lambda.function(ctx, &address)?;
    let number = |it: u32| i32::try_from(it).ok();
    let all = function.provisioned.iter().map(|(key, it)| {
        let item = ProvisionedConcurrencyConfigListItem {
            function_arn: Some(function.qualified(Some(key)).to_string()),
            requested_provisioned_concurrent_executions: number(it.requested),
            allocated_provisioned_concurrent_executions: number(it.allocated(ctx)),
            available_provisioned_concurrent_executions: number(it.allocated(ctx)),
            last_modified: Some(it.modified.iso_offset()),
            status: Some(it.status(ctx).to_owned()),
            status_reason: None,
        };
        (key.clone(), item)
    });
    let (shown, next_marker) = page(ctx, all, (request.marker, request.max_items))?;
    Ok(Response { provisioned_concurrency_configs: Some(shown), next_marker })
}
