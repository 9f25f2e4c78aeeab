//! What an answer is to an execution: a task's output, or an error by the name that `Catch` knows.
//!
//! Source: histories recorded on AWS, 2023-06-22 to 2026-02-19.

use serde_json::{Map, Value, json};
use skyrig_asl::Json;
use skyrig_asl::definition::Resource;
use skyrig_asl::execution::News;

use super::sdk::{self, SdkService};
use super::{Failure, casing, http};
use crate::kernel::{Answered, CallError, Context};
use crate::wire::{Blob, Timestamp};

/// Bytes of SNS's answer in XML, but for a sequence number.
const PUBLISHED_BYTES: usize = 294;

/// A task's output.
///
/// # Errors
/// The task's failure.
pub(super) fn of(
    ctx: &mut Context<'_>,
    resource: &Resource,
    answer: Result<Answered, CallError>,
) -> Result<Json, Failure> {
    let answer = match answer {
        Ok(Answered::Operation(answer)) => answer,
        Ok(Answered::Http(answer)) => return http::output(&answer),
        Ok(_) => Value::Null,
        Err(error) if http::is_http(resource) => return Err(http::failure(error)),
        Err(error) => return Err(failure(ctx, resource, error)),
    };
    let service = match resource {
        Resource::Lambda { .. } | Resource::Activity { .. } => {
            return payload(&answer, &str::to_owned);
        }
        Resource::Service { service, .. } => service.as_str(),
    };
    let length = answer.to_string().len();
    if let Some(name) = service.strip_prefix("aws-sdk:") {
        let camel = SdkService::of(name).is_some_and(|row| row.camel);
        let answer = if camel { casing::capital(answer) } else { answer };
        return Ok(Json::from(with_moments(answer)));
    }
    match service {
        "events" => put_events(answer),
        "lambda" => {
            // Recorded, 2024-11-28: its errors are written anew, without the function's blanks.
            let output = payload(&answer, &compact)?;
            let mut whole = json!({
                "ExecutedVersion": answer.get("ExecutedVersion").cloned(),
                "Payload": output.value(),
            });
            add_metadata(ctx, &mut whole, (service, output.text().len()));
            whole["StatusCode"] = answer["StatusCode"].clone();
            Ok(Json::from(whole))
        }
        "states" => {
            let mut whole = casing::capital(answer);
            if let Some(at) = whole["StartDate"].as_f64() {
                whole["StartDate"] = Timestamp::from_seconds(at).millis().into();
            }
            add_metadata(ctx, &mut whole, (service, length));
            Ok(Json::from(whole))
        }
        _ => {
            let mut whole = answer;
            add_metadata(ctx, &mut whole, (service, length));
            Ok(Json::from(whole))
        }
    }
}

fn compact(document: &str) -> String {
    let read = serde_json::from_str::<Value>(document);
    read.map_or_else(|_| document.to_owned(), |it| it.to_string())
}

/// What a function returned; `shown` gives the cause that its error document is.
fn payload(answer: &Value, shown: &dyn Fn(&str) -> String) -> Result<Json, Failure> {
    let encoded = json!(answer["Payload"]);
    let bytes: Blob = serde_json::from_value(encoded).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes.0).into_owned();
    if answer["FunctionError"].is_string() {
        let document: Value = serde_json::from_str(&text).unwrap_or_default();
        let kind = document["errorType"].as_str().unwrap_or("Lambda.Unknown");
        return Err(Failure { error: kind.to_owned(), cause: shown(&text) });
    }
    let text = if text.is_empty() { "null".to_owned() } else { text };
    Ok(Json::parse(&text).unwrap_or_else(|_| Json::from(Value::String(text))))
}

/// Events fail as a whole if one of them does.
fn put_events(answer: Value) -> Result<Json, Failure> {
    if answer["FailedEntryCount"].as_i64().unwrap_or(0) > 0 {
        let error = "EventBridge.FailedEntry".to_owned();
        return Err(Failure { error, cause: answer.to_string() });
    }
    Ok(Json::from(answer))
}

/// The HTTP answer as SDKs show it. There was none: the headers are what AWS's would have been.
fn add_metadata(ctx: &mut Context<'_>, answer: &mut Value, (service, length): (&str, usize)) {
    let id = ctx.ids().uuid().to_string();
    let date = ctx.now().http_date();
    let (kind, length) = match service {
        "sns" => {
            let plain = json!({"MessageId": answer["MessageId"]}).to_string().len();
            ("text/xml", PUBLISHED_BYTES + length.saturating_sub(plain))
        }
        "lambda" => ("application/json", length),
        _ => ("application/x-amz-json-1.0", length),
    };
    let mut headers: Vec<(&str, String)> = Vec::new();
    let connection =
        if matches!(service, "dynamodb" | "lambda") { "Connection" } else { "connection" };
    headers.push((connection, "keep-alive".to_owned()));
    headers.push(("x-amzn-RequestId", id.clone()));
    headers.push(("Content-Length", length.to_string()));
    headers.push(("Date", date));
    headers.push(("Content-Type", kind.to_owned()));
    match service {
        "dynamodb" => {
            let crc = crc32fast::hash(answer.to_string().as_bytes());
            headers.push(("Server", "Server".to_owned()));
            headers.push(("x-amz-crc32", crc.to_string()));
        }
        "lambda" => {
            let version = answer["ExecutedVersion"].as_str().unwrap_or("$LATEST").to_owned();
            headers.push(("X-Amz-Executed-Version", version));
            headers.push(("x-amzn-Remapped-Content-Length", "0".to_owned()));
            headers.push(("X-Amzn-Trace-Id", format!("root=1-{};sampled=0", id.replace('-', ""))));
        }
        _ => {}
    }
    let single: Map<String, Value> =
        headers.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let listed: Map<String, Value> =
        headers.iter().map(|(name, value)| ((*name).to_owned(), json!([value]))).collect();
    answer["SdkHttpMetadata"] =
        json!({"AllHttpHeaders": listed, "HttpHeaders": single, "HttpStatusCode": 200});
    answer["SdkResponseMetadata"] = json!({"RequestId": id});
}

