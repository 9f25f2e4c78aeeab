//! The pages below `/_skyrig/rehearsal`: for those who drive a system of processes and move the
//! clock. What is under way, so that time moves only when nothing is; the messages of a queue,
//! without taking them; and any operation in JSON, asked by nobody whom fault rules could meet.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::admin::{Admin, refusal, stopped};
use crate::cloud::DEFAULT_REGION;
use crate::host::Clock as _;
use crate::kernel::{Account, Region, Scope};

/// Most messages of one look, and how many there are by default.
const MESSAGES_MAX: usize = 10_000;
const MESSAGES: usize = 100;

pub(super) fn router() -> Router<Admin> {
    Router::new()
        .route("/_skyrig/rehearsal", get(under_way))
        .route("/_skyrig/rehearsal/messages", get(messages))
        .route("/_skyrig/rehearsal/ask", post(ask))
}

/// Calls that wait, what is called outside, how full the queues are, and what is due when.
async fn under_way(State(admin): State<Admin>) -> Response {
    let looked = admin.host.with_cloud(|cloud| (cloud.next_deadline(), cloud.queue_depths()));
    let Some((deadline, queues)) = looked else { return stopped() };
    let under_way = admin.host.under_way();
    Json(json!({
        "now": admin.clock.now().iso_millis(),
        "next_deadline": deadline.map(|at| at.iso_millis()),
        "waiting": under_way.waiting,
        "delayed": under_way.delayed,
        "servers": under_way.servers,
        "functions": under_way.functions,
        "queues": queues,
    }))
    .into_response()
}

#[derive(Deserialize)]
struct Which {
    queue: String,
    region: Option<String>,
    count: Option<usize>,
}

async fn messages(State(admin): State<Admin>, Query(which): Query<Which>) -> Response {
    let count = which.count.unwrap_or(MESSAGES).min(MESSAGES_MAX);
    let scope = scope(which.region.as_deref());
    match admin.host.with_cloud(|cloud| cloud.peek(&scope, &which.queue, count)) {
        None => stopped(),
        Some(Some(messages)) => Json(json!({ "messages": messages })).into_response(),
        Some(None) => {
            let reason = format!("there is no queue {} in {}", which.queue, scope.region);
            refusal(StatusCode::NOT_FOUND, reason)
        }
    }
}

/// What is asked: an operation that answers at once, and its input as its members are called.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    service: String,
    operation: String,
    #[serde(default)]
    input: Value,
    region: Option<String>,
}

async fn ask(State(admin): State<Admin>, body: String) -> Response {
    let question: Question = match serde_json::from_str(&body) {
        Ok(question) => question,
        Err(error) => return refusal(StatusCode::BAD_REQUEST, error.to_string()),
    };
    let scope = scope(question.region.as_deref());
    let input = if question.input.is_null() { json!({}) } else { question.input };
    let asked = (question.service.as_str(), question.operation.as_str());
    match admin.host.ask_fully(asked, scope, &input) {
        Ok((status, answer)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
            (status, Json(answer)).into_response()
        }
        Err(reason) => refusal(StatusCode::BAD_REQUEST, reason),
    }
}

fn scope(region: Option<&str>) -> Scope {
    let region = region.unwrap_or(DEFAULT_REGION);
    Scope { account: Account::of_key(""), region: Region(region.into()) }
}
