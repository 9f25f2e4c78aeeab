//! A page on which a person places orders and sees them move, and the steps that it shows.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse, Response};
use futures_util::stream;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Serialize;
use utoipa::ToSchema;

use super::error::ApiError;
use super::router::Rehearsal;
use crate::app::App;
use crate::app::feed::{News, Step};

pub(super) const PAGE: &str = "/";
pub(super) const SCRIPT: &str = "/live/page.js";
pub(super) const STYLE: &str = "/live/page.css";

pub(super) async fn page() -> Html<&'static str> {
    Html(include_str!("live.html"))
}

/// Beside the page, as pages here have no scripts and styles inside.
pub(super) async fn script() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("live.js"))
}

pub(super) async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("live.css"))
}

/// What the page may do.
#[derive(Serialize, ToSchema)]
pub(super) struct Settings {
    /// The resources' names begin with it.
    prefix: String,
    /// Whether the gateway can be broken from here.
    rehearsal: bool,
}

/// Says what the live page may do.
#[utoipa::path(
    get,
    path = "/live/settings",
    operation_id = "liveSettings",
    tag = "live",
    responses((status = 200, description = "The settings", body = Settings)),
)]
pub(super) async fn settings(
    State(app): State<Arc<App>>,
    axum::Extension(rehearsal): axum::Extension<Rehearsal>,
) -> Json<Settings> {
    let prefix = app.names.prefix().to_owned();
    Json(Settings { prefix, rehearsal: rehearsal == Rehearsal::Yes })
}

/// Streams what the roles of this process do, from now on. An event `step` has a step in JSON; the
/// event `missed` says how many steps went by unseen.
#[utoipa::path(
    get,
    path = "/live/steps",
    operation_id = "liveSteps",
    tag = "live",
    responses(
        (status = 200, description = "Server-sent events", body = Step,
            content_type = "text/event-stream"),
    ),
)]
pub(super) async fn steps(State(app): State<Arc<App>>) -> Response {
    let Some(watcher) = app.feed.watch() else {
        let message = "too many are watching";
        let status = StatusCode::TOO_MANY_REQUESTS;
        return ApiError::new(status, "TooManyRequests", message).into_response();
    };
    let news = stream::unfold(watcher, async |mut watcher| {
        let event = match watcher.next().await? {
            News::Step(step) => Event::default().event("step").data(&*step),
            News::Missed(steps) => Event::default().event("missed").data(steps.to_string()),
        };
        Some((Ok::<_, Infallible>(event), watcher))
    });
    Sse::new(news).keep_alive(KeepAlive::default()).into_response()
}
