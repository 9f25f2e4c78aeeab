//! Lambda's Extensions API.
//!
//! Source: Lambda's developer guide, "Using the Lambda Extensions API to create extensions".

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::exchange::{Exchange, Notice, Refused};
use super::runtime_api::{accepted, refusal};
use crate::wire::hex;

const NAME: &str = "lambda-extension-name";
const IDENTIFIER: &str = "lambda-extension-identifier";
const EVENT_IDENTIFIER: HeaderName = HeaderName::from_static("lambda-extension-event-identifier");
const ERROR_TYPE: &str = "lambda-extension-function-error-type";

pub(super) fn router() -> Router<Arc<Exchange>> {
    Router::new()
        .route("/2020-01-01/extension/register", post(register))
        .route("/2020-01-01/extension/event/next", get(next))
        .route("/2020-01-01/extension/init/error", post(failed))
        .route("/2020-01-01/extension/exit/error", post(failed))
        .route("/2020-08-15/logs", put(no_telemetry))
        .route("/2022-07-01/telemetry", put(no_telemetry))
}

/// What `register` takes.
#[derive(Deserialize)]
struct Registration {
    #[serde(default)]
    events: Vec<String>,
}

async fn register(
    State(exchange): State<Arc<Exchange>>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let Some(name) = text(&headers, NAME) else {
        let message = "Empty extension name";
        return refusal(StatusCode::FORBIDDEN, "Extension.InvalidExtensionName", message);
    };
    let Ok(Registration { events }) = serde_json::from_str(&body) else {
        return refusal(StatusCode::BAD_REQUEST, "InvalidRequestFormat", "Invalid request");
    };
    if let Some(unknown) = events.iter().find(|it| !matches!(&***it, "INVOKE" | "SHUTDOWN")) {
        let message = format!("{unknown} is no event: INVOKE, SHUTDOWN");
        return refusal(StatusCode::FORBIDDEN, "Extension.InvalidEventType", &message);
    }
    let wants = |event: &str| events.iter().any(|it| it == event);
    let id = identifier(&name);
    let wanted = (wants("INVOKE"), wants("SHUTDOWN"));
    if let Err(refused) = exchange.register((id.clone(), name), wanted) {
        return refused.into_response();
    }
    let mut response = Json(registered(&exchange, &headers)).into_response();
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static(IDENTIFIER), id);
    }
    response
}

/// What an extension learns of the function.
fn registered(exchange: &Exchange, headers: &HeaderMap) -> Value {
    let Some(version) = &exchange.version else { return json!({}) };
    let mut document = json!({
        "functionName": version.name,
        "functionVersion": version.version,
        "handler": version.handler,
    });
    let features = text(headers, "lambda-extension-accept-feature").unwrap_or_default();
    if features.split(',').any(|it| it.trim() == "accountId") {
        document["accountId"] = version.function.account().into();
    }
    document
}

/// In the form of a UUID. Nobody else is told it, so it need not be hard to guess.
fn identifier(name: &str) -> String {
    static REGISTERED: AtomicU64 = AtomicU64::new(0);
    let number = REGISTERED.fetch_add(1, Ordering::Relaxed);
    let text = hex(&Sha256::digest(format!("{name} {number}").as_bytes())[..16]);
    let (a, b, c, d, e) = (&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]);
    format!("{a}-{b}-{c}-{d}-{e}")
}

async fn next(State(exchange): State<Arc<Exchange>>, headers: HeaderMap) -> Response {
    let Some(id) = text(&headers, IDENTIFIER) else {
        let message = "Missing Lambda-Extension-Identifier header";
        return refusal(StatusCode::FORBIDDEN, "Extension.MissingExtensionIdentifier", message);
    };
    let notice = match exchange.next_notice(&id).await {
        Ok(notice) => notice,
        Err(refused) => return refused.into_response(),
    };
    let document = match notice {
        Notice::Invoke(event) => json!({
            "eventType": "INVOKE",
            "deadlineMs": event.deadline_millis,
            "requestId": event.request_id,
            "invokedFunctionArn": event.function,
            "tracing": { "type": "X-Amzn-Trace-Id", "value": event.trace_header },
        }),
        Notice::Shutdown { reason, deadline_millis } => json!({
            "eventType": "SHUTDOWN",
            "shutdownReason": reason,
            "deadlineMs": deadline_millis,
        }),
    };
    let mut response = Json(document).into_response();
    if let Ok(id) = HeaderValue::from_str(&identifier(&id)) {
        response.headers_mut().insert(EVENT_IDENTIFIER, id);
    }
    response
}

async fn failed(State(exchange): State<Arc<Exchange>>, headers: HeaderMap) -> Response {
    let Some(id) = text(&headers, IDENTIFIER) else { return Refused::Extension.into_response() };
    let error_type = text(&headers, ERROR_TYPE).unwrap_or_else(|| "Extension.Unknown".to_owned());
    match exchange.fail_extension(&id, &error_type) {
        Ok(()) => accepted(),
        Err(refused) => refused.into_response(),
    }
}

async fn no_telemetry() -> Response {
    let message = "the Telemetry API and the Logs API are not implemented here: no extension is \
                   sent telemetry";
    tracing::warn!("an extension asked for telemetry: {message}");
    refusal(StatusCode::ACCEPTED, "Telemetry.NotSupported", message)
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    (!value.is_empty()).then(|| value.to_owned())
}
