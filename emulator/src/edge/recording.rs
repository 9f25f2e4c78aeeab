//! The page `/_skyrig/recording`: what clients do from now on, as lines of a script.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use super::admin::{Admin, refusal};
use super::snapshots::{aside, file};
use crate::cloud::Line;
use crate::host::{Recorded, Taken};

pub(super) fn router() -> Router<Admin> {
    Router::new().route("/_skyrig/recording", get(fetch).post(begin).delete(end))
}

async fn begin(State(admin): State<Admin>) -> Response {
    match admin.host.begin_recording() {
        true => (StatusCode::CREATED, Json(json!({ "status": "recording" }))).into_response(),
        false => {
            let reason = "somebody records this world already, or it has panicked; DELETE \
                          /_skyrig/recording ends a recording";
            refusal(StatusCode::CONFLICT, reason)
        }
    }
}

/// What has happened since this was last asked.
async fn fetch(State(admin): State<Admin>) -> Response {
    fetched(admin, false).await
}

/// The rest; nothing more is written down.
async fn end(State(admin): State<Admin>) -> Response {
    fetched(admin, true).await
}

async fn fetched(admin: Admin, ends: bool) -> Response {
    let Some(mut recorded) = admin.host.take_recorded(ends) else {
        let reason = "nothing is recorded; POST /_skyrig/recording begins to";
        return refusal(StatusCode::NOT_FOUND, reason);
    };
    let mut lines = String::new();
    if let Some(begins) = recorded.begins.take() {
        match file(begins, admin.clock.pace()).await {
            Ok(file) => lines = Line::first(&file).write(),
            Err(refused) => return refused,
        }
    }
    match aside(move || lines + &written(&recorded)).await {
        Ok(lines) => ([(CONTENT_TYPE, "application/x-ndjson")], lines).into_response(),
        Err(refused) => refused,
    }
}

fn written(recorded: &Recorded) -> String {
    let lines = recorded.taken.iter().map(|taken| match taken {
        Taken::Input(number, payload, call) => Line::input(*number, payload, *call),
        Taken::Answer(call, answer) => Line::answer(*call, &answer.clone().into()),
    });
    lines.chain(recorded.ended.iter().map(Line::end)).map(|line| line.write()).collect()
}
