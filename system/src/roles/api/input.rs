//! What every request brings: a JSON body of bounded size, and where it comes from.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use serde::de::DeserializeOwned;

use super::error::ApiError;
use super::router::{BODY_BYTES_MAX, CORRELATION_HEADER, IDEMPOTENCY_HEADER};
use crate::app::{App, Cause, orders};
use crate::domain::{IdempotencyKey, OrderId};
use crate::failure::Failure;

/// How long a body may be on its way.
const BODY_WITHIN: Duration = Duration::from_secs(10);

/// A JSON body.
pub(super) struct Input<T>(pub(super) T);

/// A JSON body that may be missing: then it says nothing out of the ordinary.
pub(super) struct MaybeInput<T>(pub(super) T);

/// The variable segment of the path, percent-decoded.
pub(super) struct Segment(pub(super) String);

/// What stands behind the question mark.
pub(super) struct Search<T>(pub(super) T);

/// The header `idempotency-key`, if there is one.
pub(super) struct Repeatable(pub(super) Option<IdempotencyKey>);

/// Where a request comes from.
pub(super) struct Origin {
    /// The caller's correlation id.
    given: Option<String>,
    request_id: String,
}

impl Origin {
    /// Something new begins, under the caller's correlation id if there is one.
    pub(super) fn begins(self) -> Cause {
        let correlation_id = self.given.unwrap_or_else(|| self.request_id.clone());
        Cause { correlation_id, causation_id: self.request_id }
    }

    /// The order goes on, under the correlation id it was placed with unless the caller gives one.
    pub(super) async fn continues(self, app: &App, order_id: &OrderId) -> Result<Cause, Failure> {
        let given = match self.given {
            Some(given) => Some(given),
            None => orders::correlation_id(app, order_id).await?,
        };
        Ok(Self { given, request_id: self.request_id }.begins())
    }
}

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Input<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &Arc<App>) -> Result<Self, ApiError> {
        Ok(Self(parse(&read(request, state).await?)?))
    }
}

impl<T: DeserializeOwned + Default> FromRequest<Arc<App>> for MaybeInput<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &Arc<App>) -> Result<Self, ApiError> {
        let body = read(request, state).await?;
        let nothing = body.iter().all(u8::is_ascii_whitespace);
        Ok(Self(if nothing { T::default() } else { parse(&body)? }))
    }
}

/// A body, within a time. One that is there says that it is JSON: a page of a foreign origin cannot
/// send such a request without being asked first.
async fn read(request: Request, app: &Arc<App>) -> Result<Bytes, ApiError> {
    let mut said = request.headers().get_all(CONTENT_TYPE).iter().peekable();
    let is_json = said.peek().is_some() && said.all(is_json);
    let body = tokio::time::timeout(BODY_WITHIN, Bytes::from_request(request, app)).await;
    let late = |_| {
        let message = format!("a request's body must come within {} s", BODY_WITHIN.as_secs());
        ApiError::new(StatusCode::REQUEST_TIMEOUT, "RequestTimeout", message)
    };
    let body = body.map_err(late)?.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            let message = format!("a request body has at most {BODY_BYTES_MAX} bytes");
            ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "BodyTooLarge", message)
        } else {
            let message = rejection.body_text();
            ApiError::new(StatusCode::BAD_REQUEST, "InvalidBody", message)
        }
    })?;
    if is_json || body.is_empty() {
        return Ok(body);
    }
    let message = "a body is JSON, with the header \"content-type: application/json\"";
    Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType", message))
}

/// `application/json`, or another type with JSON's suffix; parameters are not looked at.
fn is_json(value: &HeaderValue) -> bool {
    let text = value.to_str().unwrap_or_default().to_ascii_lowercase();
    let essence = text.split(';').next().unwrap_or_default().trim();
    let subtype = essence.strip_prefix("application/").unwrap_or_default();
    subtype == "json" || subtype.ends_with("+json")
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body)
        .map_err(|error| ApiError::new(StatusCode::BAD_REQUEST, "InvalidBody", error.to_string()))
}

impl FromRequestParts<Arc<App>> for Segment {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let Path(segment) = Path::from_request_parts(parts, app).await.map_err(|rejection| {
            ApiError::new(StatusCode::BAD_REQUEST, "InvalidPath", rejection.body_text())
        })?;
        Ok(Self(segment))
    }
}

impl<T: DeserializeOwned> FromRequestParts<Arc<App>> for Search<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let Query(search) = Query::from_request_parts(parts, app).await.map_err(|rejection| {
            ApiError::new(StatusCode::BAD_REQUEST, "InvalidQuery", rejection.body_text())
        })?;
        Ok(Self(search))
    }
}

impl FromRequestParts<Arc<App>> for Repeatable {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _app: &Arc<App>) -> Result<Self, ApiError> {
        let Some(given) = parts.headers.get(IDEMPOTENCY_HEADER) else {
            return Ok(Self(None));
        };
        let text = String::from_utf8_lossy(given.as_bytes());
        Ok(Self(Some(IdempotencyKey::parse(&text)?)))
    }
}

impl FromRequestParts<Arc<App>> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let given = parts.headers.get(CORRELATION_HEADER).and_then(|value| value.to_str().ok());
        // The same narrow alphabet as an order's id: it ends up in messages and log lines.
        let given = given.and_then(|text| OrderId::parse(text).ok());
        let given = given.map(|id| id.to_string());
        Ok(Self { given, request_id: app.ids.next_id() })
    }
}
