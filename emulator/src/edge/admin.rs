//! The admin API below `/_skyrig/`: health, clock, reset, faults and the outbox; `explain` has what
//! became of messages. What is asked below `/_localstack/` and `/_aws/` comes here too.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::clock::{Mode, WallClock};
use super::developer::{self, Forgotten};
use super::functions::FunctionRunner;
use super::stages::Stages;
use super::{
    attachments, console, dashboards, explain, localstack, recording, rehearsal, snapshots, status,
};
use crate::cloud::Cloud;
use crate::host::{CLOSED, Clock as _, Host};
use crate::kernel::{FaultRule, Letter};

/// The first parts of the paths that are no service's.
const PREFIXES: [&str; 4] = ["/_skyrig", "/_localstack", "/_aws", "/moto-api"];
/// How long, in all, a move of the clock waits for servers outside that do not answer.
const PATIENCE: Duration = Duration::from_secs(30);
const PAGES: &str = "below /_skyrig/ are: health, clock, trace/{id}, trace?text=, why/{name}, \
                     lineage, faults, outbox, outbox/answers, dashboards, dashboards/{name}, \
                     functions, functions/{name}/attach, functions/attached/{number}, reset, \
                     status, snapshot, recording, worlds, worlds/{name}, and the console itself \
                     with pulse, due, latest, topology, queues, messages?queue=, stored, ask, \
                     pattern; \
                     below /_localstack/: health, info, init, diagnose, state/reset; \
                     below /_aws/: sqs/messages, sns/platform-endpoint-messages, \
                     sns/sms-messages, sns/subscription-tokens/{arn}, sns/phone-opt-outs, ses, \
                     events/rules/{arn}/trigger, cloudwatch/metrics/raw; /moto-api/reset";

#[derive(Clone)]
pub(super) struct Admin {
    pub(super) host: Arc<Host>,
    pub(super) clock: Arc<WallClock>,
    pub(super) functions: FunctionRunner,
    pub(super) stages: Stages,
    pub(super) forgotten: Arc<Forgotten>,
}

