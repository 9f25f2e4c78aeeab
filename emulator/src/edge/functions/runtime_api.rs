//! Lambda's Runtime API, on a listener of its own for each environment: clients are told a host and
//! a port only.
//!
//! Source: Lambda's developer guide, "Using the Lambda runtime API for custom runtimes".

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::exchange::{Event, Exchange, InitFailure, Refused, Said};
use super::extensions;
use crate::host::answered;
use crate::kernel::FUNCTION_ANSWER_BYTES_MAX as ANSWER_BYTES_MAX;
use crate::kernel::FunctionEnd;

const ERROR_TYPE: HeaderName = HeaderName::from_static("lambda-runtime-function-error-type");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// Most bytes of an error document.
const ERROR_BYTES_MAX: usize = ANSWER_BYTES_MAX;

/// Serves one environment; its port is free again when it is dropped.
pub(super) struct Listener {
    pub(super) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Listener {
    /// Listens on a free port of this machine; `more` are pages beside the APIs.
    pub(super) async fn begin(exchange: Arc<Exchange>, more: Router) -> std::io::Result<Self> {
        let socket = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = socket.local_addr()?;
        let judge = move |request: Request, next: Next| judged(address, request, next);
        let router = router(exchange).merge(more).layer(middleware::from_fn(judge));
        let task = tokio::spawn(async move {
            // It never ends by itself.
            let _ended = axum::serve(socket, router).await;
        });
        Ok(Self { address, task })
    }
}

fn router(exchange: Arc<Exchange>) -> Router {
    let invocation = "/2018-06-01/runtime/invocation";
    Router::new()
        .route(&format!("{invocation}/next"), get(next))
        .route(&format!("{invocation}/{{id}}/response"), post(response))
        .route(&format!("{invocation}/{{id}}/error"), post(error))
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .route("/2018-06-01/runtime/restore/next", get(not_restored))
        .route("/2018-06-01/runtime/restore/error", post(not_restored))
        .merge(extensions::router())
        .fallback(not_found)
        .layer(DefaultBodyLimit::disable())
        .with_state(exchange)
}

/// No web page is a runtime: those of other sites say where they come from, and a name that was
/// made to lead here is not this address.
async fn judged(own: SocketAddr, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let host = headers.get(HOST).map(HeaderValue::as_bytes);
    let known = [own.to_string(), format!("localhost:{}", own.port())];
    let is_known = host.is_some_and(|host| known.iter().any(|it| it.as_bytes() == host));
    if !is_known || headers.contains_key(ORIGIN) || headers.contains_key(SEC_FETCH_SITE) {
        return refusal(StatusCode::FORBIDDEN, "Forbidden", "no page or other host may ask this");
    }
    next.run(request).await
}

async fn not_found(method: Method, uri: Uri) -> Response {
    let message = format!("{method} {} is not in the Runtime API here", uri.path());
    tracing::warn!("{message}");
    refusal(StatusCode::NOT_FOUND, "NotFound", &message)
}

async fn not_restored() -> Response {
    let message = "this environment was not restored from a snapshot: SnapStart is not done here";
    refusal(StatusCode::FORBIDDEN, "InvalidStateTransition", message)
}

async fn next(State(exchange): State<Arc<Exchange>>) -> Response {
    match exchange.next().await {
        Ok(event) => handed(event),
        Err(refused) => refused.into_response(),
    }
}

fn handed(event: Event) -> Response {
    let Event { request_id, function, payload, deadline_millis, .. } = event;
    let mut response = payload.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let mut set = |name: &'static str, value: &str| {
        // What can be no header, such as a line break in a client's context, is left out.
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("lambda-runtime-aws-request-id", &request_id);
    set("lambda-runtime-deadline-ms", &deadline_millis.to_string());
    set("lambda-runtime-invoked-function-arn", &function);
    if let Some(trace) = event.trace_header {
        set("lambda-runtime-trace-id", &trace);
    }
    if let Some(context) = event.client_context {
        set("lambda-runtime-client-context", &context);
    }
    response
}

async fn response(
    State(exchange): State<Arc<Exchange>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let Ok(read) = read(request, ANSWER_BYTES_MAX).await else {
        return refusal(StatusCode::BAD_REQUEST, "InvalidRequest", "half a body");
    };
    let is_too_long = read.len() > ANSWER_BYTES_MAX;
    let said = match answered(read) {
        FunctionEnd::Failed { payload, error_type } => Said::Failed { payload, error_type },
        FunctionEnd::Returned { payload } => Said::Returned(payload),
        _ => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    match exchange.answer(&id, said) {
        Ok(()) if is_too_long => {
            let message =
                format!("Exceeded maximum allowed payload size ({ANSWER_BYTES_MAX} bytes).");
            refusal(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", &message)
        }
        Ok(()) => accepted(),
        Err(refused) => refused.into_response(),
    }
}

async fn error(
    State(exchange): State<Arc<Exchange>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let Ok(payload) = read(request, ERROR_BYTES_MAX).await else {
        return refusal(StatusCode::BAD_REQUEST, "InvalidRequest", "half a body");
    };
    let InitFailure { payload, error_type } = reported(&headers, payload);
    match exchange.answer(&id, Said::Failed { payload, error_type }) {
        Ok(()) => accepted(),
        Err(refused) => refused.into_response(),
    }
}

async fn init_error(
    State(exchange): State<Arc<Exchange>>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let Ok(payload) = read(request, ERROR_BYTES_MAX).await else {
        return refusal(StatusCode::BAD_REQUEST, "InvalidRequest", "half a body");
    };
    match exchange.fail_init(reported(&headers, payload)) {
        Ok(()) => accepted(),
        Err(refused) => refused.into_response(),
    }
}

/// An error document as it was sent; what is no JSON, or too long, becomes one.
fn reported(headers: &HeaderMap, payload: Bytes) -> InitFailure {
    let error_type = headers.get(ERROR_TYPE).and_then(|value| value.to_str().ok());
    let error_type = error_type.map(ToOwned::to_owned);
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&payload).is_ok();
    if is_json && payload.len() <= ERROR_BYTES_MAX {
        return InitFailure { payload, error_type };
    }
    let text = String::from_utf8_lossy(&payload[..payload.len().min(1024)]).into_owned();
    let named = error_type.as_deref().unwrap_or("Runtime.Unknown");
    InitFailure { payload: crate::host::error_document(named, &text), error_type }
}

/// The body; of a longer one only `max` bytes and one more, and the rest is read for nothing, so
/// that the client hears why. What a client sends without end is ended by the run's time-out.
async fn read(request: Request, max: usize) -> Result<Bytes, axum::Error> {
    let mut body = request.into_body();
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            let room = (max + 1).saturating_sub(bytes.len());
            bytes.extend_from_slice(&data[..data.len().min(room)]);
        }
    }
    Ok(bytes.freeze())
}

