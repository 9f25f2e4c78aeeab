//! Several processes that commit share an outbox: each event is published once, and what a process
//! leaves behind that dies is published by the others.

use super::shop::{Shop, call, wait};
use http::Method;
use orderflow::{Role, Running, app::audit};
use serde_json::json;

async fn order(api: &Running, order: &str) {
    let items = json!([{ "product_id": "lamp", "quantity": 1, "unit_price_minor_units": 5 }]);
    let body =
        json!({ "order_id": order, "customer_id": "ann", "currency": "EUR", "items": items });
    assert_eq!(call(api.router(), Method::POST, "/orders", &body).await.0, 201);
}

async fn events(running: &Running) -> usize {
    let books = audit::read(running.app()).await.expect("the books");
    books.streams.values().map(Vec::len).sum()
}

#[tokio::test(start_paused = true)]
async fn two_processes_publish_each_event_once() {
    let shop = Shop::new().await;
    let processes = [shop.start(&[Role::Api]).await, shop.start(&[Role::Api]).await];
    for number in 0..20 {
        let [one, other] = [format!("a-{number}"), format!("b-{number}")];
        tokio::join!(order(&processes[0], &one), order(&processes[1], &other));
    }
    wait(120).await;
    assert_eq!(events(&processes[0]).await, 40);
    assert_eq!(shop.metric("events_published").await, 40.0);
    assert!(audit::read(processes[0].app()).await.expect("the books").pending == 0);
}

#[tokio::test(start_paused = true)]
async fn what_a_dead_process_committed_is_published_by_another() {
    let shop = Shop::new().await;
    let (dying, living) = (shop.start(&[Role::Api]).await, shop.start(&[Role::Api]).await);
    let api = dying.router();
    wait(1).await;
    // Its tasks stand still, so nothing is published; then it dies.
    dying.gate().shut();
    let body = json!({ "order_id": "o", "customer_id": "ann", "currency": "EUR", "items":
        [{ "product_id": "lamp", "quantity": 1, "unit_price_minor_units": 5 }] });
    assert_eq!(call(api, Method::POST, "/orders", &body).await.0, 201);
    dying.kill();
    assert_eq!(audit::read(living.app()).await.expect("the books").pending, 1);
    wait(60).await;
    assert_eq!(audit::read(living.app()).await.expect("the books").pending, 0);
    assert_eq!(shop.metric("events_published").await, 1.0);
}