/// Whether a request to `path` is for this API.
pub(super) fn has(path: &str) -> bool {
    (path.starts_with("/_") || path.starts_with("/moto"))
        && PREFIXES.iter().any(|prefix| {
            let rest = path.strip_prefix(prefix);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
}

/// The routes, over a cloud and its clock.
pub(super) fn router(
    host: Arc<Host>,
    clock: Arc<WallClock>,
    functions: FunctionRunner,
    stages: Stages,
) -> Router {
    Router::new()
        .route("/_skyrig/health", get(health))
        .route("/_skyrig/clock", get(read_clock).post(move_clock))
        .route("/_skyrig/faults", get(read_faults).put(set_faults).delete(clear_faults))
        .route("/_skyrig/outbox", get(outbox))
        .route("/_skyrig/outbox/answers", post(answer_text))
        .route("/_skyrig/reset", post(reset))
        .merge(attachments::router())
        .merge(console::router())
        .merge(explain::router())
        .merge(dashboards::router())
        .merge(localstack::router())
        .merge(rehearsal::router())
        .merge(recording::router())
        .merge(snapshots::router())
        .merge(status::router())
        .merge(developer::router())
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(Admin { host, clock, functions, stages, forgotten: Arc::default() })
}

pub(super) fn refusal(status: StatusCode, message: impl Into<String>) -> Response {
    (status, Json(json!({ "error": message.into() }))).into_response()
}

pub(super) async fn not_found(method: Method, uri: Uri) -> Response {
    let path = uri.path();
    tracing::warn!(request = ?format!("{method} {path}"), "there is no such page here");
    refusal(StatusCode::NOT_FOUND, format!("{path} is no page of skyrig; {PAGES}"))
}

pub(super) async fn method_not_allowed(method: Method, uri: Uri) -> Response {
    let path = uri.path();
    tracing::warn!(request = ?format!("{method} {path}"), "this page does not take that method");
    refusal(StatusCode::METHOD_NOT_ALLOWED, format!("{path} does not take {method}; {PAGES}"))
}

/// The answer after a panic in the cloud.
pub(super) fn stopped() -> Response {
    refusal(StatusCode::INTERNAL_SERVER_ERROR, CLOSED)
}

async fn health(State(admin): State<Admin>) -> Response {
    let services = admin.host.service_names();
    // The cloud's own time is that of its last input; the clock goes on.
    match admin.host.with_cloud(|_whole| admin.clock.now()) {
        Some(now) => Json(json!({
            "status": "ok",
            "version": env!("CARGO_PKG_VERSION"),
            "services": services,
            "now": now.iso_millis(),
            "panics": admin.host.panics(),
        }))
        .into_response(),
        None => {
            let document = json!({ "error": CLOSED, "panics": admin.host.panics() });
            (StatusCode::INTERNAL_SERVER_ERROR, Json(document)).into_response()
        }
    }
}

fn clock_document(admin: &Admin) -> Value {
    let deadline = admin.host.with_cloud(|cloud| cloud.next_deadline()).flatten();
    let mut document = json!({
        "now": admin.clock.now().iso_millis(),
        "next_deadline": deadline.map(|at| at.iso_millis()),
    });
    let mode = serde_json::to_value(admin.clock.mode()).unwrap_or_default();
    if let (Some(document), Value::Object(mode)) = (document.as_object_mut(), mode) {
        document.extend(mode);
    }
    document
}

async fn read_clock(State(admin): State<Admin>) -> Json<Value> {
    Json(clock_document(&admin))
}

/// What `POST /_skyrig/clock` takes; each member is optional.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockChange {
    /// `real`, `manual` or `scaled`.
    mode: Option<String>,
    /// Virtual seconds per second, for `scaled`.
    factor: Option<f64>,
    /// How far to move, in seconds; fractions are allowed.
    advance_seconds: Option<f64>,
}

async fn move_clock(State(admin): State<Admin>, body: String) -> Response {
    let change: ClockChange = match serde_json::from_str(&body) {
        Ok(change) => change,
        Err(error) => return refusal(StatusCode::BAD_REQUEST, error.to_string()),
    };
    let mode = match (change.mode.as_deref(), change.factor) {
        (None, None) => None,
        (Some("real"), None) => Some(Mode::Real),
        (Some("manual"), None) => Some(Mode::Manual),
        (Some("scaled"), Some(factor)) => Some(Mode::Scaled { factor }),
        _ => {
            let text = "mode is \"real\", \"manual\", or \"scaled\" with a factor";
            return refusal(StatusCode::BAD_REQUEST, text);
        }
    };
    let by = match admin.clock.change(mode, change.advance_seconds.unwrap_or(0.0)) {
        Ok(by) => by,
        Err(error) => return refusal(StatusCode::BAD_REQUEST, error.to_string()),
    };
    let clock = &admin.clock;
    admin.host.travel((by, PATIENCE), || clock.now(), |step| clock.advance(step)).await;
    Json(clock_document(&admin)).into_response()
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WhichLetters {
    /// Only letters with a higher number.
    after: u64,
    /// Only letters to this address, number or endpoint.
    to: Option<String>,
    /// `email`, `email-json`, `sms` or `application`.
    protocol: Option<String>,
}

/// What would have left the cloud for people and devices.
async fn outbox(State(admin): State<Admin>, Query(query): Query<WhichLetters>) -> Json<Value> {
    let asked = |letter: &&Letter| {
        letter.number > query.after
            && query.to.as_ref().is_none_or(|to| letter.to == *to)
            && query.protocol.as_ref().is_none_or(|protocol| letter.protocol == *protocol)
    };
    // Written outside of the lock: there may be megabytes of it.
    let read = |cloud: &Cloud| cloud.letters().iter().filter(asked).cloned().collect::<Vec<_>>();
    let letters = admin.host.with_cloud(read).unwrap_or_default();
    Json(json!({ "letters": letters.iter().map(shown).collect::<Vec<_>>() }))
}

/// What `POST /_skyrig/outbox/answers` takes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhoneAnswer {
    /// The phone's number as in the outbox.
    from: String,
    /// `STOP` and the like.
    body: String,
}

/// A phone answers the latest text that it got.
async fn answer_text(State(admin): State<Admin>, body: String) -> Response {
    let answer: PhoneAnswer = match serde_json::from_str(&body) {
        Ok(answer) => answer,
        Err(error) => return refusal(StatusCode::BAD_REQUEST, error.to_string()),
    };
    match admin.host.text(&answer.from, &answer.body) {
        true => Json(json!({ "status": "answered" })).into_response(),
        false => {
            let reason = format!("the outbox holds no text to {}", answer.from);
            refusal(StatusCode::NOT_FOUND, reason)
        }
    }
}

fn shown(letter: &Letter) -> Value {
    let Letter { number, at, scope, from, protocol, to, subject, body, message_id } = letter;
    json!({
        "number": number,
        "at": at.iso_millis(),
        "account": scope.account.to_string(),
        "region": scope.region.to_string(),
        "from": from,
        "protocol": protocol,
        "to": to,
        "subject": subject,
        "body": body,
        "message_id": message_id,
    })
}

async fn read_faults(State(admin): State<Admin>) -> Json<Value> {
    let faults = admin.host.with_cloud(|cloud| cloud.faults()).unwrap_or_default();
    Json(json!({ "faults": faults }))
}

/// Replaces all rules: a list of them.
async fn set_faults(State(admin): State<Admin>, body: String) -> Response {
    let rules: Vec<FaultRule> = match serde_json::from_str(&body) {
        Ok(rules) => rules,
        Err(error) => return refusal(StatusCode::BAD_REQUEST, error.to_string()),
    };
    match admin.host.set_faults(rules) {
        Err(error) => refusal(StatusCode::BAD_REQUEST, error.to_string()),
        Ok(()) => read_faults(State(admin)).await.into_response(),
    }
}

async fn clear_faults(State(admin): State<Admin>) -> Response {
    set_faults(State(admin), "[]".to_owned()).await
}

pub(super) async fn reset(State(admin): State<Admin>) -> Json<Value> {
    admin.host.reset();
    admin.functions.forget_all();
    Json(json!({ "status": "reset" }))
}
