//! The AWS trace header goes with an order through every hop.

use super::shop::{Shop, call, wait};
use axum::body::Body;
use http::{Method, Request, StatusCode};
use orderflow::Role;
use serde_json::{Value, json};
use std::time::Duration;
use tower::ServiceExt;

const ROOT: &str = "Root=1-5759e988-bd862e3fe1be46a994272793";

/// Subjects of the letters with the trace under which each was sent.
async fn letters(shop: &Shop) -> Vec<(String, Option<String>)> {
    let queue = shop.queue("shop-customer-mail").await;
    let mut found = Vec::new();
    loop {
        let messages = queue.receive(10, Duration::ZERO, None).await.expect("received");
        if messages.is_empty() {
            return found;
        }
        for message in messages {
            let body: Value = serde_json::from_str(&message.body).expect("SNS's JSON");
            let subject = body["Subject"].as_str().expect("a subject").to_owned();
            found.push((subject, message.trace.map(|it| it.to_string())));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_header_of_a_request_comes_out_at_the_other_end() {
    let shop = Shop::new().await;
    let running = shop.start(&Role::ALL).await;
    let stock = json!({ "quantity": 9 });
    assert_eq!(call(running.router(), Method::POST, "/stock/lamp", &stock).await.0, 200);
    let items = json!([{ "product_id": "lamp", "quantity": 1, "unit_price_minor_units": 500 }]);
    let order = json!({ "order_id": "a", "customer_id": "ann", "currency": "EUR", "items": items });
    let card = json!({ "payment_method": "card" });
    for (path, body) in [("/orders", order), ("/orders/a/confirm", card)] {
        let request = Request::post(path).header("content-type", "application/json");
        let request = request.header("x-amzn-trace-id", format!("{ROOT};Sampled=1"));
        let request = request.body(Body::from(body.to_string())).expect("a request");
        let Ok(answer) = running.router().oneshot(request).await;
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
    }
    // Through the bus, queues, payments, timers and the topic.
    wait(600).await;
    let sent = letters(&shop).await;
    assert!(sent.len() >= 4, "{sent:?}");
    for (subject, trace) in &sent {
        let same = trace.as_deref() == Some(&format!("{ROOT};Sampled=1"));
        assert!(same, "{subject} was sent under {trace:?}");
    }
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn without_a_header_a_trace_begins_and_a_wrong_one_makes_nothing_fail() {
    let shop = Shop::new().await;
    let running = shop.start(&[Role::Api, Role::Notifications]).await;
    let items = json!([{ "product_id": "lamp", "quantity": 1, "unit_price_minor_units": 500 }]);
    for (id, header) in [("a", None), ("b", Some("Root=nonsense"))] {
        let order = json!({ "order_id": id, "customer_id": id, "currency": "EUR", "items": items });
        let mut request = Request::post("/orders").header("content-type", "application/json");
        if let Some(header) = header {
            request = request.header("x-amzn-trace-id", header);
        }
        let request = request.body(Body::from(order.to_string())).expect("a request");
        let Ok(answer) = running.router().oneshot(request).await;
        assert_eq!(answer.status(), StatusCode::CREATED);
    }
    wait(60).await;
    let mut traces: Vec<_> = letters(&shop).await.into_iter().map(|(_, trace)| trace).collect();
    traces.sort();
    traces.dedup();
    assert_eq!(traces.len(), 2, "each order has its own: {traces:?}");
    assert!(traces.iter().flatten().all(|it| it.starts_with("Root=1-")), "{traces:?}");
    running.stop().await;
}
