//! What customers and staff read in the course of an order.

use super::shop::{Shop, call, wait};
use http::Method;
use orderflow::{Role, Running};
use serde_json::{Value, json};
use std::time::Duration;

/// Subject and text of all letters of a mailbox, in the order they were sent.
async fn letters(shop: &Shop, mailbox: &str) -> Vec<(String, String)> {
    let queue = shop.queue(&format!("shop-{mailbox}")).await;
    let mut told = Vec::new();
    while shop.visible(&queue).await > 0 {
        let messages = queue.receive(10, Duration::ZERO, None).await.expect("received");
        let handles: Vec<_> = messages.iter().map(|one| one.receipt_handle.clone()).collect();
        for message in messages {
            let body: Value = serde_json::from_str(&message.body).expect("SNS's JSON");
            let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
            told.push((text("Timestamp"), (text("Subject"), text("Message"))));
        }
        assert_eq!(queue.delete(&handles).await, Ok(0));
    }
    told.sort();
    told.into_iter().map(|(_, letter)| letter).collect()
}

async fn place(api: &Running, id: &str) {
    let items = json!([{ "product_id": "lamp", "quantity": 2, "unit_price_minor_units": 500 }]);
    let body = json!({ "order_id": id, "customer_id": "ann", "currency": "EUR", "items": items });
    assert_eq!(call(api.router(), Method::POST, "/orders", &body).await.0, 201);
    wait(30).await;
}

async fn confirm(api: &Running, id: &str) {
    let path = format!("/orders/{id}/confirm");
    let card = json!({ "payment_method": "card" });
    assert_eq!(call(api.router(), Method::POST, &path, &card).await.0, 200);
    wait(600).await;
}

fn check(letters: &[(String, String)], expected: &[(&str, &str)]) {
    let subjects: Vec<_> = letters.iter().map(|(subject, _)| subject.as_str()).collect();
    let wanted: Vec<_> = expected.iter().map(|(subject, _)| *subject).collect();
    let sorted = |mut all: Vec<&str>| {
        all.sort_unstable();
        all.join(", ")
    };
    assert_eq!(sorted(subjects), sorted(wanted));
    for (subject, part) in expected {
        let told = letters.iter().find(|(known, _)| known == subject);
        let text = told.map_or("", |(_, text)| text.as_str());
        assert!(text.contains("o-1") && text.contains(part), "{subject}: {text}");
    }
}

#[tokio::test(start_paused = true)]
async fn customer_and_staff_are_told_of_each_status_and_of_the_payment() {
    let shop = Shop::new().await;
    let api = shop.start(&Role::ALL).await;
    let stock = json!({ "quantity": 99 });
    assert_eq!(call(api.router(), Method::POST, "/stock/lamp", &stock).await.0, 200);
    place(&api, "o-1").await;
    confirm(&api, "o-1").await;
    let steps = [
        ("Order Placed", "10.00 EUR: 2 x lamp"),
        ("Order Confirmed", "confirmed"),
        ("Payment Processed", "10.00 EUR"),
        ("Order Processing", "packed"),
        ("Order Shipped", "o-1"),
        ("Order Delivered", "delivered"),
    ];
    check(&letters(&shop, "customer-mail").await, &steps);
    check(&letters(&shop, "staff-mail").await, &steps);
    assert_eq!(letters(&shop, "staff-pager").await, []);
    api.stop().await;
}

#[tokio::test(start_paused = true)]
async fn customer_and_staff_are_told_of_a_payment_that_failed_and_the_end_of_the_order() {
    let shop = Shop::new().await;
    let api = shop.start(&Role::ALL).await;
    let stock = json!({ "quantity": 99 });
    assert_eq!(call(api.router(), Method::POST, "/stock/lamp", &stock).await.0, 200);
    let rules = json!({ "declined": [{ "customer_id": "ann" }] });
    let declined = call(api.router(), Method::PUT, "/simulated/gateway", &rules).await;
    assert_eq!(declined.0, 200);
    place(&api, "o-1").await;
    confirm(&api, "o-1").await;
    let steps = [
        ("Order Placed", "lamp"),
        ("Order Confirmed", "confirmed"),
        ("Payment Failed", "failed"),
        ("Order Cancelled", ""),
    ];
    check(&letters(&shop, "customer-mail").await, &steps);
    check(&letters(&shop, "staff-mail").await, &steps);
    let paged = letters(&shop, "staff-pager").await;
    let subjects: Vec<_> = paged.iter().map(|(subject, _)| subject.as_str()).collect();
    assert_eq!(subjects, ["Payment Failed"]);
    api.stop().await;
}

#[tokio::test(start_paused = true)]
async fn staff_are_told_at_every_reservation_that_leaves_little() {
    let shop = Shop::new().await;
    let api = shop.start(&Role::ALL).await;
    // Fewer than what counts as low from the beginning.
    let stock = json!({ "quantity": 5 });
    assert_eq!(call(api.router(), Method::POST, "/stock/lamp", &stock).await.0, 200);
    wait(60).await;
    assert_eq!(letters(&shop, "staff-pager").await, []);
    for (order, left) in [("o-1", 3), ("o-2", 1)] {
        place(&api, order).await;
        let told = letters(&shop, "staff-pager").await;
        let text = format!("Product lamp is running low: {left} left, alert at 10.");
        assert_eq!(told, [("Low Stock Alert".to_owned(), text)]);
    }
    api.stop().await;
}
