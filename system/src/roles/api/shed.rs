//! Says no at once, instead of late: when too many requests are being worked on, or while a
//! dependency is being left alone.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use super::error::{ApiError, Trouble};
use super::router::{HEALTH, LIVE};
use crate::app::App;
use crate::resilience::Admission;
use crate::role::Role;
use crate::telemetry::{Hop, HopKind};
use crate::trace::{self, TraceHeader};

const BUSY: Duration = Duration::from_secs(1);
/// How long one request may be worked on, its body included. Each call has time-outs of its own.
const WITHIN: Duration = Duration::from_secs(30);

pub(super) async fn shed(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if [HEALTH, LIVE].contains(&request.uri().path()) {
        return next.run(request).await;
    }
    let Ok(_slot) = app.requests.try_acquire() else {
        let status = StatusCode::TOO_MANY_REQUESTS;
        return later(status, "TooManyRequests", "too many requests are being worked on", BUSY);
    };
    let dependencies = Role::Api.dependencies();
    if let Admission::No(pause) = app.breakers.admission(dependencies, app.clock.now()) {
        let message = "something that this service relies on is out of order";
        return later(StatusCode::SERVICE_UNAVAILABLE, "Unavailable", message, pause);
    }
    let header = request.headers().get(trace::HEADER).and_then(|it| it.to_str().ok());
    let header = header.and_then(TraceHeader::parse);
    let method = request.method().clone();
    let hop = Hop {
        role: Role::Api.as_str(),
        kind: HopKind::Request,
        name: method.as_str(),
        order_id: None,
    };
    let failed = |answer: &Response| answer.status().is_server_error();
    let work = app.telemetry.hop(header, hop, failed, next.run(request));
    let Ok(mut answer) = tokio::time::timeout(WITHIN, work).await else {
        let message = "the request was not done in time; try again later";
        return later(StatusCode::SERVICE_UNAVAILABLE, "Unavailable", message, BUSY);
    };
    match answer.extensions().get::<Trouble>() {
        Some(Trouble(dependency)) => {
            app.breakers.failed(*dependency, None, app.clock.now(), app.random());
            retry_after(&mut answer, BUSY);
        }
        // A request that was refused may not have got as far as a dependency.
        None if answer.status().is_success() => app.breakers.succeeded(dependencies),
        None => {}
    }
    answer
}

pub(super) fn later(
    status: StatusCode,
    code: &'static str,
    message: &str,
    pause: Duration,
) -> Response {
    let mut answer = ApiError::new(status, code, message).into_response();
    retry_after(&mut answer, pause);
    answer
}

fn retry_after(answer: &mut Response, pause: Duration) {
    let seconds = pause.as_secs() + u64::from(pause.subsec_nanos() > 0);
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
}
