//! The figures of the stream: what is shown, what staff are told, and what trouble does to them.

use super::shop::{Shop, call, wait};
use http::Method;
use orderflow::adapters::analytics_table::AnalyticsTable;
use orderflow::adapters::memory_stream::MemoryStream;
use orderflow::app::{figures, refused};
use orderflow::config::PARTITIONS;
use orderflow::domain::Timestamp;
use orderflow::ports::{
    AppendFuture, Clock, Member, NewRecord, NewTopic, Record, Stream, StreamFuture,
};
use orderflow::{Role, Running};
use serde_json::{Value, json};
use std::sync::Arc;
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
    // Two of ten lamps went within a quarter of an hour.
    let alerts = shown["alerts"].as_array().expect("alerts");
    let [alert] = alerts.as_slice() else { panic!("one alert: {alerts:?}") };
    assert_eq!(alert["kind"], "stock-risk");
    assert!(
        alert["text"].as_str().is_some_and(|it| it.starts_with("lamp: 8 available")),
        "{alert}"
    );
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
    stock(&api, 1000).await;
    let rules = json!({ "declined": [{ "customer_id": "eve" }] });
    let (status, answer) = call(api.router(), Method::PUT, "/simulated/gateway", &rules).await;
    assert!(status.is_success(), "{answer}");
    for number in 1..=3 {
        order(&api, &format!("o-{number}"), "eve").await;
        wait(60).await;
    }
    wait(3600).await;
    let shown = shown(&api).await;
    let visits = &shown["visits"];
    let patterns = json!({ "payments-declined": 1 });
    let seen = ["over", "with_orders", "patterns"].map(|name| visits[name].clone());
    assert_eq!(seen, [json!(1), json!(1), patterns]);
    let minutes = visits["p50_millis"].as_f64().expect("a visit is over") / 60_000.0;
    assert!((2.0..3.5).contains(&minutes), "{minutes}");
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

/// A log in memory that ends with its process, as the embedded broker's does.
#[derive(Clone)]
struct Passing(MemoryStream);

impl Stream for Passing {
    fn ensure_topics<'a>(&'a self, topics: &'a [NewTopic]) -> StreamFuture<'a, ()> {
        self.0.ensure_topics(topics)
    }

    fn partitions<'a>(&'a self, topic: &'a str) -> StreamFuture<'a, u32> {
        self.0.partitions(topic)
    }

    fn lag<'a>(&'a self, group: &'a str, topics: &'a [String]) -> StreamFuture<'a, u64> {
        self.0.lag(group, topics)
    }

    fn append(&self, records: Vec<NewRecord>) -> AppendFuture<'_> {
        self.0.append(records)
    }

    fn is_passing(&self) -> bool {
        true
    }

    fn join<'a>(
        &'a self,
        group: &'a str,
        topics: &'a [String],
    ) -> StreamFuture<'a, Box<dyn Member>> {
        self.0.join(group, topics)
    }
}

/// With as many records as before, the new log could be taken for the old one.
#[tokio::test(start_paused = true)]
async fn figures_say_since_when_they_are_incomplete() {
    let mut shop = Shop::new().await;
    let mut lives = [true, false, true].into_iter().zip(["a", "b", "c"]);
    let mut expected = 0;
    let mut life = async |stops: bool, name: &str| {
        shop.lose_stream();
        shop.streams_through(Arc::new(Passing(shop.stream.clone())));
        let running = shop.start(&Role::ALL).await;
        let before = shown(&running).await["incomplete_since"].clone();
        stock(&running, 100).await;
        for number in 0..5 {
            order(&running, &format!("{name}-{number}"), "ann").await;
        }
        // So long that all was counted in the lives before the last.
        wait(600).await;
        expected += 5;
        assert_eq!(placed(&shop).await, expected, "{name}");
        let ended = shop.clock.now();
        match stops {
            true => {
                order(&running, &format!("{name}-late"), "ann").await;
                expected += 1;
                wait(1).await;
                running.stop().await;
            }
            false => running.kill(),
        }
        assert_eq!(placed(&shop).await, expected, "what was appended is counted at the end");
        (before, ended)
    };
    let mut told = Vec::new();
    for (stops, name) in lives.by_ref() {
        told.push(life(stops, name).await);
    }
    let running = shop.start(&[Role::Api]).await;
    let last = shown(&running).await["incomplete_since"].clone();
    assert_eq!((&told[0].0, &told[1].0), (&Value::Null, &Value::Null), "it stopped in order");
    let since = Timestamp::parse(last.as_str().expect("a time")).expect("a time");
    let killed = told[1].1;
    assert!(
        since < killed && killed.since(since) < Duration::from_secs(300),
        "{since:?} {killed:?}"
    );
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
    // As large as it may be: there is no room for a reason.
    let full = NewRecord {
        value: vec![b'x'; 999_999],
        headers: vec![("writer".to_owned(), vec![b'w'; 29_984])],
        ..record.clone()
    };
    for appended in shop.stream.append(vec![record, full]).await {
        appended.expect("it is appended");
    }
    wait(90).await;
    let aside = shop.stream.records("shop-refused");
    let [record, beginning] = aside.as_slice() else { panic!("two records: {aside:?}") };
    assert_eq!(record.value, b"nonsense");
    let header = |record: &Record, name: &str| {
        let found = record.headers.iter().find(|(known, _)| known == name);
        found.map(|it| String::from_utf8_lossy(&it.1).into_owned()).unwrap_or_default()
    };
    for record in &aside {
        let reason = header(record, "reason");
        assert!(reason.starts_with("not an integration event"), "{reason}");
        assert!(header(record, "came_from").starts_with("shop-orders/"));
    }
    assert_eq!((header(record, "cut_from"), header(record, "writer")), Default::default());
    assert_eq!((beginning.value.len(), header(beginning, "cut_from")), (10_000, "999999".into()));
    assert_eq!(shop.metric("records_refused").await, 2.0);
    // What an operator sees of them, as often as they look.
    for (most, count) in [(10, 2), (1, 1), (10, 2)] {
        let look = refused::list(&shop.stream, &shop.names, &format!("look-{count}"), most).await;
        let look = look.expect("the records");
        assert_eq!(look.len(), count);
        let nonsense = look.iter().find(|it| it.value == "nonsense");
        let (Some(nonsense), 2) = (nonsense, count) else { continue };
        assert!(nonsense.reason.as_ref().is_some_and(|it| it.starts_with("not an integration")));
        assert!(nonsense.came_from.as_ref().is_some_and(|it| it.starts_with("shop-orders/")));
        assert_eq!((nonsense.key.as_str(), &nonsense.cut_from), ("o", &None));
        assert!(look.iter().any(|it| it.cut_from.as_deref() == Some("999999")));
    }
}
