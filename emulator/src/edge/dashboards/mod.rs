//! CloudWatch's dashboards as pages: what a person would look at in the console, in virtual time.
//!
//! The page is the same for all; what it shows is asked for beside it, as JSON, and is made from
//! what the operations of AWS answer. Knows those, and no service from inside.

mod queries;
mod view;

use axum::Json;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use serde_json::{Value, json};

use super::admin::{Admin, refusal};
use crate::cloud::DEFAULT_REGION;
use crate::host::Clock as _;
use crate::kernel::{Account, Region, Scope};
use view::Window;

/// Longest time that is shown: as long as figures are kept.
const MINUTES_MAX: u32 = 455 * 24 * 60;
const MINUTES: u32 = 180;

pub(super) fn router() -> Router<Admin> {
    Router::new()
        .route("/_skyrig/dashboards", get(list))
        .route("/_skyrig/dashboards/{name}", get(page))
        .route("/_skyrig/dashboards/{name}/view", get(show))
        .route("/_skyrig/pages/dashboard.js", get(script))
        .route("/_skyrig/pages/dashboard.css", get(style))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Which {
    /// Whose; that of callers without an account's key unless it is said.
    account: Option<String>,
    /// Where widgets look that name no region.
    region: Option<String>,
    /// Up to now; three hours, or what the dashboard says.
    minutes: Option<u32>,
}

impl Which {
    fn scope(&self) -> Scope {
        let account = Account::of_key(self.account.as_deref().unwrap_or_default());
        let region = self.region.as_deref().unwrap_or(DEFAULT_REGION);
        Scope { account, region: Region(region.into()) }
    }
}

/// The names, and where each is drawn.
async fn list(State(admin): State<Admin>, Query(which): Query<Which>) -> Response {
    let asked = ("cloudwatch", "ListDashboards");
    match admin.host.ask(asked, which.scope(), &json!({})) {
        Err(reason) => refusal(StatusCode::INTERNAL_SERVER_ERROR, reason),
        Ok(answer) => {
            let entries = answer["DashboardEntries"].as_array().into_iter().flatten();
            let entry = |it: &Value| {
                let name = it["DashboardName"].as_str().unwrap_or_default();
                json!({"name": name, "page": format!("/_skyrig/dashboards/{name}")})
            };
            let shown: Vec<Value> = entries.map(entry).collect();
            Json(json!({ "dashboards": shown })).into_response()
        }
    }
}

fn body(admin: &Admin, name: &str, scope: Scope) -> Result<Value, Box<Response>> {
    let input = json!({ "DashboardName": name });
    let found = admin.host.ask(("cloudwatch", "GetDashboard"), scope, &input);
    let found = found.map_err(|reason| Box::new(refusal(StatusCode::NOT_FOUND, reason)))?;
    let body = found["DashboardBody"].as_str().unwrap_or_default();
    Ok(serde_json::from_str(body).unwrap_or_default())
}

/// The page, which asks for what it shows by its own address.
async fn page(
    State(admin): State<Admin>,
    Path(name): Path<String>,
    Query(which): Query<Which>,
) -> Response {
    match body(&admin, &name, which.scope()) {
        Ok(_) => Html(include_str!("page.html")).into_response(),
        Err(refused) => *refused,
    }
}

async fn show(
    State(admin): State<Admin>,
    Path(name): Path<String>,
    Query(which): Query<Which>,
) -> Response {
    if which.minutes.is_some_and(|minutes| !(1..=MINUTES_MAX).contains(&minutes)) {
        let text = format!("minutes is from 1 to {MINUTES_MAX}");
        return refusal(StatusCode::BAD_REQUEST, text);
    }
    let scope = which.scope();
    let body = match body(&admin, &name, scope.clone()) {
        Ok(body) => body,
        Err(refused) => return *refused,
    };
    let now = admin.clock.now();
    let window = Window::of(&body, which.minutes, MINUTES, now);
    let ask = |operation: &str, region: Option<&str>, input: &Value| {
        let region = region.map_or_else(|| scope.region.clone(), |it| Region(it.into()));
        let scope = Scope { region, ..scope.clone() };
        admin.host.ask(("cloudwatch", operation), scope, input)
    };
    let widgets = view::widgets(&body, &window, &ask);
    Json(json!({
        "name": name,
        "now": now.iso_millis(),
        "start": window.start.iso_millis(),
        "end": window.end.iso_millis(),
        "minutes": (window.end.seconds() - window.start.seconds()) / 60,
        "widgets": widgets,
    }))
    .into_response()
}

/// Beside the page, as pages here have no scripts and styles inside.
async fn script() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("page.js"))
}

async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("page.css"))
}
