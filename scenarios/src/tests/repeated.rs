//! Requests whose answer was lost are repeated, some under an idempotency key, and are done once.

use super::shop::{Shop, call, call_with_key, wait};
use http::{Method, StatusCode};
use orderflow::{Role, Running};
use serde_json::{Value, json};

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

async fn post(api: &Running, path: &str, body: &Value) -> (u16, Value) {
    let (status, answer) = call(api.router(), Method::POST, path, body).await;
    (status.as_u16(), answer)
}

/// What the bus told of the order, by the audit trail.
async fn told(api: &Running, order: &str) -> Vec<String> {
    let path = format!("/orders/{order}/audit");
    let (_, trail) = call(api.router(), Method::GET, &path, &Value::Null).await;
    let events = trail["events"].as_array().expect("events").iter();
    events.filter_map(|it| it["type"].as_str().map(str::to_owned)).collect()
}

#[tokio::test(start_paused = true)]
async fn confirming_and_cancelling_again_gets_the_same_answer_and_does_nothing() {
    let shop = Shop::new().await;
    let roles = [Role::Api, Role::Orders, Role::Inventory, Role::Payments, Role::Audit];
    let running = shop.start(&roles).await;
    let api = &running;
    assert_eq!(post(api, "/stock/lamp", &json!({ "quantity": 5 })).await.0, 200);
    for order in ["o", "p"] {
        let order = json!({ "order_id": order, "customer_id": "ann", "currency": "EUR", "items":
            [{ "product_id": "lamp", "quantity": 1, "unit_price_minor_units": 5 }] });
        assert_eq!(post(api, "/orders", &order).await.0, 201);
    }
    wait(10).await;
    let card = json!({ "payment_method": "card" });
    let (status, first) = post(api, "/orders/o/confirm", &card).await;
    assert_eq!((status, &first["status"]), (200, &json!("confirmed")), "{first}");
    // At once, and when the order has gone on.
    for seconds in [0, 30] {
        wait(seconds).await;
        assert_eq!(post(api, "/orders/o/confirm", &card).await, (200, first.clone()));
    }
    let (status, refusal) = post(api, "/orders/o/confirm", &json!({ "payment_method": "x" })).await;
    assert_eq!((status, &refusal["code"]), (409, &json!("IllegalTransition")));

    let (status, cancelled) = post(api, "/orders/p/cancel", &Value::Null).await;
    assert_eq!((status, &cancelled["status"]), (200, &json!("cancelled")), "{cancelled}");
    wait(30).await;
    assert_eq!(post(api, "/orders/p/cancel", &Value::Null).await, (200, cancelled));
    let late = json!({ "reason": "too dear" });
    for (path, body) in [("/orders/p/cancel", &late), ("/orders/p/confirm", &card)] {
        let (status, refusal) = post(api, path, body).await;
        assert_eq!((status, &refusal["code"]), (409, &json!("IllegalTransition")), "{path}");
    }
    wait(30).await;
    for (order, once) in
        [("o", "Order Confirmed"), ("o", "Payment Processed"), ("p", "Order Cancelled")]
    {
        let told = told(api, order).await;
        assert_eq!(told.iter().filter(|it| *it == once).count(), 1, "{once}: {told:?}");
    }
    running.stop().await;
}
