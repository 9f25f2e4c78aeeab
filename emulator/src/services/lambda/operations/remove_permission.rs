//! RemovePermission: takes a statement out of a policy.
//!
//! Errors: `ResourceNotFoundException`, `PreconditionFailedException`,
//! `InvalidParameterValueException`.
//! Source: API reference "RemovePermission".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::permission::ResourcePolicy;
use crate::services::lambda::state::Lambda;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub function_name: Option<String>,
    pub qualifier: Option<String>,
    pub revision_id: Option<String>,
    pub statement_id: Option<String>,
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
    let key = function.policy_key(address.qualifier.as_deref())?;
    let sid = request.statement_id.unwrap_or_default();
    let old = function.policies.get(&key);
    let expected = (request.revision_id.as_deref(), "GetPolicy");
    match ResourcePolicy::without(ctx, old, &sid, expected)? {
        Some(policy) => function.policies.insert(key, policy),
        None => function.policies.remove(&key),
    };
    Ok(Response {})
}
