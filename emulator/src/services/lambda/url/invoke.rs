//! A request to a function's address: runs the function and waits for its answer.
//!
//! Limits: the event of 6 MiB, so a body of up to 6 MiB, or of 4.5 MiB where it is no text.
//! Errors: `ResourceNotFoundException`, `AccessDeniedException`, `RequestTooLargeException`,
//! `TooManyRequestsException`, `ResourceConflictException`.
//! Source: developer guide "Invoking Lambda function URLs" and "Control access to Lambda function
//! URLs".

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Caller, LABEL, answer, cors, event, permitted};
use crate::kernel::{Context, OperationTable, Outcome};
use crate::services::lambda::address::LATEST;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::function::Function;
use crate::services::lambda::function_url::{FunctionUrl, account_of};
use crate::services::lambda::invoke::{Asked, PAYLOAD_BYTES_MAX, Waits};
use crate::services::lambda::operation_table::THROTTLING;
use crate::services::lambda::state::Lambda;
use crate::wire::Blob;
use crate::wire::rest::Route;

/// A whole request, as [`crate::wire::rest::Whole`] puts it together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Request {
    pub(super) id: String,
    /// The host without its port, if it names the address.
    pub(super) domain: Option<String>,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    /// `HTTP/1.1`.
    pub(super) version: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Blob,
}

/// A whole response.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(in crate::services::lambda) struct Response {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Blob,
}

impl Request {
    /// The first header of a name, which is in small letters.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What Lambda does for those who call functions over HTTP.
pub fn table() -> OperationTable<Lambda> {
    OperationTable::new("lambda", THROTTLING)
        .on_waiting("InvokeFunctionUrl", run)
        .about_nothing()
        .unsigned()
        .rest(Route::whole(LABEL))
}

fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Outcome<Response>, LambdaError> {
    let Some((function, qualifier, url)) = find(lambda, &request.id) else {
        // The id says whose it is, so that nobody has to sign.
        let account = account_of(&request.id).filter(|account| *account != ctx.account());
        if let Some(account) = account {
            ctx.belongs_to(account);
        }
        return Err(LambdaError::NoUrl);
    };
    let headers = cors::headers(url.cors.as_ref(), &request);
    if url.cors.is_some() && cors::is_preflight(&request) {
        return Ok(Outcome::Done(answer::preflight(headers)));
    }
    permitted::check(ctx, function, qualifier, &url.auth_type)?;
    let trace_header = event::trace(ctx, &request);
    let payload = event::payload(ctx, &request, url, &trace_header);
    if payload.len() > PAYLOAD_BYTES_MAX {
        return Err(LambdaError::RequestTooLarge(PAYLOAD_BYTES_MAX));
    }
    let asked = Asked {
        request_id: ctx.request_id(),
        function: Arc::clone(&function.name),
        qualifier: qualifier.map(Arc::from),
        payload: payload.into(),
        client_context: None,
        trace_header: Some(trace_header.into()),
        cause: ctx.cause(),
        hops: ctx.hops(),
    };
    let token = lambda.begin(ctx, &asked, None)?;
    let call = ctx.park(&token);
    lambda.wait_for(&token, Waits::Url(Caller { call, headers }));
    Ok(Outcome::Parked)
}

/// The function that has the address with this id, by which alias, and the address.
fn find<'l>(
    lambda: &'l Lambda,
    id: &str,
) -> Option<(&'l Function, Option<&'l str>, &'l FunctionUrl)> {
    lambda.functions.values().find_map(|function| {
        let (key, url) = function.urls.iter().find(|(_, url)| url.id == id)?;
        Some((function, Some(key.as_str()).filter(|key| *key != LATEST), url))
    })
}
