//! Invoke: runs a function and waits for its end, or takes an event in that nobody waits for.
//!
//! Limits: payloads of 6 MiB, events of 1 MiB; a client context of 3,583 bytes in base64.
//! Errors: `ResourceNotFoundException`, `ResourceConflictException`, `TooManyRequestsException`,
//! `RequestTooLargeException`, `InvalidRequestContentException`, `InvalidParameterValueException`.
//! Source: API reference "Invoke".

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, Outcome};
use crate::services::lambda::address::Address;
use crate::services::lambda::constraint::Choice;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::invoke::{
    Asked, EVENT_BYTES_MAX, PAYLOAD_BYTES_MAX, Waits, client_context, is_json,
};
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;
use crate::wire::Blob;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub client_context: Option<String>,
    pub durable_execution_name: Option<String>,
    pub function_name: Option<String>,
    pub invocation_type: Option<String>,
    pub log_type: Option<String>,
    pub payload: Option<Blob>,
    pub qualifier: Option<String>,
    pub tenant_id: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub durable_execution_arn: Option<String>,
    pub executed_version: Option<String>,
    pub function_error: Option<String>,
    pub log_result: Option<String>,
    pub payload: Option<Blob>,
    pub status_code: Option<i32>,
}

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Outcome<Response>, LambdaError> {
    let address = Address::read(request.function_name.as_deref(), request.qualifier.as_deref())?;
    check(&request)?;
    let is_event = request.invocation_type.as_deref() == Some("Event");
    let bytes_max = if is_event { EVENT_BYTES_MAX } else { PAYLOAD_BYTES_MAX };
    let payload = request.payload.map(|Blob(bytes)| bytes).unwrap_or_default();
    let asked = asked(ctx, lambda, &address, is_json(payload, bytes_max)?)?;
    let status = match request.invocation_type.as_deref() {
        Some("DryRun") => 204,
        Some("Event") => {
            lambda.accept(ctx, asked)?;
            202
        }
        _ => {
            let client_context = client_context(request.client_context.as_deref())?;
            let token = lambda.begin(ctx, &Asked { client_context, ..asked }, None)?;
            let call = ctx.park(&token);
            let tail = request.log_type.as_deref() == Some("Tail");
            lambda.wait_for(&token, Waits::Caller { call, tail });
            return Ok(Outcome::Parked);
        }
    };
    Ok(Outcome::Done(Response { status_code: Some(status), ..Response::default() }))
}

fn check(request: &Request) -> Result<(), LambdaError> {
    let mut it = Constraints::default();
    it.choice(Choice::INVOCATION_TYPE, request.invocation_type.as_deref());
    it.choice(Choice::LOG_TYPE, request.log_type.as_deref());
    it.done()?;
    for (member, given) in [
        ("DurableExecutionName", &request.durable_execution_name),
        ("TenantId", &request.tenant_id),
    ] {
        if given.is_some() {
            return Err(LambdaError::NotImplemented(member));
        }
    }
    Ok(())
}

/// The invocation of what a request names.
///
/// # Errors
/// `ResourceNotFoundException`, `AccessDeniedException`.
pub(super) fn asked(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    address: &Address,
    payload: bytes::Bytes,
) -> Result<Asked, LambdaError> {
    let function = lambda.function(ctx, address)?;
    let qualifier = address.qualifier.as_deref();
    function.look(qualifier)?;
    let trace_header = ctx.caller().and_then(|caller| caller.trace_header.as_deref());
    Ok(Asked {
        request_id: ctx.request_id(),
        function: Arc::clone(&function.name),
        qualifier: qualifier.map(Arc::from),
        payload,
        client_context: None,
        trace_header: trace_header.map(Arc::from),
        cause: ctx.cause(),
        hops: ctx.hops(),
    })
}