pub(super) fn accepted() -> Response {
    (StatusCode::ACCEPTED, Json(json!({ "status": "OK" }))).into_response()
}

pub(super) fn refusal(status: StatusCode, error_type: &str, message: &str) -> Response {
    let document = json!({ "errorMessage": message, "errorType": error_type });
    (status, Json(document)).into_response()
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, error_type, message) = match self {
            Self::RequestId => {
                (StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID".to_owned())
            }
            Self::Turn(from, to) => {
                let message = format!(
                    "State transition from {from} to {to} failed for runtime. Error: State \
                     transition is not allowed"
                );
                (StatusCode::FORBIDDEN, "InvalidStateTransition", message)
            }
            Self::Extension => {
                let message = "Invalid Lambda-Extension-Identifier".to_owned();
                (StatusCode::FORBIDDEN, "Extension.InvalidExtensionIdentifier", message)
            }
            Self::ExtensionsFull => {
                let message = "Extension limit reached".to_owned();
                (StatusCode::FORBIDDEN, "Extension.TooManyExtensions", message)
            }
            Self::Late => {
                let message = "Registration closed already".to_owned();
                (StatusCode::FORBIDDEN, "Extension.RegistrationClosed", message)
            }
            Self::Closed => {
                (StatusCode::GONE, "EnvironmentClosed", "this environment ends".to_owned())
            }
        };
        refusal(status, error_type, &message)
    }
}
