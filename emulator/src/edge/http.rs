//! One HTTP request: to the cloud, or to the admin API.

use std::cell::RefCell;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, DATE, HeaderValue};
use http::request::Parts;
use http::{Extensions, Request, Response};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Body as _, Incoming};
use tower::ServiceExt as _;
use visitors::{Verdict, Visitors};

use super::admin;
use super::visitors as page;
use crate::cloud::BODY_BYTES_MAX;
use crate::host::{AnswerLost, Host};
use crate::kernel::SignatureMode;
use crate::wire::{Rejection, Timestamp, detect, respond};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What every connection needs.
#[derive(Clone)]
pub(super) struct Front {
    pub(super) host: Arc<Host>,
    pub(super) admin: axum::Router,
    /// How header names are spelt.
    pub(super) spelling: Extensions,
    pub(super) visitors: Arc<Visitors>,
    pub(super) signatures: SignatureMode,
}

impl Front {
    pub(super) async fn answer(
        self,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, AnswerLost> {
        let (parts, body) = request.into_parts();
        let verdict = self.visitors.judge(&parts, page::deed(&parts, self.signatures));
        let mut response = match self.read_and_answer(&parts, body, &verdict).await? {
            Some(response) => response,
            None => too_large(&parts),
        };
        verdict.tell(response.headers_mut());
        response.headers_mut().insert(DATE, date(self.host.clock().now()));
        *response.extensions_mut() = self.spelling;
        Ok(response.map(Full::new))
    }

    /// Nothing if the body is too long. Also a page that is refused is heard to the end: a client
    /// that still writes would not see why.
    async fn read_and_answer(
        &self,
        parts: &Parts,
        body: Incoming,
        verdict: &Verdict,
    ) -> Result<Option<Response<Bytes>>, AnswerLost> {
        let declared = parts.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
        let declared: usize = declared.and_then(|length| length.parse().ok()).unwrap_or(0);
        if declared > BODY_BYTES_MAX {
            return Ok(None);
        }
        let Ok(body) = read(Limited::new(body, BODY_BYTES_MAX)).await else {
            return Ok(None);
        };
        Ok(Some(match verdict {
            Verdict::Refused(refusal) => page::refuse(parts, refusal),
            Verdict::Preflight(_) => page::preflight(),
            _ if admin::has(parts.uri.path()) => {
                ask_admin(self.admin.clone(), parts.clone(), body).await
            }
            _ => self.host.call(parts, &body).await?,
        }))
    }
}

/// Reads a whole body. Most come in one piece, which is passed on as it is.
///
/// # Errors
/// When the body is too long, or the client is gone.
async fn read(mut body: Limited<Incoming>) -> Result<Bytes, BoxError> {
    let mut first = Bytes::new();
    while first.is_empty() {
        match body.frame().await {
            Some(frame) => first = frame?.into_data().unwrap_or_default(),
            None => return Ok(first),
        }
    }
    if body.is_end_stream() {
        return Ok(first);
    }
    let rest = body.collect().await?.to_bytes();
    if rest.is_empty() {
        return Ok(first);
    }
    Ok([first, rest].concat().into())
}

/// The `Date` of an answer: virtual time, written once a second on each thread.
fn date(now: Timestamp) -> HeaderValue {
    thread_local! {
        static WRITTEN: RefCell<Option<(i64, HeaderValue)>> = const { RefCell::new(None) };
    }
    WRITTEN.with_borrow_mut(|written| match written {
        Some((second, value)) if *second == now.seconds() => value.clone(),
        _ => {
            let text = now.http_date();
            let value = HeaderValue::from_str(&text).expect("a date is plain ASCII");
            *written = Some((now.seconds(), value.clone()));
            value
        }
    })
}

async fn ask_admin(admin: axum::Router, parts: Parts, body: Bytes) -> Response<Bytes> {
    let request = Request::from_parts(parts, axum::body::Body::from(body));
    let Ok(response) = admin.oneshot(request).await;
    let (mut parts, body) = response.into_parts();
    visitors::shield(&mut parts.headers);
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    Response::from_parts(parts, body)
}

fn too_large(parts: &Parts) -> Response<Bytes> {
    let error = Rejection::TooLarge { limit: BODY_BYTES_MAX }.into();
    respond::failure(detect::likely_protocol(parts), None, &error, "")
}
