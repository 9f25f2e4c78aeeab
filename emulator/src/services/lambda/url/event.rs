//! The event that a function sees of a request: payload format 2.0.
//!
//! Source: developer guide "Invoking Lambda function URLs", request payload format; "Working with
//! AWS Lambda proxy integrations for HTTP APIs", format 2.0.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::invoke::Request;
use crate::kernel::Context;
use crate::services::lambda::function_url::{AWS_IAM, FunctionUrl};
use crate::wire::{Timestamp, form};

/// Whoever sends a request: this machine.
// Differs from AWS: every request to a function's address comes from 127.0.0.1.
const SOURCE: &str = "127.0.0.1";
/// What goes through every proxy comes from there.
const OF_THE_CONNECTION: [&str; 5] =
    ["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"];
/// The types of bodies that are text; everything else, a form too, comes in base64.
///
/// Source: reports of users who have tried each on AWS.
const TEXTS: [&str; 3] = ["application/json", "application/javascript", "application/xml"];

/// The trace that a request belongs to, or a new one.
pub(super) fn trace(ctx: &mut Context<'_>, request: &Request) -> String {
    if let Some(trace) = request.header("x-amzn-trace-id") {
        return trace.to_owned();
    }
    let seconds = ctx.now().seconds();
    let (first, second) = (ctx.ids().next_u64(), ctx.ids().next_u64() >> 32);
    format!("Root=1-{seconds:08x}-{first:016x}{second:08x}")
}

/// The event, as JSON.
pub(super) fn payload(
    ctx: &Context<'_>,
    request: &Request,
    url: &FunctionUrl,
    trace: &str,
) -> Vec<u8> {
    let mut event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": headers(ctx, request, trace),
        "requestContext": context(ctx, request, url),
        "isBase64Encoded": false,
    });
    let cookies = cookies(request);
    if !cookies.is_empty() {
        event["cookies"] = cookies.into();
    }
    let pairs = form::pairs(request.query.as_bytes());
    let parameters = joined(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())));
    if !parameters.is_empty() {
        event["queryStringParameters"] = parameters.into();
    }
    let body = &request.body.0;
    if !body.is_empty() {
        let text = std::str::from_utf8(body).ok().filter(|_| is_text(request));
        event["isBase64Encoded"] = text.is_none().into();
        event["body"] = text.map_or_else(|| STANDARD.encode(body).into(), Value::from);
    }
    event.to_string().into_bytes()
}

fn is_text(request: &Request) -> bool {
    let kind = request.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.starts_with("text/") || TEXTS.contains(&&*kind)
}

// Unverified: that cookies do not also stand among the headers.
fn headers(ctx: &Context<'_>, request: &Request, trace: &str) -> Map<String, Value> {
    let is_left_out = |name: &str| name == "cookie" || OF_THE_CONNECTION.contains(&name);
    let left = request.headers.iter().filter(|(name, _)| !is_left_out(name));
    let mut headers = joined(left.map(|(name, value)| (name.clone(), value.clone())));
    let is_secure = ctx.caller().is_some_and(|caller| caller.is_secure);
    let (scheme, usual) = if is_secure { ("https", "443") } else { ("http", "80") };
    let port = request.header("host").and_then(|host| host.rsplit_once(':')).map(|(_, port)| port);
    for (name, value) in [
        ("x-amzn-trace-id", trace),
        ("x-forwarded-for", SOURCE),
        ("x-forwarded-port", port.unwrap_or(usual)),
        ("x-forwarded-proto", scheme),
    ] {
        headers.insert(name.to_owned(), value.into());
    }
    headers
}

fn cookies(request: &Request) -> Vec<String> {
    let all = request.headers.iter().filter(|(name, _)| name == "cookie");
    let each = all.flat_map(|(_, value)| value.split(';'));
    each.map(|cookie| cookie.trim().to_owned()).filter(|cookie| !cookie.is_empty()).collect()
}

/// Values of the same name are joined by commas.
fn joined(pairs: impl Iterator<Item = (String, String)>) -> Map<String, Value> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in pairs {
        all.entry(name).or_default().push(value);
    }
    all.into_iter().map(|(name, values)| (name, values.join(",").into())).collect()
}

fn context(ctx: &Context<'_>, request: &Request, url: &FunctionUrl) -> Value {
    let id = &url.id;
    let domain = request.domain.clone();
    let domain = domain.unwrap_or_else(|| format!("{id}.lambda-url.{}.on.aws", ctx.region()));
    let mut context = json!({
        "accountId": "anonymous",
        "apiId": id,
        "domainName": domain,
        "domainPrefix": id,
        "http": {
            "method": request.method,
            "path": request.path,
            "protocol": request.version,
            "sourceIp": SOURCE,
            "userAgent": request.header("user-agent").unwrap_or_default(),
        },
        "requestId": ctx.request_id().to_string(),
        "routeKey": "$default",
        "stage": "$default",
        "time": in_brackets(ctx.now()),
        "timeEpoch": ctx.now().millis(),
    });
    if url.auth_type == AWS_IAM
        && let Some(caller) = ctx.caller()
    {
        let account = caller.scope.account.to_string();
        let user = ctx.identity().map_or_else(|| account.clone(), |it| it.user_id.to_string());
        context["authorizer"] = json!({"iam": {
            "accessKey": caller.access_key_id,
            "accountId": account,
            "callerId": user,
            "cognitoIdentity": null,
            "principalOrgId": null,
            "userArn": ctx.caller_arn(),
            "userId": user,
        }});
        context["accountId"] = account.into();
    }
    context
}

/// `12/Mar/2020:19:03:58 +0000`.
fn in_brackets(at: Timestamp) -> String {
    let date = at.http_date();
    let words: Vec<&str> = date.split(' ').collect();
    match words[..] {
        [_, day, month, year, time, _] => format!("{day}/{month}/{year}:{time} +0000"),
        _ => date,
    }
}
