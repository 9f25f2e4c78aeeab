//! The API does what its document says: real requests and answers of every operation, against the
//! schemas of `/openapi.json`.

use super::shop::{Shop, wait};
use axum::Router;
use axum::body::Body;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use orderflow::Role;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tower::ServiceExt;

const PROBLEM: &str = "application/problem+json";
const ROUTES: &str = include_str!("../../../system/src/roles/api/router.rs");
/// Pages and what belongs to them.
const PAGES: [&str; 3] = ["/analytics", "/analytics/page.css", "/analytics/page.js"];
const DESTINATION: &str = r#"{"street": "s", "city": "c", "zip_code": "97201", "country": "US"}"#;

struct Api {
    router: Router,
    document: Value,
    /// Operations that were asked and did what they are for, and those that refused.
    done: BTreeSet<String>,
    refused: BTreeSet<String>,
}

/// An answer without its body, which may never end.
async fn send(router: &Router, line: &str, body: Option<&Value>) -> axum::response::Response {
    let (method, path) = line.split_once(' ').expect("a method and a path");
    let mut request = Request::builder().method(method).uri(path);
    if body.is_some() {
        request = request.header(CONTENT_TYPE, "application/json");
    }
    let content = body.map_or_else(String::new, Value::to_string);
    let request = request.body(Body::from(content)).expect("a request");
    router.clone().oneshot(request).await.expect("a router always answers")
}

fn media_type(headers: &HeaderMap) -> String {
    let text = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().to_owned()
}

/// Whether a template such as `/orders/{id}` stands for a path.
fn fits(template: &str, path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let (wanted, given): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    let same = |(wanted, given): (&&str, &&str)| wanted.starts_with('{') || wanted == given;
    wanted.len() == given.len() && wanted.iter().zip(&given).all(same)
}

impl Api {
    async fn new(router: Router) -> Self {
        let answer = send(&router, "GET /openapi.json", None).await;
        let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
        let document = serde_json::from_slice(&bytes).expect("JSON");
        Self { router, document, done: BTreeSet::new(), refused: BTreeSet::new() }
    }

    /// The operation of a request line, without its query.
    fn operation(&self, line: &str) -> Value {
        let (method, path) = line.split_once(' ').expect("a method and a path");
        let paths = self.document["paths"].as_object().expect("paths");
        // What is written out stands before what has a variable, as in the router.
        let mut all: Vec<_> = paths.iter().filter(|(template, _)| fits(template, path)).collect();
        all.sort_by_key(|(template, _)| template.matches('{').count());
        let found = all.first().unwrap_or_else(|| panic!("{line} is not described"));
        let operation = &found.1[method.to_lowercase()];
        assert!(operation.is_object(), "{line} is not described");
        operation.clone()
    }

    /// What is wrong with a value, by a schema of the document.
    fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let mut whole = schema.clone();
        whole["components"] = self.document["components"].clone();
        let validator = jsonschema::validator_for(&whole).expect("a schema");
        validator.iter_errors(value).map(|fault| fault.to_string()).collect()
    }

    async fn ask(&mut self, line: &str, body: Option<Value>, status: u16) -> Value {
        let operation = self.operation(line);
        let id = operation["operationId"].as_str().expect("an id").to_owned();
        let answer = send(&self.router, line, body.as_ref()).await;
        assert_eq!(answer.status().as_u16(), status, "{line}");
        let success = answer.status().is_success();
        if let Some(body) = &body {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            assert!(schema.is_object(), "{line}: no body is described");
            let faults = self.faults(schema, body);
            assert!(faults.is_empty() || !success, "{line} took {body}: {faults:?}");
        }
        let known = &operation["responses"][status.to_string()];
        let described = if known.is_object() { known } else { &operation["responses"]["default"] };
        assert!(known.is_object() || !success, "{line}: {status} is not described");
        let list = if success { &mut self.done } else { &mut self.refused };
        list.insert(id);
        if status == StatusCode::NO_CONTENT.as_u16() {
            return Value::Null;
        }
        let kind = media_type(answer.headers());
        let schema = &described["content"][&kind]["schema"];
        assert!(schema.is_object(), "{line} {status}: {kind} is not described");
        if kind == "text/event-stream" {
            return Value::Null;
        }
        let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
        let value: Value = serde_json::from_slice(&bytes).expect("JSON");
        assert_eq!(self.faults(schema, &value), Vec::<String>::new(), "{line} {status}: {value}");
        if kind == PROBLEM {
            assert_eq!(value["status"], status, "{line}");
            let names = format!("/docs#{}", value["code"].as_str().unwrap_or_default());
            assert_eq!(value["type"], names, "{line}");
        }
        value
    }
}

