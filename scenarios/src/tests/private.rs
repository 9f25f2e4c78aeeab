//! The payment method is told to nobody but the payments.

use super::shop::{Shop, call, wait};
use http::Method;
use orderflow::Role;
use serde_json::{Value, json};
use std::time::Duration;

const CARD: &str = "4111-1111-1111-1111";

/// Everything of a queue, as text.
async fn queue(shop: &Shop, name: &str) -> String {
    let queue = shop.queue(&shop.names.subscriber_queue(name)).await;
    let mut all = String::new();
    for _ in 0..20 {
        let more = queue.receive(10, Duration::from_secs(1), None).await.expect("an answer");
        more.iter().for_each(|it| all.push_str(&it.body));
    }
    all
}

/// Everything of a table, as text.
async fn table(shop: &Shop, name: String) -> String {
    let page = shop.aws.dynamodb().scan().table_name(name).send().await.expect("a page");
    assert!(page.last_evaluated_key().is_none(), "one page");
    format!("{:?}", page.items())
}

#[tokio::test(start_paused = true)]
async fn no_message_row_or_record_has_it_in_plain() {
    let shop = Shop::new().await;
    let running = shop.start(&Role::ALL).await;
    let post = async |path: &str, body: Value| {
        let (status, answer) = call(running.router(), Method::POST, path, &body).await;
        assert!(status.is_success(), "{path} {answer}");
    };
    post("/stock/lamp", json!({ "quantity": 5 })).await;
    post(
        "/orders",
        json!({ "order_id": "o", "customer_id": "ann", "currency": "EUR", "items":
        [{ "product_id": "lamp", "quantity": 1, "unit_price_minor_units": 500 }] }),
    )
    .await;
    post("/orders/o/confirm", json!({ "payment_method": CARD })).await;
    wait(600).await;
    let (_, order) = call(running.router(), Method::GET, "/orders/o", &Value::Null).await;
    assert_eq!(order["status"], "delivered");
    let names = &shop.names;
    let mail = [queue(&shop, "customer-mail").await, queue(&shop, "staff-mail").await].concat();
    assert!(mail.contains("is confirmed") && !mail.contains(CARD), "{mail}");
    for name in [
        names.audit_table(),
        names.orders_table(),
        names.inbox_table(),
        names.analytics_table(),
        names.failures_table(),
        names.gateway_table(),
        names.outbox_table(),
    ] {
        let rows = table(&shop, name.clone()).await;
        assert!(!rows.contains(CARD), "{name}: {rows}");
    }
    let audit = table(&shop, names.audit_table()).await;
    assert!(audit.contains("Payment Requested"), "the trail has the event all the same");
    let mut records = 0;
    for topic in ["orders", "inventory", "payments", "customers", "refused"] {
        for record in shop.stream.records(&format!("{}-{topic}", names.prefix())) {
            records += 1;
            let value = String::from_utf8_lossy(&record.value).into_owned();
            assert!(!value.contains(CARD), "{topic}: {value}");
        }
    }
    assert!(records > 10, "{records} records");
    let (_, trail) = call(running.router(), Method::GET, "/orders/o/audit", &Value::Null).await;
    assert!(!trail.to_string().contains(CARD));
    running.stop().await;
}
