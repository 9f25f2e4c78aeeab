//! Requests whose answer was lost are repeated under an idempotency key, and are done once.

use super::shop::{Shop, call_with_key};
use http::{Method, StatusCode};
use orderflow::Role;
use serde_json::json;

#[tokio::test(start_paused = true)]
async fn what_is_asked_twice_under_one_key_is_done_once() {
    let shop = Shop::new().await;
    let running = shop.start(&[Role::Api, Role::Inventory]).await;
    let post = |key, path, body| call_with_key(running.router(), Method::POST, path, body, key);
    let lamps = json!({ "quantity": 5 });
    for (key, on_hand) in [("d-1", 5), ("d-1", 5), ("d-2", 10), ("d-2", 10), ("d-1", 10)] {
        let (status, stock) = post(key, "/stock/lamp", &lamps).await;
        assert_eq!((status, &stock["on_hand"]), (StatusCode::OK, &json!(on_hand)), "{key}");
    }
    let order = json!({ "customer_id": "ann", "currency": "EUR", "items":
        [{ "product_id": "lamp", "quantity": 1, "unit_price_minor_units": 5 }] });
    for status in [StatusCode::CREATED, StatusCode::OK] {
        let (answered, receipt) = post("my-order", "/orders", &order).await;
        assert_eq!((answered, &receipt["order_id"]), (status, &json!("my-order")));
    }
    let (status, refusal) = post("two words", "/stock/lamp", &lamps).await;
    assert_eq!((status, &refusal["code"]), (StatusCode::BAD_REQUEST, &json!("InvalidIdentifier")));
    running.stop().await;
}
