//! The page `/_skyrig/snapshot`: the whole state as a file, and a file in the place of the state.
//!
//! The cloud is locked while it is copied, which shares its messages, and not while the copy is
//! written down or read.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, http::request::Parts};
use serde_json::json;

use super::admin::{Admin, refusal, stopped};
use crate::cloud::journal::Pace;
use crate::cloud::{Cloud, Saved, SavedError, Waiting};
use crate::host::Clock as _;

const PAGE: &str = "/_skyrig/snapshot";
/// Longest file that is taken. It shares the room of all long bodies.
const FILE_BYTES_MAX: usize = 256 * 1024 * 1024;

pub(super) fn router() -> Router<Admin> {
    let page = get(save).put(load);
    Router::new().route(PAGE, page.layer(DefaultBodyLimit::disable()))
}

/// Bytes that the body of a request for a page may have, if more than usual.
pub(super) fn body_bytes_max(parts: &Parts) -> Option<usize> {
    (parts.uri.path() == PAGE).then_some(FILE_BYTES_MAX)
}

/// Does what takes long where nobody waits for it.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Response> {
    let broke =
        |_| refusal(StatusCode::INTERNAL_SERVER_ERROR, "that failed inside of the emulator");
    tokio::task::spawn_blocking(work).await.map_err(broke)
}

/// A cloud as a file.
pub(super) async fn file(cloud: Cloud, pace: Pace) -> Result<Vec<u8>, Response> {
    aside(move || Saved::of(&cloud, pace).write()).await
}

async fn save(State(admin): State<Admin>) -> Response {
    let Some(cloud) = admin.host.fork() else { return stopped() };
    match file(cloud, admin.clock.pace()).await {
        Ok(file) => ([(CONTENT_TYPE, "application/octet-stream")], file).into_response(),
        Err(refused) => refused,
    }
}

async fn load(State(admin): State<Admin>, file: Bytes) -> Response {
    let bytes = file.clone();
    let read = move || -> Result<_, SavedError> {
        let saved = Saved::read(&bytes)?;
        Ok((saved.pace(), saved.cloud(Waiting::Gone)?))
    };
    let (pace, cloud) = match aside(read).await {
        Ok(Ok(read)) => read,
        Ok(Err(error)) => return refusal(StatusCode::BAD_REQUEST, error.to_string()),
        Err(refused) => return refused,
    };
    let clock = &admin.clock;
    let turn = |at| clock.turn(at);
    match admin.host.replace(cloud, (pace.virtual_time, turn), &file) {
        Ok(()) => {
            admin.functions.forget_all();
            Json(json!({ "status": "loaded", "now": clock.now().iso_millis() })).into_response()
        }
        Err(not_kept) => refusal(StatusCode::SERVICE_UNAVAILABLE, not_kept.to_string()),
    }
}
