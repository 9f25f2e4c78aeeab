//! The figures of the stream: what is shown, what staff are told, and what trouble does to them.

use super::shop::{Shop, call, wait};
use http::Method;
use orderflow::adapters::analytics_table::AnalyticsTable;
use orderflow::app::figures;
use orderflow::config::PARTITIONS;
use orderflow::ports::{Clock, NewRecord, Stream};
use orderflow::{Role, Running};
use serde_json::{Value, json};
use std::time::Duration;

const SHOP: [Role; 6] =
    [Role::Api, Role::Orders, Role::Inventory, Role::Payments, Role::Fulfilment, Role::Bridge];

async fn stock(api: &Running, quantity: u64) {
    let body = json!({ "quantity": quantity });
    assert_eq!(call(api.router(), Method::POST, "/stock/lamp", &body).await.0, 200);
}

/// One lamp for 5.00.
async fn order(api: &Running, order: &str, customer: &str) {
    let items = json!([{ "product_id": "lamp", "quantity": 1, "unit_price_minor_units": 500 }]);
    let body = json!({ "order_id": order, "customer_id": customer, "currency": "EUR",
        "items": items });
    assert_eq!(call(api.router(), Method::POST, "/orders", &body).await.0, 201);
    let path = format!("/orders/{order}/confirm");
    let body = json!({ "payment_method": "card" });
    assert_eq!(call(api.router(), Method::POST, &path, &body).await.0, 200);
}

async fn shown(api: &Running) -> Value {
    let path = "/analytics/figures?minutes=1440";
    let (status, shown) = call(api.router(), Method::GET, path, &Value::Null).await;
    assert_eq!(status, 200, "{shown}");
    shown
}

async fn placed(shop: &Shop) -> u64 {
    let table = AnalyticsTable::new(&shop.aws, &shop.names);
    figures::totals(&table, PARTITIONS).await.expect("totals").counts.placed
}

#[tokio::test(start_paused = true)]
async fn orders_become_figures_and_a_page() {
    let shop = Shop::new().await;
    let api = shop.start(&SHOP).await;
    let analytics = shop.start(&[Role::Analytics]).await;
    stock(&api, 10).await;
    order(&api, "o-1", "ann").await;
    order(&api, "o-2", "bob").await;
    wait(900).await;
    let shown = shown(&api).await;
    let totals = &shown["totals"]["counts"];
    let seen = ["placed", "payments", "delivered", "cancelled"].map(|name| totals[name].clone());
    assert_eq!(seen, [json!(2), json!(2), json!(2), json!(0)]);
    assert_eq!(totals["revenue"], json!({ "EUR": 1000 }));
    let minutes = shown["minutes"].as_array().expect("minutes");
    assert!(minutes.len() >= 10, "{} minutes are closed", minutes.len());
    let sum = |name: &str| minutes.iter().filter_map(|it| it["counts"][name].as_u64()).sum::<u64>();
    assert_eq!((sum("placed"), sum("delivered")), (2, 2));
    let last = minutes.last().expect("a minute");
    assert_eq!(last["hour"]["conversion"], json!(1.0));
    assert_eq!(last["hour"]["top_products"][0]["units"], json!(2));
    assert_eq!(last["stock_risks"][0]["stock"]["available"], json!(8));
    let (status, _) = call(api.router(), Method::GET, "/analytics", &Value::Null).await;
    assert_eq!(status, 200);
    assert_eq!(shop.metric("orders_per_minute").await, 2.0);
    analytics.stop().await;
    api.stop().await;
}

#[tokio::test(start_paused = true)]
async fn staff_are_told_of_a_customer_whose_payments_are_declined() {
    let shop = Shop::new().await;
    let api = shop.start(&SHOP).await;
    let _analytics = shop.start(&[Role::Analytics]).await;
    stock(&api, 10).await;
    let rules = json!({ "declined": [{ "customer_id": "eve" }] });
    let (status, answer) = call(api.router(), Method::PUT, "/simulated/gateway", &rules).await;
    assert!(status.is_success(), "{answer}");
    for number in 1..=3 {
        order(&api, &format!("o-{number}"), "eve").await;
        wait(60).await;
    }
    wait(1800).await;
    let shown = shown(&api).await;
    let alerts = shown["alerts"].as_array().expect("alerts");
    let [alert] = alerts.as_slice() else { panic!("one alert: {alerts:?}") };
    assert_eq!(alert["kind"], "payments-declined");
    assert!(alert["text"].as_str().is_some_and(|text| text.contains("customer eve")), "{alert}");
    let told = shop.queue(&shop.names.alerts()).await;
    let mut bodies = Vec::new();
    for _ in 0..20 {
        let more = told.receive(10, Duration::from_secs(1), None).await.expect("an answer");
        bodies.extend(more.into_iter().map(|it| it.body));
    }
    let about = bodies.iter().filter(|body| body.contains("payments-declined")).count();
    assert_eq!(about, 1, "{bodies:?}");
}

#[tokio::test(start_paused = true)]
async fn who_dies_is_replaced_and_nothing_is_counted_twice() {
    let shop = Shop::new().await;
    let api = shop.start(&SHOP).await;
    let dying = shop.start(&[Role::Analytics]).await;
    let _living = shop.start(&[Role::Analytics]).await;
    stock(&api, 100).await;
    for number in 0..20 {
        order(&api, &format!("a-{number}"), "ann").await;
    }
    wait(2).await;
    dying.kill();
    for number in 0..20 {
        order(&api, &format!("b-{number}"), "bob").await;
    }
    wait(120).await;
    assert_eq!(placed(&shop).await, 40);
}

#[tokio::test(start_paused = true)]
async fn a_log_that_is_lost_costs_no_figures() {
    let mut shop = Shop::new().await;
    let api = shop.start(&SHOP).await;
    let analytics = shop.start(&[Role::Analytics]).await;
    stock(&api, 100).await;
    for number in 0..5 {
        order(&api, &format!("a-{number}"), "ann").await;
    }
    wait(600).await;
    assert_eq!(placed(&shop).await, 5);
    api.stop().await;
    analytics.stop().await;
    shop.lose_stream();
    let api = shop.start(&SHOP).await;
    let _analytics = shop.start(&[Role::Analytics]).await;
    for number in 0..5 {
        order(&api, &format!("b-{number}"), "ann").await;
    }
    wait(600).await;
    assert_eq!(placed(&shop).await, 10);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_put_aside_with_the_reason() {
    let shop = Shop::new().await;
    let _analytics = shop.start(&[Role::Analytics]).await;
    wait(1).await;
    let record = NewRecord {
        topic: "shop-orders".to_owned(),
        key: "o".to_owned(),
        value: b"nonsense".to_vec(),
        headers: Vec::new(),
        timestamp: shop.clock.now(),
    };
    shop.stream.append(vec![record]).await[0].as_ref().expect("it is appended");
    wait(90).await;
    let aside = shop.stream.records("shop-refused");
    let [record] = aside.as_slice() else { panic!("one record: {aside:?}") };
    assert_eq!(record.value, b"nonsense");
    let header = |name: &str| {
        let found = record.headers.iter().find(|(known, _)| known == name).expect(name);
        String::from_utf8_lossy(&found.1).into_owned()
    };
    assert!(header("reason").starts_with("not an integration event"), "{}", header("reason"));
    assert!(header("came_from").starts_with("shop-orders/"));
    assert_eq!(shop.metric("records_refused").await, 1.0);
}