fn placing(order: &str) -> Value {
    let destination: Value = serde_json::from_str(DESTINATION).expect("JSON");
    json!({ "order_id": order, "customer_id": "ann", "currency": "EUR",
        "items": [{ "product_id": "lamp", "quantity": 2, "unit_price_minor_units": 500 }],
        "shipping_address": destination })
}

async fn ask_about_stock(api: &mut Api) {
    api.ask("GET /stock/lamp", None, 404).await;
    api.ask("PUT /stock/lamp", Some(json!({ "on_hand": 12 })), 200).await;
    api.ask("PUT /stock/lamp", Some(json!({ "onhand": 12 })), 400).await;
    api.ask("POST /stock/lamp", Some(json!({ "quantity": 3 })), 200).await;
    api.ask("POST /stock/-", Some(json!({ "quantity": 3 })), 400).await;
    api.ask("GET /stock/lamp", None, 200).await;
}

async fn ask_about_orders(api: &mut Api) {
    api.ask("POST /orders", Some(placing("a")), 201).await;
    api.ask("POST /orders", Some(placing("a")), 200).await;
    api.ask("POST /orders", Some(json!({ "customer_id": "ann" })), 400).await;
    api.ask("POST /orders", Some(placing("b")), 201).await;
    wait(5).await;
    api.ask("POST /orders/a/confirm", Some(json!({ "payment_method": "card" })), 200).await;
    api.ask("POST /orders/none/confirm", Some(json!({ "payment_method": "card" })), 404).await;
    api.ask("POST /orders/b/cancel", Some(json!({ "reason": "too dear" })), 200).await;
    api.ask("POST /orders/b/cancel", Some(json!({ "because": "x" })), 400).await;
    api.ask("POST /orders/b/cancel", None, 409).await;
    wait(400).await;
    let order = api.ask("GET /orders/a", None, 200).await;
    assert_eq!(order["status"], "delivered");
    api.ask("GET /orders/b?consistent=true", None, 200).await;
    api.ask("GET /orders/none", None, 404).await;
}

/// Each page is a part of the whole, and a token is good for its own list only.
async fn ask_for_pages(api: &mut Api) {
    for (list, other, most) in [
        ("/customers/ann/orders", "/customers/bob/orders", 1),
        ("/orders/a/audit", "/orders/b/audit", 4),
        ("/products/lamp/audit", "/orders/a/audit", 1),
    ] {
        let whole = api.ask(&format!("GET {list}"), None, 200).await;
        let member = if whole["orders"].is_array() { "orders" } else { "events" };
        assert_eq!(whole["next_token"], Value::Null, "{list}");
        let (mut found, mut next) = (Vec::new(), String::new());
        loop {
            let page = api.ask(&format!("GET {list}?limit={most}{next}"), None, 200).await;
            found.extend(page[member].as_array().expect("a list").iter().cloned());
            let Some(token) = page["next_token"].as_str() else { break };
            assert!(!token.contains('.') && !token.contains('~'), "{token} says something");
            next = format!("&next_token={token}");
            api.ask(&format!("GET {other}?next_token={token}"), None, 400).await;
        }
        assert!(!next.is_empty(), "{list} has one page only");
        assert_eq!(whole[member], Value::Array(found), "{list}");
        api.ask(&format!("GET {list}?limit=0"), None, 400).await;
    }
}

