//! Large orders reach staff, and as little of them as staff need.

use super::shop::{Shop, call, wait};
use http::{Method, StatusCode};
use orderflow::Role;
use orderflow::domain::Timestamp;
use orderflow::ports::Clock;
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn a_large_order_goes_to_staff_as_a_small_object_and_a_small_one_does_not() {
    let shop = Shop::new().await;
    let api = shop.start(&[Role::Api]).await;
    let begun = shop.clock.now();
    for (order, price) in [("small", 49_999), ("large", 50_000)] {
        let items = [json!({
            "product_id": "lamp", "quantity": 2, "unit_price_minor_units": price
        })];
        let body = json!({
            "order_id": order, "customer_id": "ann", "currency": "EUR", "items": items
        });
        let (status, answer) = call(api.router(), Method::POST, "/orders", &body).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
    }
    wait(60).await;
    let queue = shop.queue(&shop.names.staff_review_queue()).await;
    let messages = queue.receive(10, Duration::ZERO, None).await.expect("received");
    let mut found: Vec<Value> =
        messages.iter().map(|message| serde_json::from_str(&message.body).expect("JSON")).collect();
    let time = found[0]["time"].take();
    let expected = json!({
        "order": "large", "customer": "ann", "total": 100_000, "currency": "EUR", "time": null
    });
    assert_eq!(found, [expected]);
    let time = time.as_str().and_then(|time| Timestamp::parse(time).ok()).expect("a time");
    assert!((begun..=shop.clock.now()).contains(&time));
    api.stop().await;
}
