//! One HTTP request: to the cloud, or to the admin API below `/_skyrig/`.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, DATE, HeaderValue};
use http::request::Parts;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use tower::ServiceExt as _;

use super::admin;
use crate::cloud::BODY_BYTES_MAX;
use crate::host::Host;
use crate::wire::{Rejection, detect, respond};

/// What every connection needs.
#[derive(Clone)]
pub(super) struct Front {
    pub(super) host: Arc<Host>,
    pub(super) admin: axum::Router,
}

impl Front {
    pub(super) async fn answer(
        self,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        let (parts, body) = request.into_parts();
        let declared = parts.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
        let declared: usize = declared.and_then(|length| length.parse().ok()).unwrap_or(0);
        if declared > BODY_BYTES_MAX {
            return Ok(too_large(&parts));
        }
        let body = match Limited::new(body, BODY_BYTES_MAX).collect().await {
            Ok(body) => body.to_bytes(),
            Err(_over_the_limit_or_gone) => return Ok(too_large(&parts)),
        };
        let mut response = if parts.uri.path().starts_with(admin::PREFIX) {
            ask_admin(self.admin, parts, body).await
        } else {
            self.host.call(&parts, &body).await
        };
        let date = self.host.clock().now().http_date();
        if let Ok(date) = HeaderValue::from_str(&date) {
            response.headers_mut().insert(DATE, date);
        }
        Ok(response.map(Full::new))
    }
}

async fn ask_admin(admin: axum::Router, parts: Parts, body: Bytes) -> Response<Bytes> {
    let request = Request::from_parts(parts, axum::body::Body::from(body));
    let Ok(response) = admin.oneshot(request).await;
    let (parts, body) = response.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    Response::from_parts(parts, body)
}

fn too_large(parts: &Parts) -> Response<Full<Bytes>> {
    let error = Rejection::TooLarge { limit: BODY_BYTES_MAX }.into();
    respond::failure(detect::likely_protocol(parts), None, &error, "").map(Full::new)
}
