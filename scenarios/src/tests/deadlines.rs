//! Deadlines go by the clock of the messages.

use super::shop::{Shop, call, wait};
use http::Method;
use orderflow::Role;
use serde_json::{Value, json};
use std::time::Duration;

const MINUTES: u64 = 60;

/// Places an order that nobody confirms, lets the emulator's clock alone jump ahead, and looks at
/// the order soon after.
async fn check(minutes: u64, status: &str) {
    let shop = Shop::new().await;
    let running = shop.start(&[Role::Api, Role::Orders]).await;
    let items = json!([{ "product_id": "lamp", "quantity": 1, "unit_price_minor_units": 500 }]);
    let order = json!({ "order_id": "o", "customer_id": "ann", "currency": "EUR", "items": items });
    assert_eq!(call(running.router(), Method::POST, "/orders", &order).await.0, 201);
    wait(10).await;
    shop.emulator.advance(Duration::from_secs(minutes * MINUTES));
    wait(30).await;
    let path = "/orders/o?consistent=true";
    let (_, shown) = call(running.router(), Method::GET, path, &Value::Null).await;
    assert_eq!(shown["status"], status, "after {minutes} minutes: {shown}");
    running.stop().await;
}

/// Of half an hour, which is longer than SQS delays a message at once.
#[tokio::test(start_paused = true)]
async fn a_long_deadline_follows_the_emulators_clock() {
    for (minutes, status) in [(14, "created"), (16, "created"), (29, "created"), (30, "cancelled")]
    {
        check(minutes, status).await;
    }
}

/// A part of the time passes for all, the rest for the emulator alone.
#[tokio::test(start_paused = true)]
async fn a_deadline_that_was_sent_on_is_as_long_as_before() {
    let shop = Shop::new().await;
    let running = shop.start(&[Role::Api, Role::Orders]).await;
    let items = json!([{ "product_id": "lamp", "quantity": 1, "unit_price_minor_units": 500 }]);
    let order = json!({ "order_id": "o", "customer_id": "ann", "currency": "EUR", "items": items });
    assert_eq!(call(running.router(), Method::POST, "/orders", &order).await.0, 201);
    let status = async || {
        let path = "/orders/o?consistent=true";
        let (_, shown) = call(running.router(), Method::GET, path, &Value::Null).await;
        shown["status"].as_str().unwrap_or_default().to_owned()
    };
    wait(16 * MINUTES).await;
    shop.emulator.advance(Duration::from_secs(13 * MINUTES));
    wait(30).await;
    assert_eq!(status().await, "created");
    wait(MINUTES).await;
    assert_eq!(status().await, "cancelled");
    running.stop().await;
}
