//! `http:invoke`: a server outside, as an EventBridge connection lets it be called.
//!
//! Source: developer guide, "Call HTTPS APIs in Step Functions workflows". Unverified: the words of
//! errors.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use skyrig_asl::Json;
use skyrig_asl::definition::Resource;

use super::{Failure, PRINCIPAL};
use crate::kernel::{Arn, CallError, Context, Delivery, HttpAnswer, NodeId};

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"];
const ENCODINGS: [&str; 2] = ["NONE", "URL_ENCODED"];
const ARRAYS: [&str; 4] = ["INDICES", "REPEAT", "COMMAS", "BRACKETS"];
const ENDPOINT_CHARACTERS_MAX: usize = 2048;
/// Bytes of an answer that are asked for, counted from 0.
const RANGE: &str = "bytes=0-262144";
/// Headers that a task may not have.
const FORBIDDEN: [&str; 31] = [
    "a-im",
    "accept-charset",
    "accept-datetime",
    "accept-encoding",
    "cache-control",
    "connection",
    "content-encoding",
    "content-md5",
    "date",
    "expect",
    "forwarded",
    "from",
    "host",
    "http2-settings",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "max-forwards",
    "origin",
    "pragma",
    "proxy-authorization",
    "referer",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "warning",
];
const FORBIDDEN_BEGINNINGS: [&str; 3] = ["x-forwarded", "x-amz-", "x-amzn-"];

pub(super) fn is_http(resource: &Resource) -> bool {
    matches!(
        resource,
        Resource::Service { service, action, .. } if service == "http" && action == "invoke"
    )
}

/// The connection that a task names; in one of two members.
fn connection(value: &Value) -> Option<Arn> {
    let named = ["Authentication", "InvocationConfig"].into_iter();
    let arn = named.filter_map(|member| value[member]["ConnectionArn"].as_str()).next()?;
    let arn: Arn = arn.parse().ok()?;
    (&*arn.service == "events" && arn.resource.starts_with("connection/")).then_some(arn)
}

/// Whether the parameters say enough and nothing that may not be.
pub(super) fn judge(input: &Json) -> Result<(), String> {
    let value = input.value();
    let wrong = |what: String| {
        let parameters = input.text();
        format!("The Parameters '{parameters}' could not be used to start the Task: [{what}]")
    };
    if connection(value).is_none() {
        let what = "The field 'Authentication.ConnectionArn' must be the ARN of a connection";
        return Err(wrong(what.to_owned()));
    }
    let endpoint = value["ApiEndpoint"].as_str().unwrap_or_default();
    let rest = endpoint.strip_prefix("https://").or_else(|| endpoint.strip_prefix("http://"));
    let begins = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', ':']));
    let is_plain = endpoint.bytes().all(|byte| byte.is_ascii_graphic());
    if !begins || !is_plain || endpoint.len() > ENDPOINT_CHARACTERS_MAX {
        return Err(wrong("The field 'ApiEndpoint' must be the URL of an HTTPS API".to_owned()));
    }
    let one_of = |path: &str, value: &Value, known: &[&str]| {
        if value.is_null() || value.as_str().is_some_and(|it| known.contains(&it)) {
            return Ok(());
        }
        Err(wrong(format!("The field '{path}' must be one of {}", known.join(", "))))
    };
    if value["Method"].is_null() {
        return Err(wrong("The field 'Method' is required but was missing".to_owned()));
    }
    one_of("Method", &value["Method"], &METHODS)?;
    let transform = &value["Transform"];
    let encoding = &transform["RequestBodyEncoding"];
    one_of("Transform.RequestBodyEncoding", encoding, &ENCODINGS)?;
    let arrays = &transform["RequestEncodingOptions"]["ArrayFormat"];
    one_of("Transform.RequestEncodingOptions.ArrayFormat", arrays, &ARRAYS)?;
    for member in ["Headers", "QueryParameters"] {
        if !(value[member].is_null() || value[member].is_object()) {
            return Err(wrong(format!("The field '{member}' must be an object")));
        }
    }
    match headers(value).into_iter().find(|(name, _)| is_forbidden(name)) {
        None => Ok(()),
        Some((name, _)) => Err(wrong(format!("The header '{name}' is not supported"))),
    }
}

fn is_forbidden(name: &str) -> bool {
    let begins = |beginning: &&str| name.starts_with(beginning);
    FORBIDDEN.contains(&name) || FORBIDDEN_BEGINNINGS.iter().any(begins)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Names in small letters; several values are one, with commas.
fn headers(value: &Value) -> Vec<(String, String)> {
    let members = value["Headers"].as_object().into_iter().flatten();
    let joined = |value: &Value| match value {
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        other => text(other),
    };
    members.map(|(name, value)| (name.to_ascii_lowercase(), joined(value))).collect()
}

/// A parameter with several values stands there several times.
fn query(value: &Value) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for (name, value) in value["QueryParameters"].as_object().into_iter().flatten() {
        match value {
            Value::Array(items) => {
                pairs.extend(items.iter().map(|item| (name.clone(), text(item))));
            }
            other => pairs.push((name.clone(), text(other))),
        }
    }
    pairs
}

