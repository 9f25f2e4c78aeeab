//! The API's own description, made from the types of its requests and answers, and a page that
//! shows it.

use axum::Json;
use axum::response::{Html, IntoResponse};
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};
use utoipa::OpenApi;

use super::error::Problem;
use super::{
    audit, dead_letters, figures, gateway, live, orders, problems, router, shipping, stock,
    subscribers,
};

pub(super) const DOCUMENT: &str = "/openapi.json";
pub(super) const PAGE: &str = "/docs";
pub(super) const SCRIPT: &str = "/docs/page.js";
pub(super) const STYLE: &str = "/docs/page.css";

/// Every operation. `every_operation_is_as_described` compares with what the routes do.
#[derive(OpenApi)]
#[openapi(
    info(title = "orderflow", description = "Takes orders and brings them to \"delivered\"."),
    paths(
        orders::place,
        orders::view,
        orders::confirm,
        orders::cancel,
        orders::of_customer,
        shipping::quote_order,
        shipping::quote,
        stock::count,
        stock::receive,
        stock::view,
        subscribers::list,
        subscribers::view,
        subscribers::put,
        subscribers::remove,
        audit::of_order,
        audit::of_product,
        figures::view,
        gateway::view,
        gateway::set,
        dead_letters::list,
        dead_letters::redrive,
        live::settings,
        live::steps,
        router::health,
        router::live,
    ),
    components(schemas(Problem))
)]
struct Operations;

/// Serves the document.
pub(super) async fn document() -> Json<Value> {
    Json(described())
}

/// What holds for every operation is added here: how it is refused, and what a caller must know.
fn described() -> Value {
    let document = Operations::openapi().to_json().ok();
    let parsed = document.and_then(|text| serde_json::from_str(&text).ok());
    let mut document: Value = parsed.expect("a document of plain values is JSON");
    let refused = json!({
        "description": "It was refused, or failed",
        "content": {
            (problems::MEDIA_TYPE): { "schema": { "$ref": "#/components/schemas/Problem" } }
        }
    });
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    let operations = paths.filter_map(|(_, path)| path.as_object_mut()).flatten();
    for (_, operation) in operations {
        operation["responses"]["default"] = refused.clone();
    }
    let codes: Vec<_> = problems::ALL.iter().map(|(code, _, _)| *code).collect();
    document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"] = json!(codes);
    let explained = problems::ALL
        .iter()
        .map(|(code, title, when)| json!({ "code": code, "title": title, "when": when }));
    document["x-problems"] = explained.collect();
    document["components"]["securitySchemes"] = json!({
        "token": { "type": "http", "scheme": "bearer", "description": "Where one is set" }
    });
    document["security"] = json!([{}, { "token": [] }]);
    document
}

pub(super) async fn page() -> Html<&'static str> {
    Html(include_str!("docs.html"))
}

/// Beside the page, as pages here have no scripts and styles inside.
pub(super) async fn script() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("docs.js"))
}

pub(super) async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("docs.css"))
}
