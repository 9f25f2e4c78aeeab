//! InvokeAsync: takes an event in that nobody waits for. AWS has replaced it by `Invoke`.
//!
//! Limits: events of 1 MiB.
//! Errors: `ResourceNotFoundException`, `InvalidRequestContentException`.
//! Source: API reference "InvokeAsync".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::invoke::asked;
use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::invoke::{EVENT_BYTES_MAX, is_json};
use crate::services::lambda::state::Lambda;
use crate::wire::Blob;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub function_name: Option<String>,
    pub invoke_args: Option<Blob>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub status: Option<i32>,
}

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::read(request.function_name.as_deref(), None)?;
    let payload = request.invoke_args.map(|Blob(bytes)| bytes).unwrap_or_default();
    let asked = asked(ctx, lambda, &address, is_json(payload, EVENT_BYTES_MAX)?)?;
    lambda.accept(ctx, asked)?;
    Ok(Response { status: Some(202) })
}