/// Times are texts in what an SDK integration gives; on the wire they are seconds.
// Differs from AWS: which numbers are times is told by their names and sizes.
fn with_moments(value: Value) -> Value {
    const ENDS: [&str; 4] = ["Date", "Time", "Timestamp", "DateTime"];
    const SECONDS: std::ops::Range<f64> = 1e8..1e11;
    match value {
        Value::Array(items) => items.into_iter().map(with_moments).collect(),
        Value::Object(members) => {
            let shown = |(name, member): (String, Value)| {
                let seconds = member.as_f64().filter(|it| SECONDS.contains(it));
                let seconds = seconds.filter(|_| ENDS.iter().any(|end| name.ends_with(end)));
                let member = match seconds {
                    Some(seconds) => Timestamp::from_seconds(seconds).iso_millis().into(),
                    None => with_moments(member),
                };
                (name, member)
            };
            Value::Object(members.into_iter().map(shown).collect())
        }
        other => other,
    }
}

/// The error by which an execution knows that a call failed.
pub(super) fn failure(ctx: &mut Context<'_>, resource: &Resource, error: CallError) -> Failure {
    let id = ctx.ids().uuid();
    let (shape, status, message) = match error {
        CallError::Refused { shape, status, message } => (shape, status, message),
        CallError::Unreachable(reason) | CallError::Undelivered(reason) => {
            let (service, v2) = service_of(resource);
            let prefix =
                if v2 { sdk_prefix(service) } else { sdk::optimised(service).prefix.into() };
            return Failure { error: format!("{prefix}.SdkClientException"), cause: reason };
        }
    };
    let (service, is_sdk) = service_of(resource);
    if is_sdk {
        let known = SdkService::of(service);
        let prefix = sdk_prefix(service);
        let named = sdk::class(known.map_or(service, |row| row.service), &shape);
        let named = named.unwrap_or_else(|| format!("{prefix}Exception"));
        return Failure {
            error: format!("{prefix}.{named}"),
            cause: format!(
                "{message} (Service: {prefix}, Status Code: {status}, Request ID: {id}) (SDK \
                 Attempt Count: 1)"
            ),
        };
    }
    let message = if service == "lambda" { with_latest(message) } else { message };
    let of = sdk::optimised(service);
    let class = sdk::class(service, &shape).unwrap_or_else(|| of.generic.to_owned());
    Failure {
        error: format!("{}.{class}", of.prefix),
        cause: format!(
            "{message} (Service: {}; Status Code: {status}; Error Code: {shape}; Request ID: {id}; \
             Proxy: null)",
            of.client
        ),
    }
}

/// Step Functions names the version that it looked for, too. Recorded, 2025-11-25.
fn with_latest(message: String) -> String {
    let missing = message.strip_prefix("Function not found: ");
    match missing.and_then(|arn| arn.rsplit_once(":function:")) {
        Some((_, name)) if !name.contains(':') => format!("{message}:$LATEST"),
        _ => message,
    }
}

/// The service, and whether it is called by an SDK integration.
fn service_of(resource: &Resource) -> (&str, bool) {
    match resource {
        Resource::Lambda { .. } | Resource::Activity { .. } => ("lambda", false),
        Resource::Service { service, .. } => match service.strip_prefix("aws-sdk:") {
            Some(name) => (name, true),
            None => (service, false),
        },
    }
}

/// What the errors of an SDK integration begin with.
fn sdk_prefix(name: &str) -> String {
    match SdkService::of(name) {
        Some(row) => row.prefix.to_owned(),
        None => {
            let mut letters = name.chars();
            letters.next().map(|it| it.to_ascii_uppercase()).into_iter().chain(letters).collect()
        }
    }
}

/// What became of an execution that a task has waited for; `.sync:2` gives its output as JSON.
pub(super) fn of_job(description: Value, parsed: bool) -> News {
    let mut shown = casing::capital(description);
    for name in ["StartDate", "StopDate", "RedriveDate"] {
        if let Some(at) = shown[name].as_f64() {
            shown[name] = Timestamp::from_seconds(at).millis().into();
        }
    }
    if let Some(members) = shown.as_object_mut() {
        members.retain(|_, member| !member.is_null());
    }
    if shown["Status"] != "SUCCEEDED" {
        let error = Some("States.TaskFailed".to_owned());
        return News::Failed { error, cause: Some(shown.to_string()) };
    }
    if parsed {
        for name in ["Input", "Output"] {
            let inner = shown[name].as_str().and_then(|text| serde_json::from_str(text).ok());
            if let Some(inner) = inner {
                shown[name] = inner;
            }
        }
    }
    News::Succeeded { output: Json::from(shown) }
}