/// Hands the request to the connection; the answer comes back with `token`.
///
/// # Errors
/// The task's failure.
pub(super) fn ask(
    ctx: &mut Context<'_>,
    (from, input, cause): (&Arn, &Json, NodeId),
    token: &Arc<str>,
) -> Result<(), Failure> {
    // A trial with a mock has not been judged.
    judge(input).map_err(|cause| Failure { error: "States.Runtime".to_owned(), cause })?;
    let value = input.value();
    let Some(connection) = connection(value) else { return Ok(()) };
    let region = ctx.region();
    let transform = &value["Transform"];
    let form = (transform["RequestBodyEncoding"] == "URL_ENCODED").then(|| {
        let arrays = &transform["RequestEncodingOptions"]["ArrayFormat"];
        arrays.as_str().unwrap_or("INDICES")
    });
    let parameters = json!({
        "url": value["ApiEndpoint"],
        "method": value["Method"],
        "headers": headers(value),
        "query": query(value),
        "form": form,
        "fixed": [
            ["user-agent", format!("Amazon|StepFunctions|HttpInvoke|{region}")],
            ["range", RANGE],
        ],
    });
    let body = match &value["RequestBody"] {
        Value::Null => String::new(),
        other => text(other),
    };
    ctx.deliver(Delivery {
        parameters: Some(parameters.to_string().into()),
        answer_to: Some(Arc::clone(token)),
        ..Delivery::new((from.clone(), PRINCIPAL), connection, body, cause)
    });
    Ok(())
}

/// What a server's answer is to an execution.
///
/// # Errors
/// The task's failure: the server refuses, or answers what is no text.
pub(super) fn output(answer: &HttpAnswer) -> Result<Json, Failure> {
    let status = answer.status;
    let body = std::str::from_utf8(&answer.body);
    let reason = reason(status);
    if !(200..300).contains(&status) {
        let body = body.unwrap_or_default();
        let cause = if body.trim().is_empty() { reason } else { body };
        let error = format!("States.Http.StatusCode.{status}");
        return Err(Failure { error, cause: cause.to_owned() });
    }
    let kind = header(answer, "content-type").unwrap_or_default().to_ascii_lowercase();
    let unreadable = |why: &str| {
        let cause = format!("The response of the HTTP API can't be read: {why}.");
        Failure { error: "States.Runtime".to_owned(), cause }
    };
    let is_binary = ["application/octet-stream", "image/", "video/", "audio/"]
        .iter()
        .any(|binary| kind.starts_with(binary));
    if is_binary {
        return Err(unreadable(&format!("its content type is {kind}")));
    }
    let body = body.map_err(|_| unreadable("it is no UTF-8 text"))?;
    let is_json = kind.is_empty() || kind.contains("json");
    let document = Json::parse(body).ok().filter(|_| is_json);
    let body = document.map_or_else(|| Value::from(body), |it| it.value().clone());
    let mut listed = Map::new();
    for (name, value) in &answer.headers {
        let values = listed.entry(name.as_str()).or_insert_with(|| json!([]));
        if let Some(values) = values.as_array_mut() {
            values.push(value.as_str().into());
        }
    }
    Ok(Json::from(json!({
        "Headers": listed,
        "ResponseBody": body,
        "StatusCode": status,
        "StatusText": reason,
    })))
}

fn header<'a>(answer: &'a HttpAnswer, name: &str) -> Option<&'a str> {
    answer.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
}

fn reason(status: u16) -> &'static str {
    let known = http::StatusCode::from_u16(status).ok();
    known.and_then(|it| it.canonical_reason()).unwrap_or_default()
}

/// Why there was no answer.
pub(super) fn failure(error: CallError) -> Failure {
    match error {
        CallError::Refused { shape, message, .. } => Failure { error: shape, cause: message },
        CallError::Unreachable(cause) | CallError::Undelivered(cause) => {
            Failure { error: "States.Http.Socket".to_owned(), cause }
        }
    }
}

/// What `TestState` shows of a request, without what the connection adds, and of its answer.
pub(in crate::services::stepfunctions) fn inspection(
    input: &Value,
    answer: &HttpAnswer,
) -> (Value, Value) {
    let endpoint = input["ApiEndpoint"].as_str().unwrap_or_default();
    let protocol = endpoint.split("://").next().unwrap_or_default();
    let body = match &input["RequestBody"] {
        Value::Null => None,
        body => Some(text(body)),
    };
    let shown = |headers: &[(String, String)]| {
        let lines: Vec<String> =
            headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        format!("[{}]", lines.join(", "))
    };
    let request = json!({
        "protocol": protocol,
        "method": input["Method"],
        "url": endpoint,
        "headers": shown(&headers(input)),
        "body": body,
    });
    let response = json!({
        "protocol": protocol,
        "statusCode": answer.status.to_string(),
        "statusMessage": reason(answer.status),
        "headers": shown(&answer.headers),
        "body": String::from_utf8_lossy(&answer.body),
    });
    (request, response)
}
