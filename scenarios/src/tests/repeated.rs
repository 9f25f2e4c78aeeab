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

/// A key belongs to its first request: the same again gets the same answer, another one none.
#[tokio::test(start_paused = true)]
async fn the_same_key_with_another_body_is_refused_everywhere() {
    let shop = Shop::new().await;
    let running = shop.start(&[Role::Api, Role::Orders, Role::Inventory, Role::Payments]).await;
    let api = &running;
    let order = |id: Option<&str>, quantity: u64| {
        let mut order = json!({ "customer_id": "ann", "currency": "EUR", "items":
            [{ "product_id": "lamp", "quantity": quantity, "unit_price_minor_units": 5 }] });
        order["order_id"] = json!(id);
        order
    };
    let (card, cash) = (json!({ "payment_method": "card" }), json!({ "payment_method": "cash" }));
    let why = |reason: &str| json!({ "reason": reason });
    let (ok, created, reused) = (200, 201, 422);
    for (method, path, key, body, status) in [
        (Method::POST, "/stock/lamp", "s", json!({ "quantity": 5 }), ok),
        (Method::POST, "/stock/lamp", "s", json!({ "quantity": 5 }), ok),
        (Method::POST, "/stock/lamp", "s", json!({ "quantity": 6 }), reused),
        (Method::PUT, "/stock/lamp", "s", json!({ "on_hand": 5 }), reused),
        (Method::PUT, "/stock/lamp", "c", json!({ "on_hand": 9 }), ok),
        (Method::PUT, "/stock/lamp", "c", json!({ "on_hand": 8 }), reused),
        (Method::POST, "/stock/rug", "s", json!({ "quantity": 6 }), ok),
        (Method::POST, "/orders", "p", order(None, 1), created),
        (Method::POST, "/orders", "p", order(None, 1), ok),
        (Method::POST, "/orders", "p", order(None, 2), reused),
        (Method::POST, "/orders", "p", order(Some("other"), 1), reused),
        (Method::POST, "/orders", "q", order(Some("o"), 1), created),
        (Method::POST, "/orders", "q", order(Some("o"), 1), ok),
        (Method::POST, "/orders", "q", order(Some("o"), 2), reused),
        (Method::POST, "/orders", "q", order(None, 1), reused),
        // Placed before without this key, and now under it.
        (Method::POST, "/orders", "r", order(Some("o"), 1), ok),
        (Method::POST, "/orders", "r", order(Some("o-2"), 1), reused),
        (Method::POST, "/orders/o/confirm", "k", card.clone(), ok),
        (Method::POST, "/orders/o/confirm", "k", card.clone(), ok),
        (Method::POST, "/orders/o/confirm", "k", cash.clone(), reused),
        (Method::POST, "/orders/o/cancel", "k", why("x"), reused),
        (Method::POST, "/orders/o/confirm", "new", cash, 409),
        (Method::POST, "/orders/p/confirm", "k", card.clone(), ok),
        (Method::POST, "/orders/p/cancel", "x", why("too dear"), ok),
        (Method::POST, "/orders/p/cancel", "x", why("too dear"), ok),
        (Method::POST, "/orders/p/cancel", "x", why("too late"), reused),
        // It was confirmed under this key, whatever has become of it.
        (Method::POST, "/orders/p/confirm", "k", card.clone(), ok),
        (Method::POST, "/orders/p/confirm", "", card, 409),
    ] {
        let (found, answer) = call_with_key(api.router(), method, path, &body, key).await;
        assert_eq!(found.as_u16(), status, "{path} {key} {body} {answer}");
        if status == reused {
            assert_eq!(answer["code"], "IdempotencyKeyReused", "{path} {key} {body}");
        }
    }
    let (_, stock) = call(api.router(), Method::GET, "/stock/lamp", &Value::Null).await;
    assert_eq!(stock["on_hand"], 9);
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn confirming_under_a_key_is_repeatable_when_the_order_has_gone_on() {
    let shop = Shop::new().await;
    let running = shop.start(&[Role::Api, Role::Orders, Role::Inventory]).await;
    let post = |key, path, body| call_with_key(running.router(), Method::POST, path, body, key);
    let card = json!({ "payment_method": "card" });
    let order = json!({ "customer_id": "ann", "currency": "EUR", "items":
        [{ "product_id": "lamp", "quantity": 1, "unit_price_minor_units": 5 }] });
    assert_eq!(post("o", "/orders", &order).await.0, StatusCode::CREATED);
    let (status, first) = post("k", "/orders/o/confirm", &card).await;
    assert_eq!((status, &first["status"]), (StatusCode::OK, &json!("confirmed")));
    // There is no lamp, so it is cancelled.
    wait(60).await;
    let (_, order) = call(running.router(), Method::GET, "/orders/o", &Value::Null).await;
    assert_eq!(order["status"], "cancelled");
    assert_eq!(post("k", "/orders/o/confirm", &card).await, (StatusCode::OK, first));
    running.stop().await;
}
