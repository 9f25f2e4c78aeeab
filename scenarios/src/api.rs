//! The order system's HTTP API, in this process or over a socket. Callers can't tell which.

use axum::Router;
use axum::body::Body;
use http::header::CONTENT_TYPE;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use orderflow::Gate;
use serde_json::Value;
use std::cell::RefCell;
use std::rc::Rc;
use tower::ServiceExt;

/// Where the API is.
#[derive(Clone)]
pub(crate) enum Api {
    /// No socket between: the simulated stage.
    InProcess(Front),
    /// `base` is like `http://127.0.0.1:8080`.
    Http { client: Box<Client<HttpConnector, Body>>, base: String },
}

/// What of the API can be called, while it runs. All clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Front(Rc<RefCell<Option<(Router, Gate)>>>);

impl Front {
    pub(crate) fn open(&self, router: Router, gate: Gate) {
        *self.0.borrow_mut() = Some((router, gate));
    }

    pub(crate) fn close(&self) {
        *self.0.borrow_mut() = None;
    }
}

impl Api {
    pub(crate) fn http(base: &str) -> Self {
        let executor = hyper_util::rt::TokioExecutor::new();
        let client = Box::new(Client::builder(executor).build(HttpConnector::new()));
        Self::Http { client, base: base.trim_end_matches('/').to_owned() }
    }

    /// Sends one request, under an idempotency key if there is one. The answer's body is JSON, or a
    /// JSON text if it is anything else.
    ///
    /// # Errors
    /// Only when there is no answer; a refusal is an answer.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        key: Option<&str>,
    ) -> Result<(StatusCode, Value), String> {
        let no_answer = |error: &dyn std::fmt::Display| format!("{method} {path}: {error}");
        let base = match self {
            Self::InProcess(_) => "",
            Self::Http { base, .. } => base,
        };
        let request = Request::builder().method(&method).uri(format!("{base}{path}"));
        let content = body.map(Value::to_string).unwrap_or_default();
        let request = request.header(CONTENT_TYPE, "application/json");
        let request = match key {
            Some(key) => request.header("idempotency-key", key),
            None => request,
        };
        let request = request.body(Body::from(content));
        let request = request.map_err(|error| no_answer(&error))?;
        let (status, body) = match self {
            Self::InProcess(front) => {
                let found = front.0.borrow().clone();
                let (router, gate) = found.ok_or_else(|| no_answer(&"connection refused"))?;
                let answer = gate.through(router.oneshot(request)).await;
                let Ok(answer) = answer.ok_or_else(|| no_answer(&"connection closed"))?;
                let (parts, body) = answer.into_parts();
                (parts.status, body.collect().await.map_err(|error| no_answer(&error))?.to_bytes())
            }
            Self::Http { client, .. } => {
                let answer = client.request(request).await.map_err(|error| no_answer(&error))?;
                let (parts, body) = answer.into_parts();
                (parts.status, body.collect().await.map_err(|error| no_answer(&error))?.to_bytes())
            }
        };
        let text = || Value::String(String::from_utf8_lossy(&body).into_owned());
        Ok((status, serde_json::from_slice(&body).unwrap_or_else(|_| text())))
    }
}