async fn ask_about_the_rest(api: &mut Api) {
    let destination: Value = serde_json::from_str(DESTINATION).expect("JSON");
    let items = json!([{ "product_id": "lamp", "quantity": 1 }]);
    let shipment = json!({ "destination": destination, "items": items });
    api.ask("POST /shipping-quotes", Some(shipment), 200).await;
    api.ask("POST /shipping-quotes", Some(json!({ "items": [] })), 400).await;
    api.ask("GET /orders/a/shipping-quote", None, 200).await;
    api.ask("GET /orders/none/shipping-quote", None, 404).await;
    let filter = json!({ "audience": ["customer"] });
    api.ask("PUT /subscribers/crm", Some(filter.clone()), 201).await;
    api.ask("PUT /subscribers/crm", Some(filter), 200).await;
    api.ask("PUT /subscribers/crm", Some(json!({ "audience": [] })), 400).await;
    api.ask("GET /subscribers", None, 200).await;
    api.ask("GET /subscribers/crm", None, 200).await;
    api.ask("GET /subscribers/none", None, 404).await;
    api.ask("DELETE /subscribers/crm", None, 204).await;
    api.ask("DELETE /subscribers/orders", None, 400).await;
    let rules =
        json!({ "broken": [{ "customer_id": "bob" }], "declined": [{ "currency": "EUR" }] });
    api.ask("PUT /simulated/gateway", Some(rules), 200).await;
    api.ask("PUT /simulated/gateway", Some(json!({ "borken": [] })), 400).await;
    api.ask("GET /simulated/gateway", None, 200).await;
    api.ask("GET /dead-letters/payments", None, 200).await;
    api.ask("GET /dead-letters/nobody", None, 404).await;
    api.ask("POST /dead-letters/payments/redrive", None, 200).await;
    api.ask("POST /dead-letters/api/redrive", None, 404).await;
    api.ask("GET /analytics/figures?minutes=60", None, 200).await;
    api.ask("GET /analytics/figures?minutes=0", None, 400).await;
    api.ask("GET /live/settings", None, 200).await;
    api.ask("GET /live/steps", None, 200).await;
    api.ask("GET /health", None, 200).await;
    api.ask("GET /health/live", None, 200).await;
}

#[tokio::test(start_paused = true)]
async fn every_operation_is_as_described() {
    let shop = Shop::new().await;
    let running = shop.start(&Role::ALL).await;
    let mut api = Api::new(running.router()).await;
    assert_eq!(api.document["openapi"], "3.1.0");
    ask_about_stock(&mut api).await;
    ask_about_orders(&mut api).await;
    ask_for_pages(&mut api).await;
    ask_about_the_rest(&mut api).await;
    running.stop().await;
    let paths = api.document["paths"].as_object().expect("paths");
    let operations = paths.values().flat_map(|path| path.as_object().expect("methods").values());
    let ids = operations.map(|it| it["operationId"].as_str().expect("an id").to_owned());
    let all: BTreeSet<_> = ids.collect();
    assert_eq!(api.done, all, "each operation was asked");
    // What takes nothing has nothing to refuse.
    let never = ["health", "listSubscribers", "live", "liveSettings", "liveSteps", "viewGateway"];
    let never: BTreeSet<_> = never.into_iter().map(str::to_owned).collect();
    let refusing: BTreeSet<_> = all.difference(&never).cloned().collect();
    assert_eq!(api.refused, refusing, "each operation has refused something");
}

#[tokio::test(start_paused = true)]
async fn every_route_is_described() {
    let shop = Shop::new().await;
    let running = shop.start(&[Role::Api]).await;
    let api = Api::new(running.router()).await;
    let written = ROUTES.split(".route(").skip(1);
    let mut paths: Vec<_> = written.filter_map(|it| it.trim_start().strip_prefix('"')).collect();
    paths.retain(|it| !PAGES.contains(&it.split('"').next().unwrap_or_default()));
    assert!(paths.len() > 10, "{paths:?}");
    for route in paths {
        let (path, methods) = route.split_once('"').expect("a path");
        let end = methods.find(".route(").unwrap_or(methods.len());
        let methods = methods[..end].lines().take(3).collect::<String>();
        let described = &api.document["paths"][path];
        for method in ["get", "post", "put", "delete"] {
            let is_there = methods.contains(&format!("{method}("));
            assert_eq!(described[method].is_object(), is_there, "{method} {path}");
        }
    }
    running.stop().await;
}
