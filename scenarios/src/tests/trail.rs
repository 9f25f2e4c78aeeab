//! The audit trail holds events as they came, with what this version does not know.

use super::shop::{Shop, wait};
use orderflow::Role;
use orderflow::adapters::audit_table::AuditTable;
use serde_json::{Value, json};
use std::time::Duration;

fn event(event_type: &str, sequence: u64) -> Value {
    json!({ "version": "0", "source": "ecommerce.orders", "detail-type": event_type, "detail": {
        "event_id": format!("e-{sequence}"), "order_id": "o", "event_type": event_type,
        "event_data": { "customer_id": "ann", "gift_wrap": "blue" },
        "timestamp": "2026-01-01T00:00:00Z", "correlation_id": "a", "causation_id": "b",
        "stream": "order#o", "sequence": sequence, "version": 1, "channel": "telephone" } })
}

#[tokio::test(start_paused = true)]
async fn what_is_unknown_is_recorded_too() {
    let shop = Shop::new().await;
    let running = shop.start(&[Role::Audit]).await;
    let queue = shop.queue(&shop.names.queue(Role::Audit)).await;
    let events = [event("Order Shipped", 1), event("Order Gift-Wrapped", 2)];
    for event in &events {
        queue.send(&event.to_string(), Duration::ZERO).await.expect("it is sent");
    }
    wait(5).await;
    let trail = AuditTable::new(&shop.aws, &shop.names).load("order#o").await.expect("a trail");
    let recorded: Vec<Value> =
        trail.iter().map(|entry| serde_json::from_str(&entry.detail).expect("JSON")).collect();
    assert_eq!(recorded, events.map(|mut event| event["detail"].take()));
    running.stop().await;
}
