//! AWS does not answer: requests end in time, and breakers count what had no answer.

use super::shop::{Shop, call};
use http::Method;
use orderflow::Role;
use serde_json::{Value, json};
use skyrig::FaultRule;
use std::time::Duration;
use tokio::time::Instant;

fn hangs(service: &str) -> FaultRule {
    let rule = json!({ "service": service, "effect": { "delay": { "seconds": 86_400 } } });
    serde_json::from_value(rule).expect("a fault rule")
}

#[tokio::test(start_paused = true)]
async fn who_asks_while_nothing_answers_is_told_so_and_soon_at_once() {
    let shop = Shop::new().await;
    let api = shop.start(&[Role::Api]).await;
    shop.emulator.set_faults(vec![hangs("dynamodb")]).expect("a good rule");
    let mut took = Vec::new();
    for _ in 0..8 {
        let started = Instant::now();
        let (status, _) = call(api.router(), Method::GET, "/orders/o", &Value::Null).await;
        assert_eq!(status, 503);
        took.push(started.elapsed());
    }
    assert!(took.iter().all(|it| *it < Duration::from_secs(10)), "{took:?}");
    assert!(took[0] > Duration::from_secs(1), "the first waits: {took:?}");
    assert!(took[6..].iter().all(Duration::is_zero), "the breaker is open: {took:?}");
    // Stopping does not wait for what never comes either.
    let started = Instant::now();
    api.stop().await;
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
}

/// A long poll that has nothing for twenty seconds is no failure.
#[tokio::test(start_paused = true)]
async fn a_long_poll_is_not_given_up() {
    let shop = Shop::new().await;
    let queue = shop.queue("shop-orders").await;
    let started = Instant::now();
    let received = queue.receive(10, Duration::from_secs(20), None).await.expect("an answer");
    assert!(received.is_empty());
    assert_eq!(started.elapsed().as_secs(), 20);
}
