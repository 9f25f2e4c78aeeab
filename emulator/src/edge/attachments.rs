//! Admin pages about functions: what is attached, attach, detach.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::admin::{Admin, refusal};

/// Most bytes of a function's name or ARN.
const NAME_BYTES_MAX: usize = 256;

pub(super) fn router() -> Router<Admin> {
    Router::new()
        .route("/_skyrig/functions", get(list))
        .route("/_skyrig/functions/attached/{number}", delete(detach))
        .route("/_skyrig/functions/{name}/attach", post(attach))
}

/// What `attach` takes; nothing need be said.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// A version or an alias; without one, all are meant.
    qualifier: Option<String>,
}

/// What `POST /_skyrig/functions/NAME/attach` answers.
#[derive(Debug, Deserialize, Serialize)]
pub struct Attached {
    /// By which it is detached.
    pub number: u64,
    /// Host and port, for `AWS_LAMBDA_RUNTIME_API`.
    pub runtime_api: String,
}

async fn attach(State(admin): State<Admin>, Path(name): Path<String>, body: String) -> Response {
    let wanted = match body.trim().is_empty() {
        true => Ok(Wanted::default()),
        false => serde_json::from_str(&body),
    };
    let wanted: Wanted = match wanted {
        Ok(wanted) => wanted,
        Err(error) => return refusal(StatusCode::BAD_REQUEST, error.to_string()),
    };
    if name.len() > NAME_BYTES_MAX {
        return refusal(StatusCode::BAD_REQUEST, "no function's name is that long");
    }
    match admin.functions.attachments().add(name, wanted.qualifier).await {
        Ok(added) => {
            let (number, runtime_api) = (added.number(), added.address());
            Json(Attached { number, runtime_api }).into_response()
        }
        Err(reason) => refusal(StatusCode::SERVICE_UNAVAILABLE, reason),
    }
}

async fn detach(State(admin): State<Admin>, Path(number): Path<u64>) -> Response {
    match admin.functions.attachments().remove(number) {
        true => Json(json!({ "status": "detached" })).into_response(),
        false => refusal(StatusCode::NOT_FOUND, format!("nothing is attached as number {number}")),
    }
}

async fn list(State(admin): State<Admin>) -> Json<Value> {
    let all = admin.functions.attachments().list();
    let shown = all.iter().map(|attached| {
        let (function, qualifier) = attached.function();
        json!({
            "number": attached.number(),
            "function": function,
            "qualifier": qualifier,
            "runtime_api": attached.address(),
        })
    });
    let shown: Vec<Value> = shown.collect();
    Json(json!({ "running": admin.functions.running(), "attached": shown }))
}
