//! Servers of others, which are told over HTTP: closures in this process, in virtual time.

use super::shop::{Shop, call, wait};
use aws_smithy_types::DateTime;
use axum::body::Bytes;
use http::{Method, Request, Response, StatusCode};
use orderflow::Role;
use orderflow::ports::Clock;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

const HOOKS: &str = "https://crm.example/hooks";

/// What came when, in seconds since the order, and what was answered.
type Log = Arc<Mutex<Vec<(i64, String, u16)>>>;

/// A server that confirms its subscription, and answers notifications with `answers` first.
fn serve(shop: &Shop, answers: &[u16]) -> Log {
    let log = Log::default();
    let (kept, sns, clock) = (Arc::clone(&log), shop.aws.sns(), shop.clock);
    let begun = clock.now().as_millis();
    let answers = Arc::new(Mutex::new(answers.to_vec()));
    let handler = move |request: Request<Bytes>| {
        let (kept, sns, answers) = (Arc::clone(&kept), sns.clone(), Arc::clone(&answers));
        let second = (clock.now().as_millis() - begun) / 1000;
        async move {
            let told: Value = serde_json::from_slice(request.body()).expect("SNS's JSON");
            let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
            let status = if text("Type") == "SubscriptionConfirmation" {
                let confirm = sns.confirm_subscription().topic_arn(text("TopicArn"));
                confirm.token(text("Token")).send().await.expect("confirmed");
                200
            } else {
                let mut answers = answers.lock().expect("a lock");
                if answers.is_empty() { 200 } else { answers.remove(0) }
            };
            let what = match &*text("Subject") {
                "" => text("Type"),
                subject => subject.to_owned(),
            };
            kept.lock().expect("a lock").push((second, what, status));
            let status = StatusCode::from_u16(status).expect("a status");
            Response::builder().status(status).body(Bytes::new()).expect("an answer")
        }
    };
    shop.emulator.endpoint(HOOKS, handler).expect("an address");
    log
}

/// A customer's order is placed while the server is broken, so what it is told comes later; nothing
/// that others hear is late.
#[tokio::test(start_paused = true)]
async fn a_server_that_is_broken_for_a_while_hears_of_an_order_in_the_end() {
    let shop = Shop::new().await;
    let api = shop.start(&[Role::Api, Role::Notifications]).await;
    let log = serve(&shop, &[503, 503]);
    let sns = shop.aws.sns();
    let topic = sns.create_topic().name(shop.names.topic()).send().await.expect("the topic");
    let topic = topic.topic_arn().expect("an ARN");
    let filter = json!({ "audience": ["customer"], "event_type": ["Order Placed"] });
    let subscribe = sns.subscribe().topic_arn(topic).protocol("https").endpoint(HOOKS);
    let subscribe = subscribe.attributes("FilterPolicy", filter.to_string());
    subscribe.send().await.expect("subscribed");
    wait(1).await;
    let items = json!([{ "product_id": "lamp", "quantity": 1, "unit_price_minor_units": 500 }]);
    let order = json!({
        "order_id": "a-1", "customer_id": "ann", "currency": "EUR", "items": items,
    });
    assert_eq!(call(api.router(), Method::POST, "/orders", &order).await.0, 201);
    wait(600).await;
    api.stop().await;
    let told = log.lock().expect("a lock").clone();
    let (confirmed, notified) = told.split_first().expect("something came");
    assert_eq!((&*confirmed.1, confirmed.2), ("SubscriptionConfirmation", 200));
    let what: Vec<_> = notified.iter().map(|(_, what, status)| (&**what, *status)).collect();
    let placed = "Order Placed";
    assert_eq!(what, [(placed, 503), (placed, 503), (placed, 200)]);
    // SNS's default for HTTP: twenty seconds between tries.
    let waits: Vec<_> = notified.windows(2).map(|two| two[1].0 - two[0].0).collect();
    assert_eq!(waits, [20, 20]);
    assert_eq!(failures(&shop).await, Some(2.0), "each failed try of a server counts");
}

/// How many tries to notify failed.
async fn failures(shop: &Shop) -> Option<f64> {
    let now = shop.clock.now().as_millis();
    let asked = shop.aws.cloudwatch().get_metric_statistics();
    let asked = asked.namespace("AWS/SNS").metric_name("NumberOfNotificationsFailed");
    let topic = aws_sdk_cloudwatch::types::Dimension::builder().name("TopicName");
    let asked = asked.dimensions(topic.value(shop.names.topic()).build());
    let asked = asked.start_time(DateTime::from_millis(now - 86_000_000));
    let asked = asked.end_time(DateTime::from_millis(now + 60_000)).period(86_400);
    let asked = asked.statistics(aws_sdk_cloudwatch::types::Statistic::Sum);
    let answer = asked.send().await.expect("an answer");
    answer.datapoints().first().and_then(|point| point.sum)
}
