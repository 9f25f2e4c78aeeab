//! The pages below `/_skyrig/` that say what became of messages: `trace`, `why` and `lineage`.
//!
//! The lineage is copied, and its trees are made, outside of the lock; only what depends on rules,
//! policies and queues is found out under it.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use super::admin::{Admin, refusal};
use crate::kernel::{Lineage, MessageId, Trace};

/// Most trees that mention a text.
const TREES_MAX: usize = 20;
/// Longest text that is looked for, in bytes.
const TEXT_BYTES_MAX: usize = 256;
/// Most names that the answer to an unknown one holds.
const NAMES_MAX: usize = 20;

pub(super) fn router() -> Router<Admin> {
    Router::new()
        .route("/_skyrig/trace/{id}", get(trace))
        .route("/_skyrig/trace", get(trace_text))
        .route("/_skyrig/why/{*name}", get(why))
        .route("/_skyrig/lineage", get(lineage))
}

async fn trace(State(admin): State<Admin>, Path(id): Path<String>) -> Response {
    let Ok(parsed) = id.parse::<MessageId>() else {
        let text = format!("{id} is not a message, event or request id; try trace?text={id}");
        return refusal(StatusCode::BAD_REQUEST, text);
    };
    match copy(&admin).and_then(|lineage| lineage.trace(parsed)) {
        Some(trace) => filled(&admin, trace),
        // It may be one that a client chose itself.
        None => mentioning(&admin, &id),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WhichText {
    text: String,
}

async fn trace_text(State(admin): State<Admin>, Query(query): Query<WhichText>) -> Response {
    let text = query.text;
    if text.is_empty() || text.len() > TEXT_BYTES_MAX {
        let reason = format!("text has from 1 to {TEXT_BYTES_MAX} bytes");
        return refusal(StatusCode::BAD_REQUEST, reason);
    }
    mentioning(&admin, &text)
}

/// The stories of all that mentions a text.
fn mentioning(admin: &Admin, text: &str) -> Response {
    let ids = admin.host.with_cloud(|cloud| cloud.mentioning(text)).unwrap_or_default();
    let stories = copy(admin).map(|lineage| lineage.stories(&ids, TREES_MAX));
    match stories.filter(|(roots, _)| !roots.is_empty()) {
        Some((roots, left_out)) => filled(admin, Trace { id: text.to_owned(), roots, left_out }),
        None => {
            let reason = format!("nothing that is still kept mentions {text}");
            refusal(StatusCode::NOT_FOUND, reason)
        }
    }
}

/// A story with what the lineage does not keep.
fn filled(admin: &Admin, mut trace: Trace) -> Response {
    admin.host.with_cloud(|cloud| cloud.fill_in(&mut trace.roots));
    Json(trace).into_response()
}

async fn why(State(admin): State<Admin>, Path(name): Path<String>) -> Response {
    let Some(lineage) = copy(&admin) else { return super::admin::stopped() };
    let trees = lineage.trees(|_, _| true);
    let found = admin.host.with_cloud(|cloud| cloud.why_in(&name, &trees)).unwrap_or_default();
    if !found.is_empty() {
        return Json(found).into_response();
    }
    let known = admin.host.with_cloud(|cloud| cloud.resources()).unwrap_or_default();
    let mut names: Vec<&str> = known.iter().map(|arn| arn.as_str()).collect();
    names.truncate(NAMES_MAX);
    let names = names.join(", ");
    let reason = format!("there is no queue, topic or bus {name}; some that are there: {names}");
    refusal(StatusCode::NOT_FOUND, reason)
}

/// The lineage as it is now: whoever reads it holds nobody up meanwhile.
fn copy(admin: &Admin) -> Option<Lineage> {
    admin.host.with_cloud(|cloud| cloud.lineage().clone())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Which {
    /// Only entries with a higher number, or the trees that begin with one.
    after: u64,
    /// Each entry with what it led to, instead of one list.
    trees: bool,
}

async fn lineage(State(admin): State<Admin>, Query(query): Query<Which>) -> Response {
    // A tree may begin long before; a list needs no more than what is asked for.
    let after = if query.trees { 0 } else { query.after };
    let copied = admin.host.with_cloud(|cloud| cloud.lineage().since(after, usize::MAX));
    let Some(lineage) = copied else { return Json(json!([])).into_response() };
    let mut entries = match query.trees {
        true => lineage.trees(|_, _| true),
        false => lineage.entries().collect(),
    };
    entries.retain(|entry| entry.id > query.after);
    Json(entries).into_response()
}
