//! Orders and stock from the command line: the API is called without a socket, and the outbox is
//! emptied before the command ends.

use axum::body::{Body, to_bytes};
use http::header::CONTENT_TYPE;
use http::{Method, Request};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::args::{OrderAction, StockAction};
use super::entry::Session;
use super::print::say;
use crate::role::Role;
use crate::system::System;

pub(super) async fn order(session: Session, action: OrderAction) -> Result<(), String> {
    let (method, path, body) = match action {
        OrderAction::Place { customer, items, currency, order_id } => {
            let items: Vec<_> = items
                .into_iter()
                .map(|item| {
                    json!({
                        "product_id": item.product,
                        "quantity": item.quantity,
                        "unit_price_minor_units": item.price,
                    })
                })
                .collect();
            let body = json!({
                "order_id": order_id,
                "customer_id": customer,
                "currency": currency,
                "items": items,
            });
            (Method::POST, "/orders".to_owned(), body)
        }
        OrderAction::Confirm { order_id, payment_method } => {
            let body = json!({"payment_method": payment_method});
            (Method::POST, format!("/orders/{order_id}/confirm"), body)
        }
        OrderAction::Cancel { order_id, reason } => {
            let body = json!({"reason": reason});
            (Method::POST, format!("/orders/{order_id}/cancel"), body)
        }
        OrderAction::Get { order_id, consistent } => {
            let path = format!("/orders/{order_id}?consistent={consistent}");
            (Method::GET, path, Value::Null)
        }
    };
    call(session, method, &path, &body).await
}

pub(super) async fn stock(session: Session, action: StockAction) -> Result<(), String> {
    match action {
        StockAction::Count { product, on_hand } => {
            let body = json!({"on_hand": on_hand});
            call(session, Method::PUT, &format!("/stock/{product}"), &body).await
        }
        StockAction::Get { product } => {
            call(session, Method::GET, &format!("/stock/{product}"), &Value::Null).await
        }
    }
}

async fn call(session: Session, method: Method, path: &str, body: &Value) -> Result<(), String> {
    let Session { mut config, aws } = session;
    config.roles = vec![Role::Api];
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .map_err(|error| format!("{path:?}: {error}"))?;
    let running = System::start(&config, &aws, Session::deps())
        .await
        .map_err(|failure| failure.to_string())?;
    let answer = match running.router().oneshot(request).await {
        Ok(answer) => answer,
        Err(never) => match never {},
    };
    let status = answer.status();
    let bytes = to_bytes(answer.into_body(), usize::MAX).await;
    running.stop().await;
    let bytes = bytes.map_err(|error| error.to_string())?;
    let json: Value = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
    if status.is_success() {
        say!("{json:#}");
        return Ok(());
    }
    let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
    Err(format!("{} ({})", text("detail"), text("code")))
}
